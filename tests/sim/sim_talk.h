/* sim_talk: what one application knows of one of its connections, and what must hold of it.
 *
 * Owns: every message ever sent through it, so that the other side's record can be held against it:
 * reliable ones arrive once and in order on each lane, unreliable ones at most once, all of them as
 * they were sent; the states an application may see, and that nothing is told after the end.
 * Does not know: who talks to whom, and why (sim_folk).
 */
#ifndef SIM_TALK_H
#define SIM_TALK_H

#include "core/conn/conn.h"
#include "sim_world.h"

struct sim_sent {
	uint32_t size, seed;
	bool reliable, received;
	bool sequenced, fleeting; /* may be dropped by the receiver, or before it is sent */
};

struct sim_talk_lane {
	struct sim_sent *sent; /* message number n at [n - 1] */
	uint32_t sent_count, capacity;
	int64_t taken;     /* number of the reliable message received last */
	int64_t sequenced; /* and of the sequenced one */
};

enum sim_talk_kind { SIM_TALK_UDP, SIM_TALK_P2P, SIM_TALK_SYMMETRIC };

struct sim_talk {
	struct sim_world *world;
	uint32_t tag;
	unsigned peer;     /* whose it is */
	int other;         /* the peer at the other end; -1: not known */
	struct core *core; /* of `peer` at that time: it may be another one by now */
	struct conn *conn; /* null: closed by its application, or gone with its process */
	bool killed;
	enum sim_talk_kind kind;
	bool incoming;
	bool accepted;
	usec_t decide_at; /* incoming: when the application makes up its mind */
	usec_t called_at, connected_at;
	uint32_t local_id, remote_id;

	int32_t state;
	bool was_connected;
	bool over; /* the network ended it */
	uint32_t end_reason;
	char end_text[EVENT_TEXT_MAX];

	bool hung_up; /* its own application did */
	uint32_t hang_up_reason;
	char hang_up_text[EVENT_TEXT_MAX];
	bool was_connected_then;
	bool lingered;
	usec_t hung_up_at;

	bool readable; /* told, and not drained since */
	bool again;    /* a message was refused, and no word of room came since */
	size_t again_size;
	unsigned lane_count;
	struct sim_talk_lane *lanes; /* 256, once needed */
	bool sent_fleeting;
	uint64_t sent_count, received_count;
};

struct sim_talk *sim_talk_new(struct sim_world *world, unsigned peer, struct conn *conn, uint32_t tag);
void sim_talk_free(struct sim_talk *talk);
/* Looks the ids up while there is something to look at. */
void sim_talk_refresh(struct sim_talk *talk);
/* They are the two ends of one connection. */
bool sim_talk_fits(struct sim_talk *talk, struct sim_talk *other);

void sim_talk_on_event(struct sim_talk *talk, const struct event *event);
/* Returns what sockets_send said; the expected answers are checked. `ttl` 0: for ever. */
int32_t sim_talk_send(struct sim_talk *talk, uint32_t flags, uint16_t lane, size_t size, usec_t ttl);
/* `from`: the other end. Takes the reference. */
void sim_talk_take(struct sim_talk *talk, struct sim_talk *from, struct message *message);
/* For the trace: `what`, and which connection. */
void sim_talk_tell(const struct sim_talk *talk, const char *what);
/* The application hangs up. */
void sim_talk_hang_up(struct sim_talk *talk, uint32_t reason, const char *text, usec_t linger);
/* Everything that was sent reliably through `talk` was taken at the other end. */
bool sim_talk_is_complete(const struct sim_talk *talk);
bool sim_talk_is_up(const struct sim_talk *talk);

/* Ends the process unless `condition` holds. */
#define sim_talk_check(talk, condition) ((condition) ? (void)0 : sim_talk_fail((talk), #condition))
void sim_talk_fail(const struct sim_talk *talk, const char *what);

#endif
