/* listen_socket: a local address or virtual port on which strangers may knock.
 *
 * Owns: what it listens on, the configuration its connections inherit, UDP peers by address.
 * Does not know: how a stranger is checked (endpoint_accept).
 */
#ifndef ENDPOINT_LISTEN_SOCKET_H
#define ENDPOINT_LISTEN_SOCKET_H

#include "core/direct/cookie.h"
#include "core/endpoint/endpoint.h"

struct listen_socket {
	struct listen_socket *next, *prev;
	uint64_t tag;         /* the engine's handle */
	uint32_t transport;   /* UDP; 0 for a virtual port */
	int32_t virtual_port; /* -1 for UDP */
	struct config config; /* what its connections inherit, unless `follows` */
	bool follows;         /* they inherit the endpoint's, as it is then */
	bool symmetric;       /* whatever the configuration says */
	struct cookie cookie;
	struct link *by_address; /* hash of the connections that came through it */
	unsigned link_count;     /* connections that came through it */
	unsigned waiting_count;  /* those of them that wait for the application */
	bool closed;             /* by the application; kept for its connections' transport */
};

/* Null: the transport or port is taken. */
struct listen_socket *listen_socket_new_udp(struct endpoint *endpoint, uint32_t transport, const struct config *config);
struct listen_socket *listen_socket_new_p2p(struct endpoint *endpoint, int32_t virtual_port,
                                            const struct config *config);
/* The virtual port of the Messages interface, once for an endpoint. */
struct listen_socket *listen_socket_new_messages(struct endpoint *endpoint);
const struct config *listen_socket_config(const struct listen_socket *listener, const struct endpoint *endpoint);
void listen_socket_close(struct endpoint *endpoint, usec_t now, struct listen_socket *listener);
/* Frees it and its transport if it is closed and its last connection is gone. */
void listen_socket_reap(struct endpoint *endpoint, struct listen_socket *listener);
struct listen_socket *listen_socket_find_port(struct endpoint *endpoint, int32_t virtual_port);

#endif
