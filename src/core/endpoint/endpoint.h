/* endpoint: all connections of one identity, found by whatever names them on the wire.
 *
 * Owns: connections, listen sockets, the tables that lead to them, whose turn it is to transmit,
 * events and actions on their way out.
 * Does not know: what the application means by a command (sockets), descriptors, threads.
 */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include "core/config/config.h"
#include "core/conn/conn.h"
#include "core/types/action.h"
#include "core/types/datagram.h"
#include "core/types/event.h"
#include "core/types/path_change.h"
#include "core/types/signal.h"

struct endpoint;
struct listen_socket;
struct link;

struct endpoint_options {
	uint8_t seed[32];
	struct identity identity;   /* IDENTITY_NONE: of the key */
	const uint8_t *private_key; /* 32 bytes, or null: made from the seed */
	int64_t unix_time;
	uint32_t app_id; /* which application this is; in our certificate, and demanded of peers' */
};

struct endpoint *endpoint_new(usec_t now, const struct endpoint_options *options);
void endpoint_destroy(struct endpoint *endpoint);
/* What lingers is closed now. */
void endpoint_shutdown(struct endpoint *endpoint, usec_t now);

const struct identity *endpoint_identity(const struct endpoint *endpoint);
struct config *endpoint_config(struct endpoint *endpoint);
uint32_t endpoint_new_transport(struct endpoint *endpoint);
/* As core_config_of. */
const struct config *endpoint_config_of(struct endpoint *endpoint, uint32_t transport, const struct address *remote,
                                        bool *is_stranger);
/* For tables keyed by what a peer chooses. */
uint64_t endpoint_hash_key(const struct endpoint *endpoint);
/* The time it was told last. */
usec_t endpoint_now(const struct endpoint *endpoint);
/* A message with room for `size` bytes, as message_new(), without allocating once things run. */
struct message *endpoint_new_message(struct endpoint *endpoint, size_t size);

void endpoint_receive(struct endpoint *endpoint, usec_t now, const struct datagram *datagrams, size_t count);
void endpoint_receive_signal(struct endpoint *endpoint, usec_t now, const struct signal *signal);
void endpoint_receive_path_change(struct endpoint *endpoint, usec_t now, const struct path_change *change);
/* The addresses of this machine changed, or its way out; `usable`: there are some. */
void endpoint_network_changed(struct endpoint *endpoint, usec_t now, bool usable);
void endpoint_handle_timeout(struct endpoint *endpoint, usec_t now);
usec_t endpoint_next_timeout(const struct endpoint *endpoint);
bool endpoint_transmit(struct endpoint *endpoint, usec_t now, struct datagram_burst *out);
bool endpoint_next_action(struct endpoint *endpoint, struct action *out);
bool endpoint_next_event(struct endpoint *endpoint, struct event *out);

/* --- for the rooms above */

/* Where to connect, and from where. */
struct endpoint_udp_call {
	uint32_t transport; /* its own socket, opened for this connection only */
	struct address remote;
	struct address local;            /* of that socket; zero: not known */
	const struct identity *expected; /* null or IDENTITY_NONE: anyone who answers there */
	const struct config *config;     /* null: the endpoint's */
};

/* New outgoing connections; not started events-wise: the caller has the pointer. Null: no free id. */
struct conn *endpoint_connect_udp(struct endpoint *endpoint, usec_t now, const struct endpoint_udp_call *call);
struct conn *endpoint_connect_p2p(struct endpoint *endpoint, usec_t now, const struct identity *peer,
                                  int32_t virtual_port, const struct config *config);
/* One end of a pair of connections that are both in this process. */
struct endpoint_pair_end {
	struct endpoint *endpoint; /* the other end's, or another one */
	uint32_t transport;        /* for this connection only; closed with it, or if none comes of it */
	struct address address;    /* of that transport; zero: it has none */
	struct identity name;      /* who this end is to the other */
	const struct config *config;
};

/* Both are connected from the beginning, and tell nothing of it. KITH_E_LIMIT: no free id; KITH_E_INVALID:
 * the options of the two do not go together. */
int32_t endpoint_pair(usec_t now, const struct endpoint_pair_end ends[2], struct conn *out[2]);
/* The live connection, lingering ones included, that a request of `peer` for `local_port` meets: a
 * symmetric one, or `any`. Null: none. */
struct conn *endpoint_find_rival(struct endpoint *endpoint, const struct identity *peer, int32_t local_port,
                                 int32_t remote_port, bool any);
/* The connection that a symmetric call of ours to `peer` becomes part of; null: none. */
struct conn *endpoint_find_met(struct endpoint *endpoint, const struct identity *peer, int32_t local_port,
                               int32_t remote_port);

bool endpoint_accept(struct endpoint *endpoint, usec_t now, struct conn *conn);
/* A request that waits: ends it without a word to who asked, and gives it up. */
void endpoint_ignore(struct endpoint *endpoint, usec_t now, struct conn *conn);
/* Gives the application's interest up: no more events; freed when the wire is done with it. */
void endpoint_release(struct endpoint *endpoint, usec_t now, struct conn *conn);
/* Something about `conn` changed from outside (a command): send what is due, re-arm its timer. */
void endpoint_touch(struct endpoint *endpoint, usec_t now, struct conn *conn);
/* Its options changed: what can change while it runs takes effect. */
void endpoint_reconfigure(struct endpoint *endpoint, usec_t now, struct conn *conn);

/* Calls `visit` for every connection. */
void endpoint_for_each(struct endpoint *endpoint, void (*visit)(struct conn *conn));

/* Per-connection place for the room above (sockets); null until set. */
void endpoint_set_user(struct conn *conn, void *user);
void *endpoint_user(const struct conn *conn);
int32_t endpoint_virtual_port(const struct conn *conn); /* ours; -1 unless peer to peer */
/* The application read all there was: the next arrival is told again. */
void endpoint_set_drained(struct conn *conn);
bool endpoint_is_incoming(const struct conn *conn);
/* What was done to make it, and what came of it. */
void endpoint_attempt(const struct conn *conn, usec_t now, struct attempt *out);

#endif
