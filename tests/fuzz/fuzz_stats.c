/* A blob of statistics: what can be read is written again, and then stays as it is. */
#include "core/wire/msg_stats.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_MAX_WRITTEN 4096 /* all items in their longest form fit */

static size_t write_again(uint8_t *out, const struct msg_stats *stats)
{
	struct byte_writer writer;

	byte_writer_init(&writer, out, SIZE_MAX_WRITTEN);
	msg_stats_write(&writer, stats);
	if (byte_writer_failed(&writer))
		abort();
	return byte_writer_size(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[SIZE_MAX_WRITTEN], second[SIZE_MAX_WRITTEN];
	static struct msg_stats stats, back;
	size_t written;

	if (!msg_stats_read(&stats, data, size))
		return 0;
	written = write_again(first, &stats);
	if (!msg_stats_read(&back, first, written) || msg_stats_wants_ack(&back) != msg_stats_wants_ack(&stats) ||
	    write_again(second, &back) != written || memcmp(first, second, written) != 0)
		abort();
	return 0;
}
