#include <criterion/criterion.h>

#include "core/reliability/refusal.h"

#define RTT (2 * USEC_PER_MSEC)
#define WINDOW 100000

static struct refusal refusal;
static usec_t now;

static void setup(void)
{
	now = USEC_PER_SEC;
	refusal_init(&refusal);
}

TestSuite(refusal, .init = setup);

static void lose(unsigned packets)
{
	struct refusal_news news = { RTT, 0, 1200 * (int64_t)packets, WINDOW };

	for (unsigned i = 0; i < packets; i++)
		refusal_on_lost(&refusal);
	refusal_update(&refusal, now, &news);
}

static void acknowledge(unsigned packets)
{
	struct refusal_news news = { RTT, 1200 * (int64_t)packets, 0, WINDOW };

	refusal_on_acked(&refusal);
	refusal_update(&refusal, now, &news);
}

static void close_it(void)
{
	lose(8);
	now += RTT;
	lose(1);
	cr_assert(refusal.refuses);
}

Test(refusal, nothing_is_held_at_first)
{
	cr_assert_not(refusal_holds(&refusal, INT64_MAX - 1));
}

Test(refusal, one_burst_of_loss_is_no_refusal)
{
	lose(50);
	cr_assert_not(refusal.refuses);
	now += 5 * RTT;
	acknowledge(1);
	lose(7);
	now += 5 * RTT;
	lose(0);
	cr_assert_not(refusal.refuses, "seven in a row may be chance");
}

Test(refusal, losses_for_longer_than_a_round_trip_are_one)
{
	lose(8);
	now += RTT - 1;
	lose(8);
	cr_assert_not(refusal.refuses);
	now += 1;
	lose(0);
	cr_assert(refusal.refuses);
	cr_assert(refusal_holds(&refusal, 0));
}

Test(refusal, it_is_asked_at_once_and_then_ever_more_rarely)
{
	usec_t pauses[7];

	close_it();
	cr_assert_eq(refusal.ask_at, now);
	for (int i = 0; i < 7; i++) {
		refusal_on_asked(&refusal, now, RTT);
		pauses[i] = refusal.ask_at - now;
		now = refusal.ask_at;
	}
	cr_assert_eq(pauses[0], 5 * USEC_PER_MSEC);
	cr_assert_eq(pauses[1], 10 * USEC_PER_MSEC);
	cr_assert_eq(pauses[5], 40 * USEC_PER_MSEC);
	cr_assert_eq(pauses[6], 40 * USEC_PER_MSEC);
}

Test(refusal, an_answer_opens_a_little_and_more_with_every_further_one)
{
	close_it();
	refusal_on_asked(&refusal, now, RTT);
	acknowledge(1);
	cr_assert_not(refusal.refuses);
	cr_assert_not(refusal_holds(&refusal, 5999));
	cr_assert(refusal_holds(&refusal, 6000));
	acknowledge(5);
	cr_assert_not(refusal_holds(&refusal, 11999));
	acknowledge(100);
	cr_assert_not(refusal_holds(&refusal, INT64_MAX - 1));
}

Test(refusal, who_keeps_refusing_is_asked_rarely_from_the_start)
{
	close_it();
	for (int i = 0; i < 4; i++)
		refusal_on_asked(&refusal, now, RTT);
	acknowledge(1);
	close_it();
	cr_assert_eq(refusal.ask_at, now + 40 * USEC_PER_MSEC);
	acknowledge(100);
	close_it();
	cr_assert_eq(refusal.ask_at, now, "all was well in between");
}

Test(refusal, what_is_mostly_refused_goes_in_small_amounts)
{
	struct refusal_news news = { RTT, 4800, 60000, WINDOW };

	refusal_on_lost(&refusal);
	refusal_on_acked(&refusal);
	refusal_update(&refusal, now, &news);
	cr_assert_not(refusal.refuses);
	cr_assert(refusal_holds(&refusal, 9600));
	cr_assert_not(refusal_holds(&refusal, 9599));
}
