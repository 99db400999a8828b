#include "core/reliability/unreliable_reassembly.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

static bool may_deliver(struct unreliable_reassembly *reassembly, struct reassembly *shared,
                        const struct unreliable_segment *segment, size_t size)
{
	if (!stream_reassembly_has_room(shared) || (int64_t)size > shared->message_size_max) {
		reassembly->dropped++;
		return false;
	}
	if (segment->is_sequenced && !lane_numbers_take_sequenced(segment->numbers, segment->number)) {
		shared->messages_late++;
		return false;
	}
	return true;
}

static void deliver(struct reassembly *shared, const struct unreliable_segment *segment, struct message *message)
{
	message->flags = segment->is_sequenced ? MESSAGE_SEQUENCED : 0;
	message->number = segment->number;
	message->lane = segment->lane;
	message->at = shared->now;
	message_queue_push(&shared->inbox, message);
}

static void deliver_whole(struct unreliable_reassembly *reassembly, struct reassembly *shared,
                          const struct unreliable_segment *segment)
{
	if (!may_deliver(reassembly, shared, segment, segment->size))
		return;
	struct message *message = message_pool_take(shared->messages, segment->size);
	bytes_copy(message->data, segment->bytes, segment->size);
	deliver(shared, segment, message);
}

/* Keeps the allocated bookkeeping for the next message, but not the bytes. */
static void clear_partial(struct unreliable_partial *partial)
{
	message_unref(partial->message);
	partial->message = NULL;
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
		if (partial->message == NULL)
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

static void make_room(struct unreliable_partial *partial, struct reassembly *shared, size_t end)
{
	size_t capacity = end < UNRELIABLE_OFFSET_MAX / 2 ? end * 2 : UNRELIABLE_OFFSET_MAX;
	struct message *larger = message_pool_take(shared->messages, capacity);
	if (partial->message != NULL)
		bytes_copy(larger->data, partial->message->data, partial->message->size);
	message_unref(partial->message);
	partial->message = larger;
}

static void store(struct unreliable_partial *partial, struct reassembly *shared,
                  const struct unreliable_segment *segment)
{
	size_t end = segment->offset + segment->size;
	if (seq_ranges_count(&partial->got) >= UNRELIABLE_PIECES_MAX &&
	    seq_ranges_would_grow(&partial->got, segment->offset, (int64_t)end))
		return;
	/* An empty first segment takes a slot too. */
	if (partial->message == NULL || end > partial->message->size)
		make_room(partial, shared, end);
	bytes_copy(partial->message->data + segment->offset, segment->bytes, segment->size);
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
		deliver_whole(reassembly, shared, segment);
		return;
	}
	struct unreliable_partial *partial = find_slot(reassembly, segment);
	store(partial, shared, segment);
	if (partial->size == 0 || !seq_ranges_covers(&partial->got, 0, (int64_t)partial->size))
		return;
	if (may_deliver(reassembly, shared, segment, partial->size)) {
		partial->message->size = partial->size;
		deliver(shared, segment, partial->message);
		partial->message = NULL;
	}
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
