#include <criterion/criterion.h>

#include "core/reliability/congestion.h"

Test(congestion_fixed, the_rate_is_what_was_asked_for)
{
	struct congestion congestion;
	static const struct congestion_limits limits = { 262144, 262144, 1200 };
	congestion_init(&congestion, &congestion_fixed_ops, &limits);
	congestion.ops->init(&congestion, 0, -1);
	cr_assert_eq(congestion.rate, 262144);
	const struct congestion_sample bad = { .lost = 1000000, .rtt = 2000000 };
	congestion.ops->on_sample(&congestion, 1, &bad);
	cr_assert_eq(congestion.rate, 262144);
	cr_assert(congestion.window > 262144);
}

Test(congestion_fixed, silence_narrows_the_window_until_acks_come)
{
	struct congestion congestion;
	static const struct congestion_limits limits = { 262144, 262144, 1200 };
	congestion_init(&congestion, &congestion_fixed_ops, &limits);
	congestion.ops->init(&congestion, 0, -1);
	int64_t before = congestion.window;
	congestion.ops->on_silence(&congestion, 1);
	cr_assert_eq(congestion.window, 8 * 1200);
	const struct congestion_sample good = { .acked = 100000 };
	for (int i = 0; i < 20; i++)
		congestion.ops->on_sample(&congestion, 2, &good);
	cr_assert_eq(congestion.window, before);
	cr_assert_eq(congestion.rate, 262144);
}
