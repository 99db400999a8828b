/* sim_reliability_worlds: random worlds of two reliability machines.
 *
 *   sim_reliability_worlds [FIRST [COUNT]]
 *
 * Each seed makes links, limits and applications of its own. A failing world prints its seed, and
 * running that seed alone replays it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/sim_reliability.h"

#define COUNT_DEFAULT 2000

struct world {
	struct sim_pair pair;
	struct reliability_settings settings[2];
	struct sim_link_settings links[2];
	int lanes[2];
	int64_t budget[2]; /* bytes still to be sent */
	size_t size_max;
	bool slow_reader;
	unsigned sequenced, expiring; /* percent of the messages */
};

static uint64_t pick(struct sim_random *random, uint64_t low, uint64_t high)
{
	return low + sim_random_below(random, high - low + 1);
}

static bool chance(struct sim_random *random, unsigned percent)
{
	return sim_random_chance(random, percent * 10000);
}

static void make_link(struct sim_random *random, struct sim_link_settings *link)
{
	*link = (struct sim_link_settings){ 0 };
	link->delay = (usec_t)(chance(random, 40) ? pick(random, 10, 500) : pick(random, 500, 150000));
	if (chance(random, 50))
		link->jitter = (usec_t)pick(random, 1, 20000);
	if (chance(random, 60))
		link->loss = (uint32_t)pick(random, 0, chance(random, 20) ? 300000 : 80000);
	if (chance(random, 20))
		link->burst_loss = (uint32_t)pick(random, 0, 500000);
	if (chance(random, 40))
		link->reorder = (uint32_t)pick(random, 0, 200000);
	if (chance(random, 30))
		link->duplicate = (uint32_t)pick(random, 0, 200000);
	link->reorder_delay = (usec_t)pick(random, 10, 30000);
	if (chance(random, 60)) {
		link->rate = (int64_t)pick(random, 20000, chance(random, 50) ? 1000000 : 50000000);
		link->queue = (int64_t)pick(random, 5000, 500000);
	}
}

static void make_settings(struct sim_random *random, struct reliability_settings *settings)
{
	*settings = sim_settings();
	settings->payload_max = (size_t)pick(random, 160, 1260);
	if (chance(random, 30))
		settings->nagle_time = (usec_t)pick(random, 0, 20000);
	if (chance(random, 40)) {
		settings->recv_buffer_size = (int64_t)pick(random, 8192, 300000);
		settings->recv_buffer_messages = (int64_t)pick(random, 2, 300);
	}
	if (chance(random, 40))
		settings->send_buffer_size = (int64_t)pick(random, 4096, 200000);
	if (chance(random, 20)) {
		settings->congestion = CONGESTION_FIXED;
		settings->send_rate_max = (int64_t)pick(random, 30000, 3000000);
		settings->send_rate_min = settings->send_rate_max;
	}
}

static void make_world(struct world *world, uint64_t seed)
{
	struct sim_random random = { .state = seed ^ 0x5eed };
	bool gns = chance(&random, 25);
	bool sequenced = !gns && chance(&random, 80);
	for (int i = 0; i < 2; i++) {
		make_link(&random, &world->links[i]);
		make_settings(&random, &world->settings[i]);
		world->settings[i].peer_is_gns = gns;
		world->settings[i].window_frames = !gns;
		world->settings[i].sequenced = sequenced;
		world->budget[i] = i == 0 || chance(&random, 50) ? (int64_t)pick(&random, 1000, 600000) : 0;
	}
	world->size_max = (size_t)(chance(&random, 20) ? pick(&random, 100, 200000) : pick(&random, 24, 4000));
	world->slow_reader = chance(&random, 40);
	world->sequenced = chance(&random, 50) ? (unsigned)pick(&random, 1, 100) : 0;
	world->expiring = chance(&random, 50) ? (unsigned)pick(&random, 1, 100) : 0;
	for (int i = 0; i < 2; i++)
		if ((int64_t)world->size_max > world->settings[i].recv_buffer_size)
			world->size_max = (size_t)world->settings[i].recv_buffer_size;
	sim_pair_init(&world->pair, seed, world->settings, world->links);
	world->pair.poke = chance(&random, 50);
	for (int i = 0; i < 2; i++) {
		struct sim_side *side = &world->pair.sides[i];
		side->reading = !world->slow_reader;
		world->lanes[i] = chance(&random, 60) ? 1 : (int)pick(&random, 1, 256);
		int priorities[SIM_LANES];
		uint16_t weights[SIM_LANES];
		for (int lane = 0; lane < world->lanes[i]; lane++) {
			priorities[lane] = (int)pick(&random, 0, 2);
			weights[lane] = (uint16_t)pick(&random, 0, 10);
		}
		reliability_configure_lanes(side->reliability, world->lanes[i], priorities, weights);
		if (chance(&random, 50))
			reliability_add_rtt_sample(side->reliability, world->pair.now,
			                           world->links[0].delay + world->links[1].delay);
	}
}

static void send_some(struct world *world, struct sim_random *random, int side)
{
	int count = (int)pick(random, 1, chance(random, 10) ? 200 : 5);
	for (int i = 0; i < count && world->budget[side] > 0; i++) {
		uint32_t flags = chance(random, 70) ? MESSAGE_RELIABLE : 0;
		size_t size = (size_t)pick(random, SIM_MESSAGE_MIN, world->size_max);
		if (chance(random, 5))
			size = 0;
		if (chance(random, 30))
			flags |= MESSAGE_NO_NAGLE;
		if (chance(random, 5))
			flags |= MESSAGE_NO_DELAY;
		/* An empty message carries no index; counting them only works if all of them arrive. */
		if (size == 0 && !(flags & MESSAGE_RELIABLE))
			size = SIM_MESSAGE_MIN;
		/* An empty one could not be told from those that may be missing. */
		bool plain = size == 0;
		if (!plain && chance(random, world->sequenced))
			flags |= MESSAGE_SEQUENCED;
		usec_t ttl = !plain && chance(random, world->expiring) ? (usec_t)pick(random, 1, 300000) : 0;
		uint16_t lane = (uint16_t)sim_random_below(random, (uint64_t)world->lanes[side]);
		const struct sim_send send = { lane, flags, size, ttl };
		int32_t result = sim_pair_send_as(&world->pair, side, &send);
		if (result == KITH_E_AGAIN)
			return;
		world->budget[side] -= (int64_t)size + 10;
	}
}

/* Lengths of streams and rates are drawn so that this always suffices. */
#define LIMIT (1200 * USEC_PER_SEC)

static bool run_world(struct world *world, uint64_t seed)
{
	struct sim_random random = { .state = seed ^ 0xa44 };
	struct sim_pair *pair = &world->pair;
	usec_t end = pair->now + LIMIT;
	while (pair->failure == NULL && pair->now < end) {
		for (int i = 0; i < 2; i++)
			send_some(world, &random, i);
		if (world->slow_reader)
			for (int i = 0; i < 2; i++)
				sim_pair_read(pair, i, (int)pick(&random, 0, 40));
		sim_pair_drain(pair);
		usec_t until = pair->now + (usec_t)pick(&random, 1, chance(&random, 20) ? 300000 : 10000);
		while (sim_pair_step(pair, until))
			;
		if (world->budget[0] <= 0 && world->budget[1] <= 0 && sim_pair_is_done(pair))
			break;
	}
	if (pair->failure == NULL && pair->now >= end) {
		pair->failure = "no progress";
		pair->failure_detail[0] = reliability_outstanding(pair->sides[0].reliability);
		pair->failure_detail[1] = reliability_outstanding(pair->sides[1].reliability);
	}
	/* Silence follows: nothing may be left to do for ever. */
	int64_t steps = pair->steps;
	if (pair->failure == NULL)
		sim_pair_run(pair, pair->now + 60 * USEC_PER_SEC);
	if (pair->failure == NULL && pair->steps - steps > 5000)
		pair->failure = "never comes to rest";
	for (int i = 0; i < 2; i++)
		sim_pair_read(pair, i, INT32_MAX);
	if (pair->failure == NULL)
		sim_pair_check_missing(pair);
	return pair->failure == NULL;
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	long count = argc > 2 ? atol(argv[2]) : COUNT_DEFAULT;
	long failed = 0;
	static struct world world;
	for (uint64_t seed = first; seed < first + (uint64_t)count; seed++) {
		make_world(&world, seed);
		if (!run_world(&world, seed)) {
			printf("seed=%llu: %s (%lld, %lld) at %lld us\n", (unsigned long long)seed, world.pair.failure,
			       (long long)world.pair.failure_detail[0], (long long)world.pair.failure_detail[1],
			       (long long)world.pair.now);
			failed++;
		} else if (count == 1) {
			printf("seed=%llu: fine after %lld ms, %lld + %lld packets\n", (unsigned long long)seed,
			       (long long)world.pair.now / 1000, (long long)world.pair.sides[0].packets_sent,
			       (long long)world.pair.sides[1].packets_sent);
		}
		sim_pair_free(&world.pair);
	}
	printf("%ld passed, %ld failed\n", count - failed, failed);
	return failed != 0;
}
