/* Packets of the peer that come from another address: when it is used, and when it is not. */
#include <criterion/criterion.h>
#include <string.h>

#include "conn_pair.h"
#include "core/wire/wire.h"

static struct conn_pair pair;
static struct address old_place, new_place;

static void start(void)
{
	conn_pair_init(&pair);
	conn_pair_connect(&pair, false);
	conn_pair_wait(&pair, USEC_PER_SEC, false);
	address_parse(&old_place, "192.0.2.1:1");
	address_parse(&new_place, "192.0.2.1:77");
	while (conn_pair_last_state(&pair, 1) != 0)
		continue;
}

static bool is_at(const struct address *place)
{
	return address_equal(conn_remote(pair.ends[1]), place);
}

/* What end 0 says reaches end 1 as from `from`. */
static void say_from(const struct address *from)
{
	size_t count;

	conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "here");
	count = conn_pair_collect(&pair, 0);
	for (size_t i = 0; i < count; i++) {
		pair.packets[i].from = *from;
		conn_pair_deliver(&pair, 1, i);
	}
}

/* What end 1 has to say now reaches end 0, if it goes to one of `heard`; the answers come back from `from`.
 * Returns how many bytes went to `place`. */
static size_t turn(const struct address *place, bool old_hears, const struct address *from)
{
	size_t count = conn_pair_collect(&pair, 1), size = 0;

	for (size_t i = 0; i < count; i++) {
		bool there = address_equal(&pair.packets[i].to, place);
		size += there ? pair.packets[i].size : 0;
		if (there || old_hears)
			conn_pair_deliver(&pair, 0, i);
	}
	count = conn_pair_collect(&pair, 0);
	for (size_t i = 0; i < count; i++) {
		pair.packets[i].from = *from;
		conn_pair_deliver(&pair, 1, i);
	}
	return size;
}

static void pass_time(usec_t duration)
{
	pair.now += duration;
	for (int i = 0; i < 2; i++) {
		if (conn_next_timeout(pair.ends[i]) <= pair.now)
			conn_handle_timeout(pair.ends[i], pair.now);
	}
}

static unsigned routes_told(void)
{
	struct event event;
	unsigned count = 0;

	while (conn_next_event(pair.ends[1], &event))
		count += event.kind == EVENT_ROUTE && address_equal(&event.remote, &new_place);
	return count;
}

Test(conn_roam, an_address_is_used_once_it_is_proved_and_the_old_one_is_silent)
{
	start();
	say_from(&new_place);
	cr_assert(is_at(&old_place), "used before it was proved");
	turn(&new_place, false, &new_place);
	cr_assert(is_at(&old_place), "the old one has had no time");
	pass_time(500 * USEC_PER_MSEC);
	cr_assert(is_at(&new_place));
	cr_assert_eq(routes_told(), 1);
	conn_pair_free(&pair);
}

Test(conn_roam, what_is_sent_to_it_before_is_no_more_than_what_came)
{
	size_t sent = 0;

	start();
	say_from(&new_place);
	for (int i = 0; i < 10; i++) {
		size_t count = conn_pair_collect(&pair, 1);
		for (size_t at = 0; at < count; at++)
			sent += address_equal(&pair.packets[at].to, &new_place) ? pair.packets[at].size : 0;
		pass_time(USEC_PER_SEC);
	}
	cr_assert_gt(sent, 0);
	cr_assert_leq(sent, WIRE_PACKET_HEADER_SIZE + 9 + 12 + 7 + WIRE_TAG_SIZE + 10, "%zu bytes", sent);
	cr_assert(is_at(&old_place));
	conn_pair_free(&pair);
}

/* Somebody copies what the peer sends, and is faster. The peer is where it was. */
Test(conn_roam, a_replay_from_elsewhere_diverts_nothing)
{
	start();
	for (int i = 0; i < 20; i++) {
		say_from(&new_place);
		/* Both challenges reach the peer, and what it answers comes from the wrong address too. */
		turn(&new_place, true, &new_place);
		pass_time(700 * USEC_PER_MSEC);
		cr_assert(is_at(&old_place), "diverted in round %d", i);
	}
	cr_assert_eq(routes_told(), 0);
	conn_pair_free(&pair);
}

Test(conn_roam, an_answer_from_another_address_than_was_asked_proves_nothing)
{
	struct address third;

	start();
	address_parse(&third, "198.51.100.9:9");
	say_from(&new_place);
	turn(&new_place, false, &third);
	pass_time(500 * USEC_PER_MSEC);
	cr_assert(is_at(&old_place));
	conn_pair_free(&pair);
}

Test(conn_roam, an_old_packet_from_elsewhere_asks_nothing)
{
	size_t count;

	start();
	conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "one");
	conn_pair_collect(&pair, 0);
	pair.packets[0].from = new_place;
	struct conn_pair_packet late = pair.packets[0];
	say_from(&old_place);
	pair.packets[0] = late;
	conn_pair_deliver(&pair, 1, 0);
	count = conn_pair_collect(&pair, 1);
	for (size_t i = 0; i < count; i++)
		cr_assert(address_equal(&pair.packets[i].to, &old_place));
	conn_pair_free(&pair);
}

Test(conn_roam, another_port_keeps_the_round_trip_time_and_another_host_does_not)
{
	start();
	conn_add_rtt_sample(pair.ends[1], pair.now, 20 * USEC_PER_MSEC);
	say_from(&new_place);
	turn(&new_place, false, &new_place);
	pass_time(500 * USEC_PER_MSEC);
	cr_assert(is_at(&new_place));
	cr_assert_geq(conn_rtt(pair.ends[1]), 0);
	address_parse(&new_place, "198.51.100.7:7");
	say_from(&new_place);
	turn(&new_place, false, &new_place);
	pass_time(500 * USEC_PER_MSEC);
	cr_assert(is_at(&new_place));
	cr_assert_lt(conn_rtt(pair.ends[1]), 0);
	conn_pair_free(&pair);
}

Test(conn_roam, where_we_are_reached_may_change_while_the_peer_stays)
{
	struct address here, there, told;

	start();
	address_parse(&here, "192.0.2.2:2");
	address_parse(&there, "192.0.2.22:2");
	conn_set_local(pair.ends[1], &here);
	conn_pair_send(&pair, 0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "here");
	for (int round = 0; round < 2; round++) {
		size_t count = conn_pair_collect(&pair, 0);
		for (size_t i = 0; i < count; i++) {
			struct datagram datagram = { 7, old_place, there, pair.packets[i].bytes, pair.packets[i].size, false };
			conn_receive(pair.ends[1], pair.now, &datagram);
		}
		count = conn_pair_collect(&pair, 1);
		for (size_t i = 0; i < count; i++)
			conn_pair_deliver(&pair, 0, i);
	}
	told = conn_local(pair.ends[1]);
	cr_assert(address_equal(&told, &there));
	cr_assert(is_at(&old_place));
	conn_pair_free(&pair);
}
