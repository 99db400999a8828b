/* conn: one connection, whatever carries it: states, keys, packets in and out, liveness, closing.
 *
 * Owns: the connection from the first handshake message to its last straggler.
 * Does not know: how handshake messages travel (direct, rendezvous), other connections, sockets.
 */
#ifndef CONN_CONN_H
#define CONN_CONN_H

#include "core/base/rng.h"
#include "core/config/config.h"
#include "core/conn/link_quality.h"
#include "core/crypto/key_exchange.h"
#include "core/reliability/reliability.h"
#include "core/types/attempt.h"
#include "core/types/datagram.h"
#include "core/types/event.h"
#include "core/types/message.h"
#include "core/types/path_change.h"

struct conn;

struct conn_settings {
	const struct config *config;   /* copied */
	struct message_pool *messages; /* borrowed for good; null: the allocator */
	struct rng *rng;               /* borrowed for good, as `trust` */
	struct certificate_own *own;   /* shared: kept as long as the connection needs it */
	struct trust_store *trust;     /* may be null */
	int64_t unix_time;             /* seconds, at the time of conn_new */
	uint32_t app_id;
	uint32_t local_id;
	bool server; /* accepted, not called */
	bool p2p;
	bool paired;           /* both ends are in this process: nothing needs to be proven */
	struct identity peer;  /* who is expected, or asked; may be none */
	struct address remote; /* by address: where; tells whether this machine's policy applies */
};

struct conn *conn_new(usec_t now, const struct conn_settings *settings);
void conn_destroy(struct conn *conn);

/* --- what it is */
int32_t conn_state(const struct conn *conn); /* enum conn_state_public, the inner ones too */
bool conn_is_over(const struct conn *conn);  /* ended, on either side; only stragglers are answered */
bool conn_is_server(const struct conn *conn);
bool conn_is_p2p(const struct conn *conn);
uint32_t conn_local_id(const struct conn *conn);
uint32_t conn_remote_id(const struct conn *conn); /* 0: not known yet */
const struct identity *conn_peer(const struct conn *conn);
void conn_set_peer(struct conn *conn, const struct identity *peer);
struct config *conn_config(struct conn *conn);
uint32_t conn_end_reason(const struct conn *conn);
const char *conn_end_text(const struct conn *conn);
void conn_set_owner(struct conn *conn, void *owner); /* the link that leads to it */
void *conn_owner(const struct conn *conn);

/* --- handshake */
/* Our half as it goes on the wire; a server has it once it accepted. */
void conn_handshake_get(const struct conn *conn, struct msg_signed_certificate *certificate,
                        struct msg_signed_session_crypt *session);

struct conn_offer {
	uint32_t remote_id;
	uint32_t version; /* told earlier; 0: not */
	const struct msg_signed_certificate *certificate;
	const struct msg_signed_session_crypt *session;
};

/* Server: the peer's half came with its request. Client: with the answer; the keys are made and
 * the state moves on, to PROBLEM if something is wrong. Returns 0 or the end reason. */
uint32_t conn_handshake_receive(struct conn *conn, usec_t now, const struct conn_offer *offer);
/* Server: the application says yes. False: not waiting for that. */
bool conn_accept(struct conn *conn, usec_t now);
/* A symmetric call lost the client role: the peer's offer is checked; if it is good we forget our
 * half and wait for conn_accept as its server. False: it is not, and we go on calling. */
bool conn_become_server(struct conn *conn, usec_t now, const struct conn_offer *offer);

/* Two connections that talk to each other, made with `paired` and their paths set: the halves change hands at
 * once. Both are connected then, and tell nothing of it. */
struct conn_join {
	struct conn *client, *server;
	const struct identity *client_name, *server_name; /* who each is to the other */
};
/* Returns 0, or the end reason: their options do not go together. */
uint32_t conn_join(usec_t now, const struct conn_join *join);

/* --- paths */
void conn_set_path(struct conn *conn, usec_t now, uint32_t transport, const struct address *remote);
/* By address: ours, where the peer reaches us. */
void conn_set_local(struct conn *conn, const struct address *local);
struct address conn_local(const struct conn *conn);
void conn_path_ready(struct conn *conn, usec_t now, const struct path_change *change);
void conn_path_failed(struct conn *conn, usec_t now);
/* Both sides can make another ICE session for a connection that is up. */
bool conn_may_restart(const struct conn *conn);
/* There is no way, or the peer has not answered on it, twice. */
bool conn_is_lost(const struct conn *conn);
/* The machine's addresses changed: is the peer still there? Our packet tells it where we are now. */
void conn_probe(struct conn *conn, usec_t now);

/* --- packets */
/* A data packet (first byte 0x80 and up); decrypted in place. Where it came from may be another address
 * than the one in use only if conn_may_roam. */
void conn_receive(struct conn *conn, usec_t now, const struct datagram *datagram);
/* Both sides can prove addresses: the peer may be heard from anywhere. */
bool conn_may_roam(const struct conn *conn);
/* Where the peer is now. */
const struct address *conn_remote(const struct conn *conn);
/* ConnectionClosed or NoConnection. False: it names other connections. */
bool conn_receive_control(struct conn *conn, usec_t now, const uint8_t *bytes, size_t size);
/* A straggler of the handshake: an ended connection answers it. */
void conn_answer_straggler(struct conn *conn);
/* Equal-sized packets back to back. False: nothing to send now. */
bool conn_transmit(struct conn *conn, usec_t now, struct datagram_burst *out);

usec_t conn_next_timeout(const struct conn *conn);
void conn_handle_timeout(struct conn *conn, usec_t now);
bool conn_next_event(struct conn *conn, struct event *out);

/* --- messages */
int32_t conn_send(struct conn *conn, usec_t now, struct message *message);
struct message *conn_next_message(struct conn *conn, usec_t now);
bool conn_has_message(const struct conn *conn);
/* Nothing reliable is under way, in either direction. */
bool conn_is_quiet(const struct conn *conn);
/* True once after room came back that a message was refused for. */
bool conn_take_writable(struct conn *conn);
/* True once after messages were dropped because they had waited too long. */
bool conn_take_expired(struct conn *conn);
void conn_flush(struct conn *conn, usec_t now);
int32_t conn_configure_lanes(struct conn *conn, int count, const int *priorities, const uint16_t *weights);
/* An option changed. */
void conn_reconfigure(struct conn *conn, usec_t now);

/* --- ending */
/* The application ends it. `linger_limit` 0: at once. */
void conn_close(struct conn *conn, usec_t now, uint32_t reason, const char *text, usec_t linger_limit);
void conn_problem(struct conn *conn, usec_t now, uint32_t reason, const char *text);
/* The same with what speaks against the peer's certificate. */
void conn_refuse(struct conn *conn, usec_t now, enum verdict_doubt doubt);
/* The list of revoked keys changed: ends the connection if its peer is on it. */
void conn_check_revoked(struct conn *conn, usec_t now);
void conn_closed_by_peer(struct conn *conn, usec_t now, uint32_t reason, const char *text, size_t text_size);
/* No more lingering: what is queued is given up and the peer told. */
void conn_stop_lingering(struct conn *conn, usec_t now);
/* The application let go of a connection that had ended already. */
void conn_release(struct conn *conn, usec_t now);

/* --- what is known */
struct conn_info {
	enum route_kind route;
	struct address local, remote;
	const struct certificate_checked *certificate; /* the peer's; null: not known */
	enum verdict_doubt doubt;                      /* why it was refused, or why its certificate is not believed */
	bool deserves_warning;                         /* nothing proves who the peer is, and the options want that told */
	const char *cipher;
	bool peer_is_gns;
	usec_t connected_after;
};

void conn_info(const struct conn *conn, struct conn_info *out);
/* What the connection itself knows of how it was made. */
void conn_fill_attempt(const struct conn *conn, usec_t now, struct attempt *out);

struct conn_status {
	struct reliability_status reliability;
	usec_t jitter;            /* the highest since this was last asked; -1: none was measured */
	struct link_rates local;  /* as seen here */
	struct link_rates remote; /* as the peer told */
	usec_t remote_age;        /* how long ago; -1: it has not */
	uint64_t packets_sent, packets_received, bytes_sent, bytes_received;
	uint64_t packets_dropped; /* duplicates, forged and malformed ones */
	size_t packet_size;       /* the largest with messages */
};

void conn_status(struct conn *conn, usec_t now, struct conn_status *out);
/* False: there is no such lane. */
bool conn_lane_status(const struct conn *conn, usec_t now, uint32_t lane, struct reliability_lane_status *out);

/* All that is known of a way, from one of its ends. Ages: -1: that end has not told. */
struct conn_statistics {
	usec_t rates_age, lifetime_age;
	struct link_rates rates;
	struct link_lifetime lifetime;
};

void conn_statistics(struct conn *conn, usec_t now, bool of_peer, struct conn_statistics *out);
usec_t conn_rtt(const struct conn *conn); /* smoothed; -1 unknown */
void conn_add_rtt_sample(struct conn *conn, usec_t now, usec_t rtt);

#endif
