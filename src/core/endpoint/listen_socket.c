#include "core/endpoint/listen_socket.h"

#include "core/endpoint/endpoint_internal.h"

static struct listen_socket *listener_new(struct endpoint *endpoint, const struct config *config)
{
	struct listen_socket *listener = alloc_zeroed(sizeof *listener);

	config_copy(&listener->config, config != NULL ? config : &endpoint->config, CONFIG_LEVEL_LISTENER);
	cookie_init(&listener->cookie, &endpoint->rng);
	listener->virtual_port = WIRE_PORT_NONE;
	DL_APPEND(endpoint->listeners, listener);
	return listener;
}

struct listen_socket *listen_socket_new_udp(struct endpoint *endpoint, uint32_t transport, const struct config *config)
{
	struct listen_socket *listener;

	if (carrier_find(endpoint, transport) != NULL)
		return NULL;
	listener = listener_new(endpoint, config);
	listener->transport = transport;
	carrier_add(endpoint, transport)->listener = listener;
	return listener;
}

struct listen_socket *listen_socket_new_p2p(struct endpoint *endpoint, int32_t virtual_port,
                                            const struct config *config)
{
	struct listen_socket *listener;

	if (listen_socket_find_port(endpoint, virtual_port) != NULL)
		return NULL;
	listener = listener_new(endpoint, config);
	listener->virtual_port = virtual_port;
	return listener;
}

struct listen_socket *listen_socket_new_messages(struct endpoint *endpoint)
{
	struct listen_socket *listener = listen_socket_new_p2p(endpoint, WIRE_PORT_MESSAGES, NULL);

	if (listener != NULL)
		listener->follows = listener->symmetric = true;
	return listener;
}

const struct config *listen_socket_config(const struct listen_socket *listener, const struct endpoint *endpoint)
{
	return listener->follows ? &endpoint->config : &listener->config;
}

struct listen_socket *listen_socket_find_port(struct endpoint *endpoint, int32_t virtual_port)
{
	struct listen_socket *listener;

	DL_FOREACH (endpoint->listeners, listener) {
		if (listener->transport == 0 && listener->virtual_port == virtual_port && !listener->closed)
			return listener;
	}
	return NULL;
}

void listen_socket_reap(struct endpoint *endpoint, struct listen_socket *listener)
{
	if (!listener->closed || listener->link_count > 0)
		return;
	if (listener->transport != 0)
		carrier_close(endpoint, listener->transport);
	DL_DELETE(endpoint->listeners, listener);
	config_free(&listener->config);
	alloc_free(listener);
}

/* Requests nobody accepted have nobody left who could. */
static void refuse_waiting(struct endpoint *endpoint, usec_t now, struct listen_socket *listener)
{
	struct link *link, *next;

	HASH_ITER (hh_id, endpoint->by_id, link, next) {
		if (link->listener != listener || !link->waiting)
			continue;
		conn_problem(link->conn, now, END_REASON_GENERIC, "the listener was closed");
		endpoint_settle(link, now);
	}
}

void listen_socket_close(struct endpoint *endpoint, usec_t now, struct listen_socket *listener)
{
	listener->closed = true;
	endpoint->now = now;
	refuse_waiting(endpoint, now, listener);
	listen_socket_reap(endpoint, listener);
}
