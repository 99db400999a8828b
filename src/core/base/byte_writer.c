#include "core/base/byte_writer.h"

#include "core/base/bytes.h"

void byte_writer_init(struct byte_writer *writer, uint8_t *bytes, size_t capacity)
{
	writer->start = bytes;
	writer->at = bytes;
	writer->end = capacity > 0 ? bytes + capacity : bytes;
	writer->failed = false;
}

size_t byte_writer_size(const struct byte_writer *writer)
{
	return writer->at == writer->start ? 0 : (size_t)(writer->at - writer->start);
}

size_t byte_writer_remaining(const struct byte_writer *writer)
{
	return writer->failed || writer->at == writer->end ? 0 : (size_t)(writer->end - writer->at);
}

bool byte_writer_failed(const struct byte_writer *writer)
{
	return writer->failed;
}

void byte_writer_fail(struct byte_writer *writer)
{
	writer->failed = true;
}

size_t byte_writer_mark(const struct byte_writer *writer)
{
	return byte_writer_size(writer);
}

void byte_writer_rollback(struct byte_writer *writer, size_t mark)
{
	if (mark > byte_writer_size(writer))
		return;
	writer->at = mark > 0 ? writer->start + mark : writer->start;
	writer->failed = false;
}

uint8_t *byte_writer_reserve(struct byte_writer *writer, size_t size)
{
	if (writer->failed || size > byte_writer_remaining(writer)) {
		writer->failed = true;
		return NULL;
	}
	uint8_t *at = writer->at;
	if (size > 0)
		writer->at += size;
	return at;
}

void byte_writer_le(struct byte_writer *writer, uint64_t value, size_t size)
{
	uint8_t *at = byte_writer_reserve(writer, size);
	if (at == NULL)
		return;
	for (size_t i = 0; i < size; i++, value >>= 8)
		at[i] = (uint8_t)value;
}

static void write_be(struct byte_writer *writer, uint64_t value, size_t size)
{
	uint8_t *at = byte_writer_reserve(writer, size);
	if (at == NULL)
		return;
	for (size_t i = size; i > 0; i--, value >>= 8)
		at[i - 1] = (uint8_t)value;
}

void byte_writer_u8(struct byte_writer *writer, uint8_t value)
{
	byte_writer_le(writer, value, 1);
}

void byte_writer_le16(struct byte_writer *writer, uint16_t value)
{
	byte_writer_le(writer, value, 2);
}

void byte_writer_le24(struct byte_writer *writer, uint32_t value)
{
	byte_writer_le(writer, value, 3);
}

void byte_writer_le32(struct byte_writer *writer, uint32_t value)
{
	byte_writer_le(writer, value, 4);
}

void byte_writer_le48(struct byte_writer *writer, uint64_t value)
{
	byte_writer_le(writer, value, 6);
}

void byte_writer_le64(struct byte_writer *writer, uint64_t value)
{
	byte_writer_le(writer, value, 8);
}

void byte_writer_be16(struct byte_writer *writer, uint16_t value)
{
	write_be(writer, value, 2);
}

void byte_writer_be32(struct byte_writer *writer, uint32_t value)
{
	write_be(writer, value, 4);
}

void byte_writer_be64(struct byte_writer *writer, uint64_t value)
{
	write_be(writer, value, 8);
}

void byte_writer_varint(struct byte_writer *writer, uint64_t value)
{
	uint8_t bytes[10];
	size_t size = 0;
	while (value >= 0x80) {
		bytes[size++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	bytes[size++] = (uint8_t)value;
	byte_writer_bytes(writer, bytes, size);
}

void byte_writer_bytes(struct byte_writer *writer, const void *bytes, size_t size)
{
	uint8_t *at = byte_writer_reserve(writer, size);
	if (at != NULL)
		bytes_copy(at, bytes, size);
}

void byte_writer_zeros(struct byte_writer *writer, size_t size)
{
	uint8_t *at = byte_writer_reserve(writer, size);
	if (at != NULL)
		bytes_zero(at, size);
}
