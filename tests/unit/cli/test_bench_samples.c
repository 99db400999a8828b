#include <criterion/criterion.h>

#include "cli/bench/bench_samples.h"

Test(bench_samples, percentiles_of_a_thousand)
{
	struct bench_outcome outcome = { 0 };
	int64_t samples[1000];

	for (int i = 0; i < 1000; i++)
		samples[(i * 7) % 1000] = i + 1;
	bench_samples_sum_up(samples, 1000, &outcome);
	cr_assert_eq(outcome.min_nsec, 1);
	cr_assert_eq(outcome.p50_nsec, 501);
	cr_assert_eq(outcome.p99_nsec, 991);
	cr_assert_eq(outcome.max_nsec, 1000);
}

Test(bench_samples, a_single_one_is_everything)
{
	struct bench_outcome outcome = { 0 };
	int64_t sample = 5;

	bench_samples_sum_up(&sample, 1, &outcome);
	cr_assert_eq(outcome.min_nsec, 5);
	cr_assert_eq(outcome.p99_nsec, 5);
}

Test(bench_samples, the_median_is_in_the_middle)
{
	double odd[] = { 3, 1, 2 }, even[] = { 4, 1, 3, 2 };

	cr_assert_float_eq(bench_samples_median(odd, 3), 2, 1e-9);
	cr_assert_float_eq(bench_samples_median(even, 4), 2.5, 1e-9);
}
