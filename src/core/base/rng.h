/* rng: unpredictable bytes from one 32-byte seed, the same for the same seed.
 *
 * Owns: a ChaCha20 key stream (RFC 8439) whose key is replaced after every refill, so that a look
 * into memory does not reveal what was drawn before. Fit for keys.
 * Does not know: where the seed comes from.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

#define RNG_SEED_SIZE 32
#define RNG_BLOCKS 4

struct rng {
	uint8_t key[RNG_SEED_SIZE];
	uint8_t buffer[RNG_BLOCKS * 64]; /* drawn bytes are cleared */
	size_t used;
};

void rng_init(struct rng *rng, const uint8_t seed[RNG_SEED_SIZE]);
void rng_wipe(struct rng *rng);

void rng_bytes(struct rng *rng, void *out, size_t size);
uint32_t rng_u32(struct rng *rng);
uint64_t rng_u64(struct rng *rng);
/* Uniform in [0, limit); 0 for a limit of 0. */
uint64_t rng_below(struct rng *rng, uint64_t limit);

#endif
