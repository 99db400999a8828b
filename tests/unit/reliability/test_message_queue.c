#include <criterion/criterion.h>

#include "core/reliability/message_queue.h"

Test(message_queue, is_first_in_first_out_and_counts)
{
	struct message_queue queue = { 0 };
	struct message *a = message_new(10);
	struct message *b = message_new(0);
	message_queue_push(&queue, a);
	message_queue_push(&queue, b);
	cr_assert_eq(queue.count, 2);
	cr_assert_eq(queue.bytes, 10);
	cr_assert_eq(message_queue_pop(&queue), a);
	cr_assert_eq(queue.bytes, 0);
	cr_assert_eq(message_queue_pop(&queue), b);
	cr_assert_eq(message_queue_pop(&queue), NULL);
	message_queue_push(&queue, a);
	cr_assert_eq(queue.head, a);
	cr_assert_eq(queue.tail, a);
	message_queue_clear(&queue);
	cr_assert_eq(queue.count, 0);
	message_unref(b);
}
