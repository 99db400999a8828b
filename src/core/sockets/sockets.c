#include "core/sockets/sockets.h"

#include "core/endpoint/listen_socket.h"
#include "core/sockets/socket_internal.h"
#include "core/sockets/sockets_event.h"
#include "core/wire/wire.h"

void sockets_on_event(const struct event *event)
{
	if (event->kind == EVENT_READABLE)
		sockets_poll_group_on_readable(socket_attach(event->conn));
}

static void detach(struct conn *conn)
{
	socket_detach(socket_of(conn));
}

void sockets_detach_all(struct core *core)
{
	endpoint_for_each(core->endpoint, detach);
}

/* --- connecting */

int32_t sockets_connect_udp(struct core *core, usec_t now, const struct endpoint_udp_call *call, struct conn **out)
{
	*out = endpoint_connect_udp(core->endpoint, now, call);
	return *out != NULL ? KITH_OK : KITH_E_LIMIT;
}

/* The call of the peer that waits here, or the connection it has become already. */
static struct conn *find_met(struct core *core, usec_t now, const struct identity *peer, int32_t virtual_port,
                             const struct config *config)
{
	int32_t local = config_get_int(config, CONFIG_LOCAL_VIRTUAL_PORT);
	struct conn *conn;

	if (config_get_int(config, CONFIG_SYMMETRIC_CONNECT) == 0)
		return NULL;
	local = local >= 0 ? local : virtual_port;
	conn = endpoint_find_met(core->endpoint, peer, local, virtual_port);
	if (conn != NULL && conn_is_server(conn) && conn_state(conn) == STATE_CONNECTING)
		endpoint_accept(core->endpoint, now, conn);
	return conn;
}

int32_t sockets_connect_p2p(struct core *core, usec_t now, const struct identity *peer, int32_t virtual_port,
                            const struct config *config, struct conn **out)
{
	const struct config *used = config != NULL ? config : endpoint_config(core->endpoint);

	*out = NULL;
	if (identity_is_none(peer) || identity_is_localhost(peer) || virtual_port < 0)
		return KITH_E_INVALID;
	*out = find_met(core, now, peer, virtual_port, used);
	if (*out == NULL)
		*out = endpoint_connect_p2p(core->endpoint, now, peer, virtual_port, used);
	return *out != NULL ? KITH_OK : KITH_E_LIMIT;
}

int32_t sockets_pair(usec_t now, const struct endpoint_pair_end ends[2], struct conn *out[2])
{
	return endpoint_pair(now, ends, out);
}

/* --- listening */

int32_t sockets_listen_udp(struct core *core, uint32_t transport, const struct config *config,
                           struct listen_socket **out)
{
	*out = listen_socket_new_udp(core->endpoint, transport, config);
	return *out != NULL ? KITH_OK : KITH_E_EXISTS;
}

int32_t sockets_listen_p2p(struct core *core, int32_t virtual_port, const struct config *config,
                           struct listen_socket **out)
{
	*out = listen_socket_new_p2p(core->endpoint, virtual_port, config);
	return *out != NULL ? KITH_OK : KITH_E_EXISTS;
}

void sockets_listen_close(struct core *core, usec_t now, struct listen_socket *listener)
{
	listen_socket_close(core->endpoint, now, listener);
}

void sockets_listen_set_tag(struct listen_socket *listener, uint64_t tag)
{
	listener->tag = tag;
}

uint64_t sockets_listen_tag(const struct listen_socket *listener)
{
	return listener->tag;
}

struct config *sockets_listen_config(struct listen_socket *listener)
{
	return &listener->config;
}

/* --- one connection */

int32_t sockets_accept(struct core *core, usec_t now, struct conn *conn)
{
	return endpoint_accept(core->endpoint, now, conn) ? KITH_OK : KITH_E_STATE;
}

/* The application's codes are 1000 to 2999; 0 means "as usual". */
static uint32_t clean_reason(uint32_t reason)
{
	if (reason == 0)
		return END_REASON_APP_MIN;
	return reason < END_REASON_APP_MIN || reason > END_REASON_APP_EXCEPTION_MAX ? (uint32_t)END_REASON_APP_MAX : reason;
}

void sockets_close(struct core *core, usec_t now, struct conn *conn, uint32_t reason, const char *text,
                   usec_t linger_limit)
{
	socket_detach(socket_of(conn));
	conn_close(conn, now, clean_reason(reason), text, linger_limit);
	endpoint_release(core->endpoint, now, conn);
}

struct message *sockets_new_message(struct core *core, size_t size)
{
	return endpoint_new_message(core->endpoint, size);
}

int32_t sockets_send(struct core *core, usec_t now, struct conn *conn, struct message *message, int64_t *number)
{
	int32_t result = conn_send(conn, now, message);

	if (result != KITH_OK)
		return result;
	if (number != NULL)
		*number = message->number;
	endpoint_touch(core->endpoint, now, conn);
	return KITH_OK;
}

int32_t sockets_flush(struct core *core, usec_t now, struct conn *conn)
{
	conn_flush(conn, now);
	endpoint_touch(core->endpoint, now, conn);
	return KITH_OK;
}

size_t sockets_receive(struct core *core, usec_t now, struct conn *conn, struct message **out, size_t max)
{
	size_t count = 0;

	while (count < max && (out[count] = conn_next_message(conn, now)) != NULL) {
		out[count]->connection = (uint32_t)sockets_tag(conn);
		count++;
	}
	if (!conn_has_message(conn)) {
		endpoint_set_drained(conn);
		if (socket_of(conn) != NULL)
			sockets_poll_group_on_drained(socket_of(conn));
	}
	if (count > 0)
		endpoint_touch(core->endpoint, now, conn); /* the room it made may be worth telling */
	return count;
}

bool sockets_readable(const struct conn *conn)
{
	return conn_has_message(conn);
}

int32_t sockets_configure_lanes(struct core *core, struct conn *conn, int count, const int *priorities,
                                const uint16_t *weights)
{
	(void)core;
	return conn_configure_lanes(conn, count, priorities, weights);
}

void sockets_set_tag(struct conn *conn, uint64_t tag)
{
	socket_attach(conn)->tag = tag;
}

uint64_t sockets_tag(const struct conn *conn)
{
	const struct socket *socket = socket_of(conn);

	return socket != NULL ? socket->tag : 0;
}

struct config *sockets_config(struct conn *conn)
{
	return conn_config(conn);
}

void sockets_reconfigure(struct core *core, usec_t now, struct conn *conn)
{
	endpoint_reconfigure(core->endpoint, now, conn);
}
