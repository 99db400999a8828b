/* text: building and reading short texts without the C library's formats and locales.
 *
 * Owns: a bounded, always terminated builder, and strict reading of numbers and hexadecimal.
 * Does not know: what is said.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What does not fit is cut off, and `cut` tells. */
struct text {
	char *start;
	size_t size; /* without the NUL */
	size_t capacity;
	bool cut;
};

/* `capacity` counts the NUL and is at least 1. */
void text_init(struct text *text, char *buffer, size_t capacity);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t size);
void text_add_char(struct text *text, char character);
void text_add_i64(struct text *text, int64_t number);
void text_add_u64(struct text *text, uint64_t number);
/* Lower case, no leading zeros, at least one digit. */
void text_add_hex(struct text *text, uint64_t number);
/* Two lower-case digits a byte. */
void text_add_hex_bytes(struct text *text, const uint8_t *bytes, size_t size);
/* Three decimals at most, zeros at the end dropped; for |number| < 2^52. */
void text_add_double(struct text *text, double number);

/* Puts '?' for control characters: bytes of a peer must not command a terminal, nor begin a line. */
void text_clean(char *string);

/* The whole of the bytes: digits only, no sign for u64, one '-' allowed for i64. False: not a
 * number, or too large; `*out` is then unchanged. */
bool text_read_u64(const char *bytes, size_t size, uint64_t *out);
bool text_read_i64(const char *bytes, size_t size, int64_t *out);
/* "0", "-1.5", "100.": digits with at most one point. */
bool text_read_double(const char *bytes, size_t size, double *out);
/* An even number of digits of either case, at most `capacity` bytes. Returns how many bytes were
 * written, 0 when it is not that. */
size_t text_read_hex(const char *bytes, size_t size, uint8_t *out, size_t capacity);

#endif
