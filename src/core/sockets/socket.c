#include "core/base/alloc.h"
#include "core/sockets/socket_internal.h"

struct socket *socket_of(const struct conn *conn)
{
	return endpoint_user(conn);
}

struct socket *socket_attach(struct conn *conn)
{
	struct socket *socket = socket_of(conn);

	if (socket != NULL)
		return socket;
	socket = alloc_zeroed(sizeof *socket);
	socket->conn = conn;
	endpoint_set_user(conn, socket);
	return socket;
}

void socket_detach(struct socket *socket)
{
	if (socket == NULL)
		return;
	sockets_poll_group_leave(socket);
	endpoint_set_user(socket->conn, NULL);
	alloc_free(socket);
}
