/* Bytes for the tests of the wire room: from hexadecimal, and from the recorded sessions. */
#ifndef WIRE_TEST_H
#define WIRE_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/rng.h"

#define WIRE_TEST_SIZE 2048

struct wire_test_bytes {
	uint8_t bytes[WIRE_TEST_SIZE];
	size_t size;
};

/* Spaces are allowed between digits; anything else ends the test. */
struct wire_test_bytes wire_test_hex(const char *hex);
bool wire_test_equal(const struct wire_test_bytes *expected, const uint8_t *bytes, size_t size);
/* The `index`-th line with these first two words, of a file in tests/vectors. Size 0: no such line. */
struct wire_test_bytes wire_test_recorded(const char *file, const char *side, const char *what, int index);
/* A file with nothing but hexadecimal. */
struct wire_test_bytes wire_test_recorded_hex(const char *file);
/* A copy that ends where its memory ends, so that a read beyond it is seen. To be freed. */
uint8_t *wire_test_exact(const uint8_t *bytes, size_t size);
struct rng wire_test_rng(uint8_t seed);

#endif
