/* bench_connect: connections: how quickly they come up, what they cost when nothing happens.
 *
 * Owns: what both processes do in the workloads about connections.
 * Does not know: peers but for their functions, figures.
 */
#ifndef CLI_BENCH_CONNECT_H
#define CLI_BENCH_CONNECT_H

#include "cli/bench/bench_child.h"

/* The server of all three that follow the client's word. */
void bench_connect_serve(const struct bench_plan *plan, void *link, struct bench_outcome *out);
/* One connection after the other, each ended before the next. */
void bench_connect_singly(const struct bench_plan *plan, void *link, struct bench_outcome *out);
/* All at once. */
void bench_connect_together(const struct bench_plan *plan, void *link, struct bench_outcome *out);

/* All of them up, then a while in which nobody says anything. */
void bench_connect_serve_idle(const struct bench_plan *plan, void *link, struct bench_outcome *out);
void bench_connect_idle(const struct bench_plan *plan, void *link, struct bench_outcome *out);

#endif
