/* bench_gauge: how much of the machine is left to us.
 *
 * Owns: a fixed work done by as many processes as a run has, for a while, and how much got done.
 * Does not know: runs.
 */
#ifndef CLI_BENCH_GAUGE_H
#define CLI_BENCH_GAUGE_H

#include <stdint.h>

/* Measures that long. More is better; only ratios of two gauges mean something. */
double bench_gauge_read(int64_t usec);

#endif
