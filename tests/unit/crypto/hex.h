/* hex: test vectors are written as text. */
#ifndef TESTS_CRYPTO_HEX_H
#define TESTS_CRYPTO_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline unsigned hex_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

/* Returns the number of bytes; at most `capacity` are written. */
static inline size_t hex_read(uint8_t *out, size_t capacity, const char *text)
{
	size_t size = strlen(text) / 2;

	for (size_t i = 0; i < size && i < capacity; i++)
		out[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
	return size;
}

/* Are these bytes, and no more, what the text says? */
static inline int hex_is(const uint8_t *bytes, size_t size, const char *text)
{
	uint8_t expected[2048];

	return hex_read(expected, sizeof(expected), text) == size && memcmp(bytes, expected, size) == 0;
}

#endif
