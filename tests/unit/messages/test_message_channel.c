#include "core/messages/message_channel.h"

#include <criterion/criterion.h>

static struct message_channels channels;
static struct message_inbox alice, bob;

static void push(struct message_inbox *inbox, int32_t channel, uint8_t content)
{
	struct message *message = message_new(3);
	message->channel = channel;
	message->data[0] = content;
	message_channel_push(&channels, inbox, message);
}

/* The content of the next message; -1 when there is none. */
static int pop(int32_t channel, const struct message_inbox *from)
{
	struct message_inbox *inbox = NULL;
	struct message *message = message_channel_pop(&channels, channel, &inbox);
	int content = -1;
	if (message == NULL)
		return -1;
	cr_assert_eq(inbox, from);
	content = message->data[0];
	message_unref(message);
	return content;
}

static void begin(void)
{
	message_channel_init(&channels, 99);
	alice = bob = (struct message_inbox){ 0 };
}

static void end(void)
{
	message_channel_drop_all(&channels, &alice);
	message_channel_drop_all(&channels, &bob);
	message_channel_free(&channels);
}

TestSuite(message_channel, .init = begin, .fini = end);

Test(message_channel, gives_messages_of_all_sessions_in_order_of_arrival)
{
	push(&alice, 5, 1);
	push(&bob, 5, 2);
	push(&alice, -6, 3);
	push(&alice, 5, 4);
	cr_assert_eq(pop(5, &alice), 1);
	cr_assert_eq(pop(5, &bob), 2);
	cr_assert_eq(pop(5, &alice), 4);
	cr_assert_eq(pop(5, NULL), -1);
	cr_assert_eq(pop(-6, &alice), 3);
	cr_assert_eq(pop(7, NULL), -1);
}

Test(message_channel, counts_what_each_session_has)
{
	push(&alice, 1, 1);
	push(&alice, 2, 2);
	push(&bob, 1, 3);
	cr_assert_eq(alice.count, 2);
	cr_assert_eq(alice.bytes, 6);
	cr_assert_eq(bob.count, 1);
	cr_assert_eq(pop(2, &alice), 2);
	cr_assert_eq(alice.count, 1);
	cr_assert_eq(alice.bytes, 3);
}

Test(message_channel, drops_only_what_it_is_told_to)
{
	push(&alice, 1, 1);
	push(&alice, 2, 2);
	push(&bob, 1, 3);
	push(&alice, 1, 4);
	cr_assert_eq(message_channel_drop(&channels, &alice, 1), 2);
	cr_assert_eq(message_channel_drop(&channels, &alice, 1), 0);
	cr_assert_eq(alice.count, 1);
	cr_assert_eq(pop(1, &bob), 3);
	cr_assert_eq(pop(1, NULL), -1);
	cr_assert_eq(pop(2, &alice), 2);
}

Test(message_channel, is_news_when_it_was_empty)
{
	int32_t number;
	cr_assert_not(message_channel_next_news(&channels, &number));
	push(&alice, 8, 1);
	push(&alice, 9, 2);
	push(&alice, 8, 3);
	cr_assert(message_channel_next_news(&channels, &number));
	cr_assert_eq(number, 8);
	cr_assert(message_channel_next_news(&channels, &number));
	cr_assert_eq(number, 9);
	cr_assert_not(message_channel_next_news(&channels, &number));
	cr_assert_eq(pop(8, &alice), 1);
	push(&bob, 8, 4);
	cr_assert_not(message_channel_next_news(&channels, &number), "it has not been emptied");
	cr_assert_eq(pop(8, &alice), 3);
	cr_assert_eq(pop(8, &bob), 4);
	push(&alice, 8, 5);
	cr_assert(message_channel_next_news(&channels, &number));
	cr_assert_eq(number, 8);
}

Test(message_channel, is_no_news_when_read_or_dropped_before_it_was_told)
{
	int32_t number;
	push(&alice, 8, 1);
	push(&alice, 9, 2);
	cr_assert_eq(pop(8, &alice), 1);
	message_channel_drop_all(&channels, &alice);
	cr_assert_not(message_channel_next_news(&channels, &number));
	push(&alice, 8, 1);
	cr_assert_eq(pop(8, &alice), 1);
	push(&alice, 8, 1);
	cr_assert(message_channel_next_news(&channels, &number));
	cr_assert_not(message_channel_next_news(&channels, &number), "once");
}

Test(message_channel, keeps_no_more_than_some_empty_channels)
{
	int32_t number;
	for (int32_t i = 0; i < 100000; i++) {
		push(&alice, i * 7, 1);
		cr_assert_eq(pop(i * 7, &alice), 1);
	}
	cr_assert_leq(HASH_COUNT(channels.by_number), 300);
	while (message_channel_next_news(&channels, &number))
		cr_assert_fail("nothing is there");
}
