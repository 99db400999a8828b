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
	lane_copy_stream(&lane, 1, bytes, 18);
	cr_assert_eq(bytes[0], 0x0e);
	cr_assert_eq(bytes[1], 'h');
	/* The worked example of docs/wire.md: 78 02 5D. */
	cr_assert_eq(bytes[15], 0x78);
	cr_assert_eq(bytes[16], 0x02);
	cr_assert_eq(bytes[17], 0x5d);
	lane_copy_stream(&lane, 17, bytes, 4);
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
		lane_copy_stream(&lane, 1 + i * 21 + 20, bytes, i < 199 ? 2 : 1);
		cr_assert_eq(bytes[0], i);
		cr_assert(i == 199 || bytes[1] == 20, "the next header");
	}
	lane_free(&lane);
}
