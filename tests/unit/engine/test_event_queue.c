#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>

#include "engine/event_queue.h"

static struct event_queue queue;
static int taken, dropped;

static void take(struct event_node *node, struct kith_event *out)
{
	(void)node;
	out->type = KITH_EVENT_READABLE;
	taken++;
}

static void drop(struct event_node *node)
{
	(void)node;
	dropped++;
}

static bool readable(void)
{
	struct pollfd polled = { queue.fd, POLLIN, 0 };
	return poll(&polled, 1, 0) == 1;
}

/* What engine_unlock does. */
static void settle(void)
{
	if (event_queue_must_signal(&queue))
		event_queue_signal(&queue);
}

Test(event_queue, an_empty_one_is_not_readable)
{
	struct kith_event event = { 0 };
	cr_assert(event_queue_init(&queue));
	settle();
	cr_assert_not(readable());
	cr_assert_not(event_queue_take(&queue, &event));
	event_queue_free(&queue);
}

Test(event_queue, the_descriptor_is_readable_until_the_last_event_is_taken)
{
	struct event_node a = { .take = take }, b = { .take = take };
	struct kith_event event = { 0 };
	cr_assert(event_queue_init(&queue));
	event_queue_add(&queue, &a);
	event_queue_add(&queue, &b);
	settle();
	cr_assert(readable());
	cr_assert(event_queue_take(&queue, &event));
	settle();
	cr_assert(readable());
	cr_assert(event_queue_take(&queue, &event));
	cr_assert_not(readable());
	cr_assert_eq(taken, 2);
	event_queue_free(&queue);
}

Test(event_queue, a_node_stands_in_it_once)
{
	struct event_node node = { .take = take };
	struct kith_event event = { 0 };
	cr_assert(event_queue_init(&queue));
	for (int i = 0; i < 1000; i++)
		event_queue_add(&queue, &node);
	cr_assert_eq(event_queue_count(&queue), 1);
	cr_assert(event_queue_take(&queue, &event));
	cr_assert_not(event_queue_take(&queue, &event));
	event_queue_free(&queue);
}

Test(event_queue, a_removed_node_is_dropped_and_the_descriptor_quiet)
{
	struct event_node node = { .take = take, .drop = drop };
	cr_assert(event_queue_init(&queue));
	event_queue_add(&queue, &node);
	settle();
	event_queue_remove(&queue, &node);
	event_queue_remove(&queue, &node);
	cr_assert_eq(dropped, 1);
	cr_assert_eq(event_queue_count(&queue), 0);
	cr_assert_not(readable());
	event_queue_free(&queue);
}

Test(event_queue, a_signal_that_comes_late_is_taken_back_at_the_next_look)
{
	struct event_node node = { .take = take };
	struct kith_event event = { 0 };
	cr_assert(event_queue_init(&queue));
	event_queue_add(&queue, &node);
	cr_assert(event_queue_must_signal(&queue));
	/* Somebody takes the event before the descriptor is written. */
	cr_assert(event_queue_take(&queue, &event));
	event_queue_signal(&queue);
	cr_assert(readable());
	cr_assert_not(event_queue_take(&queue, &event));
	cr_assert_not(readable());
	/* And the next event is told again. */
	event_queue_add(&queue, &node);
	settle();
	cr_assert(readable());
	event_queue_free(&queue);
}

Test(event_queue, it_is_signalled_once_while_it_fills)
{
	struct event_node a = { .take = take }, b = { .take = take };
	cr_assert(event_queue_init(&queue));
	event_queue_add(&queue, &a);
	cr_assert(event_queue_must_signal(&queue));
	event_queue_add(&queue, &b);
	cr_assert_not(event_queue_must_signal(&queue));
	event_queue_free(&queue);
}

Test(event_queue, what_is_left_is_dropped_at_the_end)
{
	struct event_node a = { .take = take, .drop = drop }, b = { .take = take, .drop = drop };
	cr_assert(event_queue_init(&queue));
	event_queue_add(&queue, &a);
	event_queue_add(&queue, &b);
	event_queue_free(&queue);
	cr_assert_eq(dropped, 2);
}

Test(event_queue, kept_bytes_live_until_the_next)
{
	char *first = malloc(1);
	*first = 'a';
	event_queue_keep(first);
	cr_assert_eq(*first, 'a');
	event_queue_keep(malloc(1));
	event_queue_keep(NULL);
}
