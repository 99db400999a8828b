/* lane: what waits to be sent on one lane, and its reliable stream until all of it has arrived.
 *
 * Owns: message numbers, stream positions, references of messages that are queued or not wholly
 * acknowledged, which bytes of the stream are acknowledged and which are lost, which messages have
 * waited too long.
 * Does not know: packets, other lanes, when to send.
 */
#ifndef RELIABILITY_LANE_H
#define RELIABILITY_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/seq_ranges.h"
#include "core/reliability/message_queue.h"

/* A reliable message in the stream: its framing header, then its bytes. */
struct lane_message {
	struct message *message; /* null: it expired, and takes no room in the stream */
	int64_t begin;           /* stream position of the header; not known before it is its turn */
	uint32_t step;           /* its number less that of the reliable message before it */
	uint32_t header_size;
};

struct lane {
	uint16_t id;
	uint16_t weight;
	int32_t priority;
	int64_t virtual_time;         /* the scheduler's: bytes sent by weight */
	int64_t last_number;          /* of the message queued last; both kinds share the numbers */
	int64_t last_reliable_number; /* of those that did not expire */
	usec_t expires_at;            /* no queued message expires before; USEC_NEVER: none ever */

	/* The stream: positions below acked_end are done with; [acked_end, sent_end) was sent at least
	 * once, [sent_end, end) waits. The messages are those with bytes in [acked_end, end). */
	struct lane_message *messages; /* ring */
	uint32_t message_capacity;     /* 0 or a power of two */
	uint32_t message_first, message_count;
	uint32_t message_sending; /* counted from message_first: that which holds sent_end */
	int64_t acked_end, sent_end, end;
	int64_t acked_bytes;     /* of [1, sent_end) */
	struct seq_ranges acked; /* above acked_end */
	struct seq_ranges lost;  /* sent, and to be sent again */

	struct message_queue unreliable;
	uint32_t unreliable_sent; /* bytes of the first one that have left in segments */
};

void lane_init(struct lane *lane, uint16_t id);
void lane_free(struct lane *lane);

/* Takes over the reference and numbers the message. `reliable`: how it is to travel. */
void lane_push(struct lane *lane, struct message *message, bool reliable);
/* True if the next message's number must not be left to an unreliable message: the peer, having
 * missed all since the last reliable one, would take the next for an attack. */
bool lane_must_be_reliable(const struct lane *lane);

/* What is next on this lane. */
static inline bool lane_has_lost(const struct lane *lane)
{
	return lane->lost.count > 0;
}

static inline bool lane_has_stream(const struct lane *lane)
{
	return lane->sent_end < lane->end;
}

static inline bool lane_has_unreliable(const struct lane *lane)
{
	return lane->unreliable.head != NULL;
}

static inline bool lane_has_new(const struct lane *lane)
{
	return lane_has_stream(lane) || lane_has_unreliable(lane);
}

/* Bytes sent that nobody has acknowledged. */
static inline int64_t lane_unacked(const struct lane *lane)
{
	return lane->sent_end - 1 - lane->acked_bytes;
}

static inline int64_t lane_pending_stream(const struct lane *lane)
{
	return lane->end - lane->sent_end;
}

/* Of the two kinds the older message goes first. */
bool lane_stream_is_next(const struct lane *lane);
/* How much stream may go before the unreliable message that is next in order; all if there is none. */
int64_t lane_stream_run(const struct lane *lane);
/* Lowers `size` so that at most `messages` messages end in the next `size` bytes of the stream;
 * returns how many do. */
int64_t lane_limit_messages(const struct lane *lane, int64_t messages, int64_t *size);

/* Copies stream bytes from `position`, which is not acknowledged yet. `sequenced`: the peer knows the
 * mark of sequenced messages. */
void lane_copy_stream(const struct lane *lane, int64_t position, uint8_t *out, size_t size, bool sequenced);
/* `size` new bytes of the stream have left. */
void lane_on_stream_sent(struct lane *lane, int64_t size);
/* Takes [begin, end) out of what is lost: it leaves again now. */
void lane_on_resent(struct lane *lane, int64_t begin, int64_t end);
/* Returns how many bytes that was news about. */
int64_t lane_on_acked(struct lane *lane, int64_t begin, int64_t end);
/* What of [begin, end) is not acknowledged will be sent again. Returns how much that is. */
int64_t lane_on_lost(struct lane *lane, int64_t begin, int64_t end);
/* `size` bytes of the first unreliable message have left; with its last it is forgotten. */
void lane_on_unreliable_sent(struct lane *lane, size_t size);

#define LANE_EXPIRE_ALL UINT32_MAX

/* Drops messages whose time is over and of which nothing has left, looking at the first `most` that
 * wait of either kind. Returns how many it dropped. */
uint64_t lane_expire(struct lane *lane, usec_t now, uint32_t most);

#endif
