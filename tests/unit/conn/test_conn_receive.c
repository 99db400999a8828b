#include <criterion/criterion.h>
#include <string.h>

#include "conn_pair.h"
#include "core/wire/wire.h"

static struct conn_pair pair;

static void start(bool p2p)
{
	conn_pair_init(&pair);
	conn_pair_connect(&pair, p2p);
	if (!p2p)
		conn_pair_wait(&pair, 10 * USEC_PER_MSEC, false);
}

static bool has_text(int end, const char *text)
{
	struct message *message = conn_next_message(pair.ends[end], pair.now);
	bool is_it = message != NULL && message->size == strlen(text) && memcmp(message->data, text, message->size) == 0;

	message_unref(message);
	return is_it;
}

Test(conn_receive, the_packet_that_connects_may_bring_an_unreliable_message)
{
	start(true);
	conn_pair_path_ready(&pair, 0);
	conn_pair_path_ready(&pair, 1);
	/* The caller hears the acceptor and is connected; its first packet carries a message. */
	conn_handle_timeout(pair.ends[1], pair.now);
	cr_assert_eq(conn_pair_collect(&pair, 1), 1);
	conn_pair_deliver(&pair, 0, 0);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_NO_NAGLE, "first"), KITH_OK);
	cr_assert(conn_pair_collect(&pair, 0) >= 1);
	for (size_t i = 0; i < pair.packet_count; i++)
		conn_pair_deliver(&pair, 1, i);
	cr_assert_eq(conn_state(pair.ends[1]), STATE_CONNECTED);
	cr_assert(has_text(1, "first"));
	conn_pair_free(&pair);
}

Test(conn_receive, no_packet_counts_twice)
{
	struct conn_status status;

	start(false);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_NO_NAGLE, "once"), KITH_OK);
	cr_assert_eq(conn_pair_collect(&pair, 0), 1);
	conn_pair_deliver(&pair, 1, 0);
	conn_pair_deliver(&pair, 1, 0);
	cr_assert(has_text(1, "once"));
	cr_assert_not(conn_has_message(pair.ends[1]));
	conn_status(pair.ends[1], pair.now, &status);
	cr_assert_eq(status.packets_dropped, 1);
	conn_pair_free(&pair);
}

Test(conn_receive, a_changed_bit_is_dropped_and_counted)
{
	struct conn_status status;

	conn_pair_init(&pair);
	/* The time since the packet before is the one thing that nobody vouches for. */
	config_set_int(&pair.config, CONFIG_SEND_TIME_SINCE_PREVIOUS_PACKET, 0);
	conn_pair_connect(&pair, false);
	conn_pair_wait(&pair, 10 * USEC_PER_MSEC, false);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "hello"), KITH_OK);
	cr_assert_eq(conn_pair_collect(&pair, 0), 1);
	for (size_t bit = 8; bit < pair.packets[0].size * 8; bit++) {
		pair.packets[0].bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		conn_pair_deliver(&pair, 1, 0);
		pair.packets[0].bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	cr_assert_eq(conn_state(pair.ends[1]), STATE_CONNECTED);
	cr_assert_not(conn_has_message(pair.ends[1]));
	conn_status(pair.ends[1], pair.now, &status);
	cr_assert_eq(status.packets_dropped, pair.packets[0].size * 8 - 8);
	conn_pair_deliver(&pair, 1, 0);
	cr_assert(has_text(1, "hello"));
	conn_pair_free(&pair);
}

Test(conn_receive, every_truncation_is_dropped)
{
	start(false);
	cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "hello"), KITH_OK);
	conn_pair_collect(&pair, 0);
	size_t size = pair.packets[0].size;
	for (pair.packets[0].size = 1; pair.packets[0].size < size; pair.packets[0].size++)
		conn_pair_deliver(&pair, 1, 0);
	cr_assert_not(conn_has_message(pair.ends[1]));
	conn_pair_deliver(&pair, 1, 0);
	cr_assert(has_text(1, "hello"));
	conn_pair_free(&pair);
}

/* 70,000 packets each way: the 16 bits on the wire go around. */
Test(conn_receive, packet_numbers_go_around_on_the_wire)
{
	start(false);
	for (int i = 0; i < 70000; i++) {
		cr_assert_eq(conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "tick"), KITH_OK);
		/* Now and then one is lost. */
		conn_pair_collect(&pair, 0);
		for (size_t at = i % 97 == 0 ? 1 : 0; at < pair.packet_count; at++)
			conn_pair_deliver(&pair, 1, at);
		pair.now += USEC_PER_MSEC;
		for (int end = 0; end < 2; end++)
			conn_handle_timeout(pair.ends[end], pair.now);
		conn_pair_exchange(&pair);
		while (conn_has_message(pair.ends[1]))
			cr_assert(has_text(1, "tick"));
	}
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CONNECTED);
	cr_assert_eq(conn_state(pair.ends[1]), STATE_CONNECTED);
	conn_pair_free(&pair);
}

Test(conn_receive, an_end_without_a_reason_gets_one)
{
	static const char text[] = "";

	start(false);
	conn_closed_by_peer(pair.ends[0], pair.now, 0, text, 0);
	cr_assert_eq(conn_state(pair.ends[0]), STATE_CLOSED_BY_PEER);
	cr_assert_eq(conn_end_reason(pair.ends[0]), END_REASON_GENERIC);
	conn_pair_free(&pair);
}
