/* segmenter: cuts what a lane has to send into segments that fit the packet being written.
 *
 * Owns: where to cut. The stream is cut without regard to messages: small ones share a segment.
 * An unreliable message is cut only if no packet could hold it whole.
 * Does not know: which lane is next, flow control beyond the numbers it is given.
 */
#ifndef RELIABILITY_SEGMENTER_H
#define RELIABILITY_SEGMENTER_H

#include "core/reliability/lane.h"
#include "core/reliability/sent_packets.h"
#include "core/wire/frame_segment.h"

/* The packet being written. */
struct segmenter {
	struct byte_writer *out;
	struct frame_context context;
	struct sent_packets *sent; /* learns which stream bytes the packet holds */
	size_t payload_max;
	bool sequenced;    /* the peer knows the mark of sequenced messages */
	bool has_reliable; /* what is in it so far */
	bool has_unreliable;
	bool full; /* nothing more fits */
};

void segmenter_init(struct segmenter *segmenter, struct byte_writer *out, struct sent_packets *sent,
                    size_t payload_max);
/* Writes bytes to be sent again, lowest first, as many as fit. Returns how many. */
size_t segmenter_write_lost(struct segmenter *segmenter, struct lane *lane);

struct segmenter_credit {
	int64_t bytes;    /* of stream that may be sent; what was sent is taken off */
	int64_t messages; /* that may end in it */
};

/* Writes new messages of both kinds in their order, as many as fit and the credit allows. Returns
 * the bytes of messages and stream written. */
size_t segmenter_write_fresh(struct segmenter *segmenter, struct lane *lane, struct segmenter_credit *credit);

#endif
