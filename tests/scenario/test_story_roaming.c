/* Addresses change under a connection by address: it stays the same one, and what was said arrives. */
#include <criterion/criterion.h>
#include <string.h>

#include "story.h"

static struct story story;

/* Alice calls from behind a translator. */
static void begin(void)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC };
	struct sim_app_options options = { .mode = SIM_APP_UDP, .lanes = 1, .reliable_count = 3, .size_max = 1000 };

	memset(&story, 0, sizeof story);
	sim_world_init(&story.world, 1);
	sim_world_add_peer(&story.world, "str:alice", "192.168.1.10", SIM_NAT_PORT_RESTRICTED, "198.51.100.11");
	sim_world_add_peer(&story.world, "str:bob", "198.51.100.2", SIM_NAT_NONE, NULL);
	for (unsigned i = 0; i < 2; i++)
		sim_network_set_link(&story.world.network, i, &link);
	sim_app_init(&story.app, &story.world, &options);
	story_watch_routes(&story);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_wait(&story, USEC_PER_SEC);
}

static double say_more(unsigned count)
{
	return story_say_more(&story, count, 8 * USEC_PER_SEC);
}

static void rebind(void)
{
	sim_nat_rebind(&story.world.network.hosts[0].nat);
}

Test(story_roaming, a_translator_forgets_the_client)
{
	double ms;

	begin();
	rebind();
	ms = say_more(3);
	cr_assert_lt(ms, 200, "took %f ms", ms);
	story_wait(&story, USEC_PER_SEC);
	cr_assert_eq(story.routes_told[1], 1);
	cr_assert_eq(story.routes_told[0], 0);
	story_end(&story);
}

Test(story_roaming, again_and_again)
{
	begin();
	for (unsigned i = 1; i <= 20; i++) {
		rebind();
		say_more(2);
		story_wait(&story, 100 * USEC_PER_MSEC);
		cr_assert_eq(story.routes_told[1], i);
	}
	story_end(&story);
}

Test(story_roaming, the_client_has_another_public_address)
{
	double ms;

	begin();
	address_parse(&story.world.network.hosts[0].nat.outside, "203.0.113.77");
	rebind();
	ms = say_more(3);
	cr_assert_lt(ms, 300, "took %f ms", ms);
	story_end(&story);
}

Test(story_roaming, the_server_has_another_address)
{
	double ms;

	begin();
	/* A translator lets in only whom it knows; this one is a plain host. */
	story.world.network.hosts[0].nat.kind = SIM_NAT_FULL_CONE;
	sim_world_move_peer(&story.world, 1, "198.51.100.99", false);
	ms = say_more(3);
	cr_assert_lt(ms, 300, "took %f ms", ms);
	story_wait(&story, USEC_PER_SEC);
	cr_assert_eq(story.routes_told[0], 1);
	story_end(&story);
}

/* Only the server has something to say, and its packets lead nowhere: the client asks after a while. */
Test(story_roaming, a_client_that_only_listens_is_found_again)
{
	double before;

	begin();
	story.app.sides[0].reliable_sent = 1000000; /* it has said all */
	story.app.options.reliable_count = 1000000;
	story_wait(&story, 50 * USEC_PER_MSEC);
	rebind();
	before = story_ms(&story);
	while (story.routes_told[1] == 0 && story_ms(&story) - before < 3000) {
		story_wait(&story, USEC_PER_MSEC);
	}
	cr_assert_lt(story_ms(&story) - before, 500, "took %f ms", story_ms(&story) - before);
	story_end(&story);
}

/* Somebody sees all packets, is faster than the network, and replays what Alice sends from an address of his
 * own. What Bob sends there he passes on to Alice in Bob's name. */
static struct address thief, alice;
static unsigned stolen;

static void steal(struct sim_world *world, const struct sim_wire *wire)
{
	if (wire->bytes[0] < 0x80)
		return;
	if (wire->from == 0)
		sim_world_send_raw(world, 2, &thief, &wire->remote, wire->bytes, wire->size);
	else if (wire->from == 1 && !address_equal(&wire->remote, &thief))
		alice = wire->remote;
	else if (wire->from == 1)
		sim_world_send_raw(world, 2, &wire->local, &alice, wire->bytes, wire->size);
	stolen += wire->from == 1 && address_equal(&wire->remote, &thief);
}

Test(story_roaming, a_replay_from_elsewhere_diverts_nothing)
{
	begin();
	sim_world_add_peer(&story.world, "str:mallory", "198.51.100.66", SIM_NAT_NONE, NULL);
	address_parse(&thief, "198.51.100.66:666");
	story.world.on_wire = steal;
	for (int i = 0; i < 30; i++) {
		say_more(2);
		story_wait(&story, 300 * USEC_PER_MSEC);
	}
	cr_assert_eq(story.routes_told[1], 0);
	cr_assert_gt(stolen, 5, "the address was not even tried");
	story_end(&story);
}
