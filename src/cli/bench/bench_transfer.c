#include "cli/bench/bench_transfer.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/bench/bench_allocations.h"
#include "cli/bench/bench_message.h"
#include "cli/bench/bench_samples.h"
#include "cli/bench/bench_usage.h"

enum {
	WAIT_USEC = 5000,
	/* When nothing has arrived for so long after the last message was sent, nothing will. */
	QUIET_NSEC = 200 * 1000 * 1000,
	CONNECT_LIMIT_NSEC = 2000 * 1000 * 1000,
	/* A batch has no more than this, lest the clock be looked at too seldom. */
	BATCH_BYTES = 512 * 1024,
};

#define DELIVERY_LIMIT_NSEC INT64_C(30000000000)

/* Counts what is asked for once things run as they will go on. */
struct steady {
	int64_t from_nsec;
	int64_t allocations;
	uint64_t messages;
	bool begun;
};

static void steady_init(struct steady *steady, const struct bench_plan *plan)
{
	*steady = (struct steady){ .from_nsec = bench_usage_now() + plan->duration_usec * 1000 / 3 };
}

static void steady_look(struct steady *steady, int64_t now, uint64_t messages)
{
	if (steady->begun || now < steady->from_nsec)
		return;
	steady->begun = true;
	steady->allocations = bench_allocations_count();
	steady->messages = messages;
}

static double steady_result(const struct steady *steady, uint64_t messages)
{
	int64_t count = bench_allocations_count();

	if (count < 0 || !steady->begun || messages <= steady->messages)
		return -1;
	return (double)(count - steady->allocations) / (double)(messages - steady->messages);
}

static void await_connection(const struct bench_plan *plan, void *link)
{
	int64_t limit = bench_usage_now() + 10 * (int64_t)CONNECT_LIMIT_NSEC;

	while (plan->peer->connected(link) < 1) {
		if (bench_usage_now() > limit)
			bench_child_fail("no connection");
		plan->peer->wait(link, false, WAIT_USEC);
	}
}

static int batch_of(const struct bench_plan *plan)
{
	size_t count = BATCH_BYTES / plan->size;

	return count > BENCH_BATCH ? BENCH_BATCH : count < 1 ? 1 : (int)count;
}

static void check_sink(const struct bench_sink *sink)
{
	if (sink->fault[0] != '\0')
		bench_child_fail("%s", sink->fault);
}

/* --- one way */

static bool is_complete(const struct bench_plan *plan, const struct bench_sink *sink, uint64_t total, int64_t quiet)
{
	if (sink->count >= total)
		return true;
	if (!plan->reliable)
		return quiet > QUIET_NSEC;
	if (quiet > DELIVERY_LIMIT_NSEC)
		bench_child_fail("%" PRIu64 " of %" PRIu64 " messages were not delivered", total - sink->count, total);
	return false;
}

static void take_all(const struct bench_plan *plan, void *link, struct bench_sink *sink, struct bench_outcome *out)
{
	uint64_t total = UINT64_MAX;
	struct steady steady;

	steady_init(&steady, plan);
	for (;;) {
		int count = plan->peer->receive(link, bench_sink_take, sink);
		int64_t now = bench_usage_now();
		check_sink(sink);
		if (count > 0) {
			out->end_nsec = now;
			steady_look(&steady, now, sink->count);
			if (sink->count < total)
				continue;
		}
		if (total == UINT64_MAX && bench_child_heard(&total, 0)) {
			out->end_nsec = now;
			out->allocations = steady_result(&steady, sink->count);
		}
		if (total != UINT64_MAX && is_complete(plan, sink, total, now - out->end_nsec))
			break;
		plan->peer->wait(link, false, WAIT_USEC);
	}
	out->lost = total - sink->count;
}

void bench_transfer_receive(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	struct bench_sink sink;

	bench_sink_init(&sink, plan->size, plan->reliable);
	await_connection(plan, link);
	out->begin_nsec = bench_usage_now();
	out->cpu_nsec = bench_usage_cpu();
	take_all(plan, link, &sink, out);
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
	out->messages = sink.count;
	out->bytes = sink.count * plan->size;
	bench_sink_free(&sink);
	bench_child_tell(0);
}

static void send_for_a_while(const struct bench_plan *plan, void *link, struct bench_source *source,
                             struct bench_outcome *out)
{
	int batch = batch_of(plan);
	int64_t end = out->begin_nsec + plan->duration_usec * 1000;
	struct steady steady;

	steady_init(&steady, plan);
	for (int64_t now = out->begin_nsec; now < end; now = bench_usage_now()) {
		int sent = plan->peer->send(link, bench_source_prepare(source, batch), batch);
		bench_source_sent(source, sent);
		steady_look(&steady, now, source->next);
		if (sent < batch)
			plan->peer->wait(link, true, WAIT_USEC);
	}
	out->allocations = steady_result(&steady, source->next);
}

void bench_transfer_send(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	struct bench_source source;
	uint64_t answer;

	bench_source_init(&source, plan->size);
	plan->peer->call(link, 1);
	await_connection(plan, link);
	out->begin_nsec = bench_usage_now();
	out->cpu_nsec = bench_usage_cpu();
	send_for_a_while(plan, link, &source, out);
	bench_child_tell(source.next);
	while (!bench_child_heard(&answer, 0))
		plan->peer->wait(link, false, WAIT_USEC);
	out->end_nsec = bench_usage_now();
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
	out->messages = source.next;
	bench_source_free(&source);
}

/* --- back and forth */

struct echo {
	const struct bench_plan *plan;
	void *link;
	uint64_t count;
};

static void send_back(void *data, const uint8_t *bytes, size_t size)
{
	struct echo *echo = data;

	(void)size;
	while (echo->plan->peer->send(echo->link, &bytes, 1) < 1)
		echo->plan->peer->wait(echo->link, true, WAIT_USEC);
	echo->count++;
}

void bench_transfer_echo(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	struct echo echo = { .plan = plan, .link = link };
	int64_t allocations = 0;
	uint64_t begun = 0, number = 0;

	await_connection(plan, link);
	out->cpu_nsec = bench_usage_cpu();
	while (echo.count < (uint64_t)plan->rounds) {
		if (begun == 0 && echo.count > (uint64_t)plan->rounds / 4) {
			begun = echo.count;
			allocations = bench_allocations_count();
		}
		plan->peer->wait(link, false, WAIT_USEC);
		if (plan->peer->receive(link, send_back, &echo) == 0 && bench_child_heard(&number, 0))
			break;
	}
	if (allocations >= 0 && begun != 0 && echo.count > begun)
		out->allocations = (double)(bench_allocations_count() - allocations) / (double)(echo.count - begun);
	out->cpu_nsec = bench_usage_cpu() - out->cpu_nsec;
	out->messages = echo.count;
	/* What was sent last may need us to go on its way. */
	while (!bench_child_heard(&number, 0))
		plan->peer->wait(link, false, WAIT_USEC);
}

static void ping_once(const struct bench_plan *plan, void *link, struct bench_source *source, struct bench_sink *sink)
{
	uint64_t before = sink->count;
	int64_t limit = bench_usage_now() + CONNECT_LIMIT_NSEC;

	while (plan->peer->send(link, bench_source_prepare(source, 1), 1) < 1)
		plan->peer->wait(link, true, WAIT_USEC);
	bench_source_sent(source, 1);
	do {
		plan->peer->wait(link, false, WAIT_USEC);
		plan->peer->receive(link, bench_sink_take, sink);
		if (sink->count == before && bench_usage_now() > limit)
			bench_child_fail("message %" PRIu64 " did not come back", before);
	} while (sink->count == before);
	check_sink(sink);
}

void bench_transfer_ping(const struct bench_plan *plan, void *link, struct bench_outcome *out)
{
	int64_t *samples = calloc((size_t)plan->rounds, sizeof(*samples));
	int64_t cpu, begin;
	struct bench_source source;
	struct bench_sink sink;

	bench_source_init(&source, plan->size);
	bench_sink_init(&sink, plan->size, true);
	plan->peer->call(link, 1);
	await_connection(plan, link);
	cpu = bench_usage_cpu();
	begin = out->begin_nsec = bench_usage_now();
	for (int i = 0; i < plan->rounds; i++) {
		int64_t now;
		ping_once(plan, link, &source, &sink);
		now = bench_usage_now();
		samples[i] = now - begin;
		begin = now;
	}
	out->end_nsec = begin;
	out->cpu_nsec = bench_usage_cpu() - cpu;
	out->messages = (uint64_t)plan->rounds;
	bench_samples_sum_up(samples, plan->rounds, out);
	bench_child_tell(0);
	bench_source_free(&source);
	bench_sink_free(&sink);
	free(samples);
}
