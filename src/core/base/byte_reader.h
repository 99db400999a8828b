/* byte_reader: a bounded cursor over received bytes.
 *
 * Owns: the bounds check. Failure is sticky: after the first one every read gives 0 or null and
 * `failed` stays set, so a caller reads a whole structure and asks once.
 * Does not know: what the bytes mean. Never copies: views point into the input.
 */
#ifndef BASE_BYTE_READER_H
#define BASE_BYTE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_reader {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

void byte_reader_init(struct byte_reader *reader, const uint8_t *bytes, size_t size);

/* Bytes left; 0 after a failure. */
size_t byte_reader_remaining(const struct byte_reader *reader);
bool byte_reader_failed(const struct byte_reader *reader);
/* Nothing failed and nothing is left. */
bool byte_reader_at_end(const struct byte_reader *reader);
/* For callers that found a value out of range. */
void byte_reader_fail(struct byte_reader *reader);

uint8_t byte_reader_u8(struct byte_reader *reader);
/* The next byte without taking it. */
uint8_t byte_reader_peek_u8(struct byte_reader *reader);
uint16_t byte_reader_le16(struct byte_reader *reader);
uint32_t byte_reader_le24(struct byte_reader *reader);
uint32_t byte_reader_le32(struct byte_reader *reader);
uint64_t byte_reader_le48(struct byte_reader *reader);
uint64_t byte_reader_le64(struct byte_reader *reader);
/* `size` little-endian bytes, 0-8. */
uint64_t byte_reader_le(struct byte_reader *reader, size_t size);
uint16_t byte_reader_be16(struct byte_reader *reader);
uint32_t byte_reader_be32(struct byte_reader *reader);
uint64_t byte_reader_be64(struct byte_reader *reader);

/* Base-128, least significant group first. At most 5 bytes for 32 bits and 10 for 64; what the
 * last byte has too many is cut off, as the reference does. */
uint32_t byte_reader_varint32(struct byte_reader *reader);
uint64_t byte_reader_varint64(struct byte_reader *reader);

/* A view of the next `size` bytes (64 bits wide, as lengths come from the wire), or null. */
const uint8_t *byte_reader_bytes(struct byte_reader *reader, uint64_t size);
void byte_reader_skip(struct byte_reader *reader, uint64_t size);
/* A copy of the next `size` bytes; zeroes `out` on failure. */
void byte_reader_copy(struct byte_reader *reader, void *out, size_t size);
/* A reader of the next `size` bytes, which are taken from this one; failed when this one is. */
struct byte_reader byte_reader_sub(struct byte_reader *reader, uint64_t size);

#endif
