#include "cli/bench/bench_samples.h"

#include <stdlib.h>

static int compare_durations(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

static int compare_reals(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

void bench_samples_sum_up(int64_t *samples, int count, struct bench_outcome *out)
{
	qsort(samples, (size_t)count, sizeof(*samples), compare_durations);
	out->min_nsec = samples[0];
	out->p50_nsec = samples[count / 2];
	out->p99_nsec = samples[(int64_t)count * 99 / 100];
	out->max_nsec = samples[count - 1];
}

double bench_samples_median(double *samples, int count)
{
	qsort(samples, (size_t)count, sizeof(*samples), compare_reals);
	return count % 2 != 0 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}
