/* messages_event: what the core tells this room, and what this room tells the application. */
#ifndef MESSAGES_MESSAGES_EVENT_H
#define MESSAGES_MESSAGES_EVENT_H

#include "core/messages/messages.h"

/* Called with every event of a connection. True: it was a session's, and is done with. */
bool messages_on_event(struct messages *messages, const struct event *event);
/* The next event of a session or channel, or false. */
bool messages_next_event(struct messages *messages, struct event *out);

#endif
