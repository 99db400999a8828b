/* receiver: a packet's frames, one at a time, to whom they concern.
 *
 * Owns: the receiving side of the lanes, the received messages, the window we tell the peer.
 * Does not know: our own messages, beyond passing acks on.
 */
#ifndef RELIABILITY_RECEIVER_H
#define RELIABILITY_RECEIVER_H

#include "core/reliability/stream_reassembly.h"
#include "core/reliability/unreliable_reassembly.h"
#include "core/wire/frame.h"

struct receive_lane {
	struct stream_reassembly stream;
	struct lane_numbers numbers;
};

struct receiver {
	struct reassembly shared;
	struct receive_lane *lanes; /* made as the peer uses them */
	uint32_t lane_count;
	struct unreliable_reassembly unreliable;
	int32_t segments_max;
	bool window_told;         /* we tell the peer our window */
	bool stalled;             /* bytes that are next wait in some lane for room */
	struct frame_window told; /* the window as told last */
	uint64_t messages_taken;
};

void receiver_init(struct receiver *receiver);
void receiver_free(struct receiver *receiver);

/* Segments of one packet; what they have come to is gathered here. */
struct receiver_packet {
	bool take_unreliable;
	bool has_segments;
	bool refused; /* something could not be kept */
	int32_t segments;
};

/* False: a violation, named in shared.violation. */
bool receiver_take_reliable(struct receiver *receiver, struct frame_context *context,
                            const struct frame_reliable *frame, struct receiver_packet *packet);
bool receiver_take_unreliable(struct receiver *receiver, struct frame_context *context,
                              const struct frame_unreliable *frame, struct receiver_packet *packet);

/* The next message or null; room that this makes is used at once. */
struct message *receiver_next_message(struct receiver *receiver, usec_t now);

/* Bytes of a reliable message are here, but not all of it. */
bool receiver_is_receiving(const struct receiver *receiver);

/* The window as it is now. */
struct frame_window receiver_window(const struct receiver *receiver);
/* True if the window has opened by so much, or was so narrow, that the peer should know. */
bool receiver_window_is_news(const struct receiver *receiver, bool urgent);

#endif
