#include <criterion/criterion.h>

#include "core/conn/link_quality.h"

#define MS USEC_PER_MSEC
#define NEAR(a, b) ((a) > (b)-0.0001 && (a) < (b) + 0.0001)

static struct link_quality quality;
static struct rng rng;
static usec_t now;

static void begin(void)
{
	static const uint8_t seed[RNG_SEED_SIZE] = { 2 };

	rng_init(&rng, seed);
	now = 1000 * USEC_PER_SEC;
	link_quality_init(&quality, now);
}

static void end(void)
{
	link_quality_free(&quality);
}

static void receive(int64_t gap)
{
	link_quality_on_received(&quality, now, 100, gap, LINK_QUALITY_NO_SPACING);
}

static void roll(void)
{
	link_quality_roll(&quality, now, &rng, false);
}

static struct link_rates rates(void)
{
	struct link_rates out;

	link_quality_rates(&quality, now, &out);
	return out;
}

static struct link_lifetime lifetime(void)
{
	struct link_lifetime out;

	link_quality_lifetime(&quality, &out);
	return out;
}

Test(link_quality, nothing_is_known_at_first)
{
	begin();
	cr_assert(rates().lost < 0 && rates().disordered < 0);
	cr_assert(rates().in_packets == 0 && rates().jitter == -1);
	cr_assert_eq(link_quality_take_jitter(&quality), -1);
	cr_assert_eq(lifetime().ping_percentiles[1], -1);
	end();
}

Test(link_quality, rates_are_those_of_the_last_interval)
{
	begin();
	for (int i = 0; i < 50; i++) {
		receive(1);
		link_quality_on_sent(&quality, 200);
		now += 100 * MS;
	}
	/* The first interval, while it runs. */
	cr_assert(NEAR(rates().in_packets, 10) && NEAR(rates().out_bytes, 2000));
	roll();
	now += 3 * USEC_PER_SEC;
	roll();
	cr_assert(NEAR(rates().in_packets, 10) && NEAR(rates().in_bytes, 1000));
	now += 2 * USEC_PER_SEC;
	roll();
	cr_assert(rates().in_packets == 0 && rates().lost < 0);
	end();
}

Test(link_quality, gaps_are_losses_until_filled)
{
	begin();
	for (int i = 0; i < 7; i++)
		receive(1);
	receive(3);
	cr_assert_eq(lifetime().dropped, 2);
	cr_assert(NEAR(rates().lost, 0.2));
	receive(-1);
	cr_assert(lifetime().dropped == 1 && lifetime().out_of_order == 1);
	link_quality_on_duplicate(&quality);
	link_quality_on_too_old(&quality);
	/* Nine came, one twice, one too late to tell, one is missing. */
	cr_assert(lifetime().duplicate == 1 && lifetime().lurch == 1 && lifetime().sequenced == 11);
	cr_assert(NEAR(rates().lost, 1.0 / 12) && NEAR(rates().disordered, 3.0 / 12));
	end();
}

Test(link_quality, a_loss_taken_back_in_the_next_interval_is_not_negative)
{
	begin();
	for (int i = 0; i < 10; i++)
		receive(2);
	now += 5 * USEC_PER_SEC;
	roll();
	for (int i = 0; i < 10; i++)
		receive(-1);
	now += 5 * USEC_PER_SEC;
	roll();
	cr_assert(rates().lost == 0 && NEAR(rates().disordered, 1));
	cr_assert_eq(lifetime().dropped, 0);
	end();
}

/* An interval with 100 numbers of which `lost` are missing. */
static void interval(unsigned lost)
{
	for (unsigned i = 0; i < 100 - lost; i++)
		receive(i == 0 ? 1 + (int64_t)lost : 1);
	now += 5 * USEC_PER_SEC;
	roll();
}

Test(link_quality, intervals_are_counted_by_how_good_they_were)
{
	static const unsigned losses[] = { 0, 1, 2, 4, 7, 20, 40, 60 };

	begin();
	for (unsigned i = 0; i < 8; i++)
		interval(losses[i]);
	for (unsigned i = 0; i < 8; i++)
		cr_assert_eq(lifetime().quality_histogram[i], 1, "bucket %u", i);
	/* Little traffic tells nothing; no answer at all tells a lot. */
	receive(1);
	now += 5 * USEC_PER_SEC;
	roll();
	link_quality_on_sent(&quality, 50);
	now += 5 * USEC_PER_SEC;
	roll();
	cr_assert_eq(lifetime().quality_histogram[8], 0);
	link_quality_on_sent(&quality, 50);
	now += 5 * USEC_PER_SEC;
	link_quality_roll(&quality, now, &rng, true);
	cr_assert_eq(lifetime().quality_histogram[8], 1);
	cr_assert_eq(lifetime().quality_percentiles[3], 93);
	cr_assert_eq(lifetime().quality_percentiles[0], -1);
	end();
}

Test(link_quality, one_bad_packet_of_many_is_not_perfect)
{
	begin();
	for (int i = 0; i < 100000; i++)
		receive(i == 5 ? 2 : 1);
	now += 5 * USEC_PER_SEC;
	roll();
	cr_assert(lifetime().quality_histogram[0] == 0 && lifetime().quality_histogram[1] == 1);
	end();
}

Test(link_quality, pings_fall_into_the_protocols_buckets)
{
	static const usec_t pings[] = { 25, 26, 51, 76, 101, 126, 151, 201, 301 };

	begin();
	for (unsigned i = 0; i < 9; i++) {
		link_quality_on_ping(&quality, now, &rng, pings[i] * MS);
		/* Too soon after the other to count. */
		link_quality_on_ping(&quality, now + 9 * MS, &rng, pings[0] * MS);
		now += 20 * MS;
	}
	for (unsigned i = 0; i < LINK_PING_BUCKETS; i++)
		cr_assert_eq(lifetime().ping_histogram[i], 1, "bucket %u", i);
	cr_assert_eq(lifetime().ping_percentiles[1], 101);
	cr_assert_eq(lifetime().ping_percentiles[0], -1);
	end();
}

static void arrive(usec_t after, int64_t gap, usec_t spacing)
{
	now += after;
	link_quality_on_received(&quality, now, 100, gap, spacing);
}

Test(link_quality, jitter_is_how_much_the_spacing_changed_on_the_way)
{
	begin();
	arrive(0, 1, 5 * MS); /* nothing before it */
	cr_assert_eq(link_quality_take_jitter(&quality), -1);
	arrive(10 * MS, 1, 10 * MS);
	arrive(14 * MS, 1, 10 * MS);
	arrive(7 * MS, 1, 10 * MS);
	cr_assert_eq(rates().jitter, 4 * MS);
	cr_assert_eq(link_quality_take_jitter(&quality), 4 * MS);
	cr_assert_eq(link_quality_take_jitter(&quality), -1);
	/* None of these has a neighbour to compare with. */
	arrive(90 * MS, 2, 10 * MS);
	arrive(1 * MS, -1, 90 * MS);
	arrive(90 * MS, 1, LINK_QUALITY_NO_SPACING);
	arrive(90 * MS, 1, 250 * MS);
	arrive(250 * MS, 1, 10 * MS);
	cr_assert_eq(link_quality_take_jitter(&quality), -1);
	cr_assert(lifetime().jitter_histogram[0] == 1 && lifetime().jitter_histogram[2] == 2);
	now += 5 * USEC_PER_SEC;
	roll();
	cr_assert_eq(rates().jitter, 4 * MS);
	now += 5 * USEC_PER_SEC;
	roll();
	cr_assert_eq(rates().jitter, -1);
	end();
}

Test(link_quality, jitter_falls_into_the_protocols_buckets)
{
	static const usec_t jitters[] = { 0, 1, 2, 5, 10, 20 };

	begin();
	arrive(0, 1, LINK_QUALITY_NO_SPACING);
	for (unsigned i = 0; i < LINK_JITTER_BUCKETS; i++)
		arrive(50 * MS + jitters[i] * MS, 1, 50 * MS);
	for (unsigned i = 0; i < LINK_JITTER_BUCKETS; i++)
		cr_assert_eq(lifetime().jitter_histogram[i], 1, "bucket %u", i);
	end();
}
