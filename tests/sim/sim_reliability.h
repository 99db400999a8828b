/* sim_reliability: two reliability machines joined by simulated links, and applications that send,
 * read and check.
 *
 * Owns: the virtual clock, the invariants: every reliable message once, in order within its lane,
 * unless it expired or was late; unreliable ones at most once; no sequenced one after a newer one;
 * contents and numbers right; nothing to do before next_timeout; no busy loop; memory bounded.
 */
#ifndef SIM_RELIABILITY_H
#define SIM_RELIABILITY_H

#include "core/reliability/reliability.h"
#include "sim/sim_link.h"

#define SIM_LANES 256
#define SIM_OVERHEAD 23 /* header and tag */
#define SIM_MESSAGE_MIN 24

struct sim_lane {
	int64_t sent;                             /* messages queued, both kinds: the last one's number */
	int64_t reliable_sent, reliable_received; /* those that must arrive */
	int64_t fragile_sent, fragile_received;   /* reliable ones that may expire or be late */
	int64_t sequenced_received;               /* number of the last sequenced message */
	int64_t number_received;                  /* of the last reliable message */
	uint8_t *seen;                            /* unreliable ones by number */
	int64_t seen_capacity;
};

struct sim_side {
	struct reliability *reliability;
	struct reliability_settings settings;
	struct sim_link link; /* to the other side */
	int64_t next_number;
	uint8_t *replay; /* numbers received */
	int64_t replay_capacity, highest;
	struct sim_lane lanes[SIM_LANES];
	int64_t bytes_received, messages_received, unreliable_received, unreliable_sent;
	int64_t packets_sent, bytes_sent;
	usec_t latency_sum, latency_max;
	int64_t latency_count;
	uint32_t *latencies; /* of received messages, when asked for */
	size_t latencies_capacity;
	bool take_unreliable;
	bool reading; /* the application takes what arrives, at once */
};

struct sim_pair {
	usec_t now;
	uint64_t seed;
	struct sim_random random;
	struct sim_side sides[2];
	const char *failure; /* null while all is well */
	int64_t failure_detail[2];
	bool poke; /* call in from time to time too early: nothing may happen */
	int64_t steps;
};

void sim_pair_init(struct sim_pair *pair, uint64_t seed, const struct reliability_settings settings[2],
                   const struct sim_link_settings links[2]);
void sim_pair_free(struct sim_pair *pair);

struct sim_send {
	uint16_t lane;
	uint32_t flags;
	size_t size; /* at least SIM_MESSAGE_MIN, or 0 */
	usec_t ttl;  /* 0: for ever */
};

/* Queues a message. Returns the result of enqueue. */
int32_t sim_pair_send_as(struct sim_pair *pair, int side, const struct sim_send *send);
int32_t sim_pair_send(struct sim_pair *pair, int side, uint16_t lane, uint32_t flags, size_t size);
/* The application of `side` reads up to `max` messages and checks them. Returns how many. */
int sim_pair_read(struct sim_pair *pair, int side, int max);
/* Lets both sides send what they have to send now. Call it after any input. */
void sim_pair_drain(struct sim_pair *pair);
/* Advances to the next thing that happens, `until` at the latest. False: failed, or nothing before. */
bool sim_pair_step(struct sim_pair *pair, usec_t until);
/* Steps until then. */
void sim_pair_run(struct sim_pair *pair, usec_t until);
/* True if every reliable message has been received and is acknowledged. */
bool sim_pair_is_done(const struct sim_pair *pair);
/* When it is done: what is missing has expired or was late. */
void sim_pair_check_missing(struct sim_pair *pair);

/* Defaults: 1200-byte payloads, generous buffers, BBR, window frames. */
struct reliability_settings sim_settings(void);

#endif
