/* What both ends know of a connection after minutes of traffic over links with faults. */
#include <criterion/criterion.h>
#include <string.h>

#include "story.h"

static struct story story;

/* Both sides send one small unreliable message every 50 ms. */
static void talk(usec_t duration)
{
	usec_t until = story.world.now + duration;

	while (story.world.now < until) {
		for (unsigned i = 0; i < 2; i++) {
			struct message *message = message_new(100);
			message->flags = MESSAGE_NO_NAGLE;
			memset(message->data, 0, 100);
			cr_assert_eq(
				sockets_send(story.world.peers[i].core, story.world.now, story.app.sides[i].conn, message, NULL),
				KITH_OK);
			sim_world_drain(&story.world, i);
		}
		usec_t next = story.world.now + 50 * USEC_PER_MSEC;
		while (sim_world_step(&story.world, next)) {
			for (unsigned i = 0; i < 2; i++) {
				struct message *messages[16];
				size_t count =
					sockets_receive(story.world.peers[i].core, story.world.now, story.app.sides[i].conn, messages, 16);
				for (size_t at = 0; at < count; at++)
					message_unref(messages[at]);
				sim_world_drain(&story.world, i);
			}
		}
		story.world.now = next;
	}
}

static void begin(const struct sim_link_options *link)
{
	story_begin(&story, SIM_APP_UDP, 1);
	sim_network_set_link(&story.world.network, 0, link);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 5 * USEC_PER_SEC));
}

static struct conn_statistics ask(unsigned side, bool of_peer)
{
	struct conn_statistics out;

	sockets_statistics(story.world.now, story.app.sides[side].conn, of_peer, &out);
	return out;
}

static uint64_t sum(const uint32_t *buckets, unsigned count)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < count; i++)
		all += buckets[i];
	return all;
}

Test(story_statistics, both_ends_learn_what_the_other_measured)
{
	struct sim_link_options link = { .delay = 30 * USEC_PER_MSEC, .loss = 50000 };

	begin(&link);
	talk(18 * USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++)
		cr_assert_eq(ask(i, true).rates_age, -1, "side %u hears too early", i);
	talk(14 * USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++) {
		struct conn_statistics peer = ask(i, true);
		cr_assert(peer.rates_age >= 0 && peer.lifetime_age < 0, "side %u", i);
		cr_assert(peer.rates.out_packets > 19 && peer.rates.in_packets > 15, "%f %f", peer.rates.out_packets,
		          peer.rates.in_packets);
		cr_assert(peer.rates.ping >= 70 * USEC_PER_MSEC && peer.rates.ping < 90 * USEC_PER_MSEC);
		cr_assert(peer.rates.lost >= 0 && peer.rates.lost < 0.15);
	}
	talk(110 * USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++) {
		struct conn_statistics own = ask(1 - i, false), peer = ask(i, true);
		cr_assert(peer.lifetime_age >= 0, "side %u", i);
		cr_assert(peer.lifetime.connected_seconds >= 120);
		cr_assert(peer.lifetime.packets_sent > 2000 && peer.lifetime.packets_sent <= own.lifetime.packets_sent);
		cr_assert(peer.lifetime.dropped > 50 && peer.lifetime.dropped <= own.lifetime.dropped);
		cr_assert(sum(peer.lifetime.ping_histogram, LINK_PING_BUCKETS) > 0);
		cr_assert(sum(peer.lifetime.quality_histogram, LINK_QUALITY_BUCKETS) > 20);
		cr_assert(peer.lifetime.quality_percentiles[3] > 85 && peer.lifetime.quality_percentiles[3] < 100);
	}
	story_end(&story);
}

Test(story_statistics, losses_counted_are_the_losses_there_were)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC, .loss = 100000 };
	struct conn_statistics own;
	uint64_t lost;

	begin(&link);
	talk(60 * USEC_PER_SEC);
	own = ask(1, false);
	lost = story.world.network.hosts[0].up.lost_count;
	/* The last ones may be missing without a packet behind them that shows it; handshakes count not at all. */
	cr_assert(own.lifetime.dropped + 10 > lost && own.lifetime.dropped <= lost, "%llu of %llu",
	          (unsigned long long)own.lifetime.dropped, (unsigned long long)lost);
	cr_assert_eq(own.lifetime.duplicate, 0);
	story_end(&story);
}

Test(story_statistics, duplicates_are_counted_and_are_no_losses)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC, .duplicate = 100000 };
	struct conn_statistics own;

	begin(&link);
	talk(30 * USEC_PER_SEC);
	own = ask(1, false);
	cr_assert(own.lifetime.duplicate > 30 && own.lifetime.dropped == 0);
	cr_assert(own.rates.disordered > 0.02 && own.rates.lost == 0);
	story_end(&story);
}

Test(story_statistics, jitter_is_that_of_the_link)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC, .jitter = 8 * USEC_PER_MSEC };
	struct conn_status status;

	begin(&link);
	talk(10 * USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++) {
		sockets_status(story.world.now, story.app.sides[i].conn, &status);
		cr_assert(status.jitter > 4 * USEC_PER_MSEC && status.jitter <= 8 * USEC_PER_MSEC + 16, "%lld",
		          (long long)status.jitter);
	}
	story_end(&story);
}

Test(story_statistics, an_idle_connection_sends_no_reports)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC };
	uint64_t before;

	begin(&link);
	story_wait(&story, 5 * USEC_PER_SEC);
	before = story.world.packet_count;
	story_wait(&story, 300 * USEC_PER_SEC);
	/* Keepalives and their answers every ten seconds, of either side. */
	cr_assert(story.world.packet_count - before <= 130, "%llu",
	          (unsigned long long)(story.world.packet_count - before));
	for (unsigned i = 0; i < 2; i++)
		cr_assert_eq(ask(i, true).lifetime_age, -1);
	story_end(&story);
}

Test(story_statistics, the_smallest_packets_have_room_for_rates_but_not_for_all)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC };

	story_begin(&story, SIM_APP_UDP, 1);
	config_set_int(&story.app.config, CONFIG_MTU_PACKET_SIZE, 200);
	sim_network_set_link(&story.world.network, 0, &link);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 5 * USEC_PER_SEC));
	talk(200 * USEC_PER_SEC);
	for (unsigned i = 0; i < 2; i++) {
		cr_assert(ask(i, true).rates_age >= 0);
		cr_assert_eq(ask(i, true).lifetime_age, -1);
	}
	story_end(&story);
}
