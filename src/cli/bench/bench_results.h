/* bench_results: the figures of one workload, and how they are told.
 *
 * Owns: the values of every peer and round, medians and ratios, a table or JSON.
 * Does not know: how they came about.
 */
#ifndef CLI_BENCH_RESULTS_H
#define CLI_BENCH_RESULTS_H

#include "cli/bench/bench_peers.h"
#include "cli/bench/bench_workload.h"
#include "cli/output.h"

enum { BENCH_ROUNDS_MAX = 32 };

struct bench_results {
	const struct bench_workload *workload;
	const struct bench_peer *peers[BENCH_PEERS_MAX];
	int peers_count;
	int rounds; /* that count */
	int noisy;  /* of these: those that the machine was busy with others in */
	double values[BENCH_PEERS_MAX][BENCH_ROUNDS_MAX][BENCH_METRICS_MAX];
	char failure[BENCH_PEERS_MAX][BENCH_WHERE_MAX]; /* empty: none */
};

void bench_results_print(struct bench_results *results, struct output *output);

#endif
