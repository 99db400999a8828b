#include "core/base/byte_reader.h"

#include "core/base/bytes.h"
#include "core/base/varint.h"

void byte_reader_init(struct byte_reader *reader, const uint8_t *bytes, size_t size)
{
	reader->at = bytes;
	reader->end = size > 0 ? bytes + size : bytes;
	reader->failed = false;
}

size_t byte_reader_remaining(const struct byte_reader *reader)
{
	return reader->failed || reader->at == reader->end ? 0 : (size_t)(reader->end - reader->at);
}

bool byte_reader_failed(const struct byte_reader *reader)
{
	return reader->failed;
}

bool byte_reader_at_end(const struct byte_reader *reader)
{
	return !reader->failed && reader->at == reader->end;
}

void byte_reader_fail(struct byte_reader *reader)
{
	reader->failed = true;
}

/* All reads take their bytes here; null after any failure. */
static const uint8_t *take(struct byte_reader *reader, uint64_t size)
{
	if (reader->failed || size > byte_reader_remaining(reader)) {
		reader->failed = true;
		return NULL;
	}
	const uint8_t *view = reader->at;
	if (size > 0)
		reader->at += size;
	return view;
}

uint8_t byte_reader_u8(struct byte_reader *reader)
{
	const uint8_t *byte = take(reader, 1);
	return byte != NULL ? *byte : 0;
}

uint8_t byte_reader_peek_u8(struct byte_reader *reader)
{
	if (byte_reader_remaining(reader) == 0) {
		reader->failed = true;
		return 0;
	}
	return *reader->at;
}

uint64_t byte_reader_le(struct byte_reader *reader, size_t size)
{
	if (size > 8)
		reader->failed = true;
	const uint8_t *bytes = take(reader, size);
	uint64_t value = 0;
	if (reader->failed)
		return 0;
	for (size_t i = size; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	return value;
}

static uint64_t read_be(struct byte_reader *reader, size_t size)
{
	const uint8_t *bytes = take(reader, size);
	uint64_t value = 0;
	if (bytes == NULL)
		return 0;
	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[i];
	return value;
}

uint16_t byte_reader_le16(struct byte_reader *reader)
{
	return (uint16_t)byte_reader_le(reader, 2);
}

uint32_t byte_reader_le24(struct byte_reader *reader)
{
	return (uint32_t)byte_reader_le(reader, 3);
}

uint32_t byte_reader_le32(struct byte_reader *reader)
{
	return (uint32_t)byte_reader_le(reader, 4);
}

uint64_t byte_reader_le48(struct byte_reader *reader)
{
	return byte_reader_le(reader, 6);
}

uint64_t byte_reader_le64(struct byte_reader *reader)
{
	return byte_reader_le(reader, 8);
}

uint16_t byte_reader_be16(struct byte_reader *reader)
{
	return (uint16_t)read_be(reader, 2);
}

uint32_t byte_reader_be32(struct byte_reader *reader)
{
	return (uint32_t)read_be(reader, 4);
}

uint64_t byte_reader_be64(struct byte_reader *reader)
{
	return read_be(reader, 8);
}

static uint64_t read_varint(struct byte_reader *reader, size_t size_max)
{
	uint64_t value = 0;
	for (size_t i = 0; i < size_max; i++) {
		uint8_t byte = byte_reader_u8(reader);
		if (reader->failed)
			return 0;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if ((byte & 0x80) == 0)
			return value;
	}
	reader->failed = true;
	return 0;
}

uint32_t byte_reader_varint32(struct byte_reader *reader)
{
	return (uint32_t)read_varint(reader, VARINT32_SIZE_MAX);
}

uint64_t byte_reader_varint64(struct byte_reader *reader)
{
	return read_varint(reader, VARINT64_SIZE_MAX);
}

const uint8_t *byte_reader_bytes(struct byte_reader *reader, uint64_t size)
{
	return take(reader, size);
}

void byte_reader_skip(struct byte_reader *reader, uint64_t size)
{
	take(reader, size);
}

void byte_reader_copy(struct byte_reader *reader, void *out, size_t size)
{
	const uint8_t *bytes = take(reader, size);
	if (bytes != NULL)
		bytes_copy(out, bytes, size);
	else
		bytes_zero(out, size);
}

struct byte_reader byte_reader_sub(struct byte_reader *reader, uint64_t size)
{
	struct byte_reader sub = { NULL, NULL, false };
	const uint8_t *bytes = take(reader, size);
	if (reader->failed)
		sub.failed = true;
	else
		byte_reader_init(&sub, bytes, (size_t)size);
	return sub;
}
