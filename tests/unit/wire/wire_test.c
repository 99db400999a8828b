#include "unit/wire/wire_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 8192

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct wire_test_bytes wire_test_hex(const char *hex)
{
	struct wire_test_bytes out = { .size = 0 };

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ' || *hex == '\n')
			continue;
		if (digit(hex[0]) < 0 || digit(hex[1]) < 0 || out.size == WIRE_TEST_SIZE)
			abort();
		out.bytes[out.size++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
		hex++;
	}
	return out;
}

bool wire_test_equal(const struct wire_test_bytes *expected, const uint8_t *bytes, size_t size)
{
	return expected->size == size && memcmp(expected->bytes, bytes, size) == 0;
}

static FILE *open_vector(const char *file)
{
	char path[1024];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", KITH_VECTORS, file);
	stream = fopen(path, "r");
	if (stream == NULL)
		abort();
	return stream;
}

struct wire_test_bytes wire_test_recorded(const char *file, const char *side, const char *what, int index)
{
	FILE *stream = open_vector(file);
	struct wire_test_bytes out = { .size = 0 };
	char line[LINE_SIZE], start[64];
	size_t start_size = (size_t)snprintf(start, sizeof(start), "%s %s ", side, what);

	while (fgets(line, sizeof(line), stream) != NULL) {
		if (strncmp(line, start, start_size) != 0 || index-- > 0)
			continue;
		out = wire_test_hex(line + start_size);
		break;
	}
	fclose(stream);
	return out;
}

struct wire_test_bytes wire_test_recorded_hex(const char *file)
{
	FILE *stream = open_vector(file);
	char line[LINE_SIZE] = "";

	if (fgets(line, sizeof(line), stream) == NULL)
		abort();
	fclose(stream);
	return wire_test_hex(line);
}

uint8_t *wire_test_exact(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, bytes, size);
	return copy;
}

struct rng wire_test_rng(uint8_t seed)
{
	uint8_t bytes[RNG_SEED_SIZE] = { seed };
	struct rng rng;

	rng_init(&rng, bytes);
	return rng;
}
