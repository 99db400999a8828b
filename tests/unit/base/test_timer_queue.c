#include "core/base/timer_queue.h"

#include <criterion/criterion.h>

Test(timer_queue, an_empty_queue_is_never_due)
{
	struct timer_queue queue;
	timer_queue_init(&queue);
	cr_assert_eq(timer_queue_next_timeout(&queue), USEC_NEVER);
	cr_assert_null(timer_queue_pop(&queue, USEC_NEVER - 1));
	timer_queue_free(&queue);
}

Test(timer_queue, pops_in_order_and_not_before_time)
{
	struct timer_queue queue;
	struct timer timers[3];
	timer_queue_init(&queue);
	for (int i = 0; i < 3; i++)
		timer_init(&timers[i], &timers[i]);
	timer_queue_set(&queue, &timers[0], 30);
	timer_queue_set(&queue, &timers[1], 10);
	timer_queue_set(&queue, &timers[2], 20);
	cr_assert_eq(timer_queue_next_timeout(&queue), 10);
	cr_assert_null(timer_queue_pop(&queue, 9));
	cr_assert_eq(timer_queue_pop(&queue, 25), &timers[1]);
	cr_assert_eq(timers[1].owner, &timers[1]);
	cr_assert_eq(timer_queue_pop(&queue, 25), &timers[2]);
	cr_assert_null(timer_queue_pop(&queue, 25));
	timer_queue_set(&queue, &timers[0], USEC_NEVER);
	cr_assert_eq(timer_queue_next_timeout(&queue), USEC_NEVER);
	timer_queue_remove(&queue, &timers[0]);
	timer_queue_free(&queue);
}

Test(timer_queue, equal_times_leave_in_the_order_they_were_set)
{
	struct timer_queue queue;
	struct timer timers[50];
	timer_queue_init(&queue);
	for (int i = 0; i < 50; i++) {
		timer_init(&timers[i], NULL);
		timer_queue_set(&queue, &timers[i], 5);
	}
	timer_queue_set(&queue, &timers[7], 5); /* keeps its turn */
	for (int i = 0; i < 50; i++)
		cr_assert_eq(timer_queue_pop(&queue, 5), &timers[i], "%d", i);
	timer_queue_free(&queue);
}

#define COUNT 100

Test(timer_queue, stays_sorted_through_random_changes)
{
	struct timer_queue queue;
	struct timer timers[COUNT];
	uint32_t random = 7;
	timer_queue_init(&queue);
	for (int i = 0; i < COUNT; i++)
		timer_init(&timers[i], NULL);
	for (int step = 0; step < 20000; step++) {
		random = random * 1664525 + 1013904223;
		struct timer *timer = &timers[random >> 8 & 63];
		usec_t least = USEC_NEVER;
		if (random >> 30 == 0)
			timer_queue_remove(&queue, timer);
		else
			timer_queue_set(&queue, timer, random >> 16 & 1023);
		for (int i = 0; i < COUNT; i++)
			least = usec_min(least, timers[i].index != 0 ? timers[i].at : USEC_NEVER);
		cr_assert_eq(timer_queue_next_timeout(&queue), least, "step %d", step);
	}
	usec_t last = 0;
	for (struct timer *timer; (timer = timer_queue_peek(&queue)) != NULL;) {
		usec_t at = timer->at;
		cr_assert_leq(last, at);
		last = at;
		cr_assert_eq(timer_queue_pop(&queue, at), timer);
	}
	timer_queue_free(&queue);
}

Test(timer_queue, free_leaves_the_timers_unqueued)
{
	struct timer_queue queue;
	struct timer timer;
	timer_queue_init(&queue);
	timer_init(&timer, NULL);
	timer_queue_set(&queue, &timer, 1);
	timer_queue_free(&queue);
	cr_assert_eq(timer.index, 0);
}
