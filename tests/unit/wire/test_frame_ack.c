#include "core/wire/frame_ack.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

/* Reads the frame in `bytes`; false: a violation, or something is left behind it. */
static bool read_ack(struct frame_ack_received *out, const uint8_t *bytes, size_t size)
{
	struct byte_reader reader;
	const char *error = NULL;

	byte_reader_init(&reader, bytes, size);
	uint8_t lead = byte_reader_u8(&reader);
	bool good = frame_ack_read(&reader, lead, out, &error);
	cr_assert_eq(good, error == NULL);
	return good && byte_reader_at_end(&reader);
}

static bool next_is(struct frame_ack_ranges *ranges, int64_t begin, int64_t end, bool acked)
{
	struct frame_ack_range range;

	return frame_ack_ranges_next(ranges, &range) && range.begin == begin && range.end == end && range.acked == acked;
}

Test(frame_ack, reads_a_recorded_frame_without_gaps)
{
	struct wire_test_bytes bytes = wire_test_hex("98 0300 7b18");
	struct frame_ack_received ack;

	cr_assert(read_ack(&ack, bytes.bytes, bytes.size));
	cr_assert_eq(frame_ack_latest(&ack, 4), 3);
	cr_assert_eq(ack.delay, 0x187b);
	cr_assert_eq(ack.block_count, 0);
}

Test(frame_ack, walks_down_the_worked_example)
{
	struct wire_test_bytes bytes = wire_test_hex("9a 2000 1000 21 13");
	struct frame_ack_received ack;
	struct frame_ack_ranges ranges;
	struct frame_ack_range range;

	cr_assert(read_ack(&ack, bytes.bytes, bytes.size));
	frame_ack_ranges_init(&ranges, &ack, frame_ack_latest(&ack, 40), 10);
	cr_assert(next_is(&ranges, 31, 33, true));
	cr_assert(next_is(&ranges, 30, 31, false));
	cr_assert(next_is(&ranges, 29, 30, true));
	cr_assert(next_is(&ranges, 26, 29, false));
	cr_assert(next_is(&ranges, 10, 26, true));
	cr_assert_not(frame_ack_ranges_next(&ranges, &range));
	cr_assert_not(ranges.bad);
}

Test(frame_ack, the_wide_form_is_read_too)
{
	struct wire_test_bytes bytes = wire_test_hex("90 20000100 1000");
	struct frame_ack_received ack;

	cr_assert(read_ack(&ack, bytes.bytes, bytes.size));
	cr_assert_eq(frame_ack_latest(&ack, 0x10030), 0x10020);
}

Test(frame_ack, latest_is_the_nearest_to_what_is_sent_next)
{
	struct frame_ack_received ack = { .latest = 0xfff0, .latest_bits = 16 };

	cr_assert_eq(frame_ack_latest(&ack, 0x20005), 0x1fff0);
	cr_assert_eq(frame_ack_latest(&ack, 5), -16);
	ack.latest = 9;
	cr_assert_eq(frame_ack_latest(&ack, 5), 9);
}

Test(frame_ack, runs_below_zero_are_a_violation)
{
	struct wire_test_bytes bytes = wire_test_hex("99 0200 1000 41");
	struct frame_ack_received ack;
	struct frame_ack_ranges ranges;
	struct frame_ack_range range;

	cr_assert(read_ack(&ack, bytes.bytes, bytes.size));
	frame_ack_ranges_init(&ranges, &ack, 2, 0);
	cr_assert_not(frame_ack_ranges_next(&ranges, &range));
	cr_assert(ranges.bad);
	cr_assert_not(frame_ack_ranges_next(&ranges, &range));
	bytes = wire_test_hex("99 0200 1000 30");
	cr_assert(read_ack(&ack, bytes.bytes, bytes.size));
	frame_ack_ranges_init(&ranges, &ack, 2, 0);
	cr_assert(next_is(&ranges, 0, 3, true));
	cr_assert_not(frame_ack_ranges_next(&ranges, &range));
	cr_assert_not(ranges.bad);
}

Test(frame_ack, runs_beyond_the_maximum_are_a_violation)
{
	struct wire_test_bytes bytes = wire_test_hex("99 0200 1000 f7 a08d06");
	struct frame_ack_received ack;

	cr_assert(read_ack(&ack, bytes.bytes, bytes.size));
	bytes = wire_test_hex("99 0200 1000 f7 a18d06");
	cr_assert_not(read_ack(&ack, bytes.bytes, bytes.size));
}

Test(frame_ack, what_cannot_be_written_leaves_nothing_behind)
{
	struct frame_ack ack = { .latest = 900000, .block_count = 1, .blocks = { { FRAME_ACK_RUN_MAX, 1 } } };
	struct byte_writer writer;
	uint8_t out[16];

	byte_writer_init(&writer, out, sizeof(out));
	cr_assert(frame_ack_write(&writer, &ack));
	byte_writer_init(&writer, out, sizeof(out));
	ack.blocks[0].acked++;
	cr_assert_not(frame_ack_write(&writer, &ack));
	cr_assert_eq(byte_writer_size(&writer), 0);
	cr_assert_not(byte_writer_failed(&writer));
	ack.blocks[0].acked = 1;
	byte_writer_init(&writer, out, 5);
	cr_assert_not(frame_ack_write(&writer, &ack));
	cr_assert_eq(byte_writer_size(&writer), 0);
}

static void make_random(struct rng *rng, struct frame_ack *ack)
{
	static const uint32_t counts[] = { 0, 1, 6, 7, 8, 64, 255 };

	ack->latest = INT64_C(300000000) + (int64_t)rng_below(rng, 100000);
	ack->delay = (uint16_t)rng_u32(rng);
	ack->block_count = counts[rng_below(rng, 7)];
	for (uint32_t i = 0; i < ack->block_count; i++) {
		ack->blocks[i].acked = (uint32_t)rng_below(rng, UINT64_C(1) << rng_below(rng, 20));
		ack->blocks[i].nacked = (uint32_t)rng_below(rng, UINT64_C(1) << rng_below(rng, 20));
	}
}

static void check_ranges(const struct frame_ack *ack, const struct frame_ack_received *received)
{
	struct frame_ack_ranges ranges;
	int64_t end = ack->latest + 1;

	frame_ack_ranges_init(&ranges, received, frame_ack_latest(received, ack->latest + 3), 7);
	for (uint32_t i = 0; i < ack->block_count; i++) {
		const struct frame_ack_block *block = &ack->blocks[i];
		if (block->acked > 0)
			cr_assert(next_is(&ranges, end - block->acked, end, true));
		end -= block->acked;
		if (block->nacked > 0)
			cr_assert(next_is(&ranges, end - block->nacked, end, false));
		end -= block->nacked;
	}
	cr_assert(next_is(&ranges, 7, end, true));
	cr_assert_not(ranges.bad);
}

Test(frame_ack, what_is_written_is_read_the_same)
{
	struct rng rng = wire_test_rng(3);

	for (int round = 0; round < 1000; round++) {
		struct frame_ack ack;
		struct frame_ack_received received;
		struct byte_writer writer;
		uint8_t out[FRAME_ACK_HEADER_MAX + 7 * FRAME_ACK_BLOCKS_MAX];
		size_t size = ack.block_count = 0;

		make_random(&rng, &ack);
		byte_writer_init(&writer, out, sizeof(out));
		cr_assert(frame_ack_write(&writer, &ack));
		size = ack.block_count < 7 ? 5 : 6;
		for (uint32_t i = 0; i < ack.block_count; i++)
			size += frame_ack_block_size(&ack.blocks[i]);
		cr_assert_eq(byte_writer_size(&writer), size);
		cr_assert(read_ack(&received, out, size));
		cr_assert_eq(received.delay, ack.delay);
		check_ranges(&ack, &received);
	}
}

Test(frame_ack, is_refused_at_every_shorter_length)
{
	struct rng rng = wire_test_rng(4);
	struct frame_ack ack = { .block_count = 0 };
	struct byte_writer writer;
	uint8_t out[FRAME_ACK_HEADER_MAX + 7 * FRAME_ACK_BLOCKS_MAX];

	while (ack.block_count != 8)
		make_random(&rng, &ack);
	byte_writer_init(&writer, out, sizeof(out));
	cr_assert(frame_ack_write(&writer, &ack));
	for (size_t size = 1; size < byte_writer_size(&writer); size++) {
		struct frame_ack_received received;
		uint8_t *bytes = wire_test_exact(out, size);
		cr_assert_not(read_ack(&received, bytes, size), "at %zu", size);
		free(bytes);
	}
}
