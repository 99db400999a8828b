#include <criterion/criterion.h>

#include "core/conn/percentiles.h"

static const uint8_t seed[RNG_SEED_SIZE] = { 1 };

Test(percentiles, say_nothing_without_enough_samples)
{
	struct percentiles some = { 0 };
	struct rng rng;

	rng_init(&rng, seed);
	cr_assert_eq(percentiles_get(&some, 50, 0), -1);
	percentiles_add(&some, &rng, 7);
	cr_assert_eq(percentiles_get(&some, 50, 2), -1);
	cr_assert_eq(percentiles_get(&some, 50, 1), 7);
	percentiles_free(&some);
}

Test(percentiles, lie_between_neighbours)
{
	struct percentiles some = { 0 };
	struct rng rng;

	rng_init(&rng, seed);
	for (uint16_t i = 101; i > 0; i--)
		percentiles_add(&some, &rng, (uint16_t)((i - 1) * 10));
	cr_assert_eq(percentiles_get(&some, 5, 20), 50);
	cr_assert_eq(percentiles_get(&some, 50, 20), 500);
	cr_assert_eq(percentiles_get(&some, 98, 50), 980);
	percentiles_add(&some, &rng, 1010);
	/* 102 samples: the place is 50.5. */
	cr_assert_eq(percentiles_get(&some, 50, 2), 505);
	percentiles_free(&some);
}

Test(percentiles, many_samples_are_spoken_for_by_some_in_whatever_order_they_come)
{
	struct percentiles some = { 0 };
	struct rng rng;

	rng_init(&rng, seed);
	/* Ever growing: the first or the last ones alone would be far off. */
	for (unsigned i = 0; i < 60000; i++) {
		percentiles_add(&some, &rng, (uint16_t)i);
		if (i % 5000 == 0)
			percentiles_get(&some, 50, 1);
	}
	cr_assert_eq(some.count, PERCENTILES_SAMPLES_MAX);
	cr_assert_eq(some.total, 60000);
	cr_assert(percentiles_get(&some, 50, 2) > 26000 && percentiles_get(&some, 50, 2) < 34000, "%d",
	          (int)percentiles_get(&some, 50, 2));
	cr_assert(percentiles_get(&some, 5, 2) > 1000 && percentiles_get(&some, 5, 2) < 5500);
	cr_assert(percentiles_get(&some, 95, 2) > 54500 && percentiles_get(&some, 95, 2) < 59000);
	percentiles_free(&some);
}
