#include "core/wire/pb.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/varint.h"

#define NUMBER_MAX 536870911u /* 2^29 - 1, by the format */
/* Nested messages get a length of this many bytes, then are moved together. */
#define LENGTH_ROOM 3

static bool read_value(struct byte_reader *reader, struct pb_field *out)
{
	static const uint8_t nothing;

	switch (out->type) {
	case PB_VARINT:
		out->value = byte_reader_varint64(reader);
		return true;
	case PB_FIXED64:
		out->value = byte_reader_le64(reader);
		return true;
	case PB_FIXED32:
		out->value = byte_reader_le32(reader);
		return true;
	case PB_BYTES:
		out->view.size = byte_reader_varint32(reader);
		out->view.bytes = byte_reader_bytes(reader, out->view.size);
		if (out->view.size == 0)
			out->view.bytes = &nothing;
		return true;
	default:
		return false; /* groups: nobody sends them */
	}
}

bool pb_next(struct byte_reader *reader, struct pb_field *out)
{
	uint32_t tag;

	bytes_zero(out, sizeof *out);
	if (byte_reader_failed(reader) || byte_reader_remaining(reader) == 0)
		return false;
	tag = byte_reader_varint32(reader);
	out->number = tag >> 3;
	out->type = (enum pb_type)(tag & 7);
	if (out->number == 0 || out->number > NUMBER_MAX || !read_value(reader, out))
		byte_reader_fail(reader);
	return !byte_reader_failed(reader);
}

bool pb_is(const struct pb_field *field, uint32_t number, enum pb_type type)
{
	return field->number == number && field->type == type;
}

bool pb_next_repeated(const struct pb_field *field, size_t *at, uint64_t *out)
{
	struct byte_reader reader;

	if (field->type != PB_BYTES) {
		*out = field->value;
		return (*at)++ == 0;
	}
	if (*at >= field->view.size)
		return false;
	byte_reader_init(&reader, field->view.bytes + *at, field->view.size - *at);
	*out = byte_reader_varint64(&reader);
	*at = field->view.size - byte_reader_remaining(&reader);
	return !byte_reader_failed(&reader);
}

static void write_tag(struct byte_writer *writer, uint32_t number, enum pb_type type)
{
	byte_writer_varint(writer, (uint64_t)number << 3 | type);
}

void pb_write_varint(struct byte_writer *writer, uint32_t number, uint64_t value)
{
	write_tag(writer, number, PB_VARINT);
	byte_writer_varint(writer, value);
}

void pb_write_fixed32(struct byte_writer *writer, uint32_t number, uint32_t value)
{
	write_tag(writer, number, PB_FIXED32);
	byte_writer_le32(writer, value);
}

void pb_write_fixed64(struct byte_writer *writer, uint32_t number, uint64_t value)
{
	write_tag(writer, number, PB_FIXED64);
	byte_writer_le64(writer, value);
}

void pb_write_bytes(struct byte_writer *writer, uint32_t number, const void *bytes, size_t size)
{
	write_tag(writer, number, PB_BYTES);
	byte_writer_varint(writer, size);
	byte_writer_bytes(writer, bytes, size);
}

void pb_write_text(struct byte_writer *writer, uint32_t number, const char *text)
{
	pb_write_bytes(writer, number, text, strlen(text));
}

void pb_write_identity(struct byte_writer *writer, uint32_t number, const struct identity *identity)
{
	pb_write_bytes(writer, number, identity->text, identity->size);
}

size_t pb_begin(struct byte_writer *writer, uint32_t number)
{
	write_tag(writer, number, PB_BYTES);
	byte_writer_zeros(writer, LENGTH_ROOM);
	return byte_writer_mark(writer);
}

void pb_end(struct byte_writer *writer, size_t mark)
{
	size_t size = byte_writer_size(writer) - mark;
	size_t length_size = varint_size(size);
	uint8_t *content = writer->start + mark;

	if (byte_writer_failed(writer))
		return;
	if (length_size > LENGTH_ROOM) {
		byte_writer_fail(writer);
		return;
	}
	bytes_move(content - LENGTH_ROOM + length_size, content, size);
	byte_writer_rollback(writer, mark - LENGTH_ROOM);
	byte_writer_varint(writer, size);
	byte_writer_reserve(writer, size);
}
