#include <criterion/criterion.h>

#include "core/reliability/ack_tracker.h"

#define MS USEC_PER_MSEC

static struct frame_ack ack;

/* Receives first..last at `now`. */
static void receive(struct ack_tracker *tracker, usec_t now, int64_t first, int64_t last)
{
	for (int64_t number = first; number <= last; number++)
		cr_assert(ack_tracker_add(tracker, now, number, true));
}

Test(ack_tracker, begins_with_the_handshake_received)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	cr_assert(ack_tracker_has_news(&tracker));
	cr_assert_eq(ack_tracker_next_timeout(&tracker), USEC_NEVER);
	cr_assert(ack_tracker_report(&tracker, 5, 100, &ack));
	cr_assert_eq(ack.latest, 1);
	cr_assert_eq(ack.delay, FRAME_ACK_DELAY_UNKNOWN);
	cr_assert_eq(ack.block_count, 0u);
	cr_assert_not(ack_tracker_has_news(&tracker));
}

Test(ack_tracker, reports_the_honest_delay)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	receive(&tracker, 1000, 2, 2);
	ack_tracker_report(&tracker, 1000 + 320, 100, &ack);
	cr_assert_eq(ack.latest, 2);
	cr_assert_eq(ack.delay, 10);
	ack_tracker_report(&tracker, 1000 + 3 * USEC_PER_SEC, 100, &ack);
	cr_assert_eq(ack.delay, FRAME_ACK_DELAY_UNKNOWN);
}

Test(ack_tracker, owes_an_ack_soon_for_messages_and_at_once_for_many)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	ack_tracker_add(&tracker, 0, 2, false);
	cr_assert_eq(ack_tracker_next_timeout(&tracker), USEC_NEVER);
	ack_tracker_add(&tracker, 0, 3, true);
	cr_assert(ack_tracker_next_timeout(&tracker) > 0);
	cr_assert(ack_tracker_next_timeout(&tracker) <= 50 * MS);
	receive(&tracker, 10, 4, 40);
	cr_assert_eq(ack_tracker_next_timeout(&tracker), 10);
	ack_tracker_report(&tracker, 10, 100, &ack);
	cr_assert_eq(ack_tracker_next_timeout(&tracker), USEC_NEVER);
}

Test(ack_tracker, withholds_a_new_gap_then_tells_it)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	receive(&tracker, 0, 2, 5);
	receive(&tracker, 100, 8, 9);
	ack_tracker_report(&tracker, 200, 100, &ack);
	cr_assert_eq(ack.latest, 5, "only up to the packet before the gap");
	cr_assert_eq(ack.delay, 200 / 32, "the delay is that of packet 5");
	cr_assert_eq(ack_tracker_next_timeout(&tracker), 100 + 3 * MS);
	ack_tracker_report(&tracker, 100 + 3 * MS, 100, &ack);
	cr_assert_eq(ack.latest, 9);
	cr_assert_eq(ack.block_count, 1u);
	cr_assert_eq(ack.blocks[0].acked, 2u);
	cr_assert_eq(ack.blocks[0].nacked, 2u);
	cr_assert_eq(ack_tracker_next_timeout(&tracker), USEC_NEVER);
	ack_tracker_free(&tracker);
}

Test(ack_tracker, late_packets_split_and_close_gaps)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	receive(&tracker, 0, 2, 2);
	receive(&tracker, 0, 10, 10);
	receive(&tracker, 1, 6, 6);
	cr_assert_eq(ack_tracker_gap_count(&tracker), 2u);
	ack_tracker_report(&tracker, 10 * MS, 100, &ack);
	cr_assert_eq(ack.block_count, 2u);
	cr_assert_eq(ack.blocks[0].acked, 1u);
	cr_assert_eq(ack.blocks[0].nacked, 3u);
	cr_assert_eq(ack.blocks[1].acked, 1u);
	cr_assert_eq(ack.blocks[1].nacked, 3u);
	receive(&tracker, 2, 3, 5);
	receive(&tracker, 2, 9, 9);
	receive(&tracker, 2, 7, 8);
	cr_assert_eq(ack_tracker_gap_count(&tracker), 0u);
	ack_tracker_free(&tracker);
}

Test(ack_tracker, drops_the_newest_gaps_when_room_is_short)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	for (int64_t number = 2; number <= 40; number += 2)
		ack_tracker_add(&tracker, 0, number, true);
	ack_tracker_report(&tracker, 10 * MS, FRAME_ACK_HEADER_MAX + 2, &ack);
	cr_assert_eq(ack.block_count, 2u);
	cr_assert_eq(ack.latest, 6, "gaps 3 and 5 are told, 7 is not");
	cr_assert(tracker.truncated);
	cr_assert(ack_tracker_stop_waiting(&tracker, 11 * MS, 41, 10));
	cr_assert_eq(ack_tracker_next_timeout(&tracker), 11 * MS, "there is room for more now");
	ack_tracker_free(&tracker);
}

Test(ack_tracker, stop_waiting_forgets_old_gaps)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	receive(&tracker, 0, 4, 4);
	receive(&tracker, 0, 10, 10);
	cr_assert_eq(ack_tracker_gap_count(&tracker), 2u);
	cr_assert(ack_tracker_stop_waiting(&tracker, 0, 11, 7));
	cr_assert_eq(ack_tracker_gap_count(&tracker), 1u);
	ack_tracker_report(&tracker, 10 * MS, 100, &ack);
	cr_assert_eq(ack.block_count, 1u);
	cr_assert_eq(ack.blocks[0].nacked, 3u);
	ack_tracker_free(&tracker);
}

Test(ack_tracker, stop_waiting_may_only_go_back_in_older_packets)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	receive(&tracker, 0, 2, 20);
	cr_assert(ack_tracker_stop_waiting(&tracker, 0, 20, 15));
	cr_assert(ack_tracker_stop_waiting(&tracker, 0, 19, 12));
	cr_assert_eq(tracker.wait_floor, 15);
	cr_assert_not(ack_tracker_stop_waiting(&tracker, 0, 21, 14));
}

Test(ack_tracker, has_a_limit_on_gaps)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	int64_t number = 3;
	for (; tracker.count < ACK_TRACKER_GAPS_MAX; number += 2)
		cr_assert(ack_tracker_add(&tracker, 0, number, true));
	cr_assert_not(ack_tracker_add(&tracker, 0, number, true));
	cr_assert(ack_tracker_add(&tracker, 0, number - 1, true), "without a gap it is welcome");
	ack_tracker_free(&tracker);
}

Test(ack_tracker, waits_less_where_nothing_comes_late)
{
	struct ack_tracker tracker;
	ack_tracker_init(&tracker);
	for (int64_t number = 3; number < 300; number += 2)
		ack_tracker_add(&tracker, 0, number, true);
	cr_assert(tracker.nack_delay <= 1 * MS);
	/* A packet that was overtaken by two milliseconds makes it careful again. */
	ack_tracker_add(&tracker, 2 * MS, 4, true);
	cr_assert(tracker.nack_delay >= 2 * MS);
	ack_tracker_free(&tracker);
}
