/* ack_tracker: which packets of the peer have arrived, and when we owe it word about them.
 *
 * Owns: the gaps between received packet numbers since the peer's stop-waiting value, when each was
 * noticed, the acknowledgement deadline, what the next ack frame says.
 * Does not know: the frame's bytes, what was in the packets, replay (no number comes twice).
 */
#ifndef RELIABILITY_ACK_TRACKER_H
#define RELIABILITY_ACK_TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/usec.h"
#include "core/wire/frame_ack.h"

/* More gaps than this are not kept: packets that would open another are not recorded. */
#define ACK_TRACKER_GAPS_MAX 4096

/* Packets that are missing; both neighbours have arrived. */
struct ack_gap {
	int64_t begin;
	int64_t end;
	usec_t noticed_at; /* reported only some time later: packets overtake each other */
	usec_t before_at;  /* when packet begin - 1 came; -1 unknown */
};

struct ack_tracker {
	struct ack_gap *gaps; /* ascending, from [first]; noticed_at ascends too */
	uint32_t first, count, capacity;
	int64_t largest;
	usec_t largest_at;  /* -1 unknown */
	int64_t wait_floor; /* the peer does not want to hear of packets below */
	int64_t wait_floor_set_by;
	usec_t ack_due;  /* USEC_NEVER: nothing is owed */
	usec_t nack_due; /* when the oldest gap not told yet is to be told */
	usec_t nack_delay;
	usec_t nack_delay_max;
	usec_t lateness; /* by which packets have been overtaken of late */
	usec_t ack_delay;
	int64_t received;       /* packets ever */
	uint32_t untold;        /* packets since the last ack frame */
	uint32_t untold_urgent; /* of these, those that want to be acknowledged */
	bool truncated;         /* the last frame had no room for all gaps */
};

/* Packet 1, the handshake, has arrived. */
void ack_tracker_init(struct ack_tracker *tracker);
void ack_tracker_free(struct ack_tracker *tracker);
/* Adapts the delays to the round-trip time; -1: unknown. */
void ack_tracker_set_rtt(struct ack_tracker *tracker, usec_t rtt);

/* Records packet `number`. `wants_ack`: it carries messages. False: not recorded, because there are
 * too many gaps or because it is below the stop-waiting value. */
bool ack_tracker_add(struct ack_tracker *tracker, usec_t now, int64_t number, bool wants_ack);
/* An acknowledgement must leave by `at`. */
void ack_tracker_request(struct ack_tracker *tracker, usec_t at);

/* The peer's packet `number` says that it does not wait for packets below `floor`. False: it went
 * backwards, which is a violation. */
bool ack_tracker_stop_waiting(struct ack_tracker *tracker, usec_t now, int64_t number, int64_t floor);

/* When an ack frame must leave even if nothing else does. */
usec_t ack_tracker_next_timeout(const struct ack_tracker *tracker);
/* True if a frame written now would tell something new. */
bool ack_tracker_has_news(const struct ack_tracker *tracker);
uint32_t ack_tracker_gap_count(const struct ack_tracker *tracker);

/* What to say now in at most `capacity` bytes: every gap up to `latest`, oldest first if there is
 * no room for all (docs/wire.md, "Ack"). Counts as said: deadlines are met by it. False: not even
 * a frame without gaps fits. */
bool ack_tracker_report(struct ack_tracker *tracker, usec_t now, size_t capacity, struct frame_ack *out);

#endif
