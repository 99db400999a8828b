#include <criterion/criterion.h>

#include "signaling/tcp/tcp_pause.h"

#define MS 1000
#define NOW 5000000

static struct tcp_backoff backoff;

Test(tcp_pause, pauses_grow_while_nobody_is_reached_and_have_an_end)
{
	int64_t last = 0;

	for (int i = 0; i < 20; i++) {
		struct tcp_pause pause = tcp_pause_after(&backoff, NOW, TCP_PAUSE_NOBODY, 500);
		int64_t took = tcp_pause_end(&pause, false) - NOW;
		cr_assert(i == 0 ? took == 200 * MS : took == 2 * last || took == 20000 * MS);
		last = took;
	}
	cr_assert_eq(last, 20000 * MS);
}

Test(tcp_pause, chance_makes_a_pause_half_or_one_and_a_half)
{
	struct tcp_backoff same = backoff;

	cr_assert_eq(tcp_pause_after(&backoff, NOW, TCP_PAUSE_NOBODY, 2000).until, NOW + 100 * MS);
	cr_assert_geq(tcp_pause_after(&same, NOW, TCP_PAUSE_NOBODY, 999).until, NOW + 299 * MS);
}

Test(tcp_pause, a_good_connection_begins_anew_and_something_to_say_need_not_wait)
{
	struct tcp_pause pause;

	for (int i = 0; i < 5; i++)
		tcp_pause_after(&backoff, NOW, TCP_PAUSE_NOBODY, 500);
	pause = tcp_pause_after(&backoff, NOW, TCP_PAUSE_GOOD, 500);
	cr_assert_eq(tcp_pause_end(&pause, false), NOW + 200 * MS);
	cr_assert_eq(tcp_pause_end(&pause, true), NOW);
}

Test(tcp_pause, who_was_thrown_out_waits_whatever_there_is_to_say)
{
	struct tcp_pause pause = tcp_pause_after(&backoff, NOW, 100 * MS, 500);

	tcp_pause_hasten(&pause);
	cr_assert_eq(tcp_pause_end(&pause, true), NOW + 200 * MS);
	pause = tcp_pause_after(&backoff, NOW, 100 * MS, 500);
	cr_assert_eq(tcp_pause_end(&pause, true), NOW + 400 * MS);
}

/* What waited all along may be in vain; what is said only now may be said because the network is back. */
Test(tcp_pause, what_is_new_ends_a_pause_sooner)
{
	struct tcp_pause pause;

	for (int i = 0; i < 5; i++)
		pause = tcp_pause_after(&backoff, NOW, TCP_PAUSE_NOBODY, 500);
	cr_assert_eq(tcp_pause_end(&pause, true), NOW + 500 * MS);
	tcp_pause_hasten(&pause);
	cr_assert_eq(tcp_pause_end(&pause, false), NOW + 3200 * MS);
	cr_assert_eq(tcp_pause_end(&pause, true), NOW + 100 * MS);
}
