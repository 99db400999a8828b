/* sim_reliability_bulk: how much gets through which link: a manual tool and the base of tests.
 *
 *   sim_reliability_bulk DELAY_MS LOSS_PERCENT RATE_MBIT QUEUE_KB SECONDS [SIZE]
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/sim_reliability.h"

int main(int argc, char **argv)
{
	double delay = argc > 1 ? atof(argv[1]) : 25;
	double loss = argc > 2 ? atof(argv[2]) : 5;
	double rate = argc > 3 ? atof(argv[3]) : 0;
	double queue = argc > 4 ? atof(argv[4]) : 256;
	double seconds = argc > 5 ? atof(argv[5]) : 10;
	size_t size = argc > 6 ? (size_t)atoi(argv[6]) : 1200;
	struct reliability_settings settings[2] = { sim_settings(), sim_settings() };
	struct sim_link_settings link = {
		.delay = (usec_t)(delay * 1000),
		.loss = (uint32_t)(loss * 10000),
		.rate = (int64_t)(rate * 125000),
		.queue = (int64_t)(queue * 1024),
	};
	struct sim_link_settings links[2] = { link, link };
	static struct sim_pair pair;
	sim_pair_init(&pair, 1, settings, links);
	usec_t end = pair.now + (usec_t)(seconds * 1e6);
	usec_t tick = pair.now;
	int64_t before = 0;
	if (getenv("SEED_RTT"))
		for (int i = 0; i < 2; i++)
			reliability_add_rtt_sample(pair.sides[i].reliability, pair.now, (usec_t)(delay * 2000));
	while (pair.now < end && pair.failure == NULL) {
		while (sim_pair_send(&pair, 0, 0, MESSAGE_RELIABLE, size) == KITH_OK)
			;
		sim_pair_drain(&pair);
		for (int i = 0; i < 50 && pair.now < end && sim_pair_step(&pair, tick + 1000000); i++)
			;
		if (pair.now >= tick + 1000000) {
			struct reliability_status status;
			reliability_status(pair.sides[0].reliability, pair.now, &status);
			printf("%5.1fs %8.2f MB/s rate %8.2f MB/s window %8lld flight %8lld rtt %lld/%lld us lost %llu queue %lld "
			       "us\n",
			       (double)(pair.now - 1000000) / 1e6,
			       (double)(pair.sides[1].bytes_received - before) / (double)(pair.now - tick),
			       (double)status.send_rate / 1e6, (long long)status.window, (long long)status.bytes_in_flight,
			       (long long)status.rtt, (long long)status.rtt_min, (unsigned long long)status.packets_lost,
			       (long long)pair.sides[0].link.queued_max);
			pair.sides[0].link.queued_max = 0;
			before = pair.sides[1].bytes_received;
			tick = pair.now;
		}
	}
	if (pair.failure != NULL)
		printf("FAILED: %s %lld %lld\n", pair.failure, (long long)pair.failure_detail[0],
		       (long long)pair.failure_detail[1]);
	printf("messages %lld latency max %lld us packets %lld/%lld overflowed %llu\n",
	       (long long)pair.sides[1].messages_received, (long long)pair.sides[1].latency_max,
	       (long long)pair.sides[0].packets_sent, (long long)pair.sides[1].packets_sent,
	       (unsigned long long)pair.sides[0].link.overflowed);
	sim_pair_free(&pair);
	return pair.failure != NULL;
}
