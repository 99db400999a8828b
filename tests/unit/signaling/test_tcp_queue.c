#include <criterion/criterion.h>

#include "signaling/tcp/tcp_queue.h"

static void add(struct tcp_queue *queue, char name, size_t size, int64_t now)
{
	struct tcp_queue_line *line = tcp_queue_line_new(size);

	line->text[0] = name;
	tcp_queue_add(queue, line, now);
}

/* The name of the next line, 0 for none. */
static char take(struct tcp_queue *queue, int64_t now)
{
	struct tcp_queue_line *line = tcp_queue_take(queue, now);
	char name = line != NULL ? line->text[0] : 0;

	tcp_queue_line_free(line);
	return name;
}

Test(tcp_queue, gives_lines_in_their_order)
{
	struct tcp_queue queue = { 0 };

	cr_assert(tcp_queue_is_empty(&queue));
	add(&queue, 'a', 10, 0);
	add(&queue, 'b', 10, 0);
	cr_assert_eq(take(&queue, 1), 'a');
	add(&queue, 'c', 10, 1);
	cr_assert_eq(take(&queue, 1), 'b');
	cr_assert_eq(take(&queue, 1), 'c');
	cr_assert_eq(take(&queue, 1), 0);
	cr_assert(tcp_queue_is_empty(&queue));
	cr_assert_eq(queue.bytes, 0);
}

Test(tcp_queue, drops_the_oldest_when_there_are_too_many)
{
	struct tcp_queue queue = { 0 };

	add(&queue, 'a', 1, 0);
	add(&queue, 'b', 1, 0);
	for (int i = 0; i < TCP_QUEUE_LINES_MAX - 1; i++)
		add(&queue, 'x', 1, 0);
	cr_assert_eq(queue.count, TCP_QUEUE_LINES_MAX);
	cr_assert_eq(queue.dropped, 1);
	cr_assert_eq(take(&queue, 0), 'b');
	tcp_queue_free(&queue);
}

Test(tcp_queue, drops_the_oldest_when_they_are_too_large)
{
	struct tcp_queue queue = { 0 };

	add(&queue, 'a', TCP_QUEUE_BYTES_MAX / 2, 0);
	add(&queue, 'b', TCP_QUEUE_BYTES_MAX / 2, 0);
	cr_assert_eq(queue.dropped, 0);
	add(&queue, 'c', TCP_QUEUE_BYTES_MAX / 2, 0);
	cr_assert_eq(queue.dropped, 1);
	cr_assert(queue.bytes <= TCP_QUEUE_BYTES_MAX);
	cr_assert_eq(take(&queue, 0), 'b');
	tcp_queue_free(&queue);
	cr_assert(tcp_queue_is_empty(&queue));
}

Test(tcp_queue, does_not_send_what_nobody_waits_for_any_more)
{
	struct tcp_queue queue = { 0 };

	add(&queue, 'a', 1, 0);
	add(&queue, 'b', 1, 5);
	cr_assert_eq(take(&queue, TCP_QUEUE_AGE_MAX_USEC + 1), 'b');
	cr_assert_eq(queue.dropped, 1);
	tcp_queue_free(&queue);
}
