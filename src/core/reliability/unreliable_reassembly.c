#include "core/reliability/unreliable_reassembly.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

static void deliver(struct unreliable_reassembly *reassembly, struct reassembly *shared,
                    const struct unreliable_segment *segment, const uint8_t *bytes, size_t size)
{
	if (!stream_reassembly_has_room(shared) || (int64_t)size > shared->message_size_max) {
		reassembly->dropped++;
		return;
	}
	struct message *message = message_new(size);
	bytes_copy(message->data, bytes, size);
	message->number = segment->number;
	message->lane = segment->lane;
	message->at = shared->now;
	message_queue_push(&shared->inbox, message);
}

/* Keeps the allocated bytes' bookkeeping for the next message, but not the bytes. */
static void clear_partial(struct unreliable_partial *partial)
{
	alloc_free(partial->bytes);
	partial->bytes = NULL;
	partial->capacity = 0;
	partial->size = 0;
	seq_ranges_clear(&partial->got);
}

/* The partial message of this segment; else a free slot; else that of the message which has waited
 * longest, in the same lane if there is one. */
static struct unreliable_partial *find_slot(struct unreliable_reassembly *reassembly,
                                            const struct unreliable_segment *segment)
{
	struct unreliable_partial *unused = NULL;
	struct unreliable_partial *oldest = NULL;
	if (reassembly->partials == NULL)
		reassembly->partials = alloc_array(UNRELIABLE_PARTIALS, sizeof(*reassembly->partials));
	for (int i = 0; i < UNRELIABLE_PARTIALS; i++) {
		struct unreliable_partial *partial = &reassembly->partials[i];
		if (partial->bytes == NULL)
			unused = partial;
		else if (partial->lane == segment->lane && partial->number == segment->number)
			return partial;
		else if (oldest == NULL || partial->order < oldest->order)
			oldest = partial;
	}
	if (unused == NULL) {
		clear_partial(oldest);
		reassembly->dropped++;
		unused = oldest;
	}
	unused->number = segment->number;
	unused->lane = segment->lane;
	unused->order = reassembly->next_order++;
	return unused;
}

static void store(struct unreliable_partial *partial, const struct unreliable_segment *segment)
{
	size_t end = segment->offset + segment->size;
	if (seq_ranges_count(&partial->got) >= UNRELIABLE_PIECES_MAX &&
	    seq_ranges_would_grow(&partial->got, segment->offset, (int64_t)end))
		return;
	if (end >= partial->capacity) {
		/* An empty first segment takes a slot too. */
		size_t capacity = end < UNRELIABLE_OFFSET_MAX / 2 ? end * 2 + 1 : UNRELIABLE_OFFSET_MAX + 1;
		partial->bytes = alloc_resize(partial->bytes, capacity, 1);
		partial->capacity = capacity;
	}
	bytes_copy(partial->bytes + segment->offset, segment->bytes, segment->size);
	seq_ranges_add(&partial->got, segment->offset, (int64_t)end);
	if (segment->is_last)
		partial->size = end;
}

void unreliable_reassembly_receive(struct unreliable_reassembly *reassembly, struct reassembly *shared,
                                   const struct unreliable_segment *segment)
{
	if (segment->size > UNRELIABLE_SEGMENT_MAX || segment->offset > UNRELIABLE_OFFSET_MAX - segment->size)
		return;
	if (segment->offset == 0 && segment->is_last) {
		deliver(reassembly, shared, segment, segment->bytes, segment->size);
		return;
	}
	struct unreliable_partial *partial = find_slot(reassembly, segment);
	store(partial, segment);
	if (partial->size == 0 || !seq_ranges_covers(&partial->got, 0, (int64_t)partial->size))
		return;
	deliver(reassembly, shared, segment, partial->bytes, partial->size);
	clear_partial(partial);
}

void unreliable_reassembly_free(struct unreliable_reassembly *reassembly)
{
	for (int i = 0; reassembly->partials != NULL && i < UNRELIABLE_PARTIALS; i++) {
		clear_partial(&reassembly->partials[i]);
		seq_ranges_free(&reassembly->partials[i].got);
	}
	alloc_free(reassembly->partials);
	reassembly->partials = NULL;
}
