/* socket_internal: what this room keeps for each connection. */
#ifndef SOCKETS_SOCKET_INTERNAL_H
#define SOCKETS_SOCKET_INTERNAL_H

#include "core/base/list.h"
#include "core/endpoint/endpoint.h"
#include "core/sockets/sockets.h"
#include "core/sockets/sockets_core.h"

struct socket {
	struct conn *conn;
	uint64_t tag;
	struct poll_group *group;
	bool in_line;               /* of the group's readable ones */
	struct socket *next, *prev; /* in that line */
	struct socket *member_next, *member_prev;
};

struct poll_group {
	struct socket *readable; /* in turn */
	struct socket *members;
};

struct socket *socket_of(const struct conn *conn);
/* A connection of whichever origin gets its socket when it is first seen here. */
struct socket *socket_attach(struct conn *conn);
void socket_detach(struct socket *socket);

/* It has messages: its group, if any, takes it into the line. */
void sockets_poll_group_on_readable(struct socket *socket);
void sockets_poll_group_on_drained(struct socket *socket);
void sockets_poll_group_leave(struct socket *socket);

#endif
