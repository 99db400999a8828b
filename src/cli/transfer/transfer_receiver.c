#include "cli/transfer/transfer_receiver.h"

#include <stdio.h>
#include <string.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

bool transfer_receiver_init(struct transfer_receiver *receiver, const char *folder, bool overwrite,
                            transfer_receiver_result_fn *on_result, void *owner)
{
	*receiver = (struct transfer_receiver){ .on_result = on_result, .owner = owner };
	return transfer_sink_init(&receiver->sink, folder, overwrite);
}

void transfer_receiver_free(struct transfer_receiver *receiver)
{
	for (int i = 0; i < TRANSFER_AHEAD_MAX; i++)
		alloc_free(receiver->waiting[i]);
	transfer_sink_free(&receiver->sink);
}

static struct transfer_sink_entry **find(struct transfer_receiver *receiver, uint32_t index)
{
	for (int i = 0; i < TRANSFER_AHEAD_MAX; i++)
		if (receiver->waiting[i] != NULL && receiver->waiting[i]->index == index)
			return &receiver->waiting[i];
	return NULL;
}

static void forget(struct transfer_receiver *receiver, uint32_t index)
{
	struct transfer_sink_entry **slot = find(receiver, index);

	if (receiver->current == *slot)
		receiver->current = NULL;
	alloc_free(*slot);
	*slot = NULL;
}

/* The entry is done with; tells the sender and the owner. */
static size_t finish(struct transfer_receiver *receiver, struct transfer_sink_entry *entry, const char *text,
                     uint8_t *reply)
{
	struct transfer_frame frame = { .kind = TRANSFER_RESULT,
		                            .index = entry->index,
		                            .state = text[0] != '\0',
		                            .text = text,
		                            .text_size = strlen(text) };

	receiver->done++;
	receiver->failed += text[0] != '\0';
	receiver->on_result(receiver->owner, entry, receiver->resumed, text);
	forget(receiver, entry->index);
	return transfer_frame_write(&frame, reply, TRANSFER_FRAME_MAX);
}

static size_t fail_current(struct transfer_receiver *receiver, const char *text, uint8_t *reply)
{
	receiver->discarding = true;
	receiver->discarded = receiver->current->index;
	return finish(receiver, receiver->current, text, reply);
}

/* --- what the sender says */

static bool on_hello(struct transfer_receiver *receiver, const struct transfer_frame *frame)
{
	if (receiver->greeted)
		return false;
	receiver->greeted = true;
	bytes_copy(receiver->id, frame->id, sizeof(receiver->id));
	receiver->count = frame->count;
	receiver->size = frame->size;
	return true;
}

static size_t tell_have(const struct transfer_sink_entry *entry, uint8_t *reply)
{
	struct transfer_frame frame = {
		.kind = TRANSFER_HAVE, .index = entry->index, .state = (uint8_t)entry->have, .size = entry->digest.size
	};

	transfer_digest_get(&entry->digest, frame.hash);
	return transfer_frame_write(&frame, reply, TRANSFER_FRAME_MAX);
}

static bool on_entry(struct transfer_receiver *receiver, const struct transfer_frame *frame, uint8_t *reply,
                     size_t *reply_size)
{
	char text[TRANSFER_SINK_TEXT_MAX] = "";
	struct transfer_sink_entry *entry;
	int slot = 0;

	while (slot < TRANSFER_AHEAD_MAX && receiver->waiting[slot] != NULL)
		slot++;
	if (slot == TRANSFER_AHEAD_MAX || frame->index >= receiver->count || find(receiver, frame->index) != NULL)
		return false;
	entry = receiver->waiting[slot] = alloc_zeroed(sizeof(*entry));
	entry->index = frame->index;
	entry->kind = frame->entry;
	entry->mode = frame->mode;
	entry->modified = frame->modified;
	entry->size = frame->size;
	bytes_copy(entry->path, frame->text, frame->text_size);
	if (strlen(entry->path) != frame->text_size)
		snprintf(text, sizeof(text), "the path has control characters");
	if (text[0] != '\0' || !transfer_sink_look(&receiver->sink, entry, text) || entry->kind == TRANSFER_FOLDER)
		*reply_size = finish(receiver, entry, text, reply);
	else
		*reply_size = tell_have(entry, reply);
	return true;
}

static bool on_start(struct transfer_receiver *receiver, const struct transfer_frame *frame, uint8_t *reply,
                     size_t *reply_size)
{
	char text[TRANSFER_SINK_TEXT_MAX] = "";
	struct transfer_sink_entry **slot = find(receiver, frame->index);

	if (receiver->current != NULL || slot == NULL)
		return false;
	receiver->discarding = false;
	receiver->current = *slot;
	if (!transfer_sink_start(&receiver->sink, receiver->current, frame->size, text)) {
		*reply_size = fail_current(receiver, text, reply);
		return true;
	}
	receiver->resumed = frame->size;
	receiver->passed += frame->size;
	return true;
}

static bool on_data(struct transfer_receiver *receiver, const struct transfer_frame *frame, uint8_t *reply,
                    size_t *reply_size)
{
	char text[TRANSFER_SINK_TEXT_MAX] = "";

	if (receiver->current == NULL)
		return receiver->discarding;
	if (!transfer_sink_write(&receiver->sink, frame->data, frame->data_size, text))
		*reply_size = fail_current(receiver, text, reply);
	else
		receiver->passed += (int64_t)frame->data_size;
	return true;
}

static bool on_end(struct transfer_receiver *receiver, const struct transfer_frame *frame, uint8_t *reply,
                   size_t *reply_size)
{
	char text[TRANSFER_SINK_TEXT_MAX] = "";

	if (receiver->current == NULL)
		return receiver->discarding && receiver->discarded == frame->index;
	if (receiver->current->index != frame->index)
		return false;
	transfer_sink_finish(&receiver->sink, frame->size, frame->hash, text);
	*reply_size = finish(receiver, receiver->current, text, reply);
	receiver->resumed = 0;
	return true;
}

/* The sender cannot go on with an entry. */
static bool on_given_up(struct transfer_receiver *receiver, const struct transfer_frame *frame)
{
	struct transfer_sink_entry **slot = find(receiver, frame->index);
	char text[TRANSFER_TEXT_MAX + 1];

	if (slot == NULL)
		return receiver->discarding && receiver->discarded == frame->index;
	snprintf(text, sizeof(text), "the sender: %.*s", (int)frame->text_size, frame->text != NULL ? frame->text : "");
	if (receiver->current == *slot)
		transfer_sink_leave(&receiver->sink);
	receiver->done++;
	receiver->failed++;
	receiver->on_result(receiver->owner, *slot, 0, text);
	forget(receiver, frame->index);
	return true;
}

bool transfer_receiver_receive(struct transfer_receiver *receiver, const uint8_t *bytes, size_t size, uint8_t *reply,
                               size_t *reply_size)
{
	struct transfer_frame frame;

	*reply_size = 0;
	if (!transfer_frame_read(&frame, bytes, size) || receiver->complete ||
	    (!receiver->greeted && frame.kind != TRANSFER_HELLO))
		return false;
	switch (frame.kind) {
	case TRANSFER_HELLO:
		return on_hello(receiver, &frame);
	case TRANSFER_ENTRY:
		return on_entry(receiver, &frame, reply, reply_size);
	case TRANSFER_START:
		return on_start(receiver, &frame, reply, reply_size);
	case TRANSFER_DATA:
		return on_data(receiver, &frame, reply, reply_size);
	case TRANSFER_END:
		return on_end(receiver, &frame, reply, reply_size);
	case TRANSFER_RESULT:
		return on_given_up(receiver, &frame);
	case TRANSFER_DONE:
		receiver->complete = receiver->current == NULL;
		return receiver->complete;
	default:
		return false;
	}
}
