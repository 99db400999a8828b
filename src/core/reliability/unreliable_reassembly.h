/* unreliable_reassembly: segments of unreliable messages, back into messages.
 *
 * Owns: the few messages that are half there, of all lanes.
 * Does not know: packets; that a segment arrives at most once is the replay check's doing.
 */
#ifndef RELIABILITY_UNRELIABLE_REASSEMBLY_H
#define RELIABILITY_UNRELIABLE_REASSEMBLY_H

#include "core/base/seq_ranges.h"
#include "core/reliability/stream_reassembly.h"

#define UNRELIABLE_PARTIALS 16
#define UNRELIABLE_OFFSET_MAX 26000 /* beyond this segments are ignored, as in the original */
#define UNRELIABLE_SEGMENT_MAX 1300
#define UNRELIABLE_PIECES_MAX 128 /* stretches of one message with holes between; honest ones have few */

struct unreliable_partial {
	struct message *message; /* its size is what it has room for; null: the slot is free */
	size_t size;             /* 0 until the last segment is here; an empty message is never partial */
	int64_t number;
	uint64_t order; /* of its first segment's arrival */
	uint16_t lane;
	struct seq_ranges got;
};

/* Zeroed is empty. */
struct unreliable_reassembly {
	struct unreliable_partial *partials; /* UNRELIABLE_PARTIALS, once needed */
	uint64_t next_order;
	uint64_t dropped; /* messages: incomplete ones, and complete ones without room in the inbox */
};

struct unreliable_segment {
	uint16_t lane;
	int64_t number;
	uint32_t offset;
	bool is_last;
	bool is_sequenced;
	const uint8_t *bytes;
	size_t size;
	struct lane_numbers *numbers; /* of the lane */
};

void unreliable_reassembly_receive(struct unreliable_reassembly *reassembly, struct reassembly *shared,
                                   const struct unreliable_segment *segment);
void unreliable_reassembly_free(struct unreliable_reassembly *reassembly);

#endif
