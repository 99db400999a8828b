#include "core/base/rng.h"

#include "core/base/bytes.h"

static uint32_t rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t state[16], const uint8_t index[4])
{
	uint32_t *a = &state[index[0]];
	uint32_t *b = &state[index[1]];
	uint32_t *c = &state[index[2]];
	uint32_t *d = &state[index[3]];
	*a += *b, *d = rotate(*d ^ *a, 16);
	*c += *d, *b = rotate(*b ^ *c, 12);
	*a += *b, *d = rotate(*d ^ *a, 8);
	*c += *d, *b = rotate(*b ^ *c, 7);
}

/* RFC 8439 §2.3, with a nonce of zero: no key is used for more than one refill. */
static void block(const uint8_t key[RNG_SEED_SIZE], uint32_t counter, uint8_t out[64])
{
	static const uint8_t rounds[8][4] = {
		{ 0, 4, 8, 12 },  { 1, 5, 9, 13 },  { 2, 6, 10, 14 }, { 3, 7, 11, 15 },
		{ 0, 5, 10, 15 }, { 1, 6, 11, 12 }, { 2, 7, 8, 13 },  { 3, 4, 9, 14 },
	};
	uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	uint32_t state[16];
	for (size_t i = 0; i < 8; i++) {
		const uint8_t *word = key + 4 * i;
		start[4 + i] = (uint32_t)word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 | (uint32_t)word[3] << 24;
	}
	start[12] = counter;
	bytes_copy(state, start, sizeof(state));
	for (int round = 0; round < 80; round++)
		quarter_round(state, rounds[round % 8]);
	for (size_t i = 0; i < 16; i++) {
		uint32_t word = state[i] + start[i];
		for (size_t j = 0; j < 4; j++, word >>= 8)
			out[4 * i + j] = (uint8_t)word;
	}
	bytes_wipe(start, sizeof(start));
	bytes_wipe(state, sizeof(state));
}

static void refill(struct rng *rng)
{
	for (uint32_t i = 0; i < RNG_BLOCKS; i++)
		block(rng->key, i, rng->buffer + 64 * (size_t)i);
	bytes_copy(rng->key, rng->buffer, RNG_SEED_SIZE);
	bytes_wipe(rng->buffer, RNG_SEED_SIZE);
	rng->used = RNG_SEED_SIZE;
}

void rng_init(struct rng *rng, const uint8_t seed[RNG_SEED_SIZE])
{
	bytes_zero(rng, sizeof(*rng));
	bytes_copy(rng->key, seed, RNG_SEED_SIZE);
	rng->used = sizeof(rng->buffer);
}

void rng_wipe(struct rng *rng)
{
	bytes_wipe(rng, sizeof(*rng));
	rng->used = sizeof(rng->buffer);
}

void rng_bytes(struct rng *rng, void *out, size_t size)
{
	uint8_t *to = out;
	while (size > 0) {
		if (rng->used == sizeof(rng->buffer))
			refill(rng);
		size_t part = sizeof(rng->buffer) - rng->used;
		if (part > size)
			part = size;
		bytes_copy(to, rng->buffer + rng->used, part);
		bytes_wipe(rng->buffer + rng->used, part);
		rng->used += part;
		to += part;
		size -= part;
	}
}

uint32_t rng_u32(struct rng *rng)
{
	return (uint32_t)rng_u64(rng);
}

uint64_t rng_u64(struct rng *rng)
{
	uint8_t bytes[8];
	uint64_t value = 0;
	rng_bytes(rng, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		value = value << 8 | bytes[i];
	return value;
}

uint64_t rng_below(struct rng *rng, uint64_t limit)
{
	if (limit == 0)
		return 0;
	/* The first 2^64 % limit values would make the small results more likely. */
	uint64_t skipped = (0 - limit) % limit;
	uint64_t value;
	do {
		value = rng_u64(rng);
	} while (value < skipped);
	return value % limit;
}
