/* endpoint_internal: what the files of this room share: the endpoint and its links.
 *
 * A link is a connection with everything that leads to it: the tables it stands in, the carrier of
 * its handshake, its timer, its place among those whose turn it is.
 */
#ifndef ENDPOINT_ENDPOINT_INTERNAL_H
#define ENDPOINT_ENDPOINT_INTERNAL_H

#include "core/base/hash.h"
#include "core/base/list.h"
#include "core/base/rng.h"
#include "core/base/timer_queue.h"
#include "core/crypto/certificate.h"
#include "core/direct/direct_client.h"
#include "core/direct/direct_server.h"
#include "core/endpoint/connection_ids.h"
#include "core/endpoint/endpoint.h"
#include "core/endpoint/listen_socket.h"
#include "core/endpoint/stateless_reply.h"
#include "core/rendezvous/rendezvous.h"
#include "core/rendezvous/rendezvous_signal.h"

/* Requests that wait for the application. */
#define ENDPOINT_WAITING_MAX 4096u

struct link_peer_key {
	uint64_t identity; /* keyed hash of the peer's text */
	uint32_t remote_id;
	uint32_t listener; /* transport of the listen socket; 0 for P2P */
};

struct link {
	struct endpoint *endpoint;
	struct conn *conn;
	struct direct_client *client;   /* we called by address */
	struct direct_server *server;   /* called by address */
	struct rendezvous *rendezvous;  /* peer to peer */
	struct listen_socket *listener; /* of an incoming one */
	uint32_t transport;             /* 0: none (yet) */
	struct address remote;          /* key of listener->by_address */
	struct link_peer_key peer_key;
	uint16_t low_id;
	bool in_peer_table;
	bool waiting;  /* for the application to accept */
	bool released; /* by the application */
	bool readable; /* told, and not drained since */
	bool due;
	bool acting;        /* may have something for endpoint_next_action */
	int32_t seen_state; /* that the rendezvous knows of */
	struct link *due_next, *due_prev;
	struct link *acting_next, *acting_prev;
	struct timer timer;
	void *user;
	UT_hash_handle hh_id;      /* endpoint->by_id */
	UT_hash_handle hh_address; /* listener->by_address */
	UT_hash_handle hh_peer;    /* endpoint->by_peer */
};

/* Who receives what arrives on a transport: one link, or a listen socket. */
struct carrier {
	uint32_t transport;
	struct link *link;
	struct listen_socket *listener;
	UT_hash_handle hh;
};

struct endpoint {
	usec_t now;
	struct rng rng;
	uint64_t hash_key;
	struct identity identity;
	uint32_t app_id;
	struct certificate_own *certificate; /* shared with the connections that began with it */
	struct trust_store *trust;
	int64_t unix_time; /* at unix_time_at */
	usec_t unix_time_at;
	struct config config;
	struct message_pool *messages;
	usec_t relax_at; /* when the pool gives back what nobody needed for a while */
	struct connection_ids ids;
	struct link *by_id;
	struct link *by_peer;
	struct carrier *carriers;
	struct listen_socket *listeners;
	uint32_t last_transport;
	uint32_t waiting_count;
	struct link *due; /* whose turn it is to transmit, first one first */
	struct link *acting;
	struct timer_queue timers;
	struct stateless_replies replies;
	struct event *events; /* ring, grown as needed; drained after every input */
	size_t event_first, event_count, event_capacity;
	uint32_t *closing; /* transports to close */
	size_t closing_count, closing_capacity;
	uint8_t *refusal; /* a signal to send without a connection; null: none */
	size_t refusal_size;
	struct identity refusal_to;
	uint32_t refusal_source;
	uint8_t *scratch; /* SIGNAL_SIZE_MAX, for the signal being handed out */
	uint64_t dropped_datagrams, dropped_signals;
};

/* --- link.c, carrier.c: links and the tables that lead to them */

/* Takes `conn`, which was made with an id of endpoint->ids. */
struct link *link_new(struct endpoint *endpoint, struct conn *conn);
void link_destroy(struct link *link);
struct link *link_of(const struct conn *conn);
void link_set_transport(struct link *link, uint32_t transport);
/* An incoming one waits for the application, or does not any more. */
void link_set_waiting(struct link *link, bool waiting);
struct link *link_find_id(struct endpoint *endpoint, uint32_t id);
/* An incoming one by address, with its listener and remote address set. */
void link_add_address(struct link *link);
/* The peer of a connection by address is where it was not before. */
void link_follow_address(struct link *link);
struct link *link_find_address(struct listen_socket *listener, const struct address *remote);
/* After the peer's identity and connection id are known. */
void link_add_peer(struct link *link);
struct link *link_find_peer(struct endpoint *endpoint, const struct identity *peer, uint32_t remote_id,
                            uint32_t listener);
struct carrier *carrier_find(struct endpoint *endpoint, uint32_t transport);
struct carrier *carrier_add(struct endpoint *endpoint, uint32_t transport);
void carrier_remove(struct endpoint *endpoint, uint32_t transport);
/* Asks the engine to close it. */
void carrier_close(struct endpoint *endpoint, uint32_t transport);

/* --- endpoint_turn.c: timers, turns, events */

/* Its state may have moved: collect events, look for more to send, re-arm the timer. May destroy it. */
void endpoint_settle(struct link *link, usec_t now);
void endpoint_add_event(struct endpoint *endpoint, const struct event *event);

/* --- endpoint_signal.c */

/* Sends a refusal to whom `signal` came from. */
void endpoint_refuse_signal(struct endpoint *endpoint, const struct signal *signal,
                            const struct rendezvous_refusal *refusal);

/* --- endpoint_accept.c */

void endpoint_accept_datagram(struct endpoint *endpoint, usec_t now, struct listen_socket *listener,
                              const struct datagram *datagram);
void endpoint_accept_signal(struct endpoint *endpoint, usec_t now, const struct signal *signal,
                            const struct msg_rendezvous *message);
/* What conn_new needs, filled with this endpoint's own. */
void endpoint_fill_settings(struct endpoint *endpoint, struct conn_settings *out);

#endif
