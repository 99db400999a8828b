#include <criterion/criterion.h>

#include "story.h"

static uint64_t play(uint64_t seed)
{
	static struct sim_world world;
	static struct sim_app app;
	struct sim_link_options link = {
		.delay = 9000, .jitter = 7000, .loss = 50000, .reorder = 50000, .duplicate = 50000
	};
	struct sim_app_options options = {
		.mode = SIM_APP_SYMMETRIC, .lanes = 3, .reliable_count = 40, .unreliable_count = 40, .size_max = 5000
	};
	uint64_t digest;

	sim_world_init(&world, seed);
	world.signaling =
		(struct sim_signaling_options){ .delay = 20000, .jitter = 50000, .loss = 200000, .duplicate = 200000 };
	sim_world_add_peer(&world, "str:alice", "192.168.1.10", SIM_NAT_PORT_RESTRICTED, "198.51.100.11");
	sim_world_add_peer(&world, "str:bob", "192.168.2.20", SIM_NAT_FULL_CONE, "198.51.100.12");
	sim_network_set_link(&world.network, 0, &link);
	sim_network_set_link(&world.network, 1, &link);
	sim_app_init(&app, &world, &options);
	sim_app_start(&app);
	cr_assert(sim_app_run(&app, 60 * USEC_PER_SEC));
	cr_assert(sim_app_close(&app, 0, 1234, "bye", 60 * USEC_PER_SEC));
	digest = world.digest;
	sim_app_free(&app);
	sim_world_free(&world);
	return digest;
}

Test(determinism, the_same_seed_gives_the_same_bytes)
{
	for (uint64_t seed = 1; seed <= 20; seed++)
		cr_assert_eq(play(seed), play(seed));
}

Test(determinism, another_seed_gives_other_bytes)
{
	cr_assert(play(1) != play(2));
}
