#include "core/reliability/lane.h"

#include "core/base/alloc.h"
#include "core/base/byte_writer.h"
#include "core/base/bytes.h"
#include "core/wire/frame_segment.h"

/* The peer closes when a reliable message's number is 10,000 above the highest it has seen
 * (docs/wire.md, "Message framing"). */
#define UNRELIABLE_RUN_MAX 8000

void lane_init(struct lane *lane, uint16_t id)
{
	*lane = (struct lane){ .id = id, .weight = 1, .acked_end = 1, .sent_end = 1, .end = 1 };
}

static struct lane_message *message_at(const struct lane *lane, uint32_t index)
{
	return &lane->messages[(lane->message_first + index) & (lane->message_capacity - 1)];
}

void lane_free(struct lane *lane)
{
	for (uint32_t i = 0; i < lane->message_count; i++)
		message_unref(message_at(lane, i)->message);
	alloc_free(lane->messages);
	seq_ranges_free(&lane->acked);
	seq_ranges_free(&lane->lost);
	message_queue_clear(&lane->unreliable);
	lane_init(lane, lane->id);
}

/* --- queueing */

static void grow(struct lane *lane)
{
	uint32_t capacity = lane->message_capacity == 0 ? 8 : lane->message_capacity * 2;
	struct lane_message *messages = alloc_array(capacity, sizeof(*messages));
	for (uint32_t i = 0; i < lane->message_count; i++)
		messages[i] = *message_at(lane, i);
	alloc_free(lane->messages);
	lane->messages = messages;
	lane->message_capacity = capacity;
	lane->message_first = 0;
}

bool lane_must_be_reliable(const struct lane *lane)
{
	return lane->last_number - lane->last_reliable_number >= UNRELIABLE_RUN_MAX;
}

void lane_push(struct lane *lane, struct message *message, bool reliable)
{
	message->number = ++lane->last_number;
	if (!reliable) {
		message_queue_push(&lane->unreliable, message);
		return;
	}
	if (lane->message_count == lane->message_capacity)
		grow(lane);
	uint32_t step = (uint32_t)(message->number - lane->last_reliable_number);
	struct lane_message *entry = message_at(lane, lane->message_count++);
	const struct stream_header header = { step, message->size };
	*entry = (struct lane_message){ message, lane->end, step, (uint32_t)frame_segment_stream_header_size(&header) };
	lane->end += (int64_t)entry->header_size + (int64_t)message->size;
	lane->last_reliable_number = message->number;
}

/* --- what is next */

bool lane_stream_is_next(const struct lane *lane)
{
	if (!lane_has_stream(lane))
		return false;
	/* A message that has begun goes on: unreliable segments are numbered upwards in a packet. */
	if (!lane_has_unreliable(lane))
		return true;
	return message_at(lane, lane->message_sending)->message->number < lane->unreliable.head->number;
}

int64_t lane_stream_run(const struct lane *lane)
{
	if (!lane_has_unreliable(lane))
		return lane->end - lane->sent_end;
	int64_t before = lane->unreliable.head->number;
	for (uint32_t i = lane->message_sending; i < lane->message_count; i++)
		if (message_at(lane, i)->message->number > before)
			return message_at(lane, i)->begin - lane->sent_end;
	return lane->end - lane->sent_end;
}

static int64_t message_end(const struct lane_message *entry)
{
	return entry->begin + entry->header_size + (int64_t)entry->message->size;
}

int64_t lane_limit_messages(const struct lane *lane, int64_t messages, int64_t *size)
{
	int64_t count = 0;
	int64_t end = lane->sent_end + *size;
	for (uint32_t i = lane->message_sending; i < lane->message_count; i++, count++) {
		const struct lane_message *entry = message_at(lane, i);
		if (count == messages && entry->begin < end)
			*size = entry->begin > lane->sent_end ? entry->begin - lane->sent_end : 0;
		if (count == messages || message_end(entry) > end)
			break;
	}
	return count;
}

/* --- the stream's bytes */

static void write_header(const struct lane_message *entry, uint8_t out[STREAM_HEADER_SIZE_MAX])
{
	struct byte_writer writer;
	const struct stream_header header = { entry->step, entry->message->size };
	byte_writer_init(&writer, out, STREAM_HEADER_SIZE_MAX);
	frame_segment_write_stream_header(&writer, &header);
}

/* Index of the message that holds `position`. */
static uint32_t find_message(const struct lane *lane, int64_t position)
{
	uint32_t low = 0;
	uint32_t high = lane->message_count;
	/* New bytes are asked for most often. */
	if (position == lane->sent_end)
		return lane->message_sending;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (message_at(lane, middle)->begin <= position)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* As much of one message's header and bytes as `size` takes; returns how much. */
static size_t copy_message(const struct lane_message *entry, int64_t position, uint8_t *out, size_t size)
{
	size_t offset = (size_t)(position - entry->begin);
	size_t done = 0;
	if (offset < entry->header_size) {
		uint8_t header[STREAM_HEADER_SIZE_MAX];
		write_header(entry, header);
		done = entry->header_size - offset < size ? entry->header_size - offset : size;
		bytes_copy(out, header + offset, done);
		offset += done;
	}
	size_t at = offset - (offset < entry->header_size ? offset : entry->header_size);
	size_t left = entry->message->size - at;
	size_t piece = left < size - done ? left : size - done;
	bytes_copy(out + done, entry->message->data + at, piece);
	return done + piece;
}

void lane_copy_stream(const struct lane *lane, int64_t position, uint8_t *out, size_t size)
{
	for (uint32_t i = find_message(lane, position); size > 0; i++) {
		size_t copied = copy_message(message_at(lane, i), position, out, size);
		position += (int64_t)copied;
		out += copied;
		size -= copied;
	}
}

/* --- what has happened */

void lane_on_stream_sent(struct lane *lane, int64_t size)
{
	lane->sent_end += size;
	while (lane->message_sending < lane->message_count &&
	       message_end(message_at(lane, lane->message_sending)) <= lane->sent_end)
		lane->message_sending++;
}

void lane_on_resent(struct lane *lane, int64_t begin, int64_t end)
{
	seq_ranges_remove(&lane->lost, begin, end);
}

static void release_messages(struct lane *lane)
{
	while (lane->message_count > 0 && message_end(message_at(lane, 0)) <= lane->acked_end) {
		message_unref(message_at(lane, 0)->message);
		lane->message_first++;
		lane->message_count--;
		lane->message_sending--;
	}
}

int64_t lane_on_acked(struct lane *lane, int64_t begin, int64_t end)
{
	if (begin < lane->acked_end)
		begin = lane->acked_end;
	if (begin >= end)
		return 0;
	int64_t before = lane->acked_bytes;
	if (lane->lost.count > 0)
		seq_ranges_remove(&lane->lost, begin, end);
	if (begin == lane->acked_end && lane->acked.count == 0) {
		lane->acked_bytes += end - begin;
		lane->acked_end = end;
	} else {
		lane->acked_bytes += seq_ranges_add(&lane->acked, begin, end);
		if (seq_ranges_at(&lane->acked, 0).begin > lane->acked_end)
			return lane->acked_bytes - before;
		lane->acked_end = seq_ranges_at(&lane->acked, 0).end;
		seq_ranges_remove_below(&lane->acked, lane->acked_end);
	}
	release_messages(lane);
	return lane->acked_bytes - before;
}

int64_t lane_on_lost(struct lane *lane, int64_t begin, int64_t end)
{
	int64_t lost = 0;
	struct seq_range gap;
	if (begin < lane->acked_end)
		begin = lane->acked_end;
	while (seq_ranges_next_gap(&lane->acked, begin, end, &gap)) {
		lost += seq_ranges_add(&lane->lost, gap.begin, gap.end);
		begin = gap.end;
	}
	return lost;
}

void lane_on_unreliable_sent(struct lane *lane, size_t size)
{
	lane->unreliable_sent += (uint32_t)size;
	if (lane->unreliable_sent < lane->unreliable.head->size)
		return;
	lane->unreliable_sent = 0;
	message_unref(message_queue_pop(&lane->unreliable));
}
