/* A payload, read as the receiver does: views stay inside it, numbers stay positive, acks stay in
 * order, and it ends in an end or a violation that has a text. The first byte chooses extensions. */
#include "core/wire/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_view(const struct frame_reader *reader, const uint8_t *bytes, size_t size)
{
	if (bytes + size != reader->in.at)
		abort();
}

static void check_ack(const struct frame_ack_received *ack)
{
	struct frame_ack_ranges ranges;
	struct frame_ack_range range;
	int64_t latest = frame_ack_latest(ack, 100000);
	int64_t end = latest + 1;

	if (latest < 0)
		return;
	frame_ack_ranges_init(&ranges, ack, latest, 5);
	while (frame_ack_ranges_next(&ranges, &range)) {
		if (range.end > end || range.begin >= range.end || range.begin < 0)
			abort();
		end = range.begin;
	}
}

/* False: a violation that the receiver finds. */
static bool check_frame(struct frame_reader *reader, const struct frame *frame)
{
	int64_t value;

	switch (frame->kind) {
	case FRAME_UNRELIABLE:
		check_view(reader, frame->unreliable.bytes, frame->unreliable.size);
		if (!frame_segment_resolve_number(&reader->context, &frame->unreliable, 70000, &value))
			return false;
		break;
	case FRAME_RELIABLE:
		check_view(reader, frame->reliable.bytes, frame->reliable.size);
		if (!frame_segment_resolve_position(&reader->context, &frame->reliable, 70000, &value))
			return false;
		break;
	case FRAME_STOP_WAITING:
		if (!frame_stop_waiting_floor(&frame->stop_waiting, 70000, &value))
			return false;
		break;
	case FRAME_ACK:
		check_ack(&frame->ack);
		return true;
	default:
		return reader->context.lane <= WIRE_LANE_MAX;
	}
	if (value < 0 || (frame->kind != FRAME_STOP_WAITING && value == 0))
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_reader reader;
	struct frame frame;
	enum frame_result result;

	if (size == 0)
		return 0;
	frame_reader_init(&reader, data + 1, size - 1, data[0]);
	while ((result = frame_next(&reader, &frame)) == FRAME_OK) {
		if (!check_frame(&reader, &frame))
			return 0;
	}
	if ((result == FRAME_BAD) != (reader.error != NULL))
		abort();
	return 0;
}
