/* Any bytes as the messages of a sender to a receiver with an empty folder, then as answers to a
 * sender: nothing may be written outside, and what is bounded stays so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/transfer/transfer_receiver.h"
#include "cli/transfer/transfer_sender.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_received(void *owner, const struct transfer_sink_entry *entry, int64_t resumed, const char *text)
{
	(void)owner;
	if (entry->path[TRANSFER_PATH_MAX] != '\0' || resumed < 0 || strlen(text) > TRANSFER_TEXT_MAX)
		abort();
}

static void on_sent(void *owner, const struct transfer_sender *sender, uint32_t index, const char *text)
{
	(void)owner, (void)text;
	if (index >= sender->source->count)
		abort();
}

/* Nothing but the disk's folder of folders: every file is refused there, so that runs stay apart. */
static void receive(const uint8_t *data, size_t size)
{
	struct transfer_receiver receiver;
	uint8_t reply[TRANSFER_FRAME_MAX];
	size_t reply_size;

	if (!transfer_receiver_init(&receiver, "/proc/self/fdinfo", false, on_received, NULL))
		abort();
	while (size > 1) {
		size_t length = 1 + data[0];
		length = length < size - 1 ? length : size - 1;
		if (!transfer_receiver_receive(&receiver, data + 1, length, reply, &reply_size))
			break;
		data += 1 + length;
		size -= 1 + length;
	}
	transfer_receiver_free(&receiver);
}

static void send(const uint8_t *data, size_t size)
{
	static uint8_t message[TRANSFER_MESSAGE_MAX];
	struct transfer_source_entry entries[2] = {
		{ TRANSFER_FILE, "a", "/proc/self/comm", 0644, 0, 5 },
		{ TRANSFER_FOLDER, "b", "/", 0755, 0, 0 },
	};
	struct transfer_source source = { .entries = entries, .count = 2, .size = 5 };
	struct transfer_sender sender;

	transfer_sender_init(&sender, &source, on_sent, NULL);
	while (size > 1) {
		size_t length = 1 + data[0] % 64;
		for (int i = 0; i < 8 && transfer_sender_next(&sender, message) > 0; i++)
			continue;
		length = length < size - 1 ? length : size - 1;
		if (!transfer_sender_receive(&sender, data + 1, length))
			break;
		data += 1 + length;
		size -= 1 + length;
	}
	if (sender.outstanding > TRANSFER_AHEAD_MAX || sender.done > source.count)
		abort();
	transfer_sender_free(&sender);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transfer_frame frame, back;
	uint8_t bytes[TRANSFER_FRAME_MAX];

	if (transfer_frame_read(&frame, data, size) && frame.kind != TRANSFER_DATA) {
		size_t written = transfer_frame_write(&frame, bytes, sizeof(bytes));
		if (written != size || memcmp(bytes, data, size) != 0 || !transfer_frame_read(&back, bytes, written))
			abort();
	}
	receive(data, size);
	send(data, size);
	return 0;
}
