/* conn_internal: the connection's insides, for the files of this room only. */
#ifndef CONN_CONN_INTERNAL_H
#define CONN_CONN_INTERNAL_H

#include "core/conn/conn.h"
#include "core/conn/stats_report.h"
#include "core/crypto/replay_window.h"
#include "core/wire/wire.h"

#define CONN_EVENTS_MAX 8 /* drained after every input; a connection passes fewer states than that */
#define CONN_PACKETS_PER_BURST 48

/* The way data goes. */
struct conn_path {
	uint32_t transport; /* 0: none yet */
	struct address remote;
	struct address local;
	enum route_kind route;
	bool ready;
	bool whole; /* a burst that must not be cut is not */
	bool heard; /* a packet that decrypted came */
};

#define CONN_ANSWERS_MAX 4

/* Another address that the peer's packets come from, until it is proved or given up (conn_roam.c). */
struct conn_roam {
	bool active;
	struct address remote, local;
	uint64_t token, token_in_use; /* asked for there, and at the address in use */
	int64_t credit;               /* bytes that came from there, less those that went */
	unsigned asks;
	bool ask, ask_in_use; /* a challenge is to go */
	bool hurried;         /* the address in use owed an answer when this began */
	bool answered;
	usec_t ask_at;    /* the challenge goes again */
	usec_t decide_at; /* answered: the address in use has had its time */
	usec_t rest_until;
};

/* Answers to the peer's challenges: each goes back where its challenge came from. */
struct conn_answers {
	struct {
		uint64_t token;
		struct address remote, local;
	} owed[CONN_ANSWERS_MAX];
	unsigned count;
};

/* How large may packets be? The names of RFC 8899 in brackets. */
struct conn_mtu {
	uint16_t first;  /* what the options begin with [BASE_PLPMTU] */
	uint16_t size;   /* no packet with messages is larger [PLPMTU] */
	uint16_t proven; /* passes */
	uint16_t limit;  /* nothing larger is tried [MAX_PLPMTU] */
	uint16_t probed; /* what is being asked [PROBED_SIZE]; 0: nothing */
	bool narrow;     /* the limit is because something larger did not pass */
	bool due;        /* a probe is to leave */
	unsigned losses; /* of probes of this size [PROBE_COUNT] */
	unsigned asks;   /* for the fate of the last one */
	usec_t ask_at, search_at, doubt_at;
};

/* Does the peer live? */
struct conn_liveness {
	usec_t received_at; /* last sign of life */
	usec_t reply_due;   /* USEC_NEVER: no reply is awaited */
	unsigned failures;  /* replies in a row that did not come */
	unsigned excuses;   /* times that we were too late ourselves to tell, since the last packet */
	usec_t timing_out_since;
	usec_t urgent_at; /* next urgent ping while timing out, or while finding a route */
	usec_t keepalive_at;
	usec_t quiet_wait;
	usec_t quiet_at; /* messages came and stopped: is the peer still there? */
	uint32_t ping;   /* WIRE_STATS_* flags the next packet must carry; 0: none */
};

/* What is said after the end. */
struct conn_ending {
	uint32_t reason;
	char text[EVENT_TEXT_MAX];
	bool by_peer; /* stragglers are answered with NoConnection */
	bool say_closed, say_no_connection;
	unsigned repeats; /* closes that still go out by themselves */
	usec_t repeat_at;
	usec_t linger_until;
};

struct conn {
	struct config config;
	struct message_pool *messages;
	struct rng *rng;
	struct certificate_own *own;
	struct trust_store *trust;
	int64_t unix_time;
	uint32_t app_id;
	usec_t created_at;
	void *owner;
	uint32_t local_id, remote_id;
	bool server, p2p, paired;
	struct identity peer;
	struct address asked; /* by address: where we connect to or were reached from */
	int32_t state;
	usec_t state_since;
	usec_t connected_at;
	struct key_exchange exchange;
	struct key_exchange_peer *peer_half; /* until the keys exist */
	struct packet_crypto crypto;
	struct replay_window replay;
	struct certificate_checked certificate; /* the peer's, once it was good */
	bool has_certificate;
	enum verdict_doubt doubt; /* why it was refused, or is not believed */
	bool uses_lanes;
	uint64_t capabilities; /* of both */
	bool peer_is_gns, peer_takes_spacing;
	struct reliability *reliability;
	int64_t next_number;
	struct conn_path path;
	struct conn_roam roam;
	struct conn_answers answers;
	struct conn_mtu mtu;
	struct conn_liveness liveness;
	struct conn_ending ending;
	struct link_quality quality;
	struct stats_report report;
	uint64_t packets_dropped; /* not authentic, malformed, or not expected now */
	usec_t sent_at;           /* the last packet; 0: none yet */
	struct event *events;     /* room for CONN_EVENTS_MAX as long as some wait */
	unsigned event_first, event_count;
};

/* --- conn_state.c */
void conn_state_enter(struct conn *conn, usec_t now, int32_t state);
bool conn_state_is_active(int32_t state); /* data packets count */
bool conn_state_is_over(int32_t state);
void conn_state_add_event(struct conn *conn, const struct event *event);

/* --- conn_handshake.c */
void conn_handshake_start(struct conn *conn);
/* May a peer go without any proof? 0: no; 1: with a warning; 2: yes. By address as options say that the
 * protocol's other implementation has too; it lets peers by signals always. */
int32_t conn_handshake_leniency(const struct conn *conn);
void conn_handshake_fill(const struct conn *conn, struct reliability_settings *out);

/* --- conn.c */
void conn_tell_route(struct conn *conn);
/* What kind of way an address is on the other end of. */
enum route_kind conn_route_of(const struct address *remote);

/* --- conn_transmit.c */
/* One packet that holds nothing but a path frame. False: it cannot be sealed. */
bool conn_transmit_path_frame(struct conn *conn, usec_t now, uint8_t lead, uint64_t token, struct datagram_burst *out);
/* One without messages that is as large as that and must not be cut. False: as above. */
bool conn_transmit_probe(struct conn *conn, usec_t now, size_t size, struct datagram_burst *out);

/* --- conn_roam.c */
bool conn_roam_is_elsewhere(const struct conn *conn, const struct datagram *datagram);
/* A packet was opened and read; `newest`: none with a higher number came before. */
void conn_roam_on_packet(struct conn *conn, usec_t now, const struct datagram *datagram, bool newest);
/* The way changed otherwise. */
void conn_roam_forget(struct conn *conn);
bool conn_roam_transmit(struct conn *conn, usec_t now, struct datagram_burst *out);
usec_t conn_roam_next_timeout(const struct conn *conn);
void conn_roam_handle_timeout(struct conn *conn, usec_t now);

/* --- conn_mtu.c */
void conn_mtu_init(struct conn *conn);
/* The path is another one: all sizes are open again. */
void conn_mtu_begin(struct conn *conn, usec_t now);
/* Options changed that it was begun with. */
bool conn_mtu_is_outdated(const struct conn *conn);
void conn_mtu_on_packet(struct conn *conn, usec_t now);
/* A packet with messages was as large as that. */
void conn_mtu_on_sent(struct conn *conn, usec_t now, size_t size);
/* A probe, if one is due. */
bool conn_mtu_transmit(struct conn *conn, usec_t now, struct datagram_burst *out);
usec_t conn_mtu_next_timeout(const struct conn *conn);
void conn_mtu_handle_timeout(struct conn *conn, usec_t now);

/* --- conn_liveness.c */
/* The peer is somewhere else now: what was asked there was asked in vain. */
void conn_liveness_on_moved(struct conn *conn, usec_t now);
/* It owes an answer that is overdue. */
bool conn_liveness_is_suspect(const struct conn *conn);
void conn_liveness_on_packet(struct conn *conn, usec_t now);
void conn_liveness_on_sent(struct conn *conn, usec_t now, bool expects_reply);
void conn_liveness_on_state(struct conn *conn, usec_t now);
usec_t conn_liveness_next_timeout(const struct conn *conn);
void conn_liveness_handle_timeout(struct conn *conn, usec_t now);

/* --- conn_close.c */
void conn_close_on_state(struct conn *conn, usec_t now);
bool conn_close_transmit(struct conn *conn, struct datagram_burst *out);
usec_t conn_close_next_timeout(const struct conn *conn);
void conn_close_handle_timeout(struct conn *conn, usec_t now);

/* --- conn_quality.c */
/* After packets were received or sent: the interval may be over, a report decided. */
void conn_quality_roll(struct conn *conn, usec_t now);
/* Which reports (STATS_REPORT_*) a packet that leaves now takes along. */
unsigned conn_quality_wants(const struct conn *conn, usec_t now);
/* Puts into the blob of packet `number` what is to be told to the peer and fits into `room` bytes. */
void conn_quality_report(struct conn *conn, usec_t now, int64_t number, size_t room, struct msg_stats *out);
usec_t conn_quality_next_timeout(const struct conn *conn);

#endif
