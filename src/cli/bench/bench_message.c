#include "cli/bench/bench_message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/bytes.h"

enum {
	HEADER = 16,
	LANES = 4, /* independent multiplications, so that hashing does not wait for each of them */
};

#define PRIME UINT64_C(0x9e3779b97f4a7c15)
#define SEEN_STEP UINT64_C(4194304)

static uint64_t read_word(const uint8_t *at)
{
	uint64_t word;

	bytes_copy(&word, at, sizeof(word));
	return word;
}

/* Cheap beside everything measured: about 20 GB/s. A changed, moved or missing word changes it. */
static uint64_t hash_content(const uint8_t *bytes, size_t size)
{
	uint64_t lanes[LANES] = { 1, 2, 3, 4 };
	size_t at = 0;

	for (; at + LANES * 8 <= size; at += LANES * 8)
		for (int i = 0; i < LANES; i++)
			lanes[i] = (lanes[i] ^ read_word(bytes + at + (size_t)i * 8)) * PRIME;
	for (; at + 8 <= size; at += 8)
		lanes[0] = (lanes[0] ^ read_word(bytes + at)) * PRIME;
	for (int i = 1; i < LANES; i++)
		lanes[0] = (lanes[0] ^ (lanes[i] >> 29) ^ lanes[i]) * PRIME;
	return lanes[0] ^ (lanes[0] >> 32);
}

static uint64_t hash_number(uint64_t number)
{
	return (number + 1) * PRIME;
}

/* --- source */

static void fill(struct bench_source *source)
{
	uint64_t state = PRIME;

	for (size_t at = 0; at + 8 <= source->size * BENCH_BATCH; at += 8) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		bytes_copy(source->bytes + at, &state, sizeof(state));
	}
}

void bench_source_init(struct bench_source *source, size_t size)
{
	*source = (struct bench_source){ .size = size, .bytes = malloc(size * BENCH_BATCH) };
	if (source->bytes == NULL)
		abort();
	fill(source);
	for (int i = 0; i < BENCH_BATCH; i++) {
		source->messages[i] = source->bytes + (size_t)i * size;
		source->hashes[i] = hash_content(source->messages[i] + HEADER, size - HEADER);
	}
}

void bench_source_free(struct bench_source *source)
{
	free(source->bytes);
}

const uint8_t *const *bench_source_prepare(struct bench_source *source, int count)
{
	for (int i = 0; i < count; i++) {
		uint64_t number = source->next + (uint64_t)i;
		uint64_t hash = source->hashes[i] ^ hash_number(number);
		bytes_copy(source->bytes + (size_t)i * source->size, &number, 8);
		bytes_copy(source->bytes + (size_t)i * source->size + 8, &hash, 8);
	}
	return source->messages;
}

void bench_source_sent(struct bench_source *source, int count)
{
	source->next += (uint64_t)count;
}

/* --- sink */

void bench_sink_init(struct bench_sink *sink, size_t size, bool in_order)
{
	*sink = (struct bench_sink){ .size = size, .in_order = in_order };
}

void bench_sink_free(struct bench_sink *sink)
{
	free(sink->seen);
}

static void complain(struct bench_sink *sink, const char *what, uint64_t number)
{
	if (sink->fault[0] == '\0')
		snprintf(sink->fault, sizeof(sink->fault), "message %" PRIu64 " of %" PRIu64 " %s", number, sink->count, what);
}

static void make_room(struct bench_sink *sink, uint64_t number)
{
	uint64_t max = (number / SEEN_STEP + 1) * SEEN_STEP;

	sink->seen = realloc(sink->seen, max / 8);
	if (sink->seen == NULL)
		abort();
	bytes_zero(sink->seen + sink->seen_max / 64, (max - sink->seen_max) / 8);
	sink->seen_max = max;
}

static bool is_first(struct bench_sink *sink, uint64_t number)
{
	uint64_t bit = UINT64_C(1) << (number % 64);
	bool first;

	if (number >= sink->seen_max)
		make_room(sink, number);
	first = (sink->seen[number / 64] & bit) == 0;
	sink->seen[number / 64] |= bit;
	return first;
}

void bench_sink_take(void *data, const uint8_t *bytes, size_t size)
{
	struct bench_sink *sink = data;
	uint64_t number, hash;

	if (size != sink->size) {
		complain(sink, "has another size", sink->count);
		return;
	}
	number = read_word(bytes);
	hash = hash_content(bytes + HEADER, size - HEADER) ^ hash_number(number);
	if (read_word(bytes + 8) != hash)
		complain(sink, "is damaged", sink->count);
	else if (sink->in_order && number != sink->count)
		complain(sink, number < sink->count ? "came again" : "came too early", number);
	else if (!sink->in_order && !is_first(sink, number))
		complain(sink, "came again", number);
	sink->count++;
	if (number >= sink->highest)
		sink->highest = number + 1;
}
