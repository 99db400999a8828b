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
	*lane = (struct lane){ .id = id, .weight = 1, .acked_end = 1, .sent_end = 1, .end = 1, .expires_at = USEC_NEVER };
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

/* In the stream. */
static int64_t length_of(const struct lane_message *entry)
{
	return entry->message == NULL ? 0 : entry->header_size + (int64_t)entry->message->size;
}

/* --- queueing */

static uint32_t count_live(const struct lane *lane)
{
	uint32_t live = 0;
	for (uint32_t i = 0; i < lane->message_count; i++)
		live += message_at(lane, i)->message != NULL;
	return live;
}

/* Makes room in the ring, which is full: leaves out what expired, and grows if that is not enough. */
static void make_room(struct lane *lane)
{
	uint32_t live = count_live(lane);
	uint32_t capacity = lane->message_capacity == 0 ? 8 : lane->message_capacity;
	uint32_t sending = lane->message_sending;
	uint32_t count = 0;
	if (live >= capacity / 2)
		capacity *= 2;
	struct lane_message *messages = alloc_array(capacity, sizeof(*messages));
	for (uint32_t i = 0; i < lane->message_count; i++) {
		if (i == lane->message_sending)
			sending = count;
		if (message_at(lane, i)->message != NULL)
			messages[count++] = *message_at(lane, i);
	}
	if (lane->message_sending == lane->message_count)
		sending = count;
	alloc_free(lane->messages);
	lane->messages = messages;
	lane->message_capacity = capacity;
	lane->message_first = 0;
	lane->message_count = count;
	lane->message_sending = sending;
}

bool lane_must_be_reliable(const struct lane *lane)
{
	return lane->last_number - lane->last_reliable_number >= UNRELIABLE_RUN_MAX;
}

static uint32_t header_size(const struct message *message, uint32_t step)
{
	const struct stream_header header = { step, message->size, false };
	return (uint32_t)frame_segment_stream_header_size(&header);
}

void lane_push(struct lane *lane, struct message *message, bool reliable)
{
	message->number = ++lane->last_number;
	lane->expires_at = usec_min(lane->expires_at, message->expires_at);
	if (!reliable) {
		message_queue_push(&lane->unreliable, message);
		return;
	}
	if (lane->message_count == lane->message_capacity)
		make_room(lane);
	uint32_t step = (uint32_t)(message->number - lane->last_reliable_number);
	struct lane_message *entry = message_at(lane, lane->message_count++);
	*entry = (struct lane_message){ message, lane->end, step, header_size(message, step) };
	lane->end += length_of(entry);
	lane->last_reliable_number = message->number;
}

/* --- what is next */

/* Where the message that holds sent_end begins. */
static int64_t sending_begin(const struct lane *lane)
{
	return lane->message_sending < lane->message_count ? message_at(lane, lane->message_sending)->begin : lane->end;
}

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
	int64_t begin = sending_begin(lane);
	for (uint32_t i = lane->message_sending; i < lane->message_count; i++) {
		const struct lane_message *entry = message_at(lane, i);
		if (entry->message != NULL && entry->message->number > before)
			return begin - lane->sent_end;
		begin += length_of(entry);
	}
	return lane->end - lane->sent_end;
}

int64_t lane_limit_messages(const struct lane *lane, int64_t messages, int64_t *size)
{
	int64_t count = 0;
	int64_t end = lane->sent_end + *size;
	int64_t begin = sending_begin(lane);
	for (uint32_t i = lane->message_sending; i < lane->message_count; i++) {
		const struct lane_message *entry = message_at(lane, i);
		if (entry->message == NULL)
			continue;
		if (count == messages && begin < end)
			*size = begin > lane->sent_end ? begin - lane->sent_end : 0;
		if (count == messages || begin + length_of(entry) > end)
			break;
		begin += length_of(entry);
		count++;
	}
	return count;
}

/* --- the stream's bytes */

static void write_header(const struct lane_message *entry, uint8_t out[STREAM_HEADER_SIZE_MAX], bool sequenced)
{
	struct byte_writer writer;
	bool mark = sequenced && (entry->message->flags & MESSAGE_SEQUENCED) != 0;
	const struct stream_header header = { entry->step, entry->message->size, mark };
	byte_writer_init(&writer, out, STREAM_HEADER_SIZE_MAX);
	frame_segment_write_stream_header(&writer, &header);
}

/* Index of the message that holds `position`, of which at least the first byte has left or leaves next. */
static uint32_t find_message(const struct lane *lane, int64_t position)
{
	uint32_t low = 0;
	uint32_t high = lane->message_sending + 1;
	/* New bytes are asked for most often. */
	if (position == lane->sent_end)
		return lane->message_sending;
	if (high > lane->message_count)
		high = lane->message_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (message_at(lane, middle)->begin <= position)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* As much of one message's header and bytes, from `offset` on, as `size` takes; returns how much. */
static size_t copy_message(const struct lane_message *entry, size_t offset, uint8_t *out, size_t size, bool sequenced)
{
	size_t done = 0;
	if (offset < entry->header_size) {
		uint8_t header[STREAM_HEADER_SIZE_MAX];
		write_header(entry, header, sequenced);
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

void lane_copy_stream(const struct lane *lane, int64_t position, uint8_t *out, size_t size, bool sequenced)
{
	uint32_t i = find_message(lane, position);
	size_t offset = (size_t)(position - message_at(lane, i)->begin);
	for (; size > 0; i++, offset = 0) {
		const struct lane_message *entry = message_at(lane, i);
		if (entry->message == NULL)
			continue;
		size_t copied = copy_message(entry, offset, out, size, sequenced);
		out += copied;
		size -= copied;
	}
}

/* --- what has happened */

/* Passes what has left wholly, or expired; the next one begins there. */
static void settle_sending(struct lane *lane)
{
	int64_t begin = sending_begin(lane);
	while (lane->message_sending < lane->message_count) {
		struct lane_message *entry = message_at(lane, lane->message_sending);
		entry->begin = begin;
		if (begin + length_of(entry) > lane->sent_end)
			break;
		begin += length_of(entry);
		lane->message_sending++;
	}
}

void lane_on_stream_sent(struct lane *lane, int64_t size)
{
	lane->sent_end += size;
	settle_sending(lane);
}

void lane_on_resent(struct lane *lane, int64_t begin, int64_t end)
{
	seq_ranges_remove(&lane->lost, begin, end);
}

static void release_messages(struct lane *lane)
{
	while (lane->message_sending > 0 &&
	       message_at(lane, 0)->begin + length_of(message_at(lane, 0)) <= lane->acked_end) {
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

/* --- expiring */

/* Numbers must not have so large a gap that the peer takes the next message for an attack: then the
 * message stays, and is sent although its time is over. `next`: the one behind it; null: none. */
static bool may_drop(const struct lane *lane, const struct lane_message *entry, const struct lane_message *next)
{
	int64_t gap = next != NULL ? (int64_t)next->step + entry->step
	                           : lane->last_number + 1 - (lane->last_reliable_number - entry->step);
	return gap <= UNRELIABLE_RUN_MAX + 1;
}

static struct lane_message *next_live(const struct lane *lane, uint32_t index)
{
	while (++index < lane->message_count)
		if (message_at(lane, index)->message != NULL)
			return message_at(lane, index);
	return NULL;
}

static bool drop(struct lane *lane, uint32_t index)
{
	struct lane_message *entry = message_at(lane, index);
	struct lane_message *next = next_live(lane, index);
	if (!may_drop(lane, entry, next)) {
		entry->message->expires_at = USEC_NEVER;
		return false;
	}
	lane->end -= length_of(entry);
	if (next != NULL) {
		lane->end -= length_of(next);
		next->step += entry->step;
		next->header_size = header_size(next->message, next->step);
		lane->end += length_of(next);
	} else {
		lane->last_reliable_number -= entry->step;
	}
	message_unref(entry->message);
	*entry = (struct lane_message){ .begin = entry->begin };
	return true;
}

static uint64_t expire_reliable(struct lane *lane, usec_t now, uint32_t most, usec_t *next)
{
	uint64_t dropped = 0;
	uint32_t first = lane->message_sending + (sending_begin(lane) < lane->sent_end);
	for (uint32_t i = first; i < lane->message_count && most > 0; i++, most--) {
		const struct lane_message *entry = message_at(lane, i);
		if (entry->message == NULL)
			continue;
		if (entry->message->expires_at <= now && drop(lane, i))
			dropped++;
		else
			*next = usec_min(*next, entry->message->expires_at);
	}
	while (lane->message_count > lane->message_sending && message_at(lane, lane->message_count - 1)->message == NULL)
		lane->message_count--;
	settle_sending(lane);
	release_messages(lane);
	return dropped;
}

static uint64_t expire_unreliable(struct lane *lane, usec_t now, uint32_t most, usec_t *next)
{
	uint64_t dropped = 0;
	/* What has begun to leave goes on: the rest of it is what makes the beginning worth anything. */
	struct message *before = lane->unreliable_sent > 0 ? lane->unreliable.head : NULL;
	for (; most > 0; most--) {
		struct message *message = before == NULL ? lane->unreliable.head : before->next;
		if (message == NULL)
			break;
		if (message->expires_at > now) {
			*next = usec_min(*next, message->expires_at);
			before = message;
			continue;
		}
		message_unref(message_queue_take_next(&lane->unreliable, before));
		dropped++;
	}
	return dropped;
}

uint64_t lane_expire(struct lane *lane, usec_t now, uint32_t most)
{
	usec_t next = USEC_NEVER;
	uint64_t dropped = expire_reliable(lane, now, most, &next);
	dropped += expire_unreliable(lane, now, most, &next);
	/* Of what was not looked at only the old bound is known. */
	if (most == LANE_EXPIRE_ALL)
		lane->expires_at = next;
	return dropped;
}
