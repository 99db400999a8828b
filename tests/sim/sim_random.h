/* sim_random: the world's dice. One 64-bit state (SplitMix64), so that a seed is one number; or a
 * script, so that a fuzzer decides what would have been chance, until the script ends.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_random {
	uint64_t state;
	const uint8_t *script; /* null: none */
	size_t script_left;
};

/* Never of the script: for what is only to be different each time. */
static inline uint64_t sim_random_u64(struct sim_random *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* A byte for few possibilities, two for many, spread over all of them. */
static inline uint64_t sim_random_scripted(struct sim_random *random, uint64_t below)
{
	uint64_t value = *random->script++;

	random->script_left--;
	if (below <= 256 || random->script_left == 0)
		return value % below;
	value = value << 8 | *random->script++;
	random->script_left--;
	return below <= 65536 ? value % below : value * (below / 65536) % below;
}

/* 0 .. below-1; `below` > 0. */
static inline uint64_t sim_random_below(struct sim_random *random, uint64_t below)
{
	if (random->script_left > 0)
		return sim_random_scripted(random, below);
	return sim_random_u64(random) % below;
}

/* True in `millionths` of 1,000,000 cases. */
static inline bool sim_random_chance(struct sim_random *random, uint32_t millionths)
{
	return sim_random_u64(random) % 1000000 < millionths;
}

#endif
