#include <criterion/criterion.h>
#include <string.h>

#include "story.h"

static struct story story;

static void connects_although_lost(uint8_t lead)
{
	story_begin(&story, SIM_APP_UDP, 3);
	story_lose(&story, lead, 1);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 5 * USEC_PER_SEC));
	cr_assert_eq(story.lost_count, 1);
	cr_assert(story_ms(&story) < 1500, "took %f ms", story_ms(&story));
	story_end(&story);
}

Test(story_udp, connects_in_two_round_trips_and_exchanges)
{
	story_begin(&story, SIM_APP_UDP, 5);
	sim_app_start(&story.app);
	story_wait(&story, 41 * USEC_PER_MSEC);
	cr_assert(story.app.sides[0].connected);
	cr_assert(story.app.sides[1].connected);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_end(&story);
}

Test(story_udp, a_lost_challenge_request_costs_one_retry)
{
	connects_although_lost(0x20);
}

Test(story_udp, a_lost_challenge_reply_costs_one_retry)
{
	connects_although_lost(0x21);
}

Test(story_udp, a_lost_connect_request_costs_one_retry)
{
	connects_although_lost(0x22);
}

Test(story_udp, a_lost_connect_ok_costs_one_retry)
{
	connects_although_lost(0x23);
}

/* The first challenge reply comes without its last bytes, which are the protocol version. */
static bool cut_reply(struct sim_world *world, unsigned from, const uint8_t *bytes, size_t size)
{
	const struct sim_socket *listening = &world->peers[1].sockets[0];
	const struct sim_socket *calling = &world->peers[0].sockets[0];

	if (bytes[0] != 0x21 || story.lost_count > 0)
		return true;
	story.lost_count++;
	sim_world_send_raw(world, from, &listening->address, &calling->address, bytes, size - 2);
	return false;
}

Test(story_udp, a_challenge_reply_cut_short_does_not_count)
{
	story_begin(&story, SIM_APP_UDP, 3);
	story.world.on_packet = cut_reply;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 5 * USEC_PER_SEC));
	cr_assert_eq(story.lost_count, 1);
	cr_assert(story_ms(&story) < 1500, "took %f ms", story_ms(&story));
	story_end(&story);
}

static void connects_after_thinking(usec_t delay)
{
	story_begin(&story, SIM_APP_UDP, 3);
	story.app.options.accept_delay = delay;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 12 * USEC_PER_SEC));
	story_end(&story);
}

Test(story_udp, the_application_may_think_for_three_seconds)
{
	connects_after_thinking(3 * USEC_PER_SEC);
}

Test(story_udp, the_application_may_think_for_six_seconds)
{
	connects_after_thinking(6 * USEC_PER_SEC);
}

Test(story_udp, nobody_accepts_and_both_time_out)
{
	story_begin(&story, SIM_APP_UDP, 1);
	story.app.options.accept_delay = 3600 * USEC_PER_SEC;
	sim_app_start(&story.app);
	story_wait(&story, 9 * USEC_PER_SEC);
	cr_assert_not(story.app.sides[0].closed);
	story_wait(&story, 3 * USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 5003);
	cr_assert(story.app.sides[1].closed);
	cr_assert_eq(story.app.sides[1].end_reason, 5003);
	story_end(&story);
}

Test(story_udp, a_refusal_tells_code_and_text)
{
	story_begin(&story, SIM_APP_UDP, 1);
	story.app.options.accept_delay = 3600 * USEC_PER_SEC;
	sim_app_start(&story.app);
	story_wait(&story, 100 * USEC_PER_MSEC);
	sockets_close(story.world.peers[1].core, story.world.now, story.app.sides[1].conn, 1321, "not today", 0);
	story.app.sides[1].conn = NULL;
	sim_world_drain(&story.world, 1);
	story_wait(&story, USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 1321);
	cr_assert_eq(strcmp(story.app.sides[0].text, "not today"), 0);
	story_end(&story);
}

Test(story_udp, nobody_listens_and_the_caller_times_out)
{
	story_begin(&story, SIM_APP_UDP, 1);
	sim_app_start(&story.app);
	sim_world_kill_peer(&story.world, 1);
	story_wait(&story, 11 * USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 5003);
	story_end(&story);
}

Test(story_udp, a_dead_peer_is_noticed)
{
	story_begin(&story, SIM_APP_UDP, 3);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	sim_world_kill_peer(&story.world, 1);
	story.app.sides[1].conn = NULL;
	story_wait(&story, 10 * USEC_PER_SEC);
	cr_assert_not(story.app.sides[0].closed);
	story_wait(&story, 13 * USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 5003);
	story_end(&story);
}

Test(story_udp, a_lost_close_is_learned_from_the_next_packet)
{
	story_begin(&story, SIM_APP_UDP, 3);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_lose(&story, 0x24, 1);
	sockets_close(story.world.peers[1].core, story.world.now, story.app.sides[1].conn, 1234, "bye", 0);
	story.app.sides[1].conn = NULL;
	sim_world_drain(&story.world, 1);
	story_wait(&story, 100 * USEC_PER_MSEC);
	cr_assert_eq(story.lost_count, 1);
	story.app.options.reliable_count++; /* the peer has something to say */
	story_wait(&story, 2 * USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 1234);
	story_end(&story);
}

Test(story_udp, linger_delivers_everything_first)
{
	story_begin(&story, SIM_APP_UDP, 1);
	story.app.options.reliable_count = 1000;
	story.app.options.linger = true;
	sim_app_start(&story.app);
	while (story.app.sides[0].reliable_sent < 1000) {
		sim_app_work(&story.app);
		cr_assert(sim_world_step(&story.world, story.world.now + USEC_PER_SEC));
	}
	cr_assert(story.app.sides[1].reliable_received < 1000);
	cr_assert(sim_app_close(&story.app, 0, 1234, "bye", 30 * USEC_PER_SEC));
	cr_assert_eq(story.app.sides[1].reliable_received, 1000);
	cr_assert_eq(story.app.sides[1].end_reason, 1234);
	story_end(&story);
}

Test(story_udp, an_idle_minute_costs_a_few_packets)
{
	uint64_t before;

	story_begin(&story, SIM_APP_UDP, 3);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_wait(&story, 5 * USEC_PER_SEC);
	before = story.world.packet_count;
	story_wait(&story, 60 * USEC_PER_SEC);
	cr_assert_not(story.app.sides[0].closed);
	cr_assert_not(story.app.sides[1].closed);
	cr_assert(story.world.packet_count - before <= 40, "%u packets", (unsigned)(story.world.packet_count - before));
	story_end(&story);
}
