#include <criterion/criterion.h>

#include "core/reliability/sent_packets.h"

static void add(struct sent_packets *sent, int64_t number, usec_t at)
{
	struct sent_packet *packet = sent_packets_add(sent, number);
	packet->state = SENT_IN_FLIGHT;
	packet->sent_at = at;
	packet->wants_ack = true;
	sent_packets_add_piece(sent, 3, number * 1000, 1000);
}

Test(sent_packets, finds_what_was_in_a_packet)
{
	struct sent_packets sent;
	sent_packets_init(&sent);
	for (int64_t number = 2; number < 500; number++)
		add(&sent, number, number);
	struct sent_packet *packet = sent_packets_find(&sent, 250);
	cr_assert(packet != NULL);
	cr_assert_eq(packet->piece_count, 1);
	cr_assert_eq(sent_packets_piece(&sent, packet, 0)->begin, 250000);
	cr_assert_eq(sent_packets_piece(&sent, packet, 0)->lane, 3);
	cr_assert_eq(sent_packets_find(&sent, 500), NULL);
	cr_assert_eq(sent_packets_find(&sent, 1), NULL);
	sent_packets_free(&sent);
}

Test(sent_packets, numbers_left_out_were_never_sent)
{
	struct sent_packets sent;
	sent_packets_init(&sent);
	add(&sent, 2, 0);
	add(&sent, 7, 0);
	cr_assert_eq(sent_packets_find(&sent, 4), NULL);
	cr_assert(sent_packets_find(&sent, 7) != NULL);
	sent_packets_free(&sent);
}

Test(sent_packets, forgets_what_is_decided_and_old)
{
	struct sent_packets sent;
	sent_packets_init(&sent);
	for (int64_t number = 2; number < 10; number++)
		add(&sent, number, number * 10);
	sent_packets_find(&sent, 2)->state = SENT_NOTHING;
	sent_packets_find(&sent, 3)->state = SENT_LOST;
	sent_packets_forget(&sent, 30);
	cr_assert_eq(sent.oldest, 3, "a lost packet is remembered for a while");
	sent_packets_forget(&sent, 31);
	cr_assert_eq(sent.oldest, 4, "one in flight stays however old");
	sent_packets_find(&sent, 4)->wants_ack = false;
	sent_packets_forget(&sent, 41);
	cr_assert_eq(sent.oldest, 5);
	sent_packets_free(&sent);
}

Test(sent_packets, stays_within_its_limit)
{
	struct sent_packets sent;
	sent_packets_init(&sent);
	for (int64_t number = 2; number < 3 * SENT_PACKETS_MAX; number++)
		add(&sent, number, 0);
	cr_assert_eq(sent.packet_capacity, SENT_PACKETS_MAX);
	cr_assert_eq(sent.next - sent.oldest, SENT_PACKETS_MAX);
	cr_assert_eq(sent_packets_piece(&sent, sent_packets_find(&sent, sent.oldest), 0)->begin, sent.oldest * 1000);
	sent_packets_free(&sent);
}

Test(sent_packets, gives_memory_back_when_empty)
{
	struct sent_packets sent;
	sent_packets_init(&sent);
	for (int64_t number = 2; number < 5000; number++)
		add(&sent, number, 0);
	for (int64_t number = 2; number < 5000; number++)
		sent_packets_find(&sent, number)->state = SENT_NOTHING;
	sent_packets_forget(&sent, 0);
	sent_packets_shrink(&sent);
	cr_assert_eq(sent.packets, NULL);
	add(&sent, 5000, 0);
	cr_assert_eq(sent_packets_piece(&sent, sent_packets_find(&sent, 5000), 0)->begin, 5000000);
	sent_packets_free(&sent);
}
