#include "cli/transfer/transfer_sender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

void transfer_sender_init(struct transfer_sender *sender, const struct transfer_source *source,
                          transfer_sender_result_fn *on_result, void *owner)
{
	*sender = (struct transfer_sender){ .source = source, .on_result = on_result, .owner = owner, .fd = -1 };
	sender->entries = alloc_array(source->count, sizeof(*sender->entries));
	/* It only tells transfers apart: what an exhausted system leaves in there will do. */
	(void)!getrandom(sender->id, sizeof(sender->id), 0);
}

static void close_current(struct transfer_sender *sender)
{
	if (sender->fd > STDIN_FILENO)
		close(sender->fd);
	sender->fd = -1;
}

void transfer_sender_free(struct transfer_sender *sender)
{
	close_current(sender);
	alloc_free(sender->entries);
}

bool transfer_sender_is_complete(const struct transfer_sender *sender)
{
	return sender->done_sent;
}

/* --- what becomes of an entry */

static void finish(struct transfer_sender *sender, uint32_t index, const char *text)
{
	struct transfer_sender_entry *entry = &sender->entries[index];

	entry->state = TRANSFER_SENDER_DONE;
	entry->failed = text[0] != '\0';
	sender->outstanding--;
	sender->done++;
	if (index == sender->current)
		close_current(sender);
	sender->on_result(sender->owner, sender, index, text);
}

/* We cannot send it: the peer shall not wait for it. */
static void give_up(struct transfer_sender *sender, const char *why)
{
	snprintf(sender->why, sizeof(sender->why), "%s", why);
	sender->give_up = true;
}

bool transfer_sender_restart(struct transfer_sender *sender)
{
	if (sender->stream_begun)
		return false;
	close_current(sender);
	for (uint32_t i = 0; i < sender->source->count; i++)
		if (sender->entries[i].state != TRANSFER_SENDER_DONE)
			sender->entries[i].state = TRANSFER_SENDER_NEW;
	sender->hello_sent = sender->done_sent = sender->give_up = false;
	sender->announced = sender->current = sender->outstanding = 0;
	sender->passed = 0;
	return true;
}

/* --- the file being sent */

static size_t write_frame(const struct transfer_frame *frame, uint8_t *out)
{
	return transfer_frame_write(frame, out, TRANSFER_FRAME_MAX);
}

/* Whether the peer's beginning is ours; the digest then stands behind it, else at the start. */
static bool skip_beginning(struct transfer_sender *sender, const struct transfer_sender_entry *entry)
{
	uint8_t hash[TRANSFER_HASH_SIZE];

	transfer_digest_init(&sender->digest);
	if (entry->have_size == 0)
		return true;
	if (transfer_digest_add_file(&sender->digest, sender->fd, entry->have_size)) {
		transfer_digest_get(&sender->digest, hash);
		if (bytes_equal(hash, entry->have_hash, sizeof(hash)))
			return true;
	}
	transfer_digest_init(&sender->digest);
	return false;
}

static size_t start(struct transfer_sender *sender, uint8_t *out)
{
	struct transfer_frame frame = { .kind = TRANSFER_START, .index = sender->current };
	struct transfer_sender_entry *entry = &sender->entries[sender->current];
	const char *file = sender->source->entries[sender->current].file;

	if (file == NULL) {
		sender->fd = STDIN_FILENO;
		sender->stream_begun = true;
		entry->have_size = 0;
	} else {
		sender->fd = open(file, O_RDONLY | O_CLOEXEC);
	}
	if (sender->fd < 0) {
		give_up(sender, strerror(errno));
		return 0;
	}
	if (!skip_beginning(sender, entry)) {
		if (entry->have == TRANSFER_HAVE_OTHER) {
			give_up(sender, "another file of that name is there");
			return 0;
		}
		if (lseek(sender->fd, 0, SEEK_SET) != 0) {
			give_up(sender, strerror(errno));
			return 0;
		}
	}
	entry->resumed = sender->digest.size;
	sender->passed += entry->resumed;
	frame.size = entry->resumed;
	return write_frame(&frame, out);
}

static size_t end(struct transfer_sender *sender, uint8_t *out)
{
	struct transfer_sender_entry *entry = &sender->entries[sender->current];
	struct transfer_frame frame = { .kind = TRANSFER_END, .index = sender->current, .size = sender->digest.size };

	transfer_digest_get(&sender->digest, entry->hash);
	bytes_copy(frame.hash, entry->hash, sizeof(frame.hash));
	entry->size = sender->digest.size;
	entry->state = TRANSFER_SENDER_SENT;
	close_current(sender);
	return write_frame(&frame, out);
}

static size_t read_on(struct transfer_sender *sender, uint8_t *out)
{
	ssize_t got;

	do {
		got = read(sender->fd, out + 1, TRANSFER_CHUNK);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		give_up(sender, strerror(errno));
		return 0;
	}
	if (got == 0)
		return end(sender, out);
	out[0] = TRANSFER_DATA;
	transfer_digest_add(&sender->digest, out + 1, (size_t)got);
	sender->passed += got;
	return (size_t)got + 1;
}

/* --- what comes next */

static size_t hello(struct transfer_sender *sender, uint8_t *out)
{
	struct transfer_frame frame = { .kind = TRANSFER_HELLO,
		                            .count = sender->source->count,
		                            .size = sender->source->size };

	sender->hello_sent = true;
	bytes_copy(frame.id, sender->id, sizeof(frame.id));
	return write_frame(&frame, out);
}

static size_t announce(struct transfer_sender *sender, uint8_t *out)
{
	const struct transfer_source_entry *entry = &sender->source->entries[sender->announced];
	struct transfer_frame frame = {
		.kind = TRANSFER_ENTRY,
		.index = sender->announced,
		.entry = (uint8_t)entry->kind,
		.mode = entry->mode,
		.modified = entry->modified,
		.size = entry->size,
		.text = entry->path,
		.text_size = strlen(entry->path),
	};

	sender->entries[sender->announced++].state = TRANSFER_SENDER_ANNOUNCED;
	sender->outstanding++;
	return write_frame(&frame, out);
}

static size_t tell_given_up(struct transfer_sender *sender, uint8_t *out)
{
	struct transfer_frame frame = { .kind = TRANSFER_RESULT,
		                            .index = sender->current,
		                            .state = 1,
		                            .text = sender->why,
		                            .text_size = strlen(sender->why) };
	size_t size = write_frame(&frame, out);

	sender->give_up = false;
	finish(sender, sender->current, sender->why);
	return size;
}

static bool is_passed(const struct transfer_sender *sender, uint32_t index)
{
	enum transfer_sender_state state = sender->entries[index].state;

	return state == TRANSFER_SENDER_SENT || state == TRANSFER_SENDER_DONE ||
	       (sender->source->entries[index].kind == TRANSFER_FOLDER && state == TRANSFER_SENDER_ANNOUNCED);
}

static size_t send_current(struct transfer_sender *sender, uint8_t *out)
{
	size_t size;

	if (sender->fd >= 0)
		size = read_on(sender, out);
	else if (sender->current < sender->source->count && sender->entries[sender->current].state == TRANSFER_SENDER_READY)
		size = start(sender, out);
	else
		return 0;
	return size == 0 && sender->give_up ? tell_given_up(sender, out) : size;
}

size_t transfer_sender_next(struct transfer_sender *sender, uint8_t *out)
{
	uint32_t count = sender->source->count;

	if (!sender->hello_sent)
		return hello(sender, out);
	while (sender->announced < count && sender->entries[sender->announced].state == TRANSFER_SENDER_DONE)
		sender->announced++;
	if (sender->announced < count && sender->outstanding < TRANSFER_AHEAD_MAX)
		return announce(sender, out);
	while (sender->current < count && is_passed(sender, sender->current))
		sender->current++;
	if (sender->done == count && !sender->done_sent) {
		struct transfer_frame frame = { .kind = TRANSFER_DONE };
		sender->done_sent = true;
		return write_frame(&frame, out);
	}
	return send_current(sender, out);
}

/* --- answers */

static void on_result(struct transfer_sender *sender, const struct transfer_frame *frame)
{
	char text[TRANSFER_TEXT_MAX + 1];

	snprintf(text, sizeof(text), "%.*s", (int)frame->text_size, frame->text != NULL ? frame->text : "");
	if (frame->state != 0 && text[0] == '\0')
		snprintf(text, sizeof(text), "the peer refused it");
	finish(sender, frame->index, frame->state == 0 ? "" : text);
}

bool transfer_sender_receive(struct transfer_sender *sender, const uint8_t *bytes, size_t size)
{
	struct transfer_frame frame;
	struct transfer_sender_entry *entry;

	if (!transfer_frame_read(&frame, bytes, size) || frame.index >= sender->announced ||
	    (frame.kind != TRANSFER_HAVE && frame.kind != TRANSFER_RESULT))
		return false;
	entry = &sender->entries[frame.index];
	/* What we gave up meanwhile does not matter any more. */
	if (entry->state == TRANSFER_SENDER_NEW)
		return false;
	if (entry->state == TRANSFER_SENDER_DONE)
		return true;
	if (frame.kind == TRANSFER_RESULT) {
		on_result(sender, &frame);
		return true;
	}
	if (entry->state != TRANSFER_SENDER_ANNOUNCED)
		return false;
	entry->have = (enum transfer_have)frame.state;
	entry->have_size = frame.size;
	bytes_copy(entry->have_hash, frame.hash, sizeof(entry->have_hash));
	entry->state = TRANSFER_SENDER_READY;
	return true;
}
