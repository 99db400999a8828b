#include "core/messages/messages.h"

#include <criterion/criterion.h>
#include <string.h>

#include "messages_pair.h"

static struct pair pair;

static int32_t state_of(unsigned side)
{
	struct messages_info info;

	if (!messages_info(pair.sides[side].messages, &pair.sides[1 - side].identity, &info))
		return -100;
	return info.conn != NULL ? conn_state(info.conn) : info.state;
}

static int32_t close_session(unsigned side, usec_t linger)
{
	int32_t result = messages_close(pair.sides[side].messages, pair.now, &pair.sides[1 - side].identity, linger);

	pair_drain(&pair);
	return result;
}

static int32_t accept_session(unsigned side)
{
	int32_t result = messages_accept(pair.sides[side].messages, pair.now, &pair.sides[1 - side].identity);

	pair_drain(&pair);
	return result;
}

/* --- the form */

Test(messages, a_message_begins_with_one_and_the_channel)
{
	static const uint8_t expected[] = { 1, 0xfe, 0xff, 0xff, 0xff, 'a', 'b' };
	struct message *message;

	pair_open(&pair);
	message = messages_frame(pair.sides[0].messages, -2, "ab", 2);
	cr_assert_eq(message->size, sizeof expected);
	cr_assert_eq(memcmp(message->data, expected, sizeof expected), 0);
	message_unref(message);
	message = messages_frame(pair.sides[0].messages, 0x01020304, NULL, 0);
	cr_assert_eq(message->size, 5);
	cr_assert_eq(memcmp(message->data, "\1\4\3\2\1", 5), 0);
	message_unref(message);
	pair_close(&pair);
}

/* --- sessions on demand */

Test(messages, a_first_message_makes_the_session)
{
	const struct event *event;

	pair_open(&pair);
	cr_assert_eq(pair_send(&pair, 0, 3, "hello", 0), KITH_OK);
	event = pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert(identity_equal(&event->peer, &pair.sides[0].identity));
	cr_assert_eq(state_of(0), STATE_CONNECTING);
	cr_assert_eq(state_of(1), STATE_CONNECTING);
	cr_assert_eq(accept_session(1), KITH_OK);
	event = pair_await(&pair, 1, EVENT_CHANNEL_READABLE);
	cr_assert_eq(event->channel, 3);
	pair_expect(&pair, 1, 3, "hello");
	pair_expect_none(&pair, 1, 3);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_CONNECTED), 1);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_CONNECTED), 1);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_REQUEST), 1);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_REQUEST), 0);
	pair_close(&pair);
}

Test(messages, sending_accepts)
{
	pair_open(&pair);
	cr_assert_eq(pair_send(&pair, 0, 0, "hello", 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(pair_send(&pair, 1, 1, "welcome", 0), KITH_OK);
	pair_await(&pair, 0, EVENT_CHANNEL_READABLE);
	pair_expect(&pair, 0, 1, "welcome");
	pair_await(&pair, 1, EVENT_CHANNEL_READABLE);
	pair_expect(&pair, 1, 0, "hello");
	pair_close(&pair);
}

Test(messages, first_ones_are_reliable_whatever_they_were_sent_as)
{
	struct message *message;

	pair_open(&pair);
	for (unsigned i = 0; i < 3; i++)
		cr_assert_eq(pair_send(&pair, 0, 0, "early", MESSAGE_NO_DELAY), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(accept_session(1), KITH_OK);
	pair_await(&pair, 1, EVENT_CHANNEL_READABLE);
	for (unsigned i = 0; i < 3; i++) {
		cr_assert_eq(messages_receive(pair.sides[1].messages, pair.now, 0, &message, 1), 1);
		cr_assert_eq(message->flags, MESSAGE_RELIABLE);
		message_unref(message);
	}
	pair_run(&pair, USEC_PER_SEC);
	cr_assert_eq(pair_send(&pair, 0, 0, "late", 0), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	cr_assert_eq(messages_receive(pair.sides[1].messages, pair.now, 0, &message, 1), 1);
	cr_assert_eq(message->flags, 0);
	message_unref(message);
	pair_close(&pair);
}

Test(messages, both_may_speak_first)
{
	pair_open(&pair);
	/* Neither hears of the other before both have called. */
	struct message *first = messages_frame(pair.sides[0].messages, 0, "from alice", 10);
	struct message *second = messages_frame(pair.sides[1].messages, 0, "from bob", 8);
	cr_assert_eq(messages_send(pair.sides[0].messages, pair.now, &pair.sides[1].identity, first), KITH_OK);
	cr_assert_eq(messages_send(pair.sides[1].messages, pair.now, &pair.sides[0].identity, second), KITH_OK);
	pair_run(&pair, 2 * USEC_PER_SEC);
	pair_expect(&pair, 0, 0, "from bob");
	pair_expect(&pair, 1, 0, "from alice");
	pair_expect_none(&pair, 0, 0);
	pair_expect_none(&pair, 1, 0);
	for (unsigned i = 0; i < 2; i++) {
		cr_assert_eq(pair_count(&pair, i, EVENT_SESSION_REQUEST), 0, "the race is visible");
		cr_assert_eq(pair_count(&pair, i, EVENT_SESSION_CONNECTED), 1);
		cr_assert_eq(messages_session_count(pair.sides[i].messages), 1);
	}
	pair_close(&pair);
}

Test(messages, channels_are_told_apart_and_nothing_else_orders_them)
{
	pair_connect(&pair);
	cr_assert_eq(pair_send(&pair, 0, 1, "one", MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(pair_send(&pair, 0, -1, "minus one", MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(pair_send(&pair, 0, 1, "two", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	cr_assert_eq(pair_count(&pair, 1, EVENT_CHANNEL_READABLE), 2);
	pair_expect(&pair, 1, -1, "minus one");
	pair_expect(&pair, 1, 1, "one");
	pair_expect(&pair, 1, 1, "two");
	pair_expect_none(&pair, 1, 0);
	pair_close(&pair);
}

Test(messages, who_cannot_be_sent_to_is_refused)
{
	struct message *message;
	struct messages *messages;
	struct identity nobody = { 0 };

	pair_open(&pair);
	messages = pair.sides[0].messages;
	message = messages_frame(pair.sides[0].messages, 0, "x", 1);
	cr_assert_eq(messages_send(messages, pair.now, &nobody, message), KITH_E_INVALID);
	identity_set_localhost(&nobody);
	cr_assert_eq(messages_send(messages, pair.now, &nobody, message), KITH_E_INVALID);
	cr_assert_eq(messages_send(messages, pair.now, &pair.sides[0].identity, message), KITH_E_INVALID);
	cr_assert_eq(messages_session_count(messages), 0);
	message_unref(message);
	pair_close(&pair);
}

Test(messages, the_largest_payload_arrives_and_a_larger_one_is_refused)
{
	static uint8_t bytes[MESSAGES_SIZE_MAX + 1];
	struct message *message;

	pair_connect(&pair);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	message = messages_frame(pair.sides[0].messages, 0, bytes, sizeof bytes);
	cr_assert_eq(messages_send(pair.sides[0].messages, pair.now, &pair.sides[1].identity, message), KITH_E_TOO_LARGE);
	message_unref(message);
	message = messages_frame(pair.sides[0].messages, 0, bytes, MESSAGES_SIZE_MAX);
	message->flags = MESSAGE_RELIABLE;
	cr_assert_eq(messages_send(pair.sides[0].messages, pair.now, &pair.sides[1].identity, message), KITH_OK);
	pair_await(&pair, 1, EVENT_CHANNEL_READABLE);
	cr_assert_eq(messages_receive(pair.sides[1].messages, pair.now, 0, &message, 1), 1);
	cr_assert_eq(message->size, MESSAGES_SIZE_MAX);
	cr_assert_eq((uintptr_t)message->data % 8, 0);
	cr_assert_eq(memcmp(message->data, bytes, MESSAGES_SIZE_MAX), 0);
	message_unref(message);
	pair_close(&pair);
}

/* --- strangers */

Test(messages, a_stranger_that_is_ignored_hears_nothing)
{
	pair_open(&pair);
	/* One that asks longer than we keep its question. */
	config_set_int(endpoint_config(pair.sides[0].endpoint), CONFIG_TIMEOUT_INITIAL, 60000);
	cr_assert_eq(pair_send(&pair, 0, 0, "hello?", 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	pair_run(&pair, 9 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 1);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_ENDED), 0);
	pair_run(&pair, 2 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_ENDED), 1);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_FAILED), 0);
	cr_assert_eq(accept_session(1), KITH_E_NOT_FOUND);
	/* Who goes on asking is heard again. */
	pair_forget_events(&pair);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(pair.sides[1].signals_sent, 0);
	cr_assert_gt(pair.sides[0].signals_sent, 20);
	pair_close(&pair);
}

Test(messages, a_stranger_that_gives_up_hears_nothing_either)
{
	pair_open(&pair);
	cr_assert_eq(pair_send(&pair, 0, 0, "hello?", 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(close_session(0, 0), KITH_OK);
	cr_assert_eq(pair_await(&pair, 1, EVENT_SESSION_ENDED)->end_reason, 1001);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	pair_run(&pair, 20 * USEC_PER_SEC);
	cr_assert_eq(pair.sides[1].signals_sent, 0);
	pair_close(&pair);
}

Test(messages, a_refusal_is_told)
{
	const struct event *event;

	pair_open(&pair);
	cr_assert_eq(pair_send(&pair, 0, 0, "hello?", 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(close_session(1, 0), KITH_OK);
	event = pair_await(&pair, 0, EVENT_SESSION_FAILED);
	cr_assert_eq(event->end_reason, 1001);
	cr_assert_eq(event->new_state, STATE_CLOSED_BY_PEER);
	pair_close(&pair);
}

Test(messages, strangers_that_wait_are_no_more_than_allowed)
{
	unsigned asked;

	pair_open(&pair);
	config_set_int(endpoint_config(pair.sides[1].endpoint), CONFIG_MESSAGES_WAITING_MAX, 0);
	cr_assert_eq(pair_send(&pair, 0, 0, "hello?", 0), KITH_OK);
	pair_run(&pair, 3 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	cr_assert_eq(pair.sides[1].signals_sent, 0);
	asked = pair.sides[0].signals_sent;
	config_set_int(endpoint_config(pair.sides[1].endpoint), CONFIG_MESSAGES_WAITING_MAX, 1);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_leq(pair.sides[0].signals_sent, asked + 2);
	pair_close(&pair);
}

Test(messages, a_request_from_another_port_is_none)
{
	struct config config;

	pair_open(&pair);
	config_copy(&config, endpoint_config(pair.sides[0].endpoint), CONFIG_LEVEL_CONNECTION);
	config_set_int(&config, CONFIG_LOCAL_VIRTUAL_PORT, 7);
	endpoint_connect_p2p(pair.sides[0].endpoint, pair.now, &pair.sides[1].identity, 0x7fffffff, &config);
	config_free(&config);
	for (unsigned i = 0; i < 20; i++) {
		struct action action;
		while (endpoint_next_action(pair.sides[0].endpoint, &action)) {
			struct signal signal = { action.bytes, action.size, 0 };
			if (action.kind == ACTION_SEND_SIGNAL)
				endpoint_receive_signal(pair.sides[1].endpoint, pair.now, &signal);
		}
		pair.now += 100 * USEC_PER_MSEC;
		endpoint_handle_timeout(pair.sides[0].endpoint, pair.now);
	}
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	pair_close(&pair);
}

Test(messages, a_session_follows_the_configuration_of_its_endpoint)
{
	struct messages_info info;

	pair_open(&pair);
	config_set_int(endpoint_config(pair.sides[1].endpoint), CONFIG_SEND_BUFFER_SIZE, 5000);
	config_set_int(endpoint_config(pair.sides[0].endpoint), CONFIG_LOCAL_VIRTUAL_PORT, 7);
	cr_assert_eq(pair_send(&pair, 0, 0, "hello", 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert(messages_info(pair.sides[1].messages, &pair.sides[0].identity, &info));
	cr_assert_eq(config_get_int(conn_config(info.conn), CONFIG_SEND_BUFFER_SIZE), 5000);
	pair_close(&pair);
}

/* --- the end of a session */

Test(messages, a_session_nobody_uses_closes)
{
	const struct event *event;

	pair_connect(&pair);
	pair_run(&pair, 178 * USEC_PER_SEC);
	cr_assert_eq(state_of(0), STATE_CONNECTED);
	pair_run(&pair, 3 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[0].messages), 0);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	/* The first to find it idle tells the other. */
	event = pair_await(&pair, 0, EVENT_SESSION_ENDED);
	cr_assert_eq(event->end_reason, 1002);
	event = pair_await(&pair, 1, EVENT_SESSION_ENDED);
	cr_assert_eq(event->end_reason, 1002);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_FAILED) + pair_count(&pair, 1, EVENT_SESSION_FAILED), 0);
	/* The next message starts it anew. */
	cr_assert_eq(pair_send(&pair, 1, 0, "again", 0), KITH_OK);
	pair_await(&pair, 0, EVENT_SESSION_REQUEST);
	pair_close(&pair);
}

Test(messages, what_is_used_stays)
{
	pair_connect(&pair);
	for (unsigned i = 0; i < 10; i++) {
		pair_run(&pair, 60 * USEC_PER_SEC);
		cr_assert_eq(pair_send(&pair, 0, 0, "still here", MESSAGE_RELIABLE), KITH_OK);
		pair_run(&pair, USEC_PER_SEC);
		pair_expect(&pair, 1, 0, "still here");
	}
	cr_assert_eq(state_of(0), STATE_CONNECTED);
	cr_assert_eq(state_of(1), STATE_CONNECTED, "who only receives uses it as well");
	pair_close(&pair);
}

Test(messages, unread_messages_keep_a_session)
{
	pair_connect(&pair);
	cr_assert_eq(pair_send(&pair, 0, 9, "read me", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, 170 * USEC_PER_SEC);
	/* Only Bob is idle. */
	cr_assert_eq(messages_accept(pair.sides[0].messages, pair.now, &pair.sides[1].identity), KITH_OK);
	pair_run(&pair, 100 * USEC_PER_SEC);
	cr_assert_eq(state_of(1), STATE_CONNECTED);
	pair_expect(&pair, 1, 9, "read me");
	pair_run(&pair, 2 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	pair_close(&pair);
}

Test(messages, what_arrived_before_the_peer_closed_can_be_read)
{
	pair_connect(&pair);
	cr_assert_eq(pair_send(&pair, 0, 9, "farewell", MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(close_session(0, 5 * USEC_PER_SEC), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_ENDED);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 1);
	cr_assert_eq(state_of(1), STATE_NONE);
	pair_expect(&pair, 1, 9, "farewell");
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	pair_close(&pair);
}

Test(messages, what_found_no_room_before_the_peer_closed_can_be_read_too)
{
	static uint8_t bytes[10000];
	struct message *message;
	unsigned count = 0;

	pair_connect(&pair);
	config_set_int(endpoint_config(pair.sides[1].endpoint), CONFIG_RECV_BUFFER_SIZE, 25000);
	messages_reconfigure(pair.sides[1].messages, pair.now, CONFIG_RECV_BUFFER_SIZE);
	for (unsigned i = 0; i < 5; i++) {
		message = messages_frame(pair.sides[0].messages, 9, bytes, sizeof bytes);
		message->flags = MESSAGE_RELIABLE;
		cr_assert_eq(messages_send(pair.sides[0].messages, pair.now, &pair.sides[1].identity, message), KITH_OK);
	}
	pair_run(&pair, 2 * USEC_PER_SEC);
	cr_assert_eq(close_session(0, 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_ENDED);
	while (messages_receive(pair.sides[1].messages, pair.now, 9, &message, 1) == 1) {
		message_unref(message);
		count++;
	}
	cr_assert_eq(count, 5);
	pair_close(&pair);
}

Test(messages, nobody_has_to_read_what_a_gone_peer_sent)
{
	pair_connect(&pair);
	cr_assert_eq(pair_send(&pair, 0, 9, "farewell", MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(close_session(0, 5 * USEC_PER_SEC), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_ENDED);
	pair_run(&pair, 181 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[1].messages), 0);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_ENDED), 1);
	pair_expect_none(&pair, 1, 9);
	pair_close(&pair);
}

Test(messages, closing_tells_the_peer_and_drops_what_is_unread)
{
	const struct event *event;

	pair_connect(&pair);
	cr_assert_eq(pair_send(&pair, 1, 0, "unread", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	cr_assert_eq(close_session(0, 0), KITH_OK);
	cr_assert_eq(close_session(0, 0), KITH_E_NOT_FOUND);
	pair_expect_none(&pair, 0, 0);
	event = pair_await(&pair, 1, EVENT_SESSION_ENDED);
	cr_assert_eq(event->end_reason, 1001);
	cr_assert_eq(event->new_state, STATE_CLOSED_BY_PEER);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_ENDED), 0);
	pair_close(&pair);
}

Test(messages, the_last_channel_closes_the_session)
{
	struct messages *messages;

	pair_connect(&pair);
	messages = pair.sides[1].messages;
	cr_assert_eq(pair_send(&pair, 0, 1, "one", MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(pair_send(&pair, 0, 2, "two", MESSAGE_RELIABLE), KITH_OK);
	cr_assert_eq(pair_send(&pair, 1, 3, "three", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	cr_assert_eq(messages_close_channel(messages, pair.now, &pair.sides[0].identity, 1), KITH_OK);
	cr_assert_eq(messages_close_channel(messages, pair.now, &pair.sides[0].identity, 1), KITH_E_NOT_FOUND);
	cr_assert_eq(messages_close_channel(messages, pair.now, &pair.sides[0].identity, 4), KITH_E_NOT_FOUND);
	pair_expect_none(&pair, 1, 1);
	cr_assert_eq(messages_close_channel(messages, pair.now, &pair.sides[0].identity, 3), KITH_OK);
	cr_assert_eq(messages_close_channel(messages, pair.now, &pair.sides[0].identity, 0), KITH_OK);
	cr_assert_eq(messages_session_count(messages), 1);
	pair_expect(&pair, 1, 2, "two");
	cr_assert_eq(messages_close_channel(messages, pair.now, &pair.sides[0].identity, 2), KITH_OK);
	cr_assert_eq(messages_session_count(messages), 0);
	pair_await(&pair, 0, EVENT_SESSION_ENDED);
	pair_close(&pair);
}

/* --- broken sessions */

Test(messages, a_peer_that_is_not_there_is_a_failed_session)
{
	const struct event *event;

	pair_open(&pair);
	pair.sides[1].deaf = true;
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_OK);
	event = pair_await(&pair, 0, EVENT_SESSION_FAILED);
	cr_assert_eq(event->end_reason, 5003);
	cr_assert_eq(event->new_state, STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(state_of(0), STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_E_CLOSED);
	cr_assert_eq(accept_session(0), KITH_E_STATE);
	pair.sides[1].deaf = false;
	cr_assert_eq(pair_send(&pair, 0, 0, "now?", MESSAGE_AUTO_RESTART), KITH_OK);
	cr_assert_eq(state_of(0), STATE_CONNECTING);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(accept_session(1), KITH_OK);
	pair_await(&pair, 1, EVENT_CHANNEL_READABLE);
	pair_expect(&pair, 1, 0, "now?");
	pair_close(&pair);
}

Test(messages, closing_a_broken_session_forgets_that_it_broke)
{
	pair_open(&pair);
	pair.sides[1].deaf = true;
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_OK);
	pair_await(&pair, 0, EVENT_SESSION_FAILED);
	cr_assert_eq(close_session(0, 0), KITH_OK);
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_OK);
	pair_close(&pair);
}

Test(messages, that_a_session_broke_is_forgotten_in_time)
{
	pair_open(&pair);
	pair.sides[1].deaf = true;
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_OK);
	pair_await(&pair, 0, EVENT_SESSION_FAILED);
	pair_run(&pair, 181 * USEC_PER_SEC);
	cr_assert_eq(messages_session_count(pair.sides[0].messages), 0);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_ENDED), 0);
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_OK);
	pair_close(&pair);
}

Test(messages, a_session_that_dies_with_something_under_way_has_failed)
{
	pair_connect(&pair);
	pair.sides[0].severed = pair.sides[1].severed = true;
	cr_assert_eq(pair_send(&pair, 0, 0, "lost", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, 60 * USEC_PER_SEC);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_FAILED), 1);
	cr_assert_eq(pair_count(&pair, 0, EVENT_SESSION_ENDED), 0);
	/* Bob had nothing under way. */
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_FAILED), 0);
	cr_assert_eq(pair_count(&pair, 1, EVENT_SESSION_ENDED), 1);
	pair_close(&pair);
}

Test(messages, a_request_mends_a_broken_session)
{
	pair_open(&pair);
	pair.sides[1].deaf = true;
	cr_assert_eq(pair_send(&pair, 0, 0, "anybody?", 0), KITH_OK);
	pair_await(&pair, 0, EVENT_SESSION_FAILED);
	pair.sides[1].deaf = false;
	cr_assert_eq(pair_send(&pair, 1, 0, "who asks?", 0), KITH_OK);
	pair_await(&pair, 0, EVENT_SESSION_REQUEST);
	cr_assert_eq(pair_send(&pair, 0, 0, "me", 0), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	pair_expect(&pair, 1, 0, "me");
	pair_expect(&pair, 0, 0, "who asks?");
	pair_close(&pair);
}

/* --- limits */

Test(messages, a_slow_reader_holds_the_sender_back)
{
	static uint8_t bytes[10000];
	struct messages_info info;
	struct message *message;
	unsigned sent = 0, received = 0;
	int32_t result = KITH_OK;

	pair_open(&pair);
	for (unsigned i = 0; i < 2; i++) {
		config_set_int(endpoint_config(pair.sides[i].endpoint), CONFIG_RECV_BUFFER_SIZE, 100000);
		config_set_int(endpoint_config(pair.sides[i].endpoint), CONFIG_SEND_BUFFER_SIZE, 100000);
	}
	cr_assert_eq(pair_send(&pair, 0, 0, "hello", 0), KITH_OK);
	pair_await(&pair, 1, EVENT_SESSION_REQUEST);
	cr_assert_eq(accept_session(1), KITH_OK);
	pair_await(&pair, 0, EVENT_SESSION_CONNECTED);
	while (result == KITH_OK && sent < 1000) {
		message = messages_frame(pair.sides[0].messages, 7, bytes, sizeof bytes);
		message->flags = MESSAGE_RELIABLE;
		result = messages_send(pair.sides[0].messages, pair.now, &pair.sides[1].identity, message);
		if (result == KITH_OK)
			sent++;
		else
			message_unref(message);
		pair_run(&pair, 100 * USEC_PER_MSEC);
	}
	cr_assert_eq(result, KITH_E_AGAIN);
	cr_assert_leq(sent, 40, "%u messages of 10000 bytes are kept somewhere", sent);
	cr_assert(messages_info(pair.sides[1].messages, &pair.sides[0].identity, &info));
	cr_assert_leq(info.unread_bytes, 110000);
	pair_forget_events(&pair);
	/* Reading makes room again, all the way back to who was refused. */
	while (pair_count(&pair, 0, EVENT_SESSION_WRITABLE) == 0 || received < sent) {
		size_t count = messages_receive(pair.sides[1].messages, pair.now, 7, &message, 1);
		if (count == 1) {
			cr_assert_eq(message->size, sizeof bytes);
			message_unref(message);
			received++;
		}
		cr_assert(count == 1 || pair.now < 2000 * USEC_PER_SEC);
		pair_run(&pair, 100 * USEC_PER_MSEC);
	}
	cr_assert_eq(received, sent);
	pair_close(&pair);
}

Test(messages, nothing_is_left_when_all_is_closed)
{
	pair_connect(&pair);
	cr_assert_eq(pair_send(&pair, 1, 0, "unread", MESSAGE_RELIABLE), KITH_OK);
	pair_run(&pair, USEC_PER_SEC);
	messages_close_all(pair.sides[0].messages, pair.now);
	pair_await(&pair, 1, EVENT_SESSION_ENDED);
	cr_assert_eq(messages_session_count(pair.sides[0].messages), 0);
	pair_close(&pair);
}
