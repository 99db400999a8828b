#include "core/conn/percentiles.h"

#include <stdlib.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

void percentiles_free(struct percentiles *percentiles)
{
	alloc_free(percentiles->samples);
	bytes_zero(percentiles, sizeof *percentiles);
}

static void grow(struct percentiles *percentiles)
{
	if (percentiles->count < percentiles->capacity)
		return;
	/* Most connections are short or quiet: memory comes with the samples. */
	percentiles->capacity = percentiles->capacity == 0 ? 16 : percentiles->capacity * 2;
	percentiles->samples = alloc_resize(percentiles->samples, percentiles->capacity, sizeof *percentiles->samples);
}

void percentiles_add(struct percentiles *percentiles, struct rng *rng, uint16_t sample)
{
	uint64_t place;

	percentiles->total++;
	if (percentiles->count < PERCENTILES_SAMPLES_MAX) {
		grow(percentiles);
		percentiles->samples[percentiles->count++] = sample;
		return;
	}
	/* Each of all samples is kept with the same probability, whatever their order; that sorting
	 * changes the order of the kept ones is no harm. */
	place = rng_below(rng, percentiles->total);
	if (place < PERCENTILES_SAMPLES_MAX)
		percentiles->samples[place] = sample;
}

static int compare(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

int32_t percentiles_get(struct percentiles *percentiles, uint32_t percent, uint32_t needed)
{
	uint32_t at, index, rest;
	int32_t low, high;

	if (percentiles->count == 0 || percentiles->count < needed)
		return -1;
	qsort(percentiles->samples, percentiles->count, sizeof *percentiles->samples, compare);
	at = (percentiles->count - 1) * percent;
	index = at / 100;
	rest = at % 100;
	low = percentiles->samples[index];
	high = percentiles->samples[index + (rest > 0)];
	return low + (high - low) * (int32_t)rest / 100;
}
