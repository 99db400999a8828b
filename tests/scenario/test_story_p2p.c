#include <criterion/criterion.h>
#include <string.h>

#include "core/base/byte_writer.h"
#include "core/wire/msg_rendezvous.h"
#include "story.h"

static struct story story;

Test(story_p2p, connects_through_signals)
{
	story_begin(&story, SIM_APP_P2P, 5);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 500 * USEC_PER_MSEC));
	story_end(&story);
}

Test(story_p2p, every_signal_but_one_is_lost_at_first)
{
	story_begin(&story, SIM_APP_P2P, 3);
	story.world.signaling.loss = 1000000;
	sim_app_start(&story.app);
	story_wait(&story, 2 * USEC_PER_SEC);
	cr_assert_not(story.app.sides[0].connected);
	story.world.signaling.loss = 0;
	cr_assert(sim_app_run(&story.app, 2 * USEC_PER_SEC));
	story_end(&story);
}

Test(story_p2p, the_application_may_think_for_six_seconds)
{
	story_begin(&story, SIM_APP_P2P, 3);
	story.app.options.accept_delay = 6 * USEC_PER_SEC;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 8 * USEC_PER_SEC));
	story_end(&story);
}

Test(story_p2p, a_stranger_is_not_answered)
{
	uint64_t signals;

	story_begin(&story, SIM_APP_P2P, 3);
	sim_app_start(&story.app);
	sockets_listen_close(story.world.peers[1].core, story.world.now, story.app.sides[1].listener);
	sim_world_drain(&story.world, 1);
	story_wait(&story, 400 * USEC_PER_MSEC);
	cr_assert(story.app.sides[1].conn == NULL);
	signals = story.world.signal_count;
	story_wait(&story, 10 * USEC_PER_SEC);
	cr_assert(story.world.signal_count > signals);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 5003);
	story_end(&story);
}

Test(story_p2p, a_refusal_tells_code_and_text)
{
	story_begin(&story, SIM_APP_P2P, 1);
	story.app.options.accept_delay = 3600 * USEC_PER_SEC;
	sim_app_start(&story.app);
	story_wait(&story, 100 * USEC_PER_MSEC);
	cr_assert(story.app.sides[1].conn != NULL);
	sockets_close(story.world.peers[1].core, story.world.now, story.app.sides[1].conn, 1321, "not today", 0);
	story.app.sides[1].conn = NULL;
	sim_world_drain(&story.world, 1);
	story_wait(&story, USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 1321);
	cr_assert_eq(strcmp(story.app.sides[0].text, "not today"), 0);
	story_end(&story);
}

/* GNS answers so when its application calls while our call waits for its decision; it has no keys
 * then and never will. */
static void answer_without_keys(void)
{
	const struct conn *caller = story.app.sides[0].conn;
	uint8_t bytes[256];
	struct msg_rendezvous message = { 0 };
	struct byte_writer writer;
	struct signal signal;

	message.to_connection_id = conn_local_id(caller);
	message.from_connection_id = 0x12345678;
	message.from = story.world.peers[1].identity;
	message.to = story.world.peers[0].identity;
	message.has_ok = true;
	message.ice_enabled = true;
	byte_writer_init(&writer, bytes, sizeof bytes);
	msg_rendezvous_write(&writer, &message);
	signal = (struct signal){ bytes, byte_writer_size(&writer), 0 };
	core_receive_signal(story.world.peers[0].core, story.world.now, &signal);
	sim_world_drain(&story.world, 0);
}

Test(story_p2p, an_answer_without_keys_ends_the_call_at_once)
{
	story_begin(&story, SIM_APP_P2P, 1);
	story.app.options.accept_delay = 3600 * USEC_PER_SEC;
	sim_app_start(&story.app);
	story_wait(&story, 100 * USEC_PER_MSEC);
	answer_without_keys();
	story_wait(&story, 100 * USEC_PER_MSEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 4002);
	cr_assert(story.app.sides[1].closed, "the peer is not told");
	cr_assert_eq(story.app.sides[1].end_reason, 4002, "%u", story.app.sides[1].end_reason);
	story_end(&story);
}

Test(story_p2p, a_close_is_noticed_at_once)
{
	story_begin(&story, SIM_APP_P2P, 3);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	cr_assert(sim_app_close(&story.app, 1, 1234, "bye", 100 * USEC_PER_MSEC));
	cr_assert_eq(story.app.sides[0].end_reason, 1234);
	story_end(&story);
}

Test(story_p2p, a_lost_close_is_repeated)
{
	story_begin(&story, SIM_APP_P2P, 3);
	story.world.signaling.loss = 0;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story.world.signaling.loss = 1000000;
	story_lose(&story, 0x24, 1);
	cr_assert(sim_app_close(&story.app, 0, 1234, "bye", 500 * USEC_PER_MSEC));
	cr_assert_eq(story.lost_count, 1);
	cr_assert_eq(story.app.sides[1].end_reason, 1234);
	story_end(&story);
}

Test(story_p2p, a_dead_peer_is_noticed)
{
	story_begin(&story, SIM_APP_P2P, 3);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	sim_world_kill_peer(&story.world, 1);
	story.app.sides[1].conn = NULL;
	story_wait(&story, 20 * USEC_PER_SEC);
	cr_assert(story.app.sides[0].closed);
	cr_assert_eq(story.app.sides[0].end_reason, 5003);
	story_end(&story);
}

/* --- both call */

static void both_call(uint64_t seed, usec_t skew, uint32_t signal_loss)
{
	story_begin(&story, SIM_APP_SYMMETRIC, 3);
	story.world.random.state = seed;
	story.world.signaling.loss = signal_loss;
	story.world.signaling.jitter = 30 * USEC_PER_MSEC;
	story.app.options.call_skew = skew;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 20 * USEC_PER_SEC), "skew %d", (int)skew);
	cr_assert_eq(story.app.sides[0].connections_made, 1);
	cr_assert_eq(story.app.sides[1].connections_made, 1);
	story_end(&story);
}

Test(story_p2p, both_call_at_the_same_moment)
{
	both_call(1, 0, 0);
}

Test(story_p2p, both_call_with_every_skew)
{
	for (unsigned i = 0; i < 100; i++)
		both_call(i, (usec_t)i * 7 * USEC_PER_MSEC, 0);
}

Test(story_p2p, both_call_and_signals_are_lost)
{
	for (unsigned i = 0; i < 50; i++)
		both_call(i, (usec_t)i * 3 * USEC_PER_MSEC, 300000);
}

Test(story_p2p, a_restarted_peer_is_reached_once_the_old_connection_is_gone)
{
	struct sim_app_side *alice = &story.app.sides[0];

	story_begin(&story, SIM_APP_P2P, 1);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	sim_world_kill_peer(&story.world, 0);
	alice->conn = NULL;
	story_wait(&story, 25 * USEC_PER_SEC);
	cr_assert(story.app.sides[1].closed);
	cr_assert_eq(story.app.sides[1].end_reason, 5003);
	story_end(&story);
}
