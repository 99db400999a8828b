/* bench_samples: what many durations come to. */
#ifndef CLI_BENCH_SAMPLES_H
#define CLI_BENCH_SAMPLES_H

#include "cli/bench/bench_child.h"

/* Sorts them; at least one. */
void bench_samples_sum_up(int64_t *samples, int count, struct bench_outcome *out);
/* Sorts them and returns the middle one. */
double bench_samples_median(double *samples, int count);

#endif
