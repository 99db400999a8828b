/* pb: protobuf fields on the cursors, without allocation.
 *
 * Owns: tags, the four encodings, lengths (docs/wire.md, "Protobuf").
 * Does not know: messages. A reader asks for one field after the other and switches on its tag, so
 * that an unknown field, or a known number in another encoding, is passed over.
 */
#ifndef WIRE_PB_H
#define WIRE_PB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"

/* Tags, for switch labels: number and encoding. */
#define PB_VARINT(number) ((uint32_t)(number) << 3)
#define PB_FIXED64(number) ((uint32_t)(number) << 3 | 1)
#define PB_BYTES(number) ((uint32_t)(number) << 3 | 2)
#define PB_FIXED32(number) ((uint32_t)(number) << 3 | 5)

struct pb_field {
	uint32_t tag;
	uint64_t value;       /* of a varint or a fixed number */
	const uint8_t *bytes; /* borrowed, never null; of strings, bytes, messages, packed numbers */
	size_t size;
};

struct pb_reader {
	struct byte_reader in;
};

void pb_reader_init(struct pb_reader *reader, const uint8_t *bytes, size_t size);
/* False at the end of the message and at the first malformed field: pb_reader_failed() tells. */
bool pb_next(struct pb_reader *reader, struct pb_field *out);
bool pb_reader_failed(const struct pb_reader *reader);

/* Appends the numbers of a repeated field, one or packed, to `values`. False: malformed, or more
 * than `max` in all. */
bool pb_add_numbers(const struct pb_field *field, uint32_t *values, size_t *count, size_t max);

void pb_write_varint(struct byte_writer *writer, uint32_t number, uint64_t value);
void pb_write_fixed32(struct byte_writer *writer, uint32_t number, uint32_t value);
void pb_write_fixed64(struct byte_writer *writer, uint32_t number, uint64_t value);
void pb_write_bytes(struct byte_writer *writer, uint32_t number, const void *bytes, size_t size);
/* A nested message: what is written between begin and end, given the mark, is its content. */
size_t pb_begin(struct byte_writer *writer, uint32_t number);
void pb_end(struct byte_writer *writer, size_t mark);

#endif
