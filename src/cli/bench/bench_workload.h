/* bench_workload: what is measured: the work of both processes, and what their figures are.
 *
 * Owns: the table of workloads and the sums from what was measured to what is told.
 * Does not know: peers, rounds, output.
 */
#ifndef CLI_BENCH_WORKLOAD_H
#define CLI_BENCH_WORKLOAD_H

#include "cli/bench/bench_child.h"

enum {
	BENCH_METRICS_MAX = 7,
	BENCH_COMPARED = 2, /* the first metrics are compared between peers */
};

struct bench_metric {
	const char *name; /* in JSON */
	const char *title;
	int decimals;
};

/* How long a run is. */
struct bench_scale {
	int64_t transfer_usec;
	int64_t idle_usec;
	int pings;
	int connects;
	int connections;
};

struct bench_workload {
	const char *name;
	const char *about;
	unsigned needs; /* of a peer */
	size_t size;
	bool reliable;
	bool urgent;
	const struct bench_metric *metrics; /* BENCH_METRICS_MAX, or up to one without a name */
	bench_role_fn *server, *client;
	void (*scale)(const struct bench_scale *scale, struct bench_plan *plan);
	/* A figure that nobody measured is negative. */
	void (*evaluate)(const struct bench_outcome out[2], double values[BENCH_METRICS_MAX]);
};

extern const struct bench_workload bench_workloads[]; /* ends with a null name */

int bench_workload_metrics(const struct bench_workload *workload);
void bench_workload_plan(const struct bench_workload *workload, const struct bench_scale *scale,
                         const struct bench_peer *peer, struct bench_plan *out);

#endif
