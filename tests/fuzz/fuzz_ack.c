/* An ack frame: what its runs say is the same after it was written and read again. */
#include "core/wire/frame_ack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NEXT 1000000

static bool read_ack(struct frame_ack_received *out, const uint8_t *data, size_t size)
{
	struct byte_reader reader;
	const char *error = NULL;

	byte_reader_init(&reader, data, size);
	uint8_t lead = byte_reader_u8(&reader);
	bool good = frame_ack_read(&reader, lead, out, &error);
	if (good == (error != NULL) ||
	    (good && (out->blocks + out->blocks_size != reader.at || out->block_count > FRAME_ACK_BLOCKS_MAX)))
		abort();
	return good;
}

/* As the writer takes it: pairs of runs. False: a violation, or more blocks than a frame has. */
static bool take_blocks(struct frame_ack *out, const struct frame_ack_received *ack)
{
	struct frame_ack_ranges ranges;
	struct frame_ack_range range;
	struct frame_ack_block *block = NULL;

	out->latest = frame_ack_latest(ack, NEXT);
	out->delay = ack->delay;
	out->block_count = 0;
	frame_ack_ranges_init(&ranges, ack, out->latest, 0);
	while (frame_ack_ranges_next(&ranges, &range)) {
		int64_t run = range.end - range.begin;
		if (run > FRAME_ACK_RUN_MAX || out->block_count == FRAME_ACK_BLOCKS_MAX)
			return false;
		block = &out->blocks[out->block_count++];
		block->acked = range.acked ? (uint32_t)run : 0;
		block->nacked = range.acked ? 0 : (uint32_t)run;
	}
	return !ranges.bad;
}

static void check_same(const struct frame_ack_received *a, const struct frame_ack_received *b, int64_t latest)
{
	struct frame_ack_ranges left, right;
	struct frame_ack_range from_left, from_right;

	frame_ack_ranges_init(&left, a, latest, 0);
	frame_ack_ranges_init(&right, b, latest, 0);
	for (;;) {
		bool more = frame_ack_ranges_next(&left, &from_left);
		if (more != frame_ack_ranges_next(&right, &from_right))
			abort();
		if (!more)
			return;
		if (from_left.begin != from_right.begin || from_left.end != from_right.end ||
		    from_left.acked != from_right.acked)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_ack_received received, back;
	struct frame_ack ack;
	struct byte_writer writer;
	uint8_t out[FRAME_ACK_HEADER_MAX + 7 * FRAME_ACK_BLOCKS_MAX];

	if (size == 0 || !read_ack(&received, data, size) || frame_ack_latest(&received, NEXT) < 0 ||
	    !take_blocks(&ack, &received))
		return 0;
	byte_writer_init(&writer, out, sizeof(out));
	if (!frame_ack_write(&writer, &ack) || !read_ack(&back, out, byte_writer_size(&writer)))
		abort();
	if (back.latest_bits != 16 || back.delay != received.delay)
		abort();
	check_same(&received, &back, ack.latest);
	return 0;
}
