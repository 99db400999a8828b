/* The way of a connection by signals is lost: another ICE session is made beside it, and carries on. */
#include <criterion/criterion.h>
#include <string.h>

#include "story.h"

static struct story story;

static void begin_by(bool relayed)
{
	story_begin(&story, SIM_APP_P2P, 3);
	story.world.relayed = relayed;
	story_watch_routes(&story);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_wait(&story, USEC_PER_SEC);
}

static void begin(void)
{
	begin_by(false);
}

static double say_more(unsigned count)
{
	return story_say_more(&story, count, 9 * USEC_PER_SEC);
}

static unsigned sessions_of(unsigned peer)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++)
		count += story.world.peers[peer].sockets[i].ice != NULL;
	return count;
}

static void expect_one_session(void)
{
	story_wait(&story, 8 * USEC_PER_SEC);
	cr_assert_eq(sessions_of(0), 1);
	cr_assert_eq(sessions_of(1), 1);
}

Test(story_restart, a_peer_that_notices_its_new_address)
{
	double ms;

	for (unsigned moving = 0; moving < 2; moving++) {
		begin();
		sim_world_move_peer(&story.world, moving, "198.51.100.77", true);
		ms = say_more(5);
		cr_assert_lt(ms, 300, "side %u took %f ms", moving, ms);
		cr_assert_gt(story.routes_told[0], 0);
		cr_assert_gt(story.routes_told[1], 0);
		expect_one_session();
		say_more(5);
		story_end(&story);
	}
}

Test(story_restart, a_peer_that_does_not_notice)
{
	double ms;

	for (unsigned moving = 0; moving < 2; moving++) {
		begin();
		sim_world_move_peer(&story.world, moving, "198.51.100.77", false);
		ms = say_more(5);
		/* The first answer is missed after 450 ms, the second, an urgent one, after 250 more. */
		cr_assert_lt(ms, 900, "side %u took %f ms", moving, ms);
		expect_one_session();
		story_end(&story);
	}
}

Test(story_restart, both_at_once)
{
	double ms;

	begin();
	sim_world_move_peer(&story.world, 0, "198.51.100.77", true);
	sim_world_move_peer(&story.world, 1, "198.51.100.78", true);
	ms = say_more(5);
	cr_assert_lt(ms, 300, "took %f ms", ms);
	expect_one_session();
	story_end(&story);
}

Test(story_restart, from_here_to_there_and_back)
{
	begin();
	for (int i = 0; i < 12; i++) {
		sim_world_move_peer(&story.world, 0, i % 2 == 0 ? "198.51.100.77" : "198.51.100.1", i % 3 != 0);
		say_more(3);
		if (i % 4 == 0)
			story_wait(&story, USEC_PER_SEC);
	}
	expect_one_session();
	story_end(&story);
}

Test(story_restart, signals_that_are_lost_doubled_and_late)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		begin();
		story.world.random.state ^= seed * 0x9E3779B97F4A7C15u;
		story.world.signaling.loss = 300000;
		story.world.signaling.duplicate = 300000;
		story.world.signaling.jitter = 300 * USEC_PER_MSEC;
		sim_world_move_peer(&story.world, 0, "198.51.100.77", seed % 2 == 0);
		if (seed % 3 == 0)
			sim_world_move_peer(&story.world, 1, "198.51.100.78", seed % 2 == 1);
		say_more(5);
		story_end(&story);
	}
}

Test(story_restart, ice_that_fails_is_made_anew)
{
	double ms;

	begin();
	sim_world_break_paths(&story.world, 0);
	sim_world_break_paths(&story.world, 1);
	ms = say_more(5);
	cr_assert_lt(ms, 1000, "took %f ms", ms);
	expect_one_session();
	story_end(&story);
}

Test(story_restart, a_link_that_is_down_for_nine_seconds)
{
	double ms;

	begin();
	for (unsigned i = 0; i < 2; i++)
		story.world.network.hosts[i].up.down = story.world.network.hosts[i].down.down = true;
	story.world.signaling.loss = 1000000;
	story.app.options.reliable_count++;
	story_wait(&story, 9 * USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++)
		story.world.network.hosts[i].up.down = story.world.network.hosts[i].down.down = false;
	story.world.signaling.loss = 0;
	ms = say_more(5);
	cr_assert_lt(ms, 500, "took %f ms", ms);
	expect_one_session();
	story_end(&story);
}

/* A change that concerns nobody: the way before goes on, and what was begun ends. */
Test(story_restart, the_old_way_carries_until_the_new_one_works)
{
	begin();
	story.world.signaling.loss = 1000000;
	core_network_changed(story.world.peers[0].core, story.world.now, true);
	sim_world_drain(&story.world, 0);
	cr_assert_lt(say_more(5), 50);
	cr_assert_eq(sessions_of(0), 2);
	cr_assert_eq(sessions_of(1), 1);
	expect_one_session();
	cr_assert_eq(story.routes_told[0], 0);
	story.world.signaling.loss = 0;
	sim_world_move_peer(&story.world, 0, "198.51.100.77", true);
	cr_assert_lt(say_more(5), 300);
	story_end(&story);
}

/* --- relays and what they want to see */

static uint32_t session_of(unsigned peer)
{
	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		if (story.world.peers[peer].sockets[i].ice != NULL)
			return story.world.peers[peer].sockets[i].transport;
	}
	cr_assert_fail("no session");
	return 0;
}

static void end_credentials(unsigned peer)
{
	struct path_change change = { .kind = PATH_EXPIRING, .transport = session_of(peer), .rtt = -1 };

	core_receive_path_change(story.world.peers[peer].core, story.world.now, &change);
	sim_world_drain(&story.world, peer);
}

static void set_list(unsigned peer, enum config_id id, const char *list)
{
	struct conn *conn = story.app.sides[peer].conn;

	cr_assert_eq(config_set_string(sockets_config(conn), id, list), CONFIG_OK);
	sockets_reconfigure(story.world.peers[peer].core, story.world.now, conn);
	sim_world_drain(&story.world, peer);
}

/* Returns the longest of some messages, in ms, during which the session of both sides became another one. */
static double renewed(uint32_t first, uint32_t second)
{
	double during = say_more(3), after;

	story_wait(&story, USEC_PER_SEC);
	after = say_more(3);
	expect_one_session();
	cr_assert_neq(session_of(0), first);
	cr_assert_neq(session_of(1), second);
	return during > after ? during : after;
}

Test(story_restart, a_relay_whose_credentials_end_is_left_without_a_pause)
{
	begin_by(true);
	for (unsigned peer = 0; peer < 2; peer++) {
		uint32_t first = session_of(0), second = session_of(1);
		end_credentials(peer);
		cr_assert_lt(renewed(first, second), 60);
	}
	story_end(&story);
}

Test(story_restart, both_may_have_to_renew_at_once)
{
	uint32_t first, second;

	begin_by(true);
	first = session_of(0), second = session_of(1);
	end_credentials(0);
	end_credentials(1);
	cr_assert_lt(renewed(first, second), 60);
	story_end(&story);
}

Test(story_restart, other_lists_move_what_goes_through_a_relay)
{
	for (unsigned peer = 0; peer < 2; peer++) {
		uint32_t first, second;
		begin_by(true);
		first = session_of(0), second = session_of(1);
		set_list(peer, CONFIG_P2P_TURN_USER_LIST, "gordon");
		story_wait(&story, 50 * USEC_PER_MSEC);
		set_list(peer, CONFIG_P2P_TURN_PASS_LIST, "xyzzy");
		story_wait(&story, 90 * USEC_PER_MSEC);
		cr_assert_eq(sessions_of(peer), 1, "the second list is still settling");
		story_wait(&story, 15 * USEC_PER_MSEC);
		cr_assert_eq(sessions_of(peer), 2);
		cr_assert_lt(renewed(first, second), 60);
		story_end(&story);
	}
}

Test(story_restart, other_lists_are_not_forgotten_while_signals_are_lost)
{
	uint32_t first, second;

	begin_by(true);
	first = session_of(0), second = session_of(1);
	story.world.signaling.loss = 1000000;
	set_list(0, CONFIG_P2P_TURN_PASS_LIST, "xyzzy");
	story_wait(&story, 10 * USEC_PER_SEC);
	cr_assert_eq(session_of(0), first);
	story.world.signaling.loss = 0;
	story_wait(&story, 8 * USEC_PER_SEC);
	cr_assert_lt(renewed(first, second), 60);
	story_end(&story);
}

Test(story_restart, a_direct_way_needs_no_credentials)
{
	uint32_t first;

	begin();
	first = session_of(0);
	end_credentials(0);
	set_list(0, CONFIG_P2P_TURN_USER_LIST, "gordon");
	story_wait(&story, USEC_PER_SEC);
	cr_assert_eq(session_of(0), first);
	cr_assert_eq(sessions_of(0), 1);
	story_end(&story);
}

Test(story_restart, lists_that_are_set_back_change_nothing)
{
	begin_by(true);
	set_list(0, CONFIG_P2P_TURN_USER_LIST, "gordon");
	set_list(0, CONFIG_P2P_TURN_USER_LIST, "");
	story_wait(&story, USEC_PER_SEC);
	cr_assert_eq(sessions_of(0), 1);
	story_end(&story);
}

Test(story_restart, nothing_is_left_of_a_connection_that_ends_meanwhile)
{
	begin();
	sim_world_move_peer(&story.world, 0, "198.51.100.77", true);
	story_wait(&story, 5 * USEC_PER_MSEC);
	sim_app_close(&story.app, 0, 1234, "bye", 20 * USEC_PER_SEC);
	story_wait(&story, 10 * USEC_PER_SEC);
	cr_assert_eq(sessions_of(0), 0);
	story_end(&story);
}
