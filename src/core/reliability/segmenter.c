#include "core/reliability/segmenter.h"

#include "core/wire/frame_control.h"
#include "core/wire/wire.h"

/* A segment smaller than this is not worth its header, unless it ends what there is to send. */
#define SEGMENT_WORTH 16

void segmenter_init(struct segmenter *segmenter, struct byte_writer *out, struct sent_packets *sent, size_t payload_max)
{
	*segmenter = (struct segmenter){ .out = out, .sent = sent, .payload_max = payload_max };
	frame_context_init(&segmenter->context, 0);
}

/* What is left for segments of `lane` once it is selected; 0 if nothing sensible. */
static size_t room_for(const struct segmenter *segmenter, const struct lane *lane)
{
	size_t select = frame_select_lane_size(&segmenter->context, lane->id);
	size_t room = byte_writer_remaining(segmenter->out);
	return room > select ? room - select : 0;
}

/* The context as it will be when `lane` is selected. */
static struct frame_context context_for(const struct segmenter *segmenter, const struct lane *lane)
{
	struct frame_context context = segmenter->context;
	if (context.lane != lane->id)
		frame_context_init(&context, lane->id);
	return context;
}

/* One reliable segment of up to `size` bytes from `position`. Returns how many it took; 0: no room. */
static size_t write_stream(struct segmenter *segmenter, struct lane *lane, int64_t position, size_t size)
{
	size_t room = room_for(segmenter, lane);
	struct frame_context context = context_for(segmenter, lane);
	size_t least = frame_segment_reliable_header_size(&context, position, 0, true);
	if (least == 0 || room < least + (size < SEGMENT_WORTH ? size : SEGMENT_WORTH)) {
		segmenter->full = true;
		return 0;
	}
	bool last = size >= room - least || size > FRAME_SEGMENT_SIZED_MAX;
	if (!last && frame_segment_reliable_header_size(&context, position, size, false) + size > room)
		last = true;
	if (size > room - least)
		size = room - least;
	if (!frame_select_lane_write(segmenter->out, &segmenter->context, lane->id) ||
	    !frame_segment_write_reliable_header(segmenter->out, &segmenter->context, position, size, last)) {
		segmenter->full = true;
		return 0;
	}
	lane_copy_stream(lane, position, byte_writer_reserve(segmenter->out, size), size, segmenter->sequenced);
	sent_packets_add_piece(segmenter->sent, lane->id, position, (uint16_t)size);
	segmenter->has_reliable = true;
	segmenter->full |= last;
	return size;
}

size_t segmenter_write_lost(struct segmenter *segmenter, struct lane *lane)
{
	size_t total = 0;
	while (!segmenter->full && lane_has_lost(lane)) {
		struct seq_range range = seq_ranges_at(&lane->lost, 0);
		size_t size = write_stream(segmenter, lane, range.begin, (size_t)(range.end - range.begin));
		if (size == 0)
			break;
		lane_on_resent(lane, range.begin, range.begin + (int64_t)size);
		total += size;
	}
	return total;
}

/* --- new messages */

static size_t write_run(struct segmenter *segmenter, struct lane *lane, struct segmenter_credit *credit)
{
	int64_t size = lane_stream_run(lane);
	int64_t room = (int64_t)room_for(segmenter, lane);
	size = size < room ? size : room;
	size = size < credit->bytes ? size : credit->bytes;
	lane_limit_messages(lane, credit->messages, &size);
	if (size <= 0)
		return 0;
	size_t written = write_stream(segmenter, lane, lane->sent_end, (size_t)size);
	if (written == 0)
		return 0;
	size = (int64_t)written;
	credit->bytes -= size;
	credit->messages -= lane_limit_messages(lane, credit->messages, &size);
	lane_on_stream_sent(lane, size);
	return written;
}

/* One segment of the first unreliable message. False: no room. */
static bool write_unreliable(struct segmenter *segmenter, struct lane *lane, size_t *size)
{
	const struct message *message = lane->unreliable.head;
	struct frame_context context = context_for(segmenter, lane);
	bool sequenced = segmenter->sequenced && (message->flags & MESSAGE_SEQUENCED) != 0;
	struct frame_unreliable_place place = { message->number, lane->unreliable_sent, true, sequenced };
	size_t room = room_for(segmenter, lane);
	size_t left = message->size - lane->unreliable_sent;
	size_t least = frame_segment_unreliable_header_size(&context, &place, 0, true);
	if (least == 0 || room < least + (left < SEGMENT_WORTH ? left : SEGMENT_WORTH))
		return false;
	bool last = least + left >= room || left > FRAME_SEGMENT_SIZED_MAX;
	if (!last && frame_segment_unreliable_header_size(&context, &place, left, false) + left > room)
		last = true;
	*size = left < room - least ? left : room - least;
	if (*size < left) {
		bool empty = !segmenter->has_reliable && !segmenter->has_unreliable;
		if (!empty && left + FRAME_UNRELIABLE_HEADER_MAX <= segmenter->payload_max / 2 + FRAME_UNRELIABLE_HEADER_MAX)
			return false;
		place.ends = false;
	}
	if (!frame_select_lane_write(segmenter->out, &segmenter->context, lane->id) ||
	    !frame_segment_write_unreliable_header(segmenter->out, &segmenter->context, &place, *size, last))
		return false;
	byte_writer_bytes(segmenter->out, message->data + lane->unreliable_sent, *size);
	segmenter->has_unreliable = true;
	segmenter->full |= last;
	return true;
}

size_t segmenter_write_fresh(struct segmenter *segmenter, struct lane *lane, struct segmenter_credit *credit)
{
	size_t total = 0;
	while (!segmenter->full && lane_has_new(lane)) {
		size_t size;
		bool may_stream = credit->bytes > 0 && credit->messages > 0;
		/* Unreliable messages do not wait for a window that is not theirs. */
		if (lane_stream_is_next(lane) && (may_stream || !lane_has_unreliable(lane))) {
			size = write_run(segmenter, lane, credit);
			if (size == 0)
				break;
		} else {
			if (!write_unreliable(segmenter, lane, &size)) {
				segmenter->full = true;
				break;
			}
			lane_on_unreliable_sent(lane, size);
		}
		total += size;
	}
	return total;
}
