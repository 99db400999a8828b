/* A signal: what can be read is written again with all its entries, and then reads the same. */
#include "core/wire/msg_rendezvous.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_MAX_WRITTEN (1 << 17)

/* Returns 0 if there was no room. */
static size_t write_again(uint8_t *out, const struct msg_rendezvous *message)
{
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry;
	struct byte_writer writer;
	uint32_t count = 0;

	byte_writer_init(&writer, out, SIZE_MAX_WRITTEN);
	msg_rendezvous_write(&writer, message);
	msg_rendezvous_iterate(&iterator, message);
	while (msg_rendezvous_next_entry(&iterator, &entry)) {
		count++;
		if (!msg_rendezvous_add_entry(&writer, &entry))
			return 0;
	}
	if (count != message->entry_count)
		abort();
	return byte_writer_failed(&writer) ? 0 : byte_writer_size(&writer);
}

static void check_apps(const struct msg_rendezvous *message)
{
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_app app;
	uint32_t count = 0;

	msg_rendezvous_iterate(&iterator, message);
	while (msg_rendezvous_next_app(&iterator, &app))
		count++;
	if (count != message->app_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[SIZE_MAX_WRITTEN], second[SIZE_MAX_WRITTEN];
	struct msg_rendezvous message;
	size_t written;

	if (!msg_rendezvous_read(&message, data, size))
		return 0;
	check_apps(&message);
	written = write_again(first, &message);
	if (written == 0)
		return 0;
	if (!msg_rendezvous_read(&message, first, written) || write_again(second, &message) != written ||
	    memcmp(first, second, written) != 0)
		abort();
	return 0;
}
