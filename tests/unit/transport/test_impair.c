#include <criterion/criterion.h>
#include <string.h>

#include "transport/impair.h"

static struct impair *impair;
static struct impair_rules rules;
static struct impair_flow flow;
static usec_t now;
static uint32_t sent; /* the number each datagram carries */

static void start(void)
{
	impair = impair_new(7);
	memset(&rules, 0, sizeof(rules));
	memset(&flow, 0, sizeof(flow));
	now = 1000 * USEC_PER_SEC;
	sent = 0;
}

static void stop(void)
{
	impair_free(impair);
}

/* The next datagram of `size` bytes. True: it goes on at once. */
static bool pass(size_t size)
{
	static uint8_t bytes[2000];
	struct datagram datagram = { .transport = 5, .bytes = bytes, .size = size };

	datagram.remote.port = 77;
	memcpy(bytes, &sent, sizeof(sent));
	sent++;
	return impair_pass(impair, now, &rules, &flow, IMPAIR_SEND, &datagram);
}

/* The number of the next one that is due, or -1. */
static int64_t take(void)
{
	enum impair_direction direction;
	struct datagram datagram;
	uint32_t number;

	if (!impair_next(impair, now, &direction, &datagram))
		return -1;
	cr_assert_eq(direction, IMPAIR_SEND);
	cr_assert_eq(datagram.transport, 5);
	cr_assert_eq(datagram.remote.port, 77);
	memcpy(&number, datagram.bytes, sizeof(number));
	return number;
}

Test(impair, without_rules_everything_goes_on)
{
	start();
	for (int i = 0; i < 100; i++)
		cr_assert(pass(1000));
	cr_assert_not(impair_is_active(&rules, &flow, now));
	cr_assert_eq(impair_next_timeout(impair), USEC_NEVER);
	cr_assert_eq(take(), -1);
	stop();
}

Test(impair, so_many_in_a_hundred_are_lost)
{
	int passed = 0;

	start();
	rules.loss = 12.5;
	for (int i = 0; i < 100000; i++)
		passed += pass(10);
	cr_assert(passed > 87000 && passed < 88000, "%d", passed);
	rules.loss = 100;
	for (int i = 0; i < 1000; i++)
		cr_assert_not(pass(10));
	cr_assert_eq(impair_next_timeout(impair), USEC_NEVER);
	stop();
}

Test(impair, a_lag_is_kept_to_the_microsecond_and_in_order)
{
	start();
	rules.lag = 100 * USEC_PER_MSEC;
	for (int i = 0; i < 10; i++) {
		cr_assert_not(pass(100));
		now += 1000;
	}
	for (int i = 0; i < 10; i++) {
		usec_t at = impair_next_timeout(impair);
		cr_assert_eq(at, 1000 * USEC_PER_SEC + i * 1000 + 100 * USEC_PER_MSEC);
		now = at - 1;
		cr_assert_eq(take(), -1);
		now = at;
		cr_assert_eq(take(), i);
	}
	stop();
}

Test(impair, nothing_overtakes_when_the_lag_is_lowered)
{
	start();
	rules.lag = 100 * USEC_PER_MSEC;
	cr_assert_not(pass(100));
	rules.lag = 0;
	cr_assert(impair_is_active(&rules, &flow, now), "one is on its way");
	cr_assert_not(pass(100));
	now += 100 * USEC_PER_MSEC;
	cr_assert_eq(take(), 0);
	cr_assert_eq(take(), 1);
	cr_assert_not(impair_is_active(&rules, &flow, now));
	cr_assert(pass(100));
	stop();
}

Test(impair, nothing_overtakes_what_is_due_and_has_not_left)
{
	start();
	rules.lag = 10 * USEC_PER_MSEC;
	cr_assert_not(pass(100));
	rules.lag = 0;
	now += 15 * USEC_PER_MSEC; /* whoever takes it is late */
	cr_assert_not(pass(100));
	cr_assert_eq(take(), 0);
	cr_assert_eq(take(), 1);
	cr_assert_eq(take(), -1);
	cr_assert(pass(100));
	stop();
}

Test(impair, jitter_wavers_around_its_mean_and_keeps_order)
{
	enum { COUNT = 20000 };
	double sum = 0;
	int late = 0, at_most = 0;

	start();
	rules.jitter_average = 10 * USEC_PER_MSEC;
	rules.jitter_max = 50 * USEC_PER_MSEC;
	rules.jitter_share = 75;
	for (int i = 0; i < COUNT; i++) {
		now += USEC_PER_SEC; /* each alone: nothing pushes another back */
		if (pass(10))
			continue;
		usec_t wait = impair_next_timeout(impair) - now;
		cr_assert(wait > 0 && wait <= rules.jitter_max, "%ld", (long)wait);
		sum += (double)wait;
		late++;
		at_most += wait == rules.jitter_max;
		now += rules.jitter_max;
		cr_assert_eq(take(), i);
	}
	cr_assert(late > COUNT * 74 / 100 && late < COUNT * 76 / 100, "%d", late);
	/* The mean of an exponential distribution cut at five means: (1 - e^-5) of it. */
	cr_assert(sum / late > 9700 && sum / late < 10200, "%f", sum / late);
	cr_assert(at_most > 0 && at_most < late / 80, "e^-5 of them, %d", at_most);
	int64_t expected = COUNT;
	for (int i = 0; i < 1000; i++) {
		if (pass(10))
			cr_assert_eq(sent - 1, expected++);
		now += 100;
		for (int64_t number; (number = take()) >= 0;)
			cr_assert_eq(number, expected++);
	}
	stop();
}

Test(impair, some_are_overtaken)
{
	int overtaken = 0, count = 0;
	int64_t highest = -1;

	start();
	rules.reorder = 20;
	rules.reorder_time = 15 * USEC_PER_MSEC;
	for (int i = 0; i < 10000; i++) {
		if (pass(10)) {
			highest = i;
			count++;
		}
		now += 1000;
		for (int64_t number; (number = take()) >= 0; count++)
			overtaken += number < highest;
	}
	cr_assert(overtaken > 1800 && overtaken < 2200, "%d", overtaken);
	cr_assert(count >= 9980);
	stop();
}

Test(impair, some_come_twice_the_second_a_little_later)
{
	int copies = 0;

	start();
	rules.duplicate = 10;
	rules.duplicate_time_max = 10 * USEC_PER_MSEC;
	for (int i = 0; i < 10000; i++) {
		cr_assert(pass(10), "the first goes on at once");
		if (impair_next_timeout(impair) != USEC_NEVER) {
			usec_t wait = impair_next_timeout(impair) - now;
			cr_assert(wait > 0 && wait <= rules.duplicate_time_max + 1);
			now += wait;
			cr_assert_eq(take(), i);
			cr_assert_eq(take(), -1);
			copies++;
		}
	}
	cr_assert(copies > 900 && copies < 1100, "%d", copies);
	stop();
}

/* Offered four times as much as may pass. */
static void check_rate(int64_t rate, int64_t burst)
{
	int64_t passed = 0;

	start();
	rules.rate = rate;
	rules.burst = burst;
	for (usec_t end = now + 10 * USEC_PER_SEC; now < end; now += 1000 * USEC_PER_SEC / (4 * rate))
		passed += pass(1000) ? 1000 : 0;
	cr_assert(passed <= 10 * rate + burst + 1000, "%ld of %ld", (long)passed, (long)rate);
	cr_assert(passed >= 10 * rate * 99 / 100 - 1000, "%ld of %ld", (long)passed, (long)rate);
	stop();
}

Test(impair, the_rate_is_kept_whatever_the_burst)
{
	check_rate(100000, 16384);
	check_rate(100000, 0);
	check_rate(3000, 500);
	check_rate(100000000, 1048576);
}

Test(impair, a_burst_passes_after_a_pause)
{
	int passed = 0;

	start();
	rules.rate = 1000;
	rules.burst = 10000;
	while (pass(1000))
		passed++;
	cr_assert_eq(passed, 10);
	now += 5 * USEC_PER_SEC;
	for (passed = 0; pass(1000);)
		passed++;
	cr_assert_eq(passed, 5);
	now += 3600 * USEC_PER_SEC;
	for (passed = 0; pass(1000);)
		passed++;
	cr_assert_eq(passed, 10, "no more than the burst, however long the pause");
	stop();
}

Test(impair, what_is_held_is_bounded)
{
	int held = 0;

	start();
	rules.lag = 5 * USEC_PER_SEC;
	for (int i = 0; i < 100000; i++)
		pass(1300);
	now += 5 * USEC_PER_SEC;
	while (take() >= 0)
		held++;
	cr_assert(held > 30000 && held < 60000, "%d", held);
	for (int i = 0; i < 100; i++)
		pass(1300);
	now += 5 * USEC_PER_SEC;
	for (held = 0; take() >= 0;)
		held++;
	cr_assert_eq(held, 100, "there is room again");
	stop();
}

Test(impair, what_is_held_is_freed_with_it)
{
	start();
	rules.lag = USEC_PER_SEC;
	for (int i = 0; i < 100; i++)
		pass(1300);
	stop();
	impair_free(NULL);
}

static uint64_t digest(uint64_t seed)
{
	uint64_t sum = 0;

	start();
	impair_free(impair);
	impair = impair_new(seed);
	rules.loss = 20;
	rules.jitter_average = 5000;
	rules.jitter_max = 50000;
	rules.jitter_share = 50;
	rules.reorder = 10;
	rules.reorder_time = 3000;
	rules.duplicate = 10;
	rules.duplicate_time_max = 4000;
	for (int i = 0; i < 1000; i++) {
		sum = sum * 31 + pass(10);
		now += 500;
		for (int64_t number; (number = take()) >= 0;)
			sum = sum * 31 + (uint64_t)number;
	}
	stop();
	return sum;
}

Test(impair, the_same_seed_gives_the_same_network)
{
	cr_assert_eq(digest(1), digest(1));
	cr_assert_neq(digest(1), digest(2));
}
