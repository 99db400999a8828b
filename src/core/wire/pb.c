#include "core/wire/pb.h"

#include "core/base/bytes.h"
#include "core/base/varint.h"

/* The encoding is the low three bits of a tag. */
enum { TYPE_VARINT = 0, TYPE_FIXED64 = 1, TYPE_BYTES = 2, TYPE_FIXED32 = 5 };

void pb_reader_init(struct pb_reader *reader, const uint8_t *bytes, size_t size)
{
	byte_reader_init(&reader->in, bytes, size);
}

bool pb_reader_failed(const struct pb_reader *reader)
{
	return byte_reader_failed(&reader->in);
}

bool pb_next(struct pb_reader *reader, struct pb_field *out)
{
	struct byte_reader *in = &reader->in;

	if (byte_reader_remaining(in) == 0)
		return false;
	out->tag = byte_reader_varint32(in);
	out->value = 0;
	out->bytes = NULL;
	out->size = 0;
	if (out->tag >> 3 == 0)
		byte_reader_fail(in);
	switch (out->tag & 7u) {
	case TYPE_VARINT:
		out->value = byte_reader_varint64(in);
		break;
	case TYPE_FIXED64:
		out->value = byte_reader_le64(in);
		break;
	case TYPE_BYTES:
		out->size = byte_reader_varint32(in);
		out->bytes = byte_reader_bytes(in, out->size);
		break;
	case TYPE_FIXED32:
		out->value = byte_reader_le32(in);
		break;
	default: /* groups, which nobody sends, and two codes without meaning */
		byte_reader_fail(in);
		break;
	}
	return !byte_reader_failed(in);
}

bool pb_add_numbers(const struct pb_field *field, uint32_t *values, size_t *count, size_t max)
{
	struct byte_reader packed;

	if ((field->tag & 7u) != TYPE_BYTES) {
		if (*count == max)
			return false;
		values[(*count)++] = (uint32_t)field->value;
		return true;
	}
	byte_reader_init(&packed, field->bytes, field->size);
	while (byte_reader_remaining(&packed) > 0) {
		uint64_t value = byte_reader_varint64(&packed);
		if (byte_reader_failed(&packed) || *count == max)
			return false;
		values[(*count)++] = (uint32_t)value;
	}
	return true;
}

void pb_write_varint(struct byte_writer *writer, uint32_t number, uint64_t value)
{
	byte_writer_varint(writer, PB_VARINT(number));
	byte_writer_varint(writer, value);
}

void pb_write_fixed32(struct byte_writer *writer, uint32_t number, uint32_t value)
{
	byte_writer_varint(writer, PB_FIXED32(number));
	byte_writer_le32(writer, value);
}

void pb_write_fixed64(struct byte_writer *writer, uint32_t number, uint64_t value)
{
	byte_writer_varint(writer, PB_FIXED64(number));
	byte_writer_le64(writer, value);
}

void pb_write_bytes(struct byte_writer *writer, uint32_t number, const void *bytes, size_t size)
{
	byte_writer_varint(writer, PB_BYTES(number));
	byte_writer_varint(writer, size);
	byte_writer_bytes(writer, bytes, size);
}

size_t pb_begin(struct byte_writer *writer, uint32_t number)
{
	byte_writer_varint(writer, PB_BYTES(number));
	byte_writer_u8(writer, 0); /* the length, should one byte do */
	return byte_writer_mark(writer);
}

/* The length is written in as few bytes as possible, as every serializer does: what is nested may
 * be signed somewhere further out, and recorded bytes are compared. */
void pb_end(struct byte_writer *writer, size_t mark)
{
	struct byte_writer length;
	size_t size = byte_writer_size(writer) - mark;
	size_t more = varint_size(size) - 1;

	byte_writer_reserve(writer, more);
	if (byte_writer_failed(writer))
		return;
	bytes_move(writer->start + mark + more, writer->start + mark, size);
	byte_writer_init(&length, writer->start + mark - 1, more + 1);
	byte_writer_varint(&length, size);
}
