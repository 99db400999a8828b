/* core_internal: the core as the rooms that may open it see it: core.c and sockets. */
#ifndef CORE_CORE_INTERNAL_H
#define CORE_CORE_INTERNAL_H

#include "core/core.h"
#include "core/endpoint/endpoint.h"

struct core {
	struct endpoint *endpoint;
};

#endif
