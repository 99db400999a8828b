#include "core/reliability/stream_reassembly.h"

#include "core/base/bytes.h"
#include "core/wire/frame_segment.h"
#include "core/wire/wire.h"

/* Stretches held above the position; in honest traffic there are as many as losses in flight. */
#define HELD_MAX 1024

bool stream_reassembly_has_room(const struct reassembly *shared)
{
	return shared->inbox.count < shared->buffer_messages && shared->inbox.bytes < shared->buffer_size;
}

void stream_reassembly_init(struct stream_reassembly *stream, uint16_t lane)
{
	*stream = (struct stream_reassembly){ .position = 1, .lane = lane };
}

void stream_reassembly_free(struct stream_reassembly *stream, struct reassembly *shared)
{
	message_unref(stream->partial);
	stream->partial = NULL;
	seq_ranges_free(&stream->held);
	stream_store_free(&stream->store, &shared->pool);
}

int64_t stream_reassembly_expected(const struct stream_reassembly *stream)
{
	size_t count = seq_ranges_count(&stream->held);
	return count == 0 ? stream->position : seq_ranges_at(&stream->held, count - 1).end;
}

static enum stream_result violate(struct reassembly *shared, const char *text)
{
	shared->violation = text;
	return STREAM_VIOLATION;
}

static void advance(struct stream_reassembly *stream, struct reassembly *shared, size_t size)
{
	stream->position += (int64_t)size;
	shared->stream_consumed += (int64_t)size;
}

/* --- the message that is being filled */

static int64_t partial_end(const struct stream_reassembly *stream)
{
	return stream->position + (int64_t)(stream->partial->size - stream->partial_filled);
}

static void complete(struct stream_reassembly *stream, struct reassembly *shared, struct lane_numbers *numbers)
{
	struct message *message = stream->partial;
	stream->partial = NULL;
	shared->messages_completed++;
	if ((message->flags & MESSAGE_SEQUENCED) && !lane_numbers_take_sequenced(numbers, message->number)) {
		shared->messages_late++;
		message_unref(message);
		return;
	}
	message->at = shared->now;
	message_queue_push(&shared->inbox, message);
}

/* Bytes of the new message that came before its header: from the store into it. */
static void claim_held(struct stream_reassembly *stream)
{
	struct message *message = stream->partial;
	int64_t end = partial_end(stream);
	for (size_t i = 0; i < seq_ranges_count(&stream->held); i++) {
		struct seq_range range = seq_ranges_at(&stream->held, i);
		int64_t at = range.begin > stream->position ? range.begin : stream->position;
		int64_t stop = range.end < end ? range.end : end;
		while (at < stop) {
			size_t size = (size_t)(stop - at);
			const uint8_t *bytes = stream_store_view(&stream->store, at, &size);
			bytes_copy(message->data + (at - stream->position), bytes, size);
			at += (int64_t)size;
		}
		if (range.end >= end)
			break;
	}
}

/* --- headers */

static enum stream_result begin_message(struct stream_reassembly *stream, struct reassembly *shared,
                                        struct lane_numbers *numbers, const struct stream_header *header)
{
	if (header->increment == 0 || header->increment > WIRE_NUMBER_INCREMENT_MAX)
		return violate(shared, "reliable message number increment out of range");
	int64_t number = stream->number + (int64_t)header->increment;
	if (number > numbers->highest + WIRE_NUMBER_LURCH_MAX)
		return violate(shared, "reliable message number too far ahead");
	if (header->size > (uint64_t)shared->message_size_max || header->size > (uint64_t)shared->buffer_size)
		return violate(shared, "reliable message larger than RecvMaxMessageSize");
	if (header->is_sequenced && !shared->sequenced)
		return violate(shared, "malformed reliable message header");
	stream->number = number;
	lane_numbers_see(numbers, number);
	stream->partial = message_pool_take(shared->messages, (size_t)header->size);
	stream->partial->number = number;
	stream->partial->lane = stream->lane;
	stream->partial->flags = header->is_sequenced ? MESSAGE_RELIABLE | MESSAGE_SEQUENCED : MESSAGE_RELIABLE;
	stream->partial_filled = 0;
	return STREAM_OK;
}

/* Takes header bytes from `bytes`, joined with those left from before. `*used`: how many it took. */
static enum stream_result take_header(struct stream_reassembly *stream, struct reassembly *shared,
                                      struct lane_numbers *numbers, const uint8_t *bytes, size_t size, size_t *used)
{
	struct stream_header header;
	size_t header_size;
	size_t before = stream->header_size;
	size_t more = size < sizeof(stream->header) - before ? size : sizeof(stream->header) - before;
	const uint8_t *at = bytes;
	size_t length = size;
	if (before > 0) {
		bytes_copy(stream->header + before, bytes, more);
		at = stream->header;
		length = before + more;
	}
	enum stream_header_result read = frame_segment_read_stream_header(&header, at, length, &header_size);
	if (read == STREAM_HEADER_BAD || (read == STREAM_HEADER_SHORT && length >= sizeof(stream->header)))
		return violate(shared, "malformed reliable message header");
	if (read == STREAM_HEADER_SHORT) {
		if (before == 0)
			bytes_copy(stream->header, bytes, more);
		stream->header_size = (uint8_t)(before + more);
		*used = more;
		return STREAM_OK;
	}
	stream->header_size = 0;
	*used = header_size - before;
	return begin_message(stream, shared, numbers, &header);
}

/* --- the stream */

/* Parses bytes that are next in the stream. `*taken` < size: the inbox is full. */
static enum stream_result consume(struct stream_reassembly *stream, struct reassembly *shared,
                                  struct lane_numbers *numbers, const uint8_t *bytes, size_t size, size_t *taken)
{
	*taken = 0;
	while (*taken < size) {
		size_t used;
		if (stream->partial == NULL) {
			if (!stream_reassembly_has_room(shared))
				return STREAM_OK;
			enum stream_result result = take_header(stream, shared, numbers, bytes + *taken, size - *taken, &used);
			if (result != STREAM_OK)
				return result;
			advance(stream, shared, used);
			if (stream->partial != NULL && !seq_ranges_is_empty(&stream->held))
				claim_held(stream);
		} else {
			size_t room = stream->partial->size - stream->partial_filled;
			used = room < size - *taken ? room : size - *taken;
			bytes_copy(stream->partial->data + stream->partial_filled, bytes + *taken, used);
			stream->partial_filled += used;
			advance(stream, shared, used);
		}
		*taken += used;
		if (stream->partial != NULL && stream->partial_filled == stream->partial->size)
			complete(stream, shared, numbers);
	}
	return STREAM_OK;
}

/* Parses held bytes that are next: those of the partial message are in place already. */
static enum stream_result consume_held(struct stream_reassembly *stream, struct reassembly *shared,
                                       struct lane_numbers *numbers)
{
	while (!seq_ranges_is_empty(&stream->held)) {
		struct seq_range range = seq_ranges_at(&stream->held, 0);
		if (range.begin > stream->position)
			break;
		if (range.end <= stream->position) {
			seq_ranges_remove_below(&stream->held, stream->position);
			continue;
		}
		size_t size = (size_t)(range.end - stream->position);
		if (stream->partial != NULL) {
			size_t room = stream->partial->size - stream->partial_filled;
			size_t used = room < size ? room : size;
			stream->partial_filled += used;
			advance(stream, shared, used);
			if (used == room)
				complete(stream, shared, numbers);
			continue;
		}
		/* A header at a time: as soon as it is read, claim_held brings the body into the message. */
		size_t taken;
		if (size > STREAM_HEADER_SIZE_MAX)
			size = STREAM_HEADER_SIZE_MAX;
		const uint8_t *bytes = stream_store_view(&stream->store, stream->position, &size);
		enum stream_result result = consume(stream, shared, numbers, bytes, size, &taken);
		if (result != STREAM_OK)
			return result;
		if (taken == 0)
			break;
	}
	seq_ranges_remove_below(&stream->held, stream->position);
	bool empty = seq_ranges_is_empty(&stream->held);
	stream_store_release(&stream->store, &shared->pool, empty ? INT64_MAX : stream->position);
	return STREAM_OK;
}

/* Keeps bytes that are not next, or that the inbox has no room for. */
static enum stream_result hold(struct stream_reassembly *stream, struct reassembly *shared, int64_t position,
                               const uint8_t *bytes, size_t size)
{
	int64_t end = position + (int64_t)size;
	if (end - stream->position > shared->buffer_size)
		return STREAM_REFUSED;
	if (seq_ranges_count(&stream->held) >= HELD_MAX && seq_ranges_would_grow(&stream->held, position, end))
		return STREAM_REFUSED;
	int64_t begin = position;
	if (stream->partial != NULL && position < partial_end(stream)) {
		int64_t stop = end < partial_end(stream) ? end : partial_end(stream);
		size_t inside = (size_t)(stop - position);
		size_t offset = stream->partial_filled + (size_t)(position - stream->position);
		bytes_copy(stream->partial->data + offset, bytes, inside);
		position = stop;
		bytes += inside;
		size -= inside;
	}
	bool kept = stream_store_write(&stream->store, &shared->pool, stream->position, position, bytes, size);
	seq_ranges_add(&stream->held, begin, kept ? end : position);
	return kept ? STREAM_OK : STREAM_REFUSED;
}

enum stream_result stream_reassembly_receive(struct stream_reassembly *stream, struct reassembly *shared,
                                             struct lane_numbers *numbers, int64_t position, const uint8_t *bytes,
                                             size_t size)
{
	int64_t end = position + (int64_t)size;
	if (size == 0 || end <= stream->position)
		return STREAM_OK;
	if (position < stream->position) {
		size_t known = (size_t)(stream->position - position);
		bytes += known;
		size -= known;
		position = stream->position;
	}
	if (position == stream->position) {
		size_t taken;
		enum stream_result result = consume(stream, shared, numbers, bytes, size, &taken);
		if (result != STREAM_OK)
			return result;
		position += (int64_t)taken;
		bytes += taken;
		size -= taken;
	}
	enum stream_result kept = size > 0 ? hold(stream, shared, position, bytes, size) : STREAM_OK;
	if (seq_ranges_is_empty(&stream->held))
		return kept;
	enum stream_result result = consume_held(stream, shared, numbers);
	return result == STREAM_OK ? kept : result;
}

bool stream_reassembly_is_stalled(const struct stream_reassembly *stream)
{
	return !seq_ranges_is_empty(&stream->held) && seq_ranges_at(&stream->held, 0).begin <= stream->position;
}

enum stream_result stream_reassembly_resume(struct stream_reassembly *stream, struct reassembly *shared,
                                            struct lane_numbers *numbers)
{
	return consume_held(stream, shared, numbers);
}
