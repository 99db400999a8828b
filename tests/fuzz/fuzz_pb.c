/* Fields: each one read, written again, is read the same; views stay inside the message. */
#include "core/wire/pb.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NUMBERS_MAX 16

static void write_field(struct byte_writer *writer, const struct pb_field *field)
{
	uint32_t number = field->tag >> 3;

	if (field->tag == PB_VARINT(number))
		pb_write_varint(writer, number, field->value);
	else if (field->tag == PB_FIXED32(number))
		pb_write_fixed32(writer, number, (uint32_t)field->value);
	else if (field->tag == PB_FIXED64(number))
		pb_write_fixed64(writer, number, field->value);
	else
		pb_write_bytes(writer, number, field->bytes, field->size);
}

static void check_field(const struct pb_field *field)
{
	static uint8_t out[1 << 16];
	uint32_t numbers[NUMBERS_MAX];
	struct byte_writer writer;
	struct pb_reader reader;
	struct pb_field back;
	size_t count = 0;

	byte_writer_init(&writer, out, sizeof(out));
	write_field(&writer, field);
	if (byte_writer_failed(&writer))
		return;
	pb_reader_init(&reader, out, byte_writer_size(&writer));
	if (!pb_next(&reader, &back) || back.tag != field->tag || back.value != field->value || back.size != field->size ||
	    (field->size > 0 && memcmp(back.bytes, field->bytes, field->size) != 0))
		abort();
	if (pb_add_numbers(field, numbers, &count, NUMBERS_MAX) && count > NUMBERS_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	pb_reader_init(&reader, data, size);
	while (pb_next(&reader, &field)) {
		if (field.bytes != NULL && (field.bytes < data || field.bytes + field.size > data + size))
			abort();
		check_field(&field);
	}
	return 0;
}
