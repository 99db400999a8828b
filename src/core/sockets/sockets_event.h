/* sockets_event: what the core tells this room on the way of an event to the application. */
#ifndef SOCKETS_SOCKETS_EVENT_H
#define SOCKETS_SOCKETS_EVENT_H

#include "core/core.h"

/* Called with every event before it is handed out. */
void sockets_on_event(const struct event *event);
/* The core is about to go: what this room keeps for connections goes first. */
void sockets_detach_all(struct core *core);

#endif
