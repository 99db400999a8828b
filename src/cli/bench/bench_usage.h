/* bench_usage: what this process has used: time, processor, memory, allocations.
 *
 * Owns: reading them from the system.
 * Does not know: what was done with them.
 */
#ifndef CLI_BENCH_USAGE_H
#define CLI_BENCH_USAGE_H

#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC, which all processes of a machine share. */
int64_t bench_usage_now(void);
/* Processor time of all threads of this process, in nanoseconds; the system's own included. */
int64_t bench_usage_cpu(void);
/* Bytes of memory that only this process has. */
int64_t bench_usage_memory(void);

#endif
