#include "core/reliability/receiver.h"

#include "core/base/alloc.h"

/* The peer is told when the window has moved by this part of the buffer; at once, when what it may
 * still send is less than this part. */
#define WINDOW_STEP 32
#define WINDOW_NARROW 4

void receiver_init(struct receiver *receiver)
{
	*receiver = (struct receiver){ 0 };
}

void receiver_free(struct receiver *receiver)
{
	for (uint32_t i = 0; i < receiver->lane_count; i++)
		stream_reassembly_free(&receiver->lanes[i].stream, &receiver->shared);
	alloc_free(receiver->lanes);
	unreliable_reassembly_free(&receiver->unreliable);
	message_queue_clear(&receiver->shared.inbox);
	stream_pool_free(&receiver->shared.pool);
}

static struct receive_lane *lane_of(struct receiver *receiver, uint32_t id)
{
	if (id >= receiver->lane_count)
		receiver->lanes = alloc_resize(receiver->lanes, id + 1, sizeof(*receiver->lanes));
	for (; receiver->lane_count <= id; receiver->lane_count++) {
		struct receive_lane *lane = &receiver->lanes[receiver->lane_count];
		stream_reassembly_init(&lane->stream, (uint16_t)receiver->lane_count);
		lane->numbers = (struct lane_numbers){ 0 };
	}
	return &receiver->lanes[id];
}

static bool violate(struct receiver *receiver, const char *text)
{
	receiver->shared.violation = text;
	return false;
}

/* Beyond the limit nothing more of the packet is taken. */
static bool count_segment(struct receiver *receiver, struct receiver_packet *packet)
{
	packet->has_segments = true;
	if (++packet->segments <= receiver->segments_max)
		return true;
	packet->refused = true;
	return false;
}

bool receiver_take_reliable(struct receiver *receiver, struct frame_context *context,
                            const struct frame_reliable *frame, struct receiver_packet *packet)
{
	int64_t position;
	struct receive_lane *lane = lane_of(receiver, context->lane);
	if (!frame_segment_resolve_position(context, frame, stream_reassembly_expected(&lane->stream), &position))
		return violate(receiver, "stream position not positive");
	if (!count_segment(receiver, packet))
		return true;
	switch (stream_reassembly_receive(&lane->stream, &receiver->shared, &lane->numbers, position, frame->bytes,
	                                  frame->size)) {
	case STREAM_VIOLATION:
		return false;
	case STREAM_REFUSED:
		packet->refused = true;
		break;
	case STREAM_OK:
		break;
	}
	receiver->stalled |= stream_reassembly_is_stalled(&lane->stream);
	return true;
}

bool receiver_take_unreliable(struct receiver *receiver, struct frame_context *context,
                              const struct frame_unreliable *frame, struct receiver_packet *packet)
{
	int64_t number;
	struct receive_lane *lane = lane_of(receiver, context->lane);
	if (!frame_segment_resolve_number(context, frame, lane->numbers.highest, &number))
		return violate(receiver, "message number not positive");
	if (!count_segment(receiver, packet))
		return true;
	if (!packet->take_unreliable) {
		packet->refused = true;
		return true;
	}
	lane_numbers_see(&lane->numbers, number);
	const struct unreliable_segment segment = {
		.lane = (uint16_t)context->lane,
		.number = number,
		.offset = frame->offset,
		.is_last = frame->ends,
		.is_sequenced = frame->is_sequenced,
		.bytes = frame->bytes,
		.size = frame->size,
		.numbers = &lane->numbers,
	};
	unreliable_reassembly_receive(&receiver->unreliable, &receiver->shared, &segment);
	return true;
}

static void resume(struct receiver *receiver)
{
	bool stalled = false;
	for (uint32_t i = 0; i < receiver->lane_count; i++) {
		struct receive_lane *lane = &receiver->lanes[i];
		if (!stream_reassembly_is_stalled(&lane->stream))
			continue;
		/* A violation found here is reported with the next packet. */
		stream_reassembly_resume(&lane->stream, &receiver->shared, &lane->numbers);
		stalled |= stream_reassembly_is_stalled(&lane->stream);
	}
	receiver->stalled = stalled;
}

struct message *receiver_next_message(struct receiver *receiver, usec_t now)
{
	struct message *message = message_queue_pop(&receiver->shared.inbox);
	if (message == NULL)
		return NULL;
	receiver->messages_taken++;
	if (receiver->stalled && receiver->shared.violation == NULL) {
		receiver->shared.now = now;
		resume(receiver);
	}
	return message;
}

bool receiver_is_receiving(const struct receiver *receiver)
{
	for (uint32_t i = 0; i < receiver->lane_count; i++) {
		const struct stream_reassembly *stream = &receiver->lanes[i].stream;
		if (stream->partial != NULL || stream->header_size > 0 || !seq_ranges_is_empty(&stream->held))
			return true;
	}
	return false;
}

/* --- the window */

struct frame_window receiver_window(const struct receiver *receiver)
{
	const struct reassembly *shared = &receiver->shared;
	int64_t bytes = shared->stream_consumed - shared->inbox.bytes + shared->buffer_size;
	int64_t messages = shared->messages_completed - shared->inbox.count + shared->buffer_messages;
	/* It never moves back, even if unreliable messages or a smaller limit have taken room. */
	struct frame_window window = receiver->told;
	if (bytes > 0 && (uint64_t)bytes > window.bytes)
		window.bytes = (uint64_t)bytes;
	if (messages > 0 && (uint64_t)messages > window.messages)
		window.messages = (uint64_t)messages;
	return window;
}

bool receiver_window_is_news(const struct receiver *receiver, bool urgent)
{
	const struct reassembly *shared = &receiver->shared;
	if (!receiver->window_told)
		return false;
	struct frame_window window = receiver_window(receiver);
	uint64_t bytes = window.bytes - receiver->told.bytes;
	uint64_t messages = window.messages - receiver->told.messages;
	uint64_t step = urgent ? WINDOW_NARROW : WINDOW_STEP;
	bool moved = bytes > (uint64_t)shared->buffer_size / step || messages > (uint64_t)shared->buffer_messages / step;
	if (!urgent || !moved)
		return moved;
	int64_t bytes_left = (int64_t)receiver->told.bytes - shared->stream_consumed;
	int64_t messages_left = (int64_t)receiver->told.messages - shared->messages_completed;
	return bytes_left < shared->buffer_size / WINDOW_NARROW || messages_left < shared->buffer_messages / WINDOW_NARROW;
}
