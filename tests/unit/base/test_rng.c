#include "core/base/rng.h"

#include <criterion/criterion.h>
#include <stdbool.h>

/* RFC 8439, appendix A.1, vectors 1 and 2: the key stream of the zero key with counters 0 and 1.
 * The first 32 bytes become the next key, so drawing starts behind them. */
Test(rng, is_the_key_stream_of_chacha20)
{
	static const uint8_t seed[RNG_SEED_SIZE];
	static const uint8_t first[] = { 0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24, 0xe0,
		                             0x3f, 0xb8, 0xd8, 0x4a, 0x37, 0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18,
		                             0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69, 0xb2, 0xee, 0x65, 0x86 };
	static const uint8_t second[] = { 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a,
		                              0x98, 0xba, 0x97, 0x7c, 0x73, 0x2d, 0x08, 0x0d };
	uint8_t bytes[48];
	struct rng rng;
	rng_init(&rng, seed);
	rng_bytes(&rng, bytes, sizeof(bytes));
	cr_assert_arr_eq(bytes, first, sizeof(first));
	cr_assert_arr_eq(bytes + 32, second, sizeof(second));
}

Test(rng, same_seed_same_bytes_however_they_are_drawn)
{
	static const uint8_t seed[RNG_SEED_SIZE] = { 1, 2, 3 };
	uint8_t whole[2000];
	uint8_t parts[2000];
	struct rng rng;
	rng_init(&rng, seed);
	rng_bytes(&rng, whole, sizeof(whole));
	rng_init(&rng, seed);
	for (size_t at = 0, size = 1; at < sizeof(parts); at += size, size = size % 37 + 1) {
		if (size > sizeof(parts) - at)
			size = sizeof(parts) - at;
		rng_bytes(&rng, parts + at, size);
	}
	cr_assert_arr_eq(whole, parts, sizeof(whole));
}

Test(rng, every_bit_of_the_seed_counts)
{
	uint8_t seed[RNG_SEED_SIZE] = { 0 };
	struct rng rng;
	rng_init(&rng, seed);
	uint64_t zero = rng_u64(&rng);
	for (int bit = 0; bit < 256; bit++) {
		seed[bit / 8] = (uint8_t)(1 << bit % 8);
		rng_init(&rng, seed);
		cr_expect_neq(rng_u64(&rng), zero, "bit %d", bit);
		seed[bit / 8] = 0;
	}
}

Test(rng, drawn_bytes_and_old_keys_are_gone)
{
	static const uint8_t seed[RNG_SEED_SIZE] = { 42 };
	uint8_t drawn[16];
	struct rng rng;
	rng_init(&rng, seed);
	rng_bytes(&rng, drawn, sizeof(drawn));
	bool found = false;
	for (size_t i = 0; i + sizeof(drawn) <= sizeof(rng); i++)
		found |= memcmp((uint8_t *)&rng + i, drawn, sizeof(drawn)) == 0;
	cr_assert_not(found);
	cr_assert(memcmp(rng.key, seed, sizeof(seed)) != 0);
}

Test(rng, below_stays_below_and_reaches_all)
{
	static const uint8_t seed[RNG_SEED_SIZE] = { 9 };
	unsigned seen[7] = { 0 };
	struct rng rng;
	rng_init(&rng, seed);
	for (int i = 0; i < 7000; i++) {
		uint64_t value = rng_below(&rng, 7);
		cr_assert_lt(value, 7);
		seen[value]++;
	}
	for (int i = 0; i < 7; i++)
		cr_expect(seen[i] > 850 && seen[i] < 1150, "%d: %u", i, seen[i]);
	cr_assert_eq(rng_below(&rng, 0), 0);
	cr_assert_eq(rng_below(&rng, 1), 0);
}
