#include "core/wire/pb.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

static bool next_is(struct pb_reader *reader, uint32_t tag, uint64_t value)
{
	struct pb_field field;

	return pb_next(reader, &field) && field.tag == tag && field.value == value;
}

Test(pb, reads_the_four_encodings)
{
	struct wire_test_bytes bytes = wire_test_hex("08 9601  11 0807060504030201  1d 04030201  22 03 616263");
	struct pb_reader reader;
	struct pb_field field;

	pb_reader_init(&reader, bytes.bytes, bytes.size);
	cr_assert(next_is(&reader, PB_VARINT(1), 150));
	cr_assert(next_is(&reader, PB_FIXED64(2), UINT64_C(0x0102030405060708)));
	cr_assert(next_is(&reader, PB_FIXED32(3), 0x01020304));
	cr_assert(pb_next(&reader, &field));
	cr_assert(field.tag == PB_BYTES(4) && field.size == 3 && memcmp(field.bytes, "abc", 3) == 0);
	cr_assert_not(pb_next(&reader, &field));
	cr_assert_not(pb_reader_failed(&reader));
}

Test(pb, an_empty_field_is_there)
{
	struct wire_test_bytes bytes = wire_test_hex("22 00");
	struct pb_reader reader;
	struct pb_field field;

	pb_reader_init(&reader, bytes.bytes, bytes.size);
	cr_assert(pb_next(&reader, &field));
	cr_assert(field.bytes != NULL && field.size == 0);
}

Test(pb, an_empty_message_is_no_failure)
{
	struct pb_reader reader;
	struct pb_field field;

	pb_reader_init(&reader, NULL, 0);
	cr_assert_not(pb_next(&reader, &field));
	cr_assert_not(pb_reader_failed(&reader));
}

Test(pb, malformed_fields_end_the_message)
{
	static const char *const bad[] = {
		"00 01",
		"05 00000000", /* field number 0 */
		"0b",
		"0c",
		"0e",
		"0f", /* groups, and codes without meaning */
		"08",
		"08 80",
		"08 ffffffffffffffffffffff 01",
		"09 00000000000000",
		"0d 000000",
		"0a",
		"0a 01",
		"0a ffffffff0f 00",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wire_test_bytes bytes = wire_test_hex(bad[i]);
		struct pb_reader reader;
		struct pb_field field;

		pb_reader_init(&reader, bytes.bytes, bytes.size);
		cr_assert_not(pb_next(&reader, &field), "%s", bad[i]);
		cr_assert(pb_reader_failed(&reader), "%s", bad[i]);
		cr_assert_not(pb_next(&reader, &field));
	}
}

static bool read_numbers(const char *hex, uint32_t *values, size_t *count, size_t max)
{
	struct wire_test_bytes bytes = wire_test_hex(hex);
	struct pb_reader reader;
	struct pb_field field;

	*count = 0;
	pb_reader_init(&reader, bytes.bytes, bytes.size);
	while (pb_next(&reader, &field)) {
		if (!pb_add_numbers(&field, values, count, max))
			return false;
	}
	return !pb_reader_failed(&reader);
}

Test(pb, repeated_numbers_come_one_by_one_or_packed)
{
	uint32_t values[4];
	size_t count;

	cr_assert(read_numbers("28 02 28 01", values, &count, 4));
	cr_assert(count == 2 && values[0] == 2 && values[1] == 1);
	cr_assert(read_numbers("2a 03 02 8101 28 07", values, &count, 4));
	cr_assert(count == 3 && values[0] == 2 && values[1] == 129 && values[2] == 7);
	cr_assert(read_numbers("2a 00", values, &count, 4));
	cr_assert_eq(count, 0);
}

Test(pb, repeated_numbers_are_bounded)
{
	uint32_t values[4];
	size_t count;

	cr_assert(read_numbers("2a 04 01020304", values, &count, 4));
	cr_assert_not(read_numbers("2a 05 0102030405", values, &count, 4));
	cr_assert_not(read_numbers("2a 04 01020304 28 05", values, &count, 4));
	cr_assert_not(read_numbers("2a 02 0180", values, &count, 4));
}

Test(pb, writes_what_it_reads)
{
	struct wire_test_bytes expected =
		wire_test_hex("08 9601  11 0807060504030201  1d 04030201  22 03 616263  e05d 07  2a 02 0805");
	struct byte_writer writer;
	uint8_t out[64];

	byte_writer_init(&writer, out, sizeof(out));
	pb_write_varint(&writer, 1, 150);
	pb_write_fixed64(&writer, 2, UINT64_C(0x0102030405060708));
	pb_write_fixed32(&writer, 3, 0x01020304);
	pb_write_bytes(&writer, 4, "abc", 3);
	pb_write_varint(&writer, 1500, 7);
	size_t mark = pb_begin(&writer, 5);
	pb_write_varint(&writer, 1, 5);
	pb_end(&writer, mark);
	cr_assert(wire_test_equal(&expected, out, byte_writer_size(&writer)));
}

Test(pb, nested_messages_have_the_shortest_length_whatever_their_size)
{
	static const size_t sizes[] = { 0, 1, 127, 128, 200, 16383, 16384, 20000 };
	static uint8_t out[20100], content[20000];

	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct byte_writer writer;
		struct pb_reader reader;
		struct pb_field field;

		byte_writer_init(&writer, out, sizeof(out));
		pb_write_varint(&writer, 1, 1);
		size_t mark = pb_begin(&writer, 2);
		byte_writer_bytes(&writer, content, sizes[i]);
		pb_end(&writer, mark);
		pb_write_varint(&writer, 3, 3);
		size_t length = sizes[i] < 128 ? 1 : sizes[i] < 16384 ? 2 : 3;
		cr_assert_eq(byte_writer_size(&writer), 2 + 1 + length + sizes[i] + 2);
		pb_reader_init(&reader, out, byte_writer_size(&writer));
		cr_assert(next_is(&reader, PB_VARINT(1), 1));
		cr_assert(pb_next(&reader, &field) && field.tag == PB_BYTES(2) && field.size == sizes[i]);
		cr_assert(memcmp(field.bytes, content, sizes[i]) == 0);
		cr_assert(next_is(&reader, PB_VARINT(3), 3));
	}
}

Test(pb, a_nested_message_without_room_fails_the_writer)
{
	uint8_t out[131];

	for (size_t room = 0; room <= sizeof(out); room++) {
		uint8_t *exact = wire_test_exact(out, room);
		struct byte_writer writer;

		byte_writer_init(&writer, exact, room);
		size_t mark = pb_begin(&writer, 2);
		byte_writer_zeros(&writer, 128);
		pb_end(&writer, mark);
		cr_assert_eq(byte_writer_failed(&writer), room < 131);
		free(exact);
	}
}
