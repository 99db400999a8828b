/* How large packets become: as large as the path takes them uncut, and messages arrive whatever it takes. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/reliability/size_news.h"
#include "core/wire/wire.h"
#include "story.h"

#define IPV4_HEADERS 28

static struct story story;
static size_t largest; /* packet of Alice's, since it was set to 0 */

static void note(struct sim_world *world, const struct sim_wire *wire)
{
	(void)world;
	if (wire->from == 0 && wire->bytes[0] >= WIRE_LEAD_DATA && wire->size > largest)
		largest = wire->size;
}

static struct sim_link *uplink(void)
{
	return &story.world.network.hosts[0].up;
}

/* Her way out takes packets of IP up to `mtu` bytes; 0: any. */
static void set_mtu(size_t mtu, bool cuts)
{
	uplink()->options.mtu = mtu;
	uplink()->options.cuts = cuts;
}

static void begin_with(enum config_id option, int32_t value, size_t mtu, bool cuts)
{
	story_begin(&story, SIM_APP_UDP, 40);
	story.app.options.size_max = 20000;
	story.world.on_wire = note;
	config_set_int(&story.app.config, option, value);
	set_mtu(mtu, cuts);
	largest = 0;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, 30 * USEC_PER_SEC), "not all arrives");
	story_wait(&story, 2 * USEC_PER_SEC);
}

static void begin(size_t mtu, bool cuts)
{
	begin_with(CONFIG_MTU_DISCOVERY, 1, mtu, cuts);
}

/* The size of packets as it is now. */
static size_t size_now(void)
{
	largest = 0;
	story_say_more(&story, 20, 10 * USEC_PER_SEC);
	return largest;
}

Test(story_mtu, an_ordinary_path_takes_more_than_the_protocol_begins_with)
{
	begin(1500, true);
	cr_assert_eq(size_now(), WIRE_DATAGRAM_MAX_IPV4);
	cr_assert_eq(uplink()->cut_count, 0);
	story_end(&story);
}

Test(story_mtu, a_narrow_path_is_not_left_to_fragments)
{
	uint64_t cut;
	size_t size;

	begin(1000, true);
	cut = uplink()->cut_count;
	size = size_now();
	cr_assert(size <= 1000 - IPV4_HEADERS && size > 1000 - IPV4_HEADERS - 16, "%zu", size);
	cr_assert_eq(uplink()->cut_count, cut);
	story_end(&story);
}

Test(story_mtu, a_narrow_path_that_cuts_nothing_is_no_black_hole)
{
	static const size_t mtus[] = { 1280, 1006, 1000, 900, 800 };

	for (size_t i = 0; i < sizeof mtus / sizeof *mtus; i++) {
		size_t size, most = mtus[i] - IPV4_HEADERS;

		begin(mtus[i], false);
		size = size_now();
		cr_assert(size <= most && size > most - 16, "%zu of %zu", size, most);
		story_end(&story);
	}
}

Test(story_mtu, a_path_that_becomes_narrow_is_noticed)
{
	double ms;

	begin(1500, true);
	set_mtu(1000, false);
	ms = story_say_more(&story, 40, 20 * USEC_PER_SEC);
	cr_assert_lt(ms, 3000, "took %f ms", ms);
	cr_assert_leq(size_now(), 1000 - IPV4_HEADERS);
	story_end(&story);
}

Test(story_mtu, a_path_that_becomes_wide_is_noticed_after_ten_minutes)
{
	begin(1000, true);
	set_mtu(1500, true);
	cr_assert_lt(size_now(), 1000);
	story_wait(&story, 601 * USEC_PER_SEC);
	size_now();
	story_wait(&story, USEC_PER_SEC);
	cr_assert_eq(size_now(), WIRE_DATAGRAM_MAX_IPV4);
	story_end(&story);
}

/* It takes time to find out that a path is dead, and its sizes have nothing to do with it. */
Test(story_mtu, silence_says_nothing_about_sizes)
{
	begin(1500, true);
	uplink()->down = true;
	story.app.options.reliable_count += 10;
	story_wait(&story, 4 * USEC_PER_SEC);
	uplink()->down = false;
	cr_assert(sim_app_run(&story.app, 10 * USEC_PER_SEC));
	story_wait(&story, USEC_PER_SEC);
	cr_assert_eq(size_now(), WIRE_DATAGRAM_MAX_IPV4);
	story_end(&story);
}

Test(story_mtu, who_says_little_asks_nothing)
{
	story_begin(&story, SIM_APP_UDP, 1);
	story.app.options.size_max = 300;
	story.world.on_wire = note;
	largest = 0;
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	for (unsigned i = 0; i < 40; i++) {
		story_say_more(&story, 1, USEC_PER_SEC);
		story_wait(&story, 100 * USEC_PER_MSEC);
	}
	cr_assert_gt(largest, 0);
	cr_assert_leq(largest, SIZE_NEWS_SMALL);
	story_end(&story);
}

Test(story_mtu, options_make_packets_smaller_and_keep_them_so)
{
	begin_with(CONFIG_MTU_PACKET_SIZE, 900, 0, false);
	cr_assert_eq(size_now(), 900);
	story_end(&story);
}

Test(story_mtu, without_discovery_packets_stay_as_they_begin)
{
	begin_with(CONFIG_MTU_DISCOVERY, 0, 1000, true);
	cr_assert_eq(size_now(), WIRE_DATAGRAM_MAX);
	cr_assert_gt(uplink()->cut_count, 0);
	story_end(&story);
}
