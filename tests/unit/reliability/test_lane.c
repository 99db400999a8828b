#include <criterion/criterion.h>
#include <string.h>

#include "core/reliability/lane.h"

static struct message *filled(size_t size, uint8_t fill)
{
	struct message *message = message_new(size);
	memset(message->data, fill, size);
	return message;
}

Test(lane, numbers_both_kinds_together)
{
	struct lane lane;
	lane_init(&lane, 0);
	struct message *a = filled(1, 0), *b = filled(1, 0), *c = filled(1, 0);
	lane_push(&lane, a, true);
	lane_push(&lane, b, false);
	lane_push(&lane, c, true);
	cr_assert_eq(a->number, 1);
	cr_assert_eq(b->number, 2);
	cr_assert_eq(c->number, 3);
	lane_free(&lane);
}

Test(lane, frames_the_stream_as_the_wire_says)
{
	struct lane lane;
	lane_init(&lane, 0);
	lane_push(&lane, filled(14, 'h'), true);
	lane_push(&lane, filled(5, 'u'), false);
	lane_push(&lane, filled(3000, 'l'), true);
	uint8_t bytes[32];
	lane_copy_stream(&lane, 1, bytes, 18, false);
	cr_assert_eq(bytes[0], 0x0e);
	cr_assert_eq(bytes[1], 'h');
	/* The worked example of docs/wire.md: 78 02 5D. */
	cr_assert_eq(bytes[15], 0x78);
	cr_assert_eq(bytes[16], 0x02);
	cr_assert_eq(bytes[17], 0x5d);
	lane_on_stream_sent(&lane, 16);
	lane_copy_stream(&lane, 17, bytes, 4, false);
	cr_assert_eq(bytes[0], 0x02);
	cr_assert_eq(bytes[2], 'l');
	cr_assert_eq(lane.end, 1 + 15 + 3003);
	lane_free(&lane);
}

Test(lane, the_older_message_goes_first)
{
	struct lane lane;
	lane_init(&lane, 0);
	lane_push(&lane, filled(10, 'a'), true);
	lane_push(&lane, filled(10, 'u'), false);
	lane_push(&lane, filled(10, 'b'), true);
	cr_assert(lane_stream_is_next(&lane));
	cr_assert_eq(lane_stream_run(&lane), 11);
	lane_on_stream_sent(&lane, 11);
	cr_assert_not(lane_stream_is_next(&lane));
	lane_on_unreliable_sent(&lane, 10);
	cr_assert(lane_stream_is_next(&lane));
	cr_assert_not(lane_has_unreliable(&lane));
	lane_free(&lane);
}

Test(lane, limits_a_run_to_so_many_messages)
{
	struct lane lane;
	lane_init(&lane, 0);
	for (int i = 0; i < 4; i++)
		lane_push(&lane, filled(9, 'a'), true);
	int64_t size = 1000;
	cr_assert_eq(lane_limit_messages(&lane, 2, &size), 2);
	cr_assert_eq(size, 20);
	size = 15;
	cr_assert_eq(lane_limit_messages(&lane, 2, &size), 1);
	cr_assert_eq(size, 15);
	size = 15;
	cr_assert_eq(lane_limit_messages(&lane, 0, &size), 0);
	cr_assert_eq(size, 0);
	lane_free(&lane);
}

Test(lane, acks_release_messages_from_the_front)
{
	struct lane lane;
	lane_init(&lane, 0);
	struct message *first = message_ref(filled(99, 'a'));
	lane_push(&lane, first, true);
	lane_push(&lane, filled(99, 'b'), true);
	/* 99 needs a two-byte header: the messages are [1, 102) and [102, 203). */
	lane_on_stream_sent(&lane, 202);
	cr_assert_eq(lane_unacked(&lane), 202);
	cr_assert_eq(lane_on_acked(&lane, 102, 203), 101);
	cr_assert_eq(lane.message_count, 2u);
	cr_assert_eq(lane_unacked(&lane), 101);
	cr_assert_eq(lane_on_acked(&lane, 102, 150), 0);
	cr_assert_eq(lane_on_acked(&lane, 1, 102), 101);
	cr_assert_eq(lane.message_count, 0u);
	cr_assert_eq(first->references, 1u);
	cr_assert_eq(lane_unacked(&lane), 0);
	message_unref(first);
	lane_free(&lane);
}

Test(lane, only_what_is_not_acked_is_lost)
{
	struct lane lane;
	lane_init(&lane, 0);
	lane_push(&lane, filled(1000, 'a'), true);
	lane_on_stream_sent(&lane, 1003);
	lane_on_acked(&lane, 300, 400);
	cr_assert_eq(lane_on_lost(&lane, 200, 500), 200);
	cr_assert_eq(seq_ranges_count(&lane.lost), 2u);
	cr_assert_eq(lane_on_lost(&lane, 200, 500), 0, "it is lost already");
	lane_on_acked(&lane, 200, 300);
	cr_assert_eq(seq_ranges_count(&lane.lost), 1u, "a late ack completes it");
	lane_on_resent(&lane, 400, 450);
	cr_assert_eq(seq_ranges_at(&lane.lost, 0).begin, 450);
	lane_free(&lane);
}

Test(lane, demands_a_reliable_message_before_numbers_lurch)
{
	struct lane lane;
	lane_init(&lane, 0);
	int count = 0;
	for (; !lane_must_be_reliable(&lane); count++)
		lane_push(&lane, message_new(0), false);
	cr_assert(count > 1000 && count < 10000);
	lane_push(&lane, message_new(0), true);
	cr_assert_not(lane_must_be_reliable(&lane));
	lane_free(&lane);
}

Test(lane, finds_bytes_of_any_message)
{
	struct lane lane;
	lane_init(&lane, 0);
	for (int i = 0; i < 200; i++)
		lane_push(&lane, filled(20, (uint8_t)i), true);
	lane_on_stream_sent(&lane, 200 * 21);
	lane_on_acked(&lane, 1, 1 + 10 * 21);
	for (int i = 10; i < 200; i++) {
		uint8_t bytes[2];
		lane_copy_stream(&lane, 1 + i * 21 + 20, bytes, i < 199 ? 2 : 1, false);
		cr_assert_eq(bytes[0], i);
		cr_assert(i == 199 || bytes[1] == 20, "the next header");
	}
	lane_free(&lane);
}

/* --- expiring */

static struct message *expiring(size_t size, uint8_t fill, usec_t at)
{
	struct message *message = filled(size, fill);
	message->expires_at = at;
	return message;
}

static const uint8_t *stream(const struct lane *lane, int64_t position, size_t size)
{
	static uint8_t bytes[256];
	lane_copy_stream(lane, position, bytes, size, false);
	return bytes;
}

Test(lane, a_message_that_waited_too_long_leaves_no_trace_but_its_number)
{
	struct lane lane;
	lane_init(&lane, 0);
	lane_push(&lane, expiring(1, 'a', 50), true);
	lane_push(&lane, filled(1, 'b'), true);
	lane_push(&lane, expiring(1, 'c', 100), true);
	lane_push(&lane, filled(1, 'd'), true);
	lane_push(&lane, expiring(1, 'e', 100), true);
	cr_assert_eq(lane.expires_at, 50);
	cr_assert_eq(lane_expire(&lane, 49, LANE_EXPIRE_ALL), 0u);
	cr_assert_eq(lane_expire(&lane, 100, LANE_EXPIRE_ALL), 3u);
	cr_assert_eq(lane.expires_at, USEC_NEVER);
	/* Both that are left stand two numbers above the one before: 0x40 | size 1, increment 2. */
	cr_assert_eq(lane.end, 1 + 6);
	cr_assert_eq(memcmp(stream(&lane, 1, 6),
	                    "\x41\x02"
	                    "b"
	                    "\x41\x02"
	                    "d",
	                    6),
	             0);
	struct message *next = filled(1, 'f');
	lane_push(&lane, next, true);
	cr_assert_eq(next->number, 6);
	cr_assert_eq(memcmp(stream(&lane, 1, 9) + 6,
	                    "\x41\x02"
	                    "f",
	                    3),
	             0);
	lane_on_stream_sent(&lane, 9);
	lane_on_acked(&lane, 1, 10);
	cr_assert_eq(lane.message_count, 0u);
	lane_free(&lane);
}

Test(lane, what_has_begun_to_leave_goes_on)
{
	struct lane lane;
	lane_init(&lane, 0);
	lane_push(&lane, expiring(20, 'a', 100), true);
	lane_push(&lane, expiring(20, 'b', 100), true);
	lane_push(&lane, expiring(20, 'u', 100), false);
	lane_push(&lane, expiring(20, 'v', 100), false);
	lane_on_stream_sent(&lane, 1);
	lane_on_unreliable_sent(&lane, 1);
	cr_assert_eq(lane_expire(&lane, 100, LANE_EXPIRE_ALL), 2u);
	cr_assert_eq(lane.end, 1 + 21);
	cr_assert_eq(lane.unreliable.count, 1);
	cr_assert_eq(lane.unreliable.head->data[0], 'u');
	cr_assert_eq(lane.unreliable.tail, lane.unreliable.head);
	lane_on_lost(&lane, 1, 2);
	cr_assert_eq(lane_expire(&lane, 1000, LANE_EXPIRE_ALL), 0u, "lost is not unsent");
	lane_free(&lane);
}

/* All of it has left but nothing is acknowledged: what comes next begins where that ends. */
Test(lane, expiring_between_what_is_in_flight_and_what_waits_keeps_positions)
{
	struct lane lane;
	lane_init(&lane, 0);
	lane_push(&lane, filled(10, 'a'), true);
	lane_on_stream_sent(&lane, 11);
	lane_push(&lane, expiring(10, 'b', 5), true);
	lane_push(&lane, expiring(10, 'c', 5), true);
	cr_assert_eq(lane_expire(&lane, 5, LANE_EXPIRE_ALL), 2u);
	cr_assert_not(lane_has_stream(&lane));
	lane_push(&lane, filled(10, 'd'), true);
	cr_assert(lane_stream_is_next(&lane));
	cr_assert_eq(lane_stream_run(&lane), 12);
	cr_assert_eq(memcmp(stream(&lane, 12, 3),
	                    "\x4a\x03"
	                    "d",
	                    3),
	             0);
	lane_on_stream_sent(&lane, 12);
	cr_assert_eq(memcmp(stream(&lane, 11, 4),
	                    "a"
	                    "\x4a\x03"
	                    "d",
	                    4),
	             0, "sent again across the place");
	cr_assert_eq(lane_on_acked(&lane, 1, 24), 23);
	cr_assert_eq(lane.message_count, 0u);
	lane_free(&lane);
}

/* docs/wire.md, "Message framing": the peer ends the connection at a number 10,000 above what it knows. */
Test(lane, numbers_never_lurch_however_many_messages_expire)
{
	struct lane lane;
	int64_t largest = 0, previous = 0;
	lane_init(&lane, 0);
	for (int i = 0; i < 30000; i++)
		lane_push(&lane, expiring(1, 'a', 10), i % 2 == 0 || lane_must_be_reliable(&lane));
	lane_expire(&lane, 10, LANE_EXPIRE_ALL);
	for (uint32_t i = 0; i < lane.message_count; i++) {
		const struct lane_message *entry = &lane.messages[(lane.message_first + i) & (lane.message_capacity - 1)];
		if (entry->message == NULL)
			continue;
		cr_assert_eq(entry->message->number - previous, entry->step);
		previous = entry->message->number;
		if (entry->step > largest)
			largest = entry->step;
	}
	cr_assert_eq(previous, lane.last_reliable_number);
	cr_assert(previous > 15000, "some are sent although their time is over");
	cr_assert(largest > 7000 && largest < 10000, "%ld", (long)largest);
	/* Whatever comes next stays near enough too. */
	lane_push(&lane, filled(1, 'a'), lane_must_be_reliable(&lane));
	cr_assert(lane.last_number - lane.last_reliable_number <= 8001);
	lane_free(&lane);
}

Test(lane, looks_at_no_more_than_it_is_asked_to)
{
	struct lane lane;
	lane_init(&lane, 0);
	for (int i = 0; i < 10; i++) {
		lane_push(&lane, expiring(1, 'a', 10), true);
		lane_push(&lane, expiring(1, 'u', 10), false);
	}
	cr_assert_eq(lane_expire(&lane, 10, 3), 6u);
	cr_assert_eq(lane.expires_at, 10, "the rest has not been looked at");
	cr_assert_eq(lane_expire(&lane, 10, LANE_EXPIRE_ALL), 14u);
	cr_assert_not(lane_has_new(&lane));
	lane_free(&lane);
}

/* A message that waits for ever must not make all that expires behind it stay in memory. */
Test(lane, keeps_no_memory_of_what_expired)
{
	struct lane lane;
	usec_t now = 0;
	lane_init(&lane, 0);
	for (int i = 0; i < 7000; i++) {
		if (i % 1000 == 0)
			lane_push(&lane, filled(1, 'a'), true);
		lane_push(&lane, expiring(1, 'b', ++now), true);
		if (i % 50 == 0)
			lane_push(&lane, expiring(1, 'c', now + 200), true);
		lane_expire(&lane, now, LANE_EXPIRE_ALL);
	}
	cr_assert_leq(lane.message_capacity, 512u);
	lane_free(&lane);
}

/* Against a plain list: the stream that leaves is that of the messages that did not expire. */
Test(lane, any_order_of_sending_and_expiring_gives_the_same_stream)
{
	enum { MESSAGES = 400 };
	uint64_t state = 12345;
	int got = 0;
	for (int round = 0; round < 200; round++) {
		struct lane lane;
		usec_t expires[MESSAGES] = { 0 };
		int64_t sent = 1;
		int pushed = 0;
		int64_t number = 0;
		lane_init(&lane, 0);
		for (usec_t now = 1; pushed < MESSAGES || lane_has_stream(&lane); now++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			unsigned draw = (unsigned)(state >> 33);
			if (pushed < MESSAGES && draw % 2 == 0) {
				expires[pushed] = draw % 5 < 3 ? now + (usec_t)(draw / 8 % 30) : USEC_NEVER;
				lane_push(&lane, expiring(4, (uint8_t)pushed, expires[pushed]), true);
				pushed++;
			}
			if (draw % 3 == 0)
				lane_expire(&lane, now, draw % 7 == 0 ? 5 : LANE_EXPIRE_ALL);
			int64_t size = lane.end - lane.sent_end;
			size = size < (int64_t)(draw % 9) ? size : (int64_t)(draw % 9);
			lane_on_stream_sent(&lane, size);
			if (draw % 11 == 0)
				lane_on_acked(&lane, sent, lane.sent_end - (int64_t)(draw % 4));
		}
		/* What is not acknowledged can still be read, message by message. */
		for (uint32_t i = 0; i < lane.message_count; i++) {
			const struct lane_message *entry = &lane.messages[(lane.message_first + i) & (lane.message_capacity - 1)];
			if (entry->message == NULL)
				continue;
			const uint8_t *bytes = stream(&lane, entry->begin, entry->header_size + 4);
			cr_assert_eq(bytes[entry->header_size], entry->message->data[0]);
			cr_assert(number == 0 || entry->message->number == number + (int64_t)entry->step);
			number = entry->message->number;
			got++;
		}
		lane_on_acked(&lane, 1, lane.sent_end);
		cr_assert_eq(lane_unacked(&lane), 0);
		cr_assert_eq(lane.message_count, 0u);
		lane_free(&lane);
	}
	cr_assert(got > 200, "%d", got);
}
