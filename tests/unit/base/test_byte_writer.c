#include "core/base/byte_writer.h"

#include <criterion/criterion.h>

#include "core/base/byte_reader.h"
#include "core/base/varint.h"

Test(byte_writer, writes_both_orders)
{
	static const uint8_t expected[] = { 0x01, 0x03, 0x02, 0x06, 0x05, 0x04, 0x0a, 0x09,
		                                0x08, 0x07, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10 };
	uint8_t bytes[16];
	struct byte_writer writer;
	byte_writer_init(&writer, bytes, sizeof(bytes));
	byte_writer_u8(&writer, 0x01);
	byte_writer_le16(&writer, 0x0203);
	byte_writer_le24(&writer, 0x040506);
	byte_writer_le32(&writer, 0x0708090a);
	byte_writer_be16(&writer, 0x0b0c);
	byte_writer_be32(&writer, 0x0d0e0f10);
	cr_assert_not(byte_writer_failed(&writer));
	cr_assert_eq(byte_writer_size(&writer), sizeof(bytes));
	cr_assert_arr_eq(bytes, expected, sizeof(bytes));
}

Test(byte_writer, what_it_writes_the_reader_reads)
{
	uint8_t bytes[64];
	struct byte_writer writer;
	struct byte_reader reader;
	byte_writer_init(&writer, bytes, sizeof(bytes));
	byte_writer_le48(&writer, UINT64_C(0x112233445566));
	byte_writer_le64(&writer, UINT64_C(0x8899aabbccddeeff));
	byte_writer_be64(&writer, UINT64_C(0x8899aabbccddeeff));
	byte_writer_zeros(&writer, 3);
	byte_writer_bytes(&writer, "xyz", 3);
	byte_reader_init(&reader, bytes, byte_writer_size(&writer));
	cr_assert_eq(byte_reader_le48(&reader), UINT64_C(0x112233445566));
	cr_assert_eq(byte_reader_le64(&reader), UINT64_C(0x8899aabbccddeeff));
	cr_assert_eq(byte_reader_be64(&reader), UINT64_C(0x8899aabbccddeeff));
	cr_assert_eq(byte_reader_le24(&reader), 0);
	cr_assert_eq(byte_reader_u8(&reader), 'x');
	byte_reader_skip(&reader, 2);
	cr_assert(byte_reader_at_end(&reader));
}

Test(byte_writer, varints_of_every_size_come_back)
{
	for (unsigned bits = 0; bits <= 64; bits++) {
		uint64_t value = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
		uint8_t bytes[10];
		struct byte_writer writer;
		struct byte_reader reader;
		byte_writer_init(&writer, bytes, sizeof(bytes));
		byte_writer_varint(&writer, value);
		cr_expect_eq(byte_writer_size(&writer), varint_size(value), "%u bits", bits);
		cr_expect_eq(varint_size(value), bits == 0 ? 1 : (bits + 6) / 7, "%u bits", bits);
		byte_reader_init(&reader, bytes, byte_writer_size(&writer));
		cr_expect_eq(byte_reader_varint64(&reader), value, "%u bits", bits);
		cr_expect(byte_reader_at_end(&reader), "%u bits", bits);
	}
}

Test(byte_writer, a_write_that_does_not_fit_writes_nothing_and_stops_the_rest)
{
	uint8_t bytes[4] = { 0xee, 0xee, 0xee, 0xee };
	struct byte_writer writer;
	byte_writer_init(&writer, bytes, 3);
	byte_writer_u8(&writer, 1);
	byte_writer_le32(&writer, 0);
	byte_writer_u8(&writer, 2);
	cr_assert(byte_writer_failed(&writer));
	cr_assert_eq(byte_writer_size(&writer), 1);
	cr_assert_eq(byte_writer_remaining(&writer), 0);
	cr_assert_eq(bytes[1], 0xee);
	cr_assert_eq(bytes[3], 0xee);
}

Test(byte_writer, rollback_forgets_what_came_after_the_mark)
{
	uint8_t bytes[4];
	struct byte_writer writer;
	byte_writer_init(&writer, bytes, sizeof(bytes));
	byte_writer_le16(&writer, 1);
	size_t mark = byte_writer_mark(&writer);
	byte_writer_u8(&writer, 9);
	byte_writer_le64(&writer, 9);
	byte_writer_rollback(&writer, mark);
	cr_assert_not(byte_writer_failed(&writer));
	cr_assert_eq(byte_writer_remaining(&writer), 2);
	byte_writer_rollback(&writer, 3);
	cr_assert_eq(byte_writer_size(&writer), 2, "a rollback never goes forward");
}

Test(byte_writer, reserve_hands_out_the_place)
{
	uint8_t bytes[4] = { 0 };
	struct byte_writer writer;
	byte_writer_init(&writer, bytes, sizeof(bytes));
	uint8_t *at = byte_writer_reserve(&writer, 4);
	cr_assert_eq(at, bytes);
	cr_assert_null(byte_writer_reserve(&writer, 1));
	cr_assert(byte_writer_failed(&writer));
}
