/* bench_transfer: messages one way as fast as they go, and messages back and forth.
 *
 * Owns: what both processes do in the workloads that move messages.
 * Does not know: peers but for their functions, figures.
 */
#ifndef CLI_BENCH_TRANSFER_H
#define CLI_BENCH_TRANSFER_H

#include "cli/bench/bench_child.h"

/* The server waits for its connection and takes everything; the client sends as long as the plan says. */
void bench_transfer_receive(const struct bench_plan *plan, void *link, struct bench_outcome *out);
void bench_transfer_send(const struct bench_plan *plan, void *link, struct bench_outcome *out);

/* The server sends each message back; the client waits for it before it sends the next. */
void bench_transfer_echo(const struct bench_plan *plan, void *link, struct bench_outcome *out);
void bench_transfer_ping(const struct bench_plan *plan, void *link, struct bench_outcome *out);

#endif
