#include <criterion/criterion.h>

#include "core/reliability/congestion.h"

#define PACKET 1200
#define MS USEC_PER_MSEC

static const struct congestion_limits limits = { 16384, 1000000000, PACKET };

/* A link of `rate` bytes/s and `rtt`: every millisecond what the sender may send goes in, and what
 * has passed the bottleneck a round trip ago is acknowledged. */
struct link {
	struct congestion congestion;
	usec_t now;
	double queue; /* bytes at the bottleneck */
	double queue_max;
	double loss; /* of what is sent, at random */
	int64_t in_flight, delivered;
	struct {
		double arrived, lost;
		int64_t delivered_then;
		usec_t then;
	} pipe[1000];
};

static void run(struct link *link, double rate, int rtt_ms, int milliseconds)
{
	link->queue_max = 0;
	for (int i = 0; i < milliseconds; i++) {
		link->now += MS;
		struct congestion *congestion = &link->congestion;
		double send = (double)congestion->rate / 1000;
		double room = (double)(congestion->window - link->in_flight);
		send = send < room ? send : room > 0 ? room : 0;
		link->queue += send * (1 - link->loss);
		link->in_flight += (int64_t)send;
		double pass = link->queue < rate / 1000 ? link->queue : rate / 1000;
		link->queue -= pass;
		link->queue_max = link->queue > link->queue_max ? link->queue : link->queue_max;
		int slot = (int)(link->now / MS % rtt_ms);
		/* What went in a round trip ago. */
		double acked = link->pipe[slot].arrived;
		double lost = link->pipe[slot].lost;
		link->delivered += (int64_t)acked;
		link->in_flight -= (int64_t)acked + (int64_t)lost;
		if (link->in_flight < 0)
			link->in_flight = 0;
		struct congestion_sample sample = {
			.acked = (int64_t)acked,
			.lost = (int64_t)lost,
			.in_flight = link->in_flight,
			.delivered = link->delivered,
			.prior_delivered = link->pipe[slot].delivered_then,
			.interval_bytes = link->delivered - link->pipe[slot].delivered_then,
			.interval = link->now - link->pipe[slot].then,
			.rtt = rtt_ms * MS + (usec_t)(link->queue / rate * 1e6),
		};
		if (acked > 0)
			congestion->ops->on_sample(congestion, link->now, &sample);
		link->pipe[slot].arrived = pass;
		link->pipe[slot].lost = send * link->loss;
		link->pipe[slot].delivered_then = link->delivered;
		link->pipe[slot].then = link->now;
	}
}

static void start(struct link *link)
{
	*link = (struct link){ .now = USEC_PER_SEC };
	congestion_init(&link->congestion, &congestion_bbr_ops, &limits);
	link->congestion.ops->init(&link->congestion, link->now, -1);
}

Test(congestion_bbr, finds_the_bandwidth_and_keeps_the_queue_short)
{
	static struct link link;
	start(&link);
	run(&link, 2500000, 50, 3000);
	int64_t before = link.delivered;
	run(&link, 2500000, 50, 5000);
	double goodput = (double)(link.delivered - before) / 5;
	cr_assert(goodput > 2.3e6, "%.0f bytes/s", goodput);
	cr_assert(link.queue_max / 2.5e6 < 0.06, "%.3f s of queue", link.queue_max / 2.5e6);
	cr_assert_eq(link.congestion.bbr.full, true);
}

Test(congestion_bbr, random_loss_is_no_signal)
{
	static struct link link;
	start(&link);
	link.loss = 0.05;
	run(&link, 2500000, 50, 4000);
	int64_t before = link.delivered;
	run(&link, 2500000, 50, 5000);
	double goodput = (double)(link.delivered - before) / 5;
	cr_assert(goodput > 0.85 * 2.5e6, "%.0f bytes/s", goodput);
}

Test(congestion_bbr, follows_a_link_that_becomes_faster_and_slower)
{
	static struct link link;
	start(&link);
	run(&link, 1000000, 20, 3000);
	run(&link, 5000000, 20, 4000);
	cr_assert(link.congestion.bbr.bandwidth[0].value > 4500000);
	run(&link, 500000, 20, 8000);
	cr_assert(link.congestion.bbr.bandwidth[0].value < 600000, "%ld", (long)link.congestion.bbr.bandwidth[0].value);
}

Test(congestion_bbr, keeps_between_the_limits)
{
	static struct link link;
	start(&link);
	link.congestion.limits.rate_max = 300000;
	link.congestion.limits.rate_min = 200000;
	link.congestion.ops->init(&link.congestion, link.now, -1);
	run(&link, 2500000, 50, 3000);
	cr_assert(link.congestion.rate <= 300000);
	run(&link, 50000, 50, 3000);
	cr_assert(link.congestion.rate >= 200000);
}

Test(congestion_bbr, does_not_stop_to_look_while_it_sees_the_propagation_time)
{
	static struct link link;
	start(&link);
	run(&link, 2500000, 50, 3000);
	for (int i = 0; i < 200; i++) {
		run(&link, 2500000, 50, 100);
		cr_assert(link.congestion.bbr.mode != BBR_PROBE_RTT);
	}
	cr_assert(link.congestion.bbr.rtt_min < 55 * MS);
}

Test(congestion_bbr, follows_a_path_that_becomes_longer)
{
	static struct link link;
	start(&link);
	run(&link, 2500000, 50, 3000);
	run(&link, 2500000, 90, 12000);
	cr_assert(link.congestion.bbr.rtt_min >= 85 * MS, "%ld", (long)link.congestion.bbr.rtt_min);
	int64_t before = link.delivered;
	run(&link, 2500000, 90, 5000);
	double goodput = (double)(link.delivered - before) / 5;
	cr_assert(goodput > 2.3e6, "%.0f bytes/s", goodput);
}

Test(congestion_bbr, silence_closes_the_window_and_acks_open_it)
{
	static struct link link;
	start(&link);
	run(&link, 2500000, 50, 2000);
	link.congestion.ops->on_silence(&link.congestion, link.now);
	cr_assert_eq(link.congestion.window, 4 * PACKET);
	link.in_flight = 0;
	run(&link, 2500000, 50, 1500);
	cr_assert(link.congestion.window > 100000);
}
