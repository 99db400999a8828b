/* sockets_core: what struct core is: this room's commands and core.c's verbs work on the same thing. */
#ifndef SOCKETS_SOCKETS_CORE_H
#define SOCKETS_SOCKETS_CORE_H

#include "core/endpoint/endpoint.h"

struct messages;

struct core {
	struct endpoint *endpoint;
	struct messages *messages;
};

#endif
