/* What is known of an attempt, at every stage that it can be at. */
#include <criterion/criterion.h>

#include "core/sockets/sockets.h"
#include "story.h"

static struct story story;

static struct attempt ask(unsigned side)
{
	struct attempt attempt;

	cr_assert(story.app.sides[side].conn != NULL);
	sockets_attempt(story.world.now, story.app.sides[side].conn, &attempt);
	return attempt;
}

static void begin(enum sim_app_mode mode, usec_t accept_delay)
{
	story_begin(&story, mode, 1);
	story.app.options.accept_delay = accept_delay;
}

/* But signals. */
static void lose_everything(void)
{
	struct sim_link_options link = { .loss = 1000000 };

	sim_network_set_link(&story.world.network, 0, &link);
}

Test(story_attempt, by_address_nobody_answers)
{
	struct attempt attempt;

	begin(SIM_APP_UDP, 0);
	lose_everything();
	sim_app_start(&story.app);
	story_wait(&story, 3 * USEC_PER_SEC);
	attempt = ask(0);
	cr_assert(!attempt.p2p && !attempt.incoming && !attempt.agreed && !attempt.connected && !attempt.reachable);
	cr_assert(attempt.requests >= 5 && attempt.requests <= 7, "%u", attempt.requests);
	cr_assert_eq(attempt.ended_at - attempt.began_at, 3 * USEC_PER_SEC);
	story_end(&story);
}

Test(story_attempt, by_address_somebody_is_there_and_does_not_accept)
{
	struct attempt attempt;

	begin(SIM_APP_UDP, 3600 * USEC_PER_SEC);
	sim_app_start(&story.app);
	story_wait(&story, USEC_PER_SEC);
	attempt = ask(0);
	cr_assert(attempt.reachable && !attempt.agreed && !attempt.old_version);
	attempt = ask(1);
	cr_assert(attempt.incoming && !attempt.p2p && !attempt.connected);
	story_end(&story);
}

Test(story_attempt, by_address_it_works)
{
	struct attempt attempt;

	begin(SIM_APP_UDP, 0);
	sim_app_start(&story.app);
	story_wait(&story, USEC_PER_SEC);
	attempt = ask(0);
	cr_assert(attempt.reachable && attempt.agreed && attempt.connected);
	story_end(&story);
}

Test(story_attempt, no_signal_arrives)
{
	struct attempt attempt;

	begin(SIM_APP_P2P, 0);
	story.world.signaling.loss = 1000000;
	sim_app_start(&story.app);
	story_wait(&story, 3 * USEC_PER_SEC);
	attempt = ask(0);
	cr_assert(attempt.p2p && !attempt.incoming && !attempt.agreed);
	cr_assert(attempt.signals_sent > 0 && attempt.signals_received == 0);
	story_end(&story);
}

Test(story_attempt, the_other_side_has_not_decided)
{
	struct attempt attempt;

	begin(SIM_APP_P2P, 3600 * USEC_PER_SEC);
	sim_app_start(&story.app);
	story_wait(&story, USEC_PER_SEC);
	attempt = ask(0);
	cr_assert(!attempt.agreed);
	attempt = ask(1);
	cr_assert(attempt.p2p && attempt.incoming && !attempt.agreed && attempt.signals_received > 0);
	story_end(&story);
}

Test(story_attempt, both_agree_and_no_pair_works)
{
	struct attempt attempt;

	begin(SIM_APP_P2P, 0);
	lose_everything();
	sim_app_start(&story.app);
	story_wait(&story, 3 * USEC_PER_SEC);
	attempt = ask(0);
	cr_assert(attempt.agreed && !attempt.found && !attempt.connected);
	cr_assert(attempt.gathered && attempt.local[CANDIDATE_HOST] > 0 && attempt.remote[CANDIDATE_HOST] > 0);
	cr_assert(attempt.signals_received > 0);
	story_end(&story);
}

Test(story_attempt, a_pair_works)
{
	struct attempt attempt;

	begin(SIM_APP_P2P, 0);
	sim_app_start(&story.app);
	story_wait(&story, USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++) {
		attempt = ask(i);
		cr_assert(attempt.agreed && attempt.found && attempt.connected && attempt.incoming == (i == 1));
	}
	story_end(&story);
}
