/* sockets: what the application asks of connections: connect, listen, accept, send, receive, close.
 *
 * Owns: the meaning of each command. Results are KITH_OK or KITH_E_*.
 * Does not know: handles, threads, descriptors. A `struct conn *` stays valid until the application
 * gave it up with sockets_close or sockets_release; a closed one keeps its unread messages till then.
 */
#ifndef SOCKETS_SOCKETS_H
#define SOCKETS_SOCKETS_H

#include <kith/errors.h>

#include "core/core.h"
#include "core/endpoint/endpoint.h"
#include "core/types/message.h"

struct listen_socket;
struct poll_group;

/* --- connecting; `config` is the endpoint's or null for it; copied. `tag`: the engine's handle. */

/* Starts the UDP handshake. */
int32_t sockets_connect_udp(struct core *core, usec_t now, const struct endpoint_udp_call *call, struct conn **out);
/* Calls an identity by signals. `virtual_port` 0-65535 (remote; the local one follows the config's
 * LocalVirtualPort or is the same). Symmetric connect and a waiting inbound call: returns that one. */
int32_t sockets_connect_p2p(struct core *core, usec_t now, const struct identity *peer, int32_t virtual_port,
                            const struct config *config, struct conn **out);

/* Two connections that talk to each other, whichever cores they are of. */
int32_t sockets_pair(usec_t now, const struct endpoint_pair_end ends[2], struct conn *out[2]);

/* --- listening */
int32_t sockets_listen_udp(struct core *core, uint32_t transport, const struct config *config,
                           struct listen_socket **out);
int32_t sockets_listen_p2p(struct core *core, int32_t virtual_port, const struct config *config,
                           struct listen_socket **out);
/* Its connections live on and the transport stays until the last of them is gone. */
void sockets_listen_close(struct core *core, usec_t now, struct listen_socket *listener);
void sockets_listen_set_tag(struct listen_socket *listener, uint64_t tag);
uint64_t sockets_listen_tag(const struct listen_socket *listener);
struct config *sockets_listen_config(struct listen_socket *listener); /* of connections to come */

/* --- one connection */
int32_t sockets_accept(struct core *core, usec_t now, struct conn *conn);
/* Ends it (or refuses an incoming one) and gives it up: no event will name `conn` again. `reason`
 * as docs/wire.md "End reasons"; `linger` keeps sending what is queued, bounded by `linger_limit`
 * (microseconds; 0: no linger). The text is cut at 127 bytes. */
void sockets_close(struct core *core, usec_t now, struct conn *conn, uint32_t reason, const char *text,
                   usec_t linger_limit);
/* A message with room for `size` bytes and one reference, for sockets_send. */
struct message *sockets_new_message(struct core *core, size_t size);
/* Queues one message; takes the caller's reference on success only. AGAIN: the buffer is full, an
 * EVENT_WRITABLE will follow. `number` (may be null) gets the message number. */
int32_t sockets_send(struct core *core, usec_t now, struct conn *conn, struct message *message, int64_t *number);
int32_t sockets_flush(struct core *core, usec_t now, struct conn *conn); /* what Nagle held leaves */
/* Takes up to `max` messages in order of arrival; the caller owns a reference of each. */
size_t sockets_receive(struct core *core, usec_t now, struct conn *conn, struct message **out, size_t max);
bool sockets_readable(const struct conn *conn); /* sockets_receive would give something */
/* Lanes 0..count-1; priorities: lower is first; weights share within a priority. Null: all equal. */
int32_t sockets_configure_lanes(struct core *core, struct conn *conn, int count, const int *priorities,
                                const uint16_t *weights);

void sockets_set_tag(struct conn *conn, uint64_t tag);
uint64_t sockets_tag(const struct conn *conn);
struct config *sockets_config(struct conn *conn);
/* Its options changed: what can change while it runs takes effect. */
void sockets_reconfigure(struct core *core, usec_t now, struct conn *conn);

/* --- poll groups: connections whose arrivals are read together */
struct poll_group *sockets_poll_group_new(struct core *core);
void sockets_poll_group_destroy(struct core *core, struct poll_group *group);
void sockets_poll_group_set(struct core *core, struct conn *conn, struct poll_group *group); /* null: none */
size_t sockets_poll_group_receive(struct core *core, usec_t now, struct poll_group *group, struct message **out,
                                  size_t max);
bool sockets_poll_group_readable(const struct poll_group *group);

/* --- what is known */
struct sockets_info {
	int32_t state; /* STATE_* */
	struct identity peer;
	struct address remote, local;
	enum route_kind route;
	uint32_t end_reason;
	char text[EVENT_TEXT_MAX];
	int32_t virtual_port; /* -1 unless P2P */
	bool incoming;
	bool encrypted;
	bool peer_is_gns; /* no capabilities announced */
	bool has_certificate;
	struct certificate_checked certificate; /* the peer's, once it was good */
	enum verdict_doubt doubt;               /* why it was refused, or is not believed */
	bool deserves_warning;                  /* nothing proves who it is, and the options want that told */
	char cipher[24];                        /* "AES-256-GCM" or "none" */
	usec_t connected_after;                 /* from the call to CONNECTED; -1 before */
};

void sockets_info(const struct conn *conn, struct sockets_info *out);

/* What was done to make it, and what came of it. */
void sockets_attempt(usec_t now, const struct conn *conn, struct attempt *out);
void sockets_status(usec_t now, struct conn *conn, struct conn_status *out);
/* False: there is no such lane. */
bool sockets_lane_status(usec_t now, const struct conn *conn, uint32_t lane, struct reliability_lane_status *out);
void sockets_statistics(usec_t now, struct conn *conn, bool of_peer, struct conn_statistics *out);

#endif
