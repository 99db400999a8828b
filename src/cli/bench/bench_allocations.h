/* bench_allocations: how often this process has asked for memory.
 *
 * Owns: one count of all threads. A program that counts links bench_allocations_counted.c, which puts
 * itself before the C library's functions; the `kith` command does not, and links the other file.
 */
#ifndef CLI_BENCH_ALLOCATIONS_H
#define CLI_BENCH_ALLOCATIONS_H

#include <stdint.h>

/* Negative: nobody counts. */
int64_t bench_allocations_count(void);

#endif
