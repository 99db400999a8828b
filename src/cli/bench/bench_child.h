/* bench_child: the two processes of a run, how they are told things and what they tell.
 *
 * Owns: starting and ending them, the channel between them, the channel to the one that started them.
 * Does not know: what is measured.
 */
#ifndef CLI_BENCH_CHILD_H
#define CLI_BENCH_CHILD_H

#include "cli/bench/bench_peer.h"

/* What a process has measured; what does not apply is 0. */
struct bench_outcome {
	int64_t begin_nsec, end_nsec; /* of CLOCK_MONOTONIC, the same in both */
	int64_t cpu_nsec;
	uint64_t messages, bytes;
	uint64_t lost;
	double allocations; /* a message; negative: not counted */
	int64_t min_nsec, p50_nsec, p99_nsec, max_nsec;
	int64_t memory; /* bytes */
};

typedef void bench_role_fn(const struct bench_plan *plan, void *link, struct bench_outcome *out);

/* Runs `server` and `client`, each in a process with the peer's link open. False: `why` says what
 * went wrong. */
bool bench_child_run(const struct bench_plan *plan, bench_role_fn *server, bench_role_fn *client,
                     struct bench_outcome out[2], char why[BENCH_WHERE_MAX]);

/* --- inside of such a process */

/* Ends it: the run has failed. */
void bench_child_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* Tells the other process a number. */
void bench_child_tell(uint64_t number);
/* Whether the other process has told one; waits up to so long. */
bool bench_child_heard(uint64_t *number, int timeout_msec);

/* A process of its own that runs until the program ends, as a signaling server does. `run` writes
 * where it can be found by calling `ready`. False: it did not start. */
typedef void bench_service_fn(void (*ready)(const char *where));
bool bench_child_serve(bench_service_fn *run, char where[BENCH_WHERE_MAX]);

#endif
