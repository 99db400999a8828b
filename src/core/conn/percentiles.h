/* percentiles: below which value a given part of all samples lies.
 *
 * Owns: a random choice of the samples, of bounded size, which speaks for all there ever were.
 * Does not know: what is measured. Zeroed is empty.
 */
#ifndef CONN_PERCENTILES_H
#define CONN_PERCENTILES_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/rng.h"

/* With these even the 98th percentile has ten samples above it. */
#define PERCENTILES_SAMPLES_MAX 512u

struct percentiles {
	uint16_t *samples;
	uint32_t count, capacity; /* of those kept */
	uint64_t total;           /* of all there were */
};

void percentiles_free(struct percentiles *percentiles);
void percentiles_add(struct percentiles *percentiles, struct rng *rng, uint16_t sample);
/* `percent` 1-99, interpolated. -1: fewer than `needed` samples. Sorts what is kept. */
int32_t percentiles_get(struct percentiles *percentiles, uint32_t percent, uint32_t needed);

#endif
