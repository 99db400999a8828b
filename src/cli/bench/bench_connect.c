#include "cli/bench/bench_connect.h"

#include <stdlib.h>

#include "cli/bench/bench_samples.h"
#include "cli/bench/bench_usage.h"

enum {
	WAIT_USEC = 5000,
	/* Connections that come up before memory is first looked at: the first ones bring what is made once. */
	FIRST = 10,
	SETTLE_USEC = 1000 * 1000,
};

#define CONNECT_LIMIT_NSEC INT64_C(30000000000)

static void await_connected(const struct bench_plan *plan, void *link, int count)
{
	int64_t limit = bench_usage_now() + CONNECT_LIMIT_NSEC;

	while (plan->peer->connected(link) < count) {
		if (bench_usage_now() > limit)
			bench_child_fail("%d of %d connections came up", plan->peer->connected(link), count);
		plan->peer->wait(link, false, WAIT_USEC);
	}
}

/* Serves until the other process says something. */
static uint64_t serve_until_told(const struct bench_plan *plan, void *link)
{
	uint64_t number = 0;

	while (!bench_child_heard(&number, 0))
		plan->peer->wait(link, false, WAIT_USEC);
	return number;
}

void bench_connect_serve(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	out->cpu_nsec = bench_usage_cpu();
	out->messages = serve_until_told(plan, link);
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
}

void bench_connect_singly(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	int64_t *samples = calloc((size_t)plan->rounds, sizeof(*samples));

	out->cpu_nsec = bench_usage_cpu();
	for (int i = 0; i < plan->rounds; i++) {
		int64_t begin = bench_usage_now();
		plan->peer->call(link, 1);
		await_connected(plan, link, 1);
		samples[i] = bench_usage_now() - begin;
		plan->peer->hang_up(link);
	}
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
	out->messages = (uint64_t)plan->rounds;
	bench_samples_sum_up(samples, plan->rounds, out);
	bench_child_tell((uint64_t)plan->rounds);
	free(samples);
}

void bench_connect_together(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	out->cpu_nsec = bench_usage_cpu();
	out->begin_nsec = bench_usage_now();
	plan->peer->call(link, plan->connections);
	await_connected(plan, link, plan->connections);
	out->end_nsec = bench_usage_now();
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
	out->messages = (uint64_t)plan->connections;
	bench_child_tell((uint64_t)plan->connections);
}

/* --- idle */

static void idle(const struct bench_plan *plan, void *link, int64_t usec)
{
	int64_t end = bench_usage_now() + usec * 1000;

	for (int64_t left = usec; left > 0; left = (end - bench_usage_now()) / 1000)
		plan->peer->wait(link, false, left);
}

/* Both do this at the same time, from the moment all connections are up on both sides. */
static void measure_idle(const struct bench_plan *plan, void *link, int64_t memory_before, struct bench_outcome *out)
{
	idle(plan, link, plan->peer->settle_usec > 0 ? plan->peer->settle_usec : SETTLE_USEC);
	out->cpu_nsec = bench_usage_cpu();
	out->begin_nsec = bench_usage_now();
	idle(plan, link, plan->duration_usec);
	out->end_nsec = bench_usage_now();
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
	out->memory = bench_usage_memory() - memory_before;
	out->messages = (uint64_t)(plan->connections - FIRST);
	if (plan->peer->connected(link) < plan->connections)
		bench_child_fail("only %d of %d connections stayed up", plan->peer->connected(link), plan->connections);
}

void bench_connect_serve_idle(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	int64_t before;

	serve_until_told(plan, link);
	await_connected(plan, link, FIRST);
	before = bench_usage_memory();
	bench_child_tell(0);
	await_connected(plan, link, plan->connections);
	bench_child_tell(0);
	measure_idle(plan, link, before, out);
	serve_until_told(plan, link);
}

void bench_connect_idle(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	int64_t before;

	plan->peer->call(link, FIRST);
	await_connected(plan, link, FIRST);
	before = bench_usage_memory();
	bench_child_tell(0);
	serve_until_told(plan, link);
	/* Bounded, lest a server's queue of strangers overflow and retries be measured. */
	for (int up = FIRST; up < plan->connections;) {
		int count = plan->connections - up < 100 ? plan->connections - up : 100;
		plan->peer->call(link, count);
		up += count;
		await_connected(plan, link, up);
	}
	serve_until_told(plan, link);
	measure_idle(plan, link, before, out);
	bench_child_tell(0);
}
