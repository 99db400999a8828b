/* random_worlds: many small worlds, each drawn from its seed: who, where, over what, how bad the
 * links and the signaling are, what is said, who hangs up. Any failure replays with its seed.
 *
 *   random_worlds [FIRST [COUNT [-v]]]
 */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim_app.h"
#include "sim_folk.h"
#include "sim_trace.h"

#define WORLD_SECONDS 240
#define CPU_SECONDS 60 /* for one world */
#define TWICE 16u
#define BATCH 50u /* worlds in one process: a crash costs the rest of its batch a second run */

static uint32_t draw(struct sim_random *random, uint32_t below)
{
	return (uint32_t)sim_random_below(random, below);
}

/* Most worlds are good, some bad, few terrible. */
static void draw_link(struct sim_random *random, struct sim_link_options *out)
{
	memset(out, 0, sizeof *out);
	out->delay = draw(random, 4) == 0 ? draw(random, 150000) : draw(random, 30000);
	if (draw(random, 2) == 0)
		out->jitter = draw(random, 20000) + 1;
	if (draw(random, 2) == 0)
		out->loss = draw(random, draw(random, 4) == 0 ? 200000 : 30000);
	if (draw(random, 3) == 0)
		out->reorder = draw(random, 100000);
	if (draw(random, 3) == 0)
		out->duplicate = draw(random, 50000);
	if (draw(random, 3) == 0) {
		out->rate = 50000 + draw(random, 3000000);
		out->queue = 20000 + draw(random, 300000);
	}
}

static void draw_app(struct sim_random *random, struct sim_app_options *out)
{
	memset(out, 0, sizeof *out);
	out->mode = (enum sim_app_mode)draw(random, 3);
	out->lanes = draw(random, 3) == 0 ? 1 + draw(random, SIM_APP_LANES_MAX) : 1;
	out->reliable_count = 1 + draw(random, 40);
	out->unreliable_count = draw(random, 20);
	out->size_max = draw(random, 10) == 0 ? 200000 : draw(random, 3) == 0 ? 20000 : 1500;
	out->call_skew = draw(random, 3) == 0 ? draw(random, 1500000) : draw(random, 60000);
	out->accept_delay = draw(random, 4) == 0 ? draw(random, 6000000) : 0;
	out->linger = draw(random, 2) == 0;
	/* Who starts anew every second or two does not get much through. */
	if (draw(random, 2) == 0 && out->size_max <= 20000)
		out->move_every = 3000000 + draw(random, 8000000);
}

/* Two kinds of translator that can be crossed without a relay. */
static void draw_nats(struct sim_random *random, enum sim_nat_kind kinds[2], enum sim_app_mode mode)
{
	kinds[0] = (enum sim_nat_kind)draw(random, 5);
	kinds[1] = mode == SIM_APP_UDP ? SIM_NAT_NONE : (enum sim_nat_kind)draw(random, 5);
	if (kinds[0] >= SIM_NAT_PORT_RESTRICTED && kinds[1] == SIM_NAT_SYMMETRIC)
		kinds[1] = SIM_NAT_FULL_CONE;
	if (kinds[0] == SIM_NAT_SYMMETRIC && kinds[1] == SIM_NAT_PORT_RESTRICTED)
		kinds[1] = SIM_NAT_ADDRESS_RESTRICTED;
}

static void build(struct sim_world *world, struct sim_app_options *options, uint64_t seed)
{
	struct sim_random *random = &world->random;
	struct sim_link_options link;
	enum sim_nat_kind kinds[2];

	sim_world_init(world, seed);
	draw_app(random, options);
	draw_nats(random, kinds, options->mode);
	sim_world_add_peer(world, "str:alice", kinds[0] == SIM_NAT_NONE ? "198.51.100.1" : "192.168.1.10", kinds[0],
	                   "198.51.100.11");
	sim_world_add_peer(world, "str:bob", kinds[1] == SIM_NAT_NONE ? "198.51.100.2" : "192.168.2.20", kinds[1],
	                   "198.51.100.12");
	for (unsigned i = 0; i < 2; i++) {
		draw_link(random, &link);
		sim_network_set_link(&world->network, i, &link);
	}
	world->signaling.delay = draw(random, 100000);
	if (draw(random, 2) == 0) {
		world->signaling.jitter = draw(random, 400000) + 1;
		world->signaling.loss = draw(random, 300000);
		world->signaling.duplicate = draw(random, 300000);
	}
}

static void check_world(struct sim_app *app, unsigned closer)
{
	const struct sim_app_side *other = &app->sides[1 - closer];

	sim_app_check(app, app->sides[0].connections_made == 1 && app->sides[1].connections_made == 1);
	/* The close may be lost on the way; then the peer runs into its timeout, and says so. */
	sim_app_check(app, other->end_reason == 1234 || other->end_reason == 5003 || other->end_reason == 5010);
	if (other->end_reason == 1234)
		sim_app_check(app, strcmp(other->text, "bye") == 0);
}

/* A handshake may fail where half the packets are lost: then both must say so, and that is all. */
static bool failed_honestly(const struct sim_app *app)
{
	for (unsigned i = 0; i < 2; i++) {
		uint32_t reason = app->sides[i].end_reason;
		if (app->sides[i].closed && reason != 5003 && reason != 5008 && reason != 5010)
			return false;
	}
	return app->sides[0].closed || app->sides[1].closed;
}

static bool is_harsh(const struct sim_world *world)
{
	return world->network.hosts[0].up.options.loss > 60000 || world->network.hosts[1].up.options.loss > 60000;
}

static uint64_t run_pair(uint64_t seed, bool verbose)
{
	static struct sim_world world;
	static struct sim_app app;
	struct sim_trace trace = { &world, stderr, SIM_TRACE_ALL };
	struct sim_app_options options;
	unsigned closer;
	bool arrived;

	build(&world, &options, seed);
	world.trace = verbose ? &trace : NULL;
	world.poke = 100000;
	if (verbose)
		fprintf(stderr, "seed %llu mode %d lanes %u reliable %u unreliable %u size %zu\n", (unsigned long long)seed,
		        (int)options.mode, options.lanes, options.reliable_count, options.unreliable_count, options.size_max);
	sim_app_init(&app, &world, &options);
	sim_app_start(&app);
	arrived = sim_app_run(&app, WORLD_SECONDS * USEC_PER_SEC);
	sim_app_check(&app, arrived || (is_harsh(&world) && failed_honestly(&app)));
	if (arrived) {
		closer = draw(&world.random, 2);
		sim_app_check(&app, sim_app_close(&app, closer, 1234, "bye", 60 * USEC_PER_SEC));
		check_world(&app, closer);
	}
	sim_app_free(&app);
	sim_world_free(&world);
	return world.digest;
}

/* One world in four is two peers and one connection, everything of which has to arrive; the others
 * are whatever folk make of them. */
static uint64_t run_world(uint64_t seed, bool verbose)
{
	return seed % 4 == 0 ? run_pair(seed, verbose) : sim_folk_live(seed, verbose);
}

/* Memory that was never written, and addresses, are others the second time. */
static void stir_memory(uint64_t seed)
{
	static void *blocks[64];

	mallopt(M_PERTURB, (int)(seed % 255) + 1);
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		free(blocks[i]);
		blocks[i] = malloc(100 + seed % 1000 * (i + 1));
	}
}

/* Now and then a world is run twice: it has to be the same to the byte. */
static void run_checked(uint64_t seed, bool verbose)
{
	/* Of the process's own time: a machine that stands still is nobody's fault. */
	struct itimerval limit = { .it_value = { .tv_sec = CPU_SECONDS } };
	uint64_t digest;

	setitimer(ITIMER_PROF, &limit, NULL);
	digest = run_world(seed, verbose);
	if (seed % TWICE != 1)
		return;
	stir_memory(seed);
	if (run_world(seed, false) != digest) {
		fprintf(stderr, "seed=%llu: the same world went otherwise the second time\n", (unsigned long long)seed);
		abort();
	}
}

/* Runs seeds [first, last) in a child. Returns the seed after the last that passed. */
static uint64_t run_batch(uint64_t first, uint64_t last, bool verbose)
{
	int ends[2];
	uint64_t done = first, value;
	pid_t child;
	int status;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		abort();
	if (child == 0) {
		for (uint64_t seed = first; seed < last; seed++) {
			run_checked(seed, verbose);
			if (write(ends[1], &seed, sizeof seed) != sizeof seed)
				_exit(2);
		}
		exit(0); /* leak checks run here */
	}
	close(ends[1]);
	while (read(ends[0], &value, sizeof value) == sizeof value)
		done = value + 1;
	close(ends[0]);
	waitpid(child, &status, 0);
	if (done == last && status != 0) {
		fprintf(stderr, "seeds %llu..%llu: the process ended with status %d\n", (unsigned long long)first,
		        (unsigned long long)last - 1, status);
		return first;
	}
	return done;
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	bool verbose = argc > 3;
	uint64_t failed = 0;

	for (uint64_t at = first; at < first + count;) {
		uint64_t last = at + BATCH < first + count ? at + BATCH : first + count;
		uint64_t next = run_batch(at, last, verbose);
		if (next < last) {
			fprintf(stderr, "world %llu failed; again with: random_worlds %llu 1 -v\n", (unsigned long long)next,
			        (unsigned long long)next);
			failed++;
			next++;
		}
		at = next;
	}
	printf("%llu passed, %llu failed\n", (unsigned long long)(count - failed), (unsigned long long)failed);
	return failed != 0;
}
