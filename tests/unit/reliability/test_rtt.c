#include <criterion/criterion.h>

#include "core/reliability/rtt.h"

#define MS USEC_PER_MSEC

Test(rtt, knows_nothing_at_first)
{
	struct rtt rtt;
	rtt_init(&rtt);
	cr_assert_eq(rtt.smoothed, -1);
	cr_assert_eq(rtt_min(&rtt), -1);
	cr_assert_eq(rtt_worst(&rtt), -1);
	cr_assert_eq(rtt_retransmission_timeout(&rtt), USEC_PER_SEC);
}

Test(rtt, times_out_after_three_round_trips_and_60_ms)
{
	struct rtt rtt;
	rtt_init(&rtt);
	cr_assert_eq(rtt_add_sample(&rtt, 0, 40 * MS), 40 * MS);
	cr_assert_eq(rtt_retransmission_timeout(&rtt), 180 * MS);
}

Test(rtt, smooths_samples)
{
	struct rtt rtt;
	rtt_init(&rtt);
	rtt_add_sample(&rtt, 0, 80 * MS);
	rtt_add_sample(&rtt, 1, 160 * MS);
	cr_assert_eq(rtt.smoothed, 90 * MS);
}

Test(rtt, ignores_samples_above_two_seconds_and_far_below_zero)
{
	struct rtt rtt;
	rtt_init(&rtt);
	cr_assert_eq(rtt_add_sample(&rtt, 0, 2 * USEC_PER_SEC + 1), -1);
	cr_assert_eq(rtt_add_sample(&rtt, 0, -2 * MS), -1);
	cr_assert_eq(rtt.smoothed, -1);
	cr_assert_eq(rtt_add_sample(&rtt, 0, -MS / 2), 1);
}

Test(rtt, forgets_an_old_minimum)
{
	struct rtt rtt;
	rtt_init(&rtt);
	rtt_add_sample(&rtt, 0, 10 * MS);
	rtt_add_sample(&rtt, 6 * USEC_PER_SEC, 50 * MS);
	cr_assert_eq(rtt_min(&rtt), 10 * MS);
	rtt_add_sample(&rtt, 12 * USEC_PER_SEC, 60 * MS);
	cr_assert_eq(rtt_min(&rtt), 50 * MS);
}

Test(rtt, keeps_three_recent_samples_100_ms_apart)
{
	struct rtt rtt;
	rtt_init(&rtt);
	for (int i = 0; i < 3; i++)
		rtt_add_sample(&rtt, i * 200 * MS, (30 + i) * MS);
	cr_assert_eq(rtt_worst(&rtt), 32 * MS);
	/* Within 100 ms of the newest only a smaller one counts. */
	rtt_add_sample(&rtt, 450 * MS, 90 * MS);
	cr_assert_eq(rtt_worst(&rtt), 32 * MS);
	rtt_add_sample(&rtt, 550 * MS, 90 * MS);
	cr_assert_eq(rtt_worst(&rtt), 90 * MS);
}

Test(rtt, probes_later_when_the_peer_may_delay)
{
	struct rtt rtt;
	rtt_init(&rtt);
	rtt_add_sample(&rtt, 0, 20 * MS);
	cr_assert_eq(rtt_probe_timeout(&rtt, 50 * MS) - rtt_probe_timeout(&rtt, 0), 50 * MS);
	cr_assert(rtt_probe_timeout(&rtt, 0) < rtt_retransmission_timeout(&rtt));
}
