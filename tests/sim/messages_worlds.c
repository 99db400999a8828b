/* messages_worlds: many small worlds of peers that send messages to identities, each drawn from its
 * seed. Any failure replays with its seed.
 *
 *   messages_worlds [FIRST [COUNT [-v]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim_messages.h"
#include "sim_trace.h"

#define TALK_LIMIT (200 * USEC_PER_SEC)

static uint32_t draw(struct sim_random *random, uint32_t below)
{
	return (uint32_t)sim_random_below(random, below);
}

/* Good, lossy, or slow; between two peers narrow as well: where more share a link its queue would take
 * packets in the order in which they were sent, not in which they come. */
static void draw_link(struct sim_random *random, unsigned peers, struct sim_link_options *out)
{
	memset(out, 0, sizeof *out);
	out->delay = 500 + draw(random, 40000);
	switch (draw(random, 3)) {
	case 0:
		break;
	case 1:
		out->loss = draw(random, 50000);
		out->duplicate = draw(random, 30000);
		out->reorder = draw(random, 50000);
		out->jitter = 1 + draw(random, 10000);
		break;
	default:
		out->delay += draw(random, 150000);
		if (peers > 2)
			break;
		out->rate = 60000 + draw(random, 2000000);
		out->queue = 50000 + draw(random, 200000);
		break;
	}
}

static void draw_signaling(struct sim_world *world)
{
	world->signaling.delay = draw(&world->random, 80000);
	if (draw(&world->random, 2) == 0)
		return;
	world->signaling.jitter = 1 + draw(&world->random, 300000);
	world->signaling.loss = draw(&world->random, 200000);
	world->signaling.duplicate = draw(&world->random, 200000);
}

/* Half of the worlds are calm: nobody dies, closes, ignores or falls idle, so all must arrive. */
static bool draw_app(struct sim_random *random, struct sim_messages_options *out)
{
	bool calm = draw(random, 2) == 0;

	memset(out, 0, sizeof *out);
	out->peers = 2 + draw(random, 3);
	out->messages = 1 + draw(random, 40);
	out->pause_max = draw(random, 3) == 0 ? 3000000 : 200000;
	out->size_max = draw(random, 8) == 0 ? 200000 : draw(random, 3) == 0 ? 20000 : 1000;
	out->accept_delay = draw(random, 3) == 0 ? 4000000 : 0;
	out->read_pause = draw(random, 3) == 0 ? 1 + draw(random, 3000000) : 0;
	out->all_at_once = draw(random, 2) == 0;
	if (calm)
		return true;
	out->idle = draw(random, 2) == 0 ? 200000 + draw(random, 4000000) : 0;
	/* What is unread for longer after its session ended is dropped. */
	if (out->idle > 0 && out->read_pause > out->idle)
		out->read_pause = out->idle / 2;
	out->ignore = draw(random, 3) == 0 ? 300000 : 0;
	out->close = draw(random, 3) == 0 ? 100000 : 0;
	out->kills = draw(random, 3) == 0 ? 1 + draw(random, 2) : 0;
	return false;
}

static void add_peers(struct sim_world *world, unsigned count)
{
	static const char *const names[] = { "str:alice", "str:bob", "str:carol", "str:dave" };
	static const char *const addresses[] = { "198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4" };
	static const char *const inside[] = { "192.168.1.10", "192.168.2.20", "192.168.3.30", "192.168.4.40" };

	for (unsigned i = 0; i < count; i++) {
		bool translated = draw(&world->random, 3) == 0;
		struct sim_link_options link;
		sim_world_add_peer(world, names[i], translated ? inside[i] : addresses[i],
		                   translated ? SIM_NAT_FULL_CONE : SIM_NAT_NONE, addresses[i]);
		draw_link(&world->random, count, &link);
		sim_network_set_link(&world->network, i, &link);
	}
}

static void run_world(uint64_t seed, bool verbose)
{
	static struct sim_world world;
	static struct sim_messages app;
	struct sim_trace trace = { &world, stderr, SIM_TRACE_ALL };
	struct sim_messages_options options;
	bool calm;

	sim_world_init(&world, seed);
	world.trace = verbose ? &trace : NULL;
	world.poke = 20000;
	calm = draw_app(&world.random, &options);
	add_peers(&world, options.peers);
	draw_signaling(&world);
	if (verbose)
		fprintf(stderr, "seed %llu: %s, %u peers, %u messages up to %zu bytes, idle %lld\n", (unsigned long long)seed,
		        calm ? "calm" : "wild", options.peers, options.messages, options.size_max, (long long)options.idle);
	sim_messages_init(&app, &world, &options);
	sim_messages_run(&app, TALK_LIMIT);
	if (calm)
		sim_messages_check_calm(&app);
	sim_world_free(&world);
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	bool verbose = argc > 3;

	for (uint64_t seed = first; seed < first + count; seed++) {
		alarm(120);
		run_world(seed, verbose);
	}
	printf("%llu passed, 0 failed\n", (unsigned long long)count);
	return 0;
}
