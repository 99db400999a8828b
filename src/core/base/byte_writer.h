/* byte_writer: a bounded cursor over a buffer to fill.
 *
 * Owns: the bounds check. Failure is sticky: a write that does not fit writes nothing, and all
 * that follow fail too, until a rollback to a mark taken before.
 * Does not know: what the bytes mean.
 */
#ifndef BASE_BYTE_WRITER_H
#define BASE_BYTE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool failed;
};

void byte_writer_init(struct byte_writer *writer, uint8_t *bytes, size_t capacity);

/* Bytes written so far; whole writes only. */
size_t byte_writer_size(const struct byte_writer *writer);
/* Room left; 0 after a failure. */
size_t byte_writer_remaining(const struct byte_writer *writer);
bool byte_writer_failed(const struct byte_writer *writer);
void byte_writer_fail(struct byte_writer *writer);

/* A mark is the size written; rolling back to one also forgets a failure that came after it. */
size_t byte_writer_mark(const struct byte_writer *writer);
void byte_writer_rollback(struct byte_writer *writer, size_t mark);

void byte_writer_u8(struct byte_writer *writer, uint8_t value);
void byte_writer_le16(struct byte_writer *writer, uint16_t value);
void byte_writer_le24(struct byte_writer *writer, uint32_t value);
void byte_writer_le32(struct byte_writer *writer, uint32_t value);
void byte_writer_le48(struct byte_writer *writer, uint64_t value);
void byte_writer_le64(struct byte_writer *writer, uint64_t value);
/* The low `size` bytes of `value`, 0-8. */
void byte_writer_le(struct byte_writer *writer, uint64_t value, size_t size);
void byte_writer_be16(struct byte_writer *writer, uint16_t value);
void byte_writer_be32(struct byte_writer *writer, uint32_t value);
void byte_writer_be64(struct byte_writer *writer, uint64_t value);
void byte_writer_varint(struct byte_writer *writer, uint64_t value);
void byte_writer_bytes(struct byte_writer *writer, const void *bytes, size_t size);
void byte_writer_zeros(struct byte_writer *writer, size_t size);
/* Takes `size` bytes to be filled by the caller, or null. */
uint8_t *byte_writer_reserve(struct byte_writer *writer, size_t size);

#endif
