#include "core/base/byte_reader.h"

#include <criterion/criterion.h>

static const uint8_t eight[8] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88 };

static struct byte_reader reader_of(const uint8_t *bytes, size_t size)
{
	struct byte_reader reader;
	byte_reader_init(&reader, bytes, size);
	return reader;
}

Test(byte_reader, reads_little_endian)
{
	struct byte_reader reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_le16(&reader), 0x0201);
	cr_assert_eq(byte_reader_le32(&reader), 0x06050403u);
	cr_assert_eq(byte_reader_remaining(&reader), 2);
	reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_le24(&reader), 0x030201u);
	cr_assert_eq(byte_reader_u8(&reader), 4);
	reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_le48(&reader), UINT64_C(0x060504030201));
	reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_le64(&reader), UINT64_C(0x8807060504030201));
	cr_assert(byte_reader_at_end(&reader));
}

Test(byte_reader, reads_big_endian)
{
	struct byte_reader reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_be16(&reader), 0x0102);
	cr_assert_eq(byte_reader_be32(&reader), 0x03040506u);
	reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_be64(&reader), UINT64_C(0x0102030405060788));
}

Test(byte_reader, failure_is_sticky_and_reads_give_zero)
{
	struct byte_reader reader = reader_of(eight, 3);
	cr_assert_eq(byte_reader_le32(&reader), 0);
	cr_assert(byte_reader_failed(&reader));
	cr_assert_eq(byte_reader_u8(&reader), 0, "three bytes are there, but the reader has failed");
	cr_assert_null(byte_reader_bytes(&reader, 1));
	cr_assert_eq(byte_reader_remaining(&reader), 0);
	cr_assert_not(byte_reader_at_end(&reader));
}

Test(byte_reader, lengths_from_the_wire_cannot_wrap)
{
	struct byte_reader reader = reader_of(eight, 8);
	cr_assert_null(byte_reader_bytes(&reader, UINT64_MAX));
	reader = reader_of(eight, 8);
	byte_reader_skip(&reader, UINT64_MAX - 3);
	cr_assert(byte_reader_failed(&reader));
	reader = reader_of(eight, 8);
	cr_assert_eq(byte_reader_le(&reader, 9), 0);
	cr_assert(byte_reader_failed(&reader));
}

Test(byte_reader, an_empty_input_with_null_is_at_its_end)
{
	struct byte_reader reader = reader_of(NULL, 0);
	cr_assert(byte_reader_at_end(&reader));
	byte_reader_bytes(&reader, 0);
	cr_assert_not(byte_reader_failed(&reader));
	byte_reader_u8(&reader);
	cr_assert(byte_reader_failed(&reader));
}

Test(byte_reader, varints_end_within_their_type)
{
	static const uint8_t number[] = { 0xac, 0x02 };
	static const uint8_t five[] = { 0xff, 0xff, 0xff, 0xff, 0x0f, 0xaa };
	static const uint8_t six[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 };
	static const uint8_t ten[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 };
	static const uint8_t eleven[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 };
	struct byte_reader reader = reader_of(number, 2);
	cr_assert_eq(byte_reader_varint32(&reader), 300);
	reader = reader_of(number, 1);
	byte_reader_varint32(&reader);
	cr_assert(byte_reader_failed(&reader), "cut inside");
	reader = reader_of(five, 6);
	cr_assert_eq(byte_reader_varint32(&reader), UINT32_MAX);
	cr_assert_eq(byte_reader_remaining(&reader), 1);
	reader = reader_of(six, 6);
	byte_reader_varint32(&reader);
	cr_assert(byte_reader_failed(&reader), "six bytes are too many for 32 bits");
	reader = reader_of(six, 6);
	cr_assert_eq(byte_reader_varint64(&reader), UINT64_C(1) << 35);
	reader = reader_of(ten, 10);
	cr_assert_eq(byte_reader_varint64(&reader), UINT64_MAX);
	reader = reader_of(eleven, 11);
	byte_reader_varint64(&reader);
	cr_assert(byte_reader_failed(&reader));
}

Test(byte_reader, overflow_in_the_last_byte_is_cut_off)
{
	static const uint8_t bytes[] = { 0xff, 0xff, 0xff, 0xff, 0x7f };
	struct byte_reader reader = reader_of(bytes, 5);
	cr_assert_eq(byte_reader_varint32(&reader), UINT32_MAX);
	cr_assert_not(byte_reader_failed(&reader));
}

Test(byte_reader, peek_does_not_take)
{
	struct byte_reader reader = reader_of(eight, 1);
	cr_assert_eq(byte_reader_peek_u8(&reader), 1);
	cr_assert_eq(byte_reader_u8(&reader), 1);
	cr_assert_eq(byte_reader_peek_u8(&reader), 0);
	cr_assert(byte_reader_failed(&reader));
}

Test(byte_reader, a_sub_reader_ends_where_it_was_cut)
{
	struct byte_reader reader = reader_of(eight, 8);
	struct byte_reader sub = byte_reader_sub(&reader, 2);
	cr_assert_eq(byte_reader_le16(&sub), 0x0201);
	cr_assert(byte_reader_at_end(&sub));
	cr_assert_eq(byte_reader_u8(&reader), 3);
	sub = byte_reader_sub(&reader, 6);
	cr_assert(byte_reader_failed(&sub));
	cr_assert(byte_reader_failed(&reader));
}

Test(byte_reader, copy_zeroes_what_it_cannot_fill)
{
	uint8_t out[4] = { 9, 9, 9, 9 };
	struct byte_reader reader = reader_of(eight, 3);
	byte_reader_copy(&reader, out, 4);
	cr_assert(byte_reader_failed(&reader));
	cr_assert_eq(out[0] | out[1] | out[2] | out[3], 0);
}
