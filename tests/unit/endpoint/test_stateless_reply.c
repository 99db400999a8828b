#include <criterion/criterion.h>
#include <string.h>

#include "core/endpoint/stateless_reply.h"

static struct stateless_replies replies;
static struct datagram question;

static void start(void)
{
	stateless_reply_init(&replies);
	memset(&question, 0, sizeof question);
	question.transport = 3;
	address_parse(&question.remote, "192.0.2.7:77");
	address_parse(&question.local, "192.0.2.1:11");
}

static bool reply(uint8_t content)
{
	struct stateless_reply *slot = stateless_reply_add(&replies, &question);

	if (slot == NULL)
		return false;
	slot->bytes[0] = content;
	slot->size = 1;
	return true;
}

Test(stateless_reply, goes_back_where_the_question_came_from)
{
	uint8_t bytes[600];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };

	start();
	cr_assert(reply(42));
	cr_assert(stateless_reply_transmit(&replies, &burst));
	cr_assert_eq(burst.transport, 3u);
	cr_assert(address_equal(&burst.remote, &question.remote));
	cr_assert(address_equal(&burst.local, &question.local));
	cr_assert_eq(burst.size, 1u);
	cr_assert_eq(bytes[0], 42);
	cr_assert_not(stateless_reply_transmit(&replies, &burst));
	stateless_reply_free(&replies);
}

Test(stateless_reply, more_than_fit_are_dropped_and_counted)
{
	uint8_t bytes[600];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };

	start();
	for (unsigned i = 0; i < STATELESS_REPLY_COUNT; i++)
		cr_assert(reply((uint8_t)i));
	cr_assert_not(reply(200));
	cr_assert_not(reply(201));
	cr_assert_eq(replies.dropped_count, 2u);
	for (unsigned i = 0; i < STATELESS_REPLY_COUNT; i++) {
		cr_assert(stateless_reply_transmit(&replies, &burst));
		cr_assert_eq(bytes[0], i);
	}
	cr_assert_not(stateless_reply_transmit(&replies, &burst));
	stateless_reply_free(&replies);
}

Test(stateless_reply, what_proves_nothing_is_answered_four_times_a_second)
{
	unsigned count = 0;

	start();
	for (usec_t now = 0; now < 10 * USEC_PER_SEC; now += USEC_PER_MSEC)
		count += stateless_reply_may_answer(&replies, now);
	cr_assert_eq(count, 40u);
}
