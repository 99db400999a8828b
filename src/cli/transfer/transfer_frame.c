#include "cli/transfer/transfer_frame.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/bytes.h"

static void read_text(struct transfer_frame *out, struct byte_reader *reader, size_t max)
{
	out->text_size = byte_reader_le16(reader);
	if (out->text_size > max)
		byte_reader_fail(reader);
	out->text = (const char *)byte_reader_bytes(reader, out->text_size);
}

static void read_hello(struct transfer_frame *out, struct byte_reader *reader)
{
	if (byte_reader_u8(reader) != TRANSFER_VERSION)
		byte_reader_fail(reader);
	byte_reader_copy(reader, out->id, sizeof(out->id));
	out->count = byte_reader_le32(reader);
	out->size = (int64_t)byte_reader_le64(reader);
	if (out->count > TRANSFER_ENTRIES_MAX)
		byte_reader_fail(reader);
}

static void read_entry(struct transfer_frame *out, struct byte_reader *reader)
{
	out->index = byte_reader_le32(reader);
	out->entry = byte_reader_u8(reader);
	out->mode = byte_reader_le32(reader);
	out->modified = (int64_t)byte_reader_le64(reader);
	out->size = (int64_t)byte_reader_le64(reader);
	read_text(out, reader, TRANSFER_PATH_MAX);
	if ((out->entry != TRANSFER_FILE && out->entry != TRANSFER_FOLDER) || out->mode > 0777)
		byte_reader_fail(reader);
}

static void read_fields(struct transfer_frame *out, struct byte_reader *reader)
{
	switch (out->kind) {
	case TRANSFER_HELLO:
		read_hello(out, reader);
		break;
	case TRANSFER_ENTRY:
		read_entry(out, reader);
		break;
	case TRANSFER_HAVE:
		out->index = byte_reader_le32(reader);
		out->state = byte_reader_u8(reader);
		out->size = (int64_t)byte_reader_le64(reader);
		byte_reader_copy(reader, out->hash, sizeof(out->hash));
		break;
	case TRANSFER_START:
		out->index = byte_reader_le32(reader);
		out->size = (int64_t)byte_reader_le64(reader);
		break;
	case TRANSFER_DATA:
		out->data_size = byte_reader_remaining(reader);
		out->data = byte_reader_bytes(reader, out->data_size);
		break;
	case TRANSFER_END:
		out->index = byte_reader_le32(reader);
		out->size = (int64_t)byte_reader_le64(reader);
		byte_reader_copy(reader, out->hash, sizeof(out->hash));
		break;
	case TRANSFER_RESULT:
		out->index = byte_reader_le32(reader);
		out->state = byte_reader_u8(reader);
		read_text(out, reader, TRANSFER_TEXT_MAX);
		break;
	case TRANSFER_DONE:
		break;
	default:
		byte_reader_fail(reader);
		break;
	}
}

bool transfer_frame_read(struct transfer_frame *out, const uint8_t *bytes, size_t size)
{
	struct byte_reader reader;
	bool may_be_unknown;

	bytes_zero(out, sizeof(*out));
	byte_reader_init(&reader, bytes, size);
	out->kind = (enum transfer_frame_kind)byte_reader_u8(&reader);
	read_fields(out, &reader);
	may_be_unknown = out->kind == TRANSFER_HELLO || out->kind == TRANSFER_ENTRY;
	return byte_reader_at_end(&reader) && out->size >= (may_be_unknown ? -1 : 0) && out->index < TRANSFER_ENTRIES_MAX &&
	       out->state <= TRANSFER_HAVE_OTHER;
}

static void write_text(const struct transfer_frame *frame, struct byte_writer *writer)
{
	byte_writer_le16(writer, (uint16_t)frame->text_size);
	byte_writer_bytes(writer, frame->text, frame->text_size);
}

size_t transfer_frame_write(const struct transfer_frame *frame, uint8_t *out, size_t capacity)
{
	struct byte_writer writer;

	byte_writer_init(&writer, out, capacity);
	byte_writer_u8(&writer, (uint8_t)frame->kind);
	if (frame->kind == TRANSFER_HELLO) {
		byte_writer_u8(&writer, TRANSFER_VERSION);
		byte_writer_bytes(&writer, frame->id, sizeof(frame->id));
		byte_writer_le32(&writer, frame->count);
		byte_writer_le64(&writer, (uint64_t)frame->size);
	} else if (frame->kind != TRANSFER_DONE) {
		byte_writer_le32(&writer, frame->index);
	}
	if (frame->kind == TRANSFER_ENTRY) {
		byte_writer_u8(&writer, frame->entry);
		byte_writer_le32(&writer, frame->mode);
		byte_writer_le64(&writer, (uint64_t)frame->modified);
		byte_writer_le64(&writer, (uint64_t)frame->size);
		write_text(frame, &writer);
	}
	if (frame->kind == TRANSFER_HAVE || frame->kind == TRANSFER_RESULT)
		byte_writer_u8(&writer, frame->state);
	if (frame->kind == TRANSFER_HAVE || frame->kind == TRANSFER_START || frame->kind == TRANSFER_END)
		byte_writer_le64(&writer, (uint64_t)frame->size);
	if (frame->kind == TRANSFER_HAVE || frame->kind == TRANSFER_END)
		byte_writer_bytes(&writer, frame->hash, sizeof(frame->hash));
	if (frame->kind == TRANSFER_RESULT)
		write_text(frame, &writer);
	return byte_writer_failed(&writer) ? 0 : byte_writer_size(&writer);
}
