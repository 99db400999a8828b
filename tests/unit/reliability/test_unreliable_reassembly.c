#include <criterion/criterion.h>
#include <string.h>

#include "core/reliability/unreliable_reassembly.h"

static struct reassembly shared;
static struct unreliable_reassembly reassembly;
static struct lane_numbers numbers;
static uint8_t bytes[30000];

static void start(void)
{
	shared = (struct reassembly){ .buffer_size = 1 << 20, .buffer_messages = 100, .message_size_max = 524288 };
	reassembly = (struct unreliable_reassembly){ 0 };
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 11);
}

static void stop(void)
{
	unreliable_reassembly_free(&reassembly);
	message_queue_clear(&shared.inbox);
}

static void receive(uint16_t lane, int64_t number, uint32_t from, uint32_t to, bool last)
{
	const struct unreliable_segment segment = { lane,      number,  from, last, false, bytes + from % 20000,
		                                        to - from, &numbers };
	unreliable_reassembly_receive(&reassembly, &shared, &segment);
}

static void expect(int64_t number, size_t size)
{
	struct message *message = message_queue_pop(&shared.inbox);
	cr_assert(message != NULL);
	cr_assert_eq(message->number, number);
	cr_assert_eq(message->size, size);
	cr_assert_eq(memcmp(message->data, bytes, size), 0);
	cr_assert_eq(message->flags & MESSAGE_RELIABLE, 0u);
	message_unref(message);
}

Test(unreliable_reassembly, delivers_whole_messages_at_once)
{
	start();
	receive(0, 1, 0, 100, true);
	receive(0, 2, 0, 0, true);
	expect(1, 100);
	expect(2, 0);
	cr_assert_eq(reassembly.partials, NULL);
	stop();
}

Test(unreliable_reassembly, joins_segments_in_any_order)
{
	start();
	receive(0, 9, 2200, 3000, true);
	receive(0, 9, 0, 1100, false);
	cr_assert_eq(shared.inbox.count, 0);
	receive(0, 9, 1100, 2200, false);
	expect(9, 3000);
	stop();
}

Test(unreliable_reassembly, keeps_lanes_and_numbers_apart)
{
	start();
	receive(1, 5, 0, 1000, false);
	receive(2, 5, 1000, 1500, true);
	receive(1, 6, 1000, 1500, true);
	cr_assert_eq(shared.inbox.count, 0);
	receive(1, 5, 1000, 1200, true);
	expect(5, 1200);
	stop();
}

Test(unreliable_reassembly, gives_up_the_oldest_of_too_many)
{
	start();
	for (int64_t number = 1; number <= UNRELIABLE_PARTIALS + 1; number++)
		receive(0, number, 0, 1000, false);
	cr_assert_eq(reassembly.dropped, 1u);
	receive(0, 1, 1000, 1100, true);
	cr_assert_eq(shared.inbox.count, 0, "message 1 was given up");
	receive(0, UNRELIABLE_PARTIALS + 1, 1000, 1100, true);
	expect(UNRELIABLE_PARTIALS + 1, 1100);
	stop();
}

Test(unreliable_reassembly, ignores_segments_out_of_bounds)
{
	start();
	receive(0, 1, 0, 1301, true);
	receive(0, 1, 25900, 26001, true);
	receive(0, 1, 0xffffff00u, 0xffffff10u, true);
	cr_assert_eq(shared.inbox.count, 0);
	cr_assert_eq(reassembly.partials, NULL);
	receive(0, 1, 25900, 26000, true);
	cr_assert(reassembly.partials != NULL);
	stop();
}

static size_t pieces(void)
{
	size_t count = 0;
	for (int i = 0; i < UNRELIABLE_PARTIALS; i++)
		count += seq_ranges_count(&reassembly.partials[i].got);
	return count;
}

/* A peer that sends every other byte alone must not make us keep more book than bytes. */
Test(unreliable_reassembly, keeps_few_pieces_of_a_message)
{
	start();
	for (uint32_t offset = 1; offset < 20000; offset += 2)
		receive(0, 1, offset, offset + 1, false);
	cr_assert_eq(pieces(), (size_t)UNRELIABLE_PIECES_MAX);
	/* What fills holes is taken all the same. */
	for (uint32_t offset = 2; offset < 2 * UNRELIABLE_PIECES_MAX; offset += 2)
		receive(0, 1, offset, offset + 1, false);
	cr_assert_eq(pieces(), 1u);
	stop();
}

Test(unreliable_reassembly, drops_when_nobody_reads)
{
	start();
	shared.buffer_messages = 1;
	receive(0, 1, 0, 10, true);
	receive(0, 2, 0, 10, true);
	cr_assert_eq(shared.inbox.count, 1);
	cr_assert_eq(reassembly.dropped, 1u);
	stop();
}

static void receive_sequenced(int64_t number, uint32_t from, uint32_t to, bool last)
{
	const struct unreliable_segment segment = { 0, number, from, last, true, bytes + from, to - from, &numbers };
	unreliable_reassembly_receive(&reassembly, &shared, &segment);
}

Test(unreliable_reassembly, a_sequenced_message_behind_a_newer_one_is_dropped)
{
	start();
	numbers = (struct lane_numbers){ 0 };
	receive_sequenced(5, 0, 10, true);
	receive_sequenced(4, 0, 10, true);
	receive(0, 3, 0, 10, true);
	receive_sequenced(6, 0, 10, true);
	struct message *message = message_queue_pop(&shared.inbox);
	cr_assert_eq(message->number, 5);
	cr_assert_eq(message->flags, MESSAGE_SEQUENCED);
	message_unref(message);
	expect(3, 10);
	expect(6, 10);
	cr_assert_eq(shared.inbox.count, 0);
	cr_assert_eq(shared.messages_late, 1u);
	stop();
}

/* It is late by when it is complete, not by when its first part came. */
Test(unreliable_reassembly, a_sequenced_message_in_parts_is_late_when_it_is_complete_too_late)
{
	start();
	numbers = (struct lane_numbers){ 0 };
	receive_sequenced(1, 0, 1000, false);
	receive_sequenced(3, 0, 1000, false);
	receive_sequenced(2, 0, 10, true);
	receive_sequenced(1, 1000, 2000, true);
	receive_sequenced(3, 1000, 2000, true);
	expect(2, 10);
	expect(3, 2000);
	cr_assert_eq(shared.messages_late, 1u);
	stop();
}

/* What nobody could take has not been taken: the older one may still come. */
Test(unreliable_reassembly, a_sequenced_message_without_room_makes_no_other_late)
{
	start();
	numbers = (struct lane_numbers){ 0 };
	shared.buffer_messages = 0;
	receive_sequenced(5, 0, 10, true);
	shared.buffer_messages = 10;
	receive_sequenced(4, 0, 10, true);
	expect(4, 10);
	stop();
}
