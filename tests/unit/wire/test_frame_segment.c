#include "core/wire/frame_segment.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/wire/frame.h"
#include "unit/wire/wire_test.h"

static const uint8_t filler[2000];

static int64_t resolve_number(uint64_t wire, unsigned bits, int64_t highest)
{
	struct frame_unreliable segment = { .form = FRAME_NUMBER_LOW_BITS, .bits = bits, .number = wire };
	struct frame_context context;
	int64_t number;

	frame_context_init(&context, 0);
	return frame_segment_resolve_number(&context, &segment, highest, &number) ? number : -1;
}

static int64_t resolve_position(uint64_t wire, unsigned bits, int64_t expected)
{
	struct frame_reliable segment = { .form = FRAME_NUMBER_LOW_BITS, .bits = bits, .position = wire };
	struct frame_context context;
	int64_t position;

	frame_context_init(&context, 0);
	return frame_segment_resolve_position(&context, &segment, expected, &position) ? position : -1;
}

Test(frame_segment, message_numbers_are_the_nearest_to_the_highest_seen)
{
	cr_assert_eq(resolve_number(1, 16, 0), 1);
	cr_assert_eq(resolve_number(0x0001, 16, 0x1fffe), 0x20001);
	cr_assert_eq(resolve_number(0xfffe, 16, 0x20001), 0x1fffe);
	cr_assert_eq(resolve_number(5, 32, INT64_C(0x1fffffff0)), INT64_C(0x200000005));
	cr_assert_eq(resolve_number(0, 16, 0), -1);
	cr_assert_eq(resolve_number(0xffff, 16, 3), -1);
}

Test(frame_segment, stream_positions_are_only_corrected_upward)
{
	cr_assert_eq(resolve_position(1, 24, 1), 1);
	cr_assert_eq(resolve_position(1, 48, 1), 1);
	cr_assert_eq(resolve_position(0, 48, 1), -1);
	cr_assert_eq(resolve_position(5, 24, 0xfffff0), 0x1000005);
	cr_assert_eq(resolve_position(0xfffff0, 24, 0x1000005), 0x1fffff0);
	cr_assert_eq(resolve_position(0xfffffffffff0, 48, 0xfffffffffff0), 0xfffffffffff0);
}

Test(frame_segment, a_relative_number_that_leaves_the_range_is_refused)
{
	struct frame_unreliable segment = { .form = FRAME_NUMBER_RELATIVE, .number = UINT64_MAX };
	struct frame_context context = { .number_known = true, .number = 5 };
	int64_t number;

	cr_assert_not(frame_segment_resolve_number(&context, &segment, 5, &number));
	segment.number = INT64_MAX - 5;
	cr_assert(frame_segment_resolve_number(&context, &segment, 5, &number));
	cr_assert_eq(number, INT64_MAX);
	segment.number = 1;
	cr_assert_not(frame_segment_resolve_number(&context, &segment, 5, &number));
}

Test(frame_segment, what_goes_backwards_in_a_packet_cannot_be_written)
{
	struct frame_context context = { .number_known = true, .number = 5, .position_known = true, .position_end = 9 };
	struct frame_unreliable_place place = { .number = 4 };
	struct byte_writer writer;
	uint8_t out[64];

	byte_writer_init(&writer, out, sizeof(out));
	cr_assert_not(frame_segment_write_unreliable_header(&writer, &context, &place, 1, false));
	cr_assert_not(frame_segment_write_reliable_header(&writer, &context, 8, 1, false));
	cr_assert_not(frame_segment_write_reliable_header(&writer, &context, 10 + INT64_C(0xffffffff), 1, false));
	cr_assert(frame_segment_write_reliable_header(&writer, &context, 9 + INT64_C(0xffffffff), 1, false));
}

Test(frame_segment, only_the_last_segment_may_be_larger_than_a_size_byte_tells)
{
	struct frame_context context;
	struct byte_writer writer;
	uint8_t out[64];

	frame_context_init(&context, 0);
	byte_writer_init(&writer, out, sizeof(out));
	cr_assert_eq(frame_segment_reliable_header_size(&context, 1, 1280, false), 0);
	cr_assert_eq(frame_segment_reliable_header_size(&context, 1, 1279, false), 8);
	cr_assert_eq(frame_segment_reliable_header_size(&context, 1, 1280, true), 7);
	cr_assert(frame_segment_write_reliable_header(&writer, &context, 1, 1279, false));
	cr_assert(out[0] == 0x54 && out[7] == 0xff);
}

Test(frame_segment, headers_without_room_write_nothing)
{
	struct frame_unreliable_place place = { .number = 4, .offset = 300 };
	uint8_t out[64];

	for (size_t room = 0; room < 8; room++) {
		struct frame_context context;
		struct byte_writer writer;
		frame_context_init(&context, 0);
		byte_writer_init(&writer, out, room);
		cr_assert_eq(frame_segment_write_reliable_header(&writer, &context, 1, 5, false), room >= 8);
		cr_assert_eq(frame_segment_write_unreliable_header(&writer, &context, &place, 5, false), room >= 8);
		cr_assert_eq(byte_writer_size(&writer), 0);
		cr_assert_not(context.position_known || context.number_known);
	}
}

/* What was written into a packet, to be compared with what is read from it. */
struct written {
	bool reliable;
	int64_t place;
	uint32_t offset;
	bool ends;
	bool sequenced;
	size_t size;
};

static size_t write_random_segments(struct rng *rng, struct byte_writer *writer, struct written *log)
{
	struct frame_context context;
	int64_t number = 1 + (int64_t)rng_below(rng, 30000);
	int64_t position = 1 + (int64_t)rng_below(rng, UINT64_C(1) << 40);
	size_t count = 0;
	bool done = false;

	frame_context_init(&context, 0);
	while (!done && count < 20) {
		struct written *entry = &log[count++];
		size_t before = byte_writer_size(writer), header;
		entry->reliable = rng_below(rng, 2) != 0;
		entry->size = (size_t)rng_below(rng, 60);
		entry->ends = rng_below(rng, 2) != 0;
		entry->sequenced = rng_below(rng, 2) != 0;
		entry->offset = rng_below(rng, 2) ? (uint32_t)rng_below(rng, 26000) : 0;
		done = count == 20 || rng_below(rng, 12) == 0;
		if (entry->reliable) {
			entry->place = position += (int64_t)rng_below(rng, UINT64_C(1) << rng_below(rng, 30));
			header = frame_segment_reliable_header_size(&context, entry->place, entry->size, done);
			cr_assert(frame_segment_write_reliable_header(writer, &context, entry->place, entry->size, done));
			position += (int64_t)entry->size;
			number++;
		} else {
			struct frame_unreliable_place place = { 0, entry->offset, entry->ends, entry->sequenced };
			place.number = entry->place = number += (int64_t)rng_below(rng, 4);
			header = frame_segment_unreliable_header_size(&context, &place, entry->size, done);
			cr_assert(frame_segment_write_unreliable_header(writer, &context, &place, entry->size, done));
		}
		cr_assert_eq(byte_writer_size(writer) - before, header);
		byte_writer_bytes(writer, filler, entry->size);
	}
	return count;
}

static void check_segment(struct frame_reader *reader, const struct written *expected)
{
	struct frame frame;
	int64_t place;

	cr_assert_eq(frame_next(reader, &frame), FRAME_OK);
	cr_assert_eq(frame.kind, expected->reliable ? FRAME_RELIABLE : FRAME_UNRELIABLE);
	if (expected->reliable) {
		cr_assert(frame_segment_resolve_position(&reader->context, &frame.reliable, expected->place, &place));
		cr_assert_eq(frame.reliable.size, expected->size);
	} else {
		cr_assert(frame_segment_resolve_number(&reader->context, &frame.unreliable, 15000, &place));
		cr_assert_eq(frame.unreliable.size, expected->size);
		cr_assert_eq(frame.unreliable.offset, expected->offset);
		cr_assert_eq(frame.unreliable.ends, expected->ends);
		cr_assert_eq(frame.unreliable.is_sequenced, expected->sequenced);
	}
	cr_assert_eq(place, expected->place);
}

Test(frame_segment, what_is_written_is_read_the_same)
{
	struct rng rng = wire_test_rng(1);

	for (int round = 0; round < 2000; round++) {
		struct written log[20];
		uint8_t payload[2000];
		struct byte_writer writer;
		struct frame_reader reader;
		struct frame frame;

		byte_writer_init(&writer, payload, sizeof(payload));
		size_t count = write_random_segments(&rng, &writer, log);
		frame_reader_init(&reader, payload, byte_writer_size(&writer), WIRE_CAPABILITY_SEQUENCED);
		for (size_t i = 0; i < count; i++)
			check_segment(&reader, &log[i]);
		cr_assert_eq(frame_next(&reader, &frame), FRAME_END);
	}
}

Test(frame_segment, stream_headers_as_recorded)
{
	struct wire_test_bytes bytes = wire_test_hex("78 02 5d");
	struct stream_header header;
	struct byte_writer writer;
	uint8_t out[STREAM_HEADER_SIZE_MAX];
	size_t size;

	cr_assert_eq(frame_segment_read_stream_header(&header, bytes.bytes, bytes.size, &size), STREAM_HEADER_OK);
	cr_assert(size == 3 && header.increment == 2 && header.size == 3000);
	byte_writer_init(&writer, out, sizeof(out));
	frame_segment_write_stream_header(&writer, &header);
	cr_assert(wire_test_equal(&bytes, out, byte_writer_size(&writer)));
	cr_assert_eq(frame_segment_stream_header_size(&header), 3);
	bytes = wire_test_hex("0e");
	cr_assert_eq(frame_segment_read_stream_header(&header, bytes.bytes, bytes.size, &size), STREAM_HEADER_OK);
	cr_assert(size == 1 && header.increment == 1 && header.size == 14);
}

Test(frame_segment, stream_headers_of_every_size_round_trip_and_ask_for_more_when_cut)
{
	struct rng rng = wire_test_rng(2);

	for (int round = 0; round < 5000; round++) {
		struct stream_header header = { 1 + rng_below(&rng, UINT64_C(1) << rng_below(&rng, 40)),
			                            rng_below(&rng, UINT64_C(1) << rng_below(&rng, 36)), rng_below(&rng, 2) != 0 };
		struct stream_header back;
		uint8_t out[STREAM_HEADER_SIZE_MAX];
		struct byte_writer writer;
		size_t size;

		byte_writer_init(&writer, out, sizeof(out));
		frame_segment_write_stream_header(&writer, &header);
		cr_assert_eq(byte_writer_size(&writer), frame_segment_stream_header_size(&header));
		for (size_t cut = 0; cut < byte_writer_size(&writer); cut++)
			cr_assert_eq(frame_segment_read_stream_header(&back, out, cut, &size), STREAM_HEADER_SHORT);
		cr_assert_eq(frame_segment_read_stream_header(&back, out, sizeof(out), &size), STREAM_HEADER_OK);
		cr_assert(back.increment == header.increment && back.size == header.size);
		cr_assert_eq(back.is_sequenced, header.is_sequenced);
		cr_assert_eq(size, byte_writer_size(&writer));
	}
}

Test(frame_segment, stream_headers_that_never_end_are_a_violation)
{
	struct wire_test_bytes bytes = wire_test_hex("60 ffffffffffffffffffff ffffffffffff");
	struct stream_header header;
	size_t size;

	cr_assert_eq(frame_segment_read_stream_header(&header, bytes.bytes, 10, &size), STREAM_HEADER_SHORT);
	cr_assert_eq(frame_segment_read_stream_header(&header, bytes.bytes, bytes.size, &size), STREAM_HEADER_BAD);
}

Test(frame_segment, a_stream_header_may_say_that_its_message_is_sequenced)
{
	struct wire_test_bytes bytes = wire_test_hex("83 616263");
	struct stream_header header;
	size_t size;

	cr_assert_eq(frame_segment_read_stream_header(&header, bytes.bytes, bytes.size, &size), STREAM_HEADER_OK);
	cr_assert(size == 1 && header.increment == 1 && header.size == 3 && header.is_sequenced);
	bytes = wire_test_hex("03 616263");
	cr_assert_eq(frame_segment_read_stream_header(&header, bytes.bytes, bytes.size, &size), STREAM_HEADER_OK);
	cr_assert_not(header.is_sequenced);
}
