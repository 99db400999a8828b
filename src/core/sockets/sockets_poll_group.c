#include "core/base/alloc.h"
#include "core/sockets/socket_internal.h"

/* Messages taken of one connection before it is the next one's turn. */
#define TURN 32u

struct poll_group *sockets_poll_group_new(struct core *core)
{
	(void)core;
	return alloc_zeroed(sizeof(struct poll_group));
}

static void leave_line(struct socket *socket)
{
	if (!socket->in_line)
		return;
	DL_DELETE(socket->group->readable, socket);
	socket->in_line = false;
}

void sockets_poll_group_leave(struct socket *socket)
{
	if (socket->group == NULL)
		return;
	leave_line(socket);
	DL_DELETE2(socket->group->members, socket, member_prev, member_next);
	socket->group = NULL;
}

void sockets_poll_group_on_drained(struct socket *socket)
{
	leave_line(socket);
}

void sockets_poll_group_on_readable(struct socket *socket)
{
	if (socket->group == NULL || socket->in_line)
		return;
	socket->in_line = true;
	DL_APPEND(socket->group->readable, socket);
}

void sockets_poll_group_destroy(struct core *core, struct poll_group *group)
{
	(void)core;
	while (group->members != NULL)
		sockets_poll_group_leave(group->members);
	alloc_free(group);
}

void sockets_poll_group_set(struct core *core, struct conn *conn, struct poll_group *group)
{
	struct socket *socket = socket_attach(conn);

	(void)core;
	sockets_poll_group_leave(socket);
	if (group == NULL)
		return;
	socket->group = group;
	DL_APPEND2(group->members, socket, member_prev, member_next);
	if (conn_has_message(conn))
		sockets_poll_group_on_readable(socket);
}

size_t sockets_poll_group_receive(struct core *core, usec_t now, struct poll_group *group, struct message **out,
                                  size_t max)
{
	size_t count = 0;

	while (count < max && group->readable != NULL) {
		struct socket *socket = group->readable;
		size_t turn = max - count < TURN ? max - count : TURN;
		leave_line(socket);
		count += sockets_receive(core, now, socket->conn, out + count, turn);
		if (conn_has_message(socket->conn))
			sockets_poll_group_on_readable(socket);
	}
	return count;
}

bool sockets_poll_group_readable(const struct poll_group *group)
{
	return group->readable != NULL;
}
