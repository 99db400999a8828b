/* Simulated bad networks over real sockets: UDP and ICE on this machine. */
#include "pair.h"

#include <stdio.h>
#include <string.h>

#define MSEC 1000

static void set(uint32_t object, int32_t id, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", value);
	if (strcmp(text + strlen(text) - 4, ".000") == 0)
		text[strlen(text) - 4] = '\0';
	cr_assert_eq(kith_config_set_text(object, id, text), KITH_OK, "%s", kith_last_error());
}

/* Microseconds from sending to receiving one message. */
static int64_t time_one(const struct pair *pair)
{
	int64_t sent = kith_now_us(), came;
	kith_message *message;

	pair_send(pair->client, pair->called, "x", 1, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	message = pair_receive(pair->server, pair->accepted);
	came = kith_message_time_us(message);
	kith_message_release(message);
	return came - sent;
}

/* Until one is as fast as the machine: a loaded one may need a few. */
static void expect_fast(const struct pair *pair, int64_t limit)
{
	for (int i = 0; i < 200; i++) {
		if (time_one(pair) < limit)
			return;
	}
	cr_assert_fail("never faster than %d us", (int)limit);
}

Test(simulation, lag_comes_and_goes_while_connected)
{
	struct pair pair;
	struct kith_status status = KITH_STATUS_INIT;

	pair_open(&pair, NULL, NULL);
	expect_fast(&pair, 40 * MSEC);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_LAG_SEND, 40);
	cr_assert_geq(time_one(&pair), 40 * MSEC);
	set(pair.accepted, KITH_CONFIG_FAKE_PACKET_LAG_RECV, 30);
	cr_assert_geq(time_one(&pair), 70 * MSEC);
	/* The mean of round trips comes to know of it. */
	for (int i = 0; i < 100 && status.ping_us < 65 * MSEC; i++) {
		time_one(&pair);
		cr_assert_eq(kith_connection_status(pair.called, &status), KITH_OK);
	}
	cr_assert(status.ping_us >= 65 * MSEC, "%d", (int)status.ping_us);
	cr_assert_eq(kith_config_reset(pair.called, KITH_CONFIG_FAKE_PACKET_LAG_SEND), KITH_OK);
	set(pair.accepted, KITH_CONFIG_FAKE_PACKET_LAG_RECV, 0);
	expect_fast(&pair, 40 * MSEC);
	pair_close(&pair);
}

static void expect_silence(const struct pair *pair)
{
	kith_message *message;

	pair_send(pair->client, pair->called, "lost", 4, KITH_SEND_UNRELIABLE | KITH_SEND_NO_NAGLE, 0);
	pair_send(pair->client, pair->called, "late", 4, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	pair_await_nothing(pair->server, 300 * MSEC);
	cr_assert_eq(kith_connection_receive(pair->accepted, &message, 1), 0);
}

static void expect_late(const struct pair *pair)
{
	kith_message *message = pair_receive(pair->server, pair->accepted);

	cr_assert(memcmp(kith_message_data(message), "late", 4) == 0);
	kith_message_release(message);
}

Test(simulation, everything_may_be_lost_in_either_direction_and_at_any_level)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	time_one(&pair);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_LOSS_SEND, 100);
	expect_silence(&pair);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_LOSS_SEND, 0);
	expect_late(&pair);
	set(pair.accepted, KITH_CONFIG_FAKE_PACKET_LOSS_RECV, 100);
	expect_silence(&pair);
	set(pair.accepted, KITH_CONFIG_FAKE_PACKET_LOSS_RECV, 0);
	expect_late(&pair);
	/* Of the whole endpoint, whose connection was made before. */
	set(pair.server, KITH_CONFIG_FAKE_PACKET_LOSS_RECV, 100);
	set(pair.accepted, KITH_CONFIG_FAKE_PACKET_LOSS_RECV, 0);
	time_one(&pair);
	cr_assert_eq(kith_config_reset(pair.accepted, KITH_CONFIG_FAKE_PACKET_LOSS_RECV), KITH_OK);
	expect_silence(&pair);
	set(pair.server, KITH_CONFIG_FAKE_PACKET_LOSS_RECV, 0);
	expect_late(&pair);
	pair_close(&pair);
}

Test(simulation, a_listener_is_late_for_strangers_too)
{
	struct pair pair;
	struct kith_config_entry entry = { KITH_CONFIG_FAKE_PACKET_LAG_RECV, KITH_TYPE_INT32, NULL, 50, 0, NULL };
	struct kith_listener_options options = KITH_LISTENER_OPTIONS_INIT;
	struct kith_info info = KITH_INFO_INIT;

	options.config = &entry;
	options.config_count = 1;
	pair_open(&pair, &options, NULL);
	cr_assert_eq(kith_connection_info(pair.called, &info), KITH_OK);
	cr_assert(info.connect_time_us >= 100 * MSEC, "challenge and request: %d us", (int)info.connect_time_us);
	cr_assert_geq(time_one(&pair), 50 * MSEC);
	pair_close(&pair);
}

/* Sends `count` messages a little apart and receives what comes; returns how many came out of order. */
static int count_disorder(const struct pair *pair, int count, uint32_t flags, int *received)
{
	struct kith_event event = KITH_EVENT_INIT;
	int64_t highest = 0, last = kith_now_us();
	int disorder = 0, sent = 0;

	*received = 0;
	while (sent < count || kith_now_us() - last < 300 * MSEC) {
		kith_message *message;
		if (sent < count) {
			pair_send(pair->client, pair->called, "y", 1, flags | KITH_SEND_NO_NAGLE, 0);
			sent++;
			last = kith_now_us();
		}
		kith_endpoint_wait(pair->server, 500);
		while (kith_endpoint_next_event(pair->server, &event) == KITH_OK)
			continue;
		while (kith_connection_receive(pair->accepted, &message, 1) == 1) {
			disorder += kith_message_number(message) < highest;
			if (kith_message_number(message) > highest)
				highest = kith_message_number(message);
			++*received;
			kith_message_release(message);
		}
	}
	return disorder;
}

Test(simulation, of_sequenced_messages_none_arrives_late)
{
	struct pair pair;
	struct kith_status status = KITH_STATUS_INIT;
	int received;

	pair_open(&pair, NULL, NULL);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_REORDER_SEND, 30);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_REORDER_TIME, 10);
	cr_assert_gt(count_disorder(&pair, 400, KITH_SEND_UNRELIABLE, &received), 20);
	cr_assert(received >= 390, "%d", received);
	cr_assert_eq(count_disorder(&pair, 400, KITH_SEND_SEQUENCED, &received), 0);
	cr_assert(received > 100 && received < 390, "%d", received);
	cr_assert_eq(kith_connection_status(pair.accepted, &status), KITH_OK);
	cr_assert(status.messages_late > 20 && status.messages_late + (uint64_t)received <= 400);
	pair_close(&pair);
}

Test(simulation, jitter_keeps_the_order)
{
	struct pair pair;
	int received;

	pair_open(&pair, NULL, NULL);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_JITTER_SEND_AVG, 5);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_JITTER_SEND_MAX, 30);
	cr_assert_eq(count_disorder(&pair, 200, KITH_SEND_UNRELIABLE, &received), 0);
	cr_assert_eq(received, 200);
	pair_close(&pair);
}

Test(simulation, what_comes_twice_is_received_once)
{
	struct pair pair;
	struct kith_status status = KITH_STATUS_INIT;
	int received;

	pair_open(&pair, NULL, NULL);
	set(pair.called, KITH_CONFIG_FAKE_PACKET_DUP_SEND, 50);
	count_disorder(&pair, 200, KITH_SEND_UNRELIABLE, &received);
	cr_assert_eq(received, 200);
	cr_assert_eq(kith_connection_status(pair.accepted, &status), KITH_OK);
	cr_assert(status.packets_dropped > 60, "%u", (unsigned)status.packets_dropped);
	pair_close(&pair);
}

Test(simulation, the_rate_is_limited)
{
	enum { SIZE = 100000, COUNT = 5 };
	struct pair pair;
	static char bytes[SIZE];
	int64_t began;

	pair_open(&pair, NULL, NULL);
	set(pair.called, KITH_CONFIG_FAKE_RATE_LIMIT_SEND_RATE, 250000);
	began = kith_now_us();
	for (int i = 0; i < COUNT; i++)
		pair_send(pair.client, pair.called, bytes, SIZE, KITH_SEND_RELIABLE, 0);
	for (int i = 0; i < COUNT; i++)
		kith_message_release(pair_receive(pair.server, pair.accepted));
	cr_assert(kith_now_us() - began >= 1900 * MSEC, "%d us", (int)(kith_now_us() - began));
	pair_close(&pair);
}

/* The last word is on its way when the endpoint goes: it arrives, as on a network that stays. */
Test(simulation, a_close_arrives_through_a_lag)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	set(pair.client, KITH_CONFIG_FAKE_PACKET_LAG_SEND, 200);
	cr_assert_eq(kith_endpoint_destroy(pair.client), KITH_OK);
	cr_assert_eq(pair_await(pair.server, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER).reason, KITH_REASON_APP);
	kith_endpoint_destroy(pair.server);
}

/* --- over ICE */

struct peer {
	kith_endpoint endpoint;
	struct kith_identity identity;
	kith_signaling signaling;
	struct peer *other;
};

static struct peer peers[2];

static kith_result carry(void *user_data, const char *peer, const void *data, size_t size)
{
	struct peer *self = user_data;

	(void)peer;
	return kith_endpoint_receive_signal(self->other->endpoint, self->other->signaling, data, size);
}

static void open_peers(struct pair *pair)
{
	const char *const names[] = { "str:alice", "str:bob" };
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;

	for (int i = 0; i < 2; i++) {
		struct kith_endpoint_options endpoint_options = KITH_ENDPOINT_OPTIONS_INIT;
		struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;
		peers[i].other = &peers[1 - i];
		cr_assert_eq(kith_identity_parse(names[i], &peers[i].identity), KITH_OK);
		endpoint_options.identity = &peers[i].identity;
		cr_assert_eq(kith_endpoint_create(&endpoint_options, &peers[i].endpoint), KITH_OK);
		callbacks.send = carry;
		callbacks.user_data = &peers[i];
		cr_assert_eq(kith_signaling_add(peers[i].endpoint, &callbacks, &peers[i].signaling), KITH_OK);
	}
	pair->server = peers[0].endpoint;
	pair->client = peers[1].endpoint;
	cr_assert_eq(kith_endpoint_listen_port(pair->server, 7, NULL, &pair->listener), KITH_OK);
	options.virtual_port = 7;
	cr_assert_eq(kith_endpoint_connect_identity(pair->client, &peers[0].identity, &options, &pair->called), KITH_OK);
	pair->accepted = pair_await(pair->server, KITH_EVENT_STATE, KITH_STATE_CONNECTING).connection;
	cr_assert_eq(kith_connection_accept(pair->accepted), KITH_OK);
	pair_await(pair->client, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	pair_await(pair->server, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
}

static void make_bad(uint32_t object)
{
	set(object, KITH_CONFIG_FAKE_PACKET_LOSS_SEND, 5);
	set(object, KITH_CONFIG_FAKE_PACKET_LOSS_RECV, 5);
	set(object, KITH_CONFIG_FAKE_PACKET_LAG_SEND, 20);
	set(object, KITH_CONFIG_FAKE_PACKET_LAG_RECV, 5);
	set(object, KITH_CONFIG_FAKE_PACKET_JITTER_SEND_AVG, 3);
	set(object, KITH_CONFIG_FAKE_PACKET_JITTER_RECV_AVG, 3);
	set(object, KITH_CONFIG_FAKE_PACKET_REORDER_SEND, 10);
	set(object, KITH_CONFIG_FAKE_PACKET_REORDER_RECV, 10);
	set(object, KITH_CONFIG_FAKE_PACKET_DUP_SEND, 10);
	set(object, KITH_CONFIG_FAKE_PACKET_DUP_RECV, 10);
}

/* Reliable messages get through whatever happens, once and in order. */
static void push_through(struct pair *pair)
{
	enum { COUNT = 300, SIZE = 2000 };
	static char bytes[SIZE];

	make_bad(pair->client);
	make_bad(pair->server);
	cr_assert_geq(time_one(pair), 25 * MSEC);
	for (int i = 0; i < COUNT; i++) {
		memcpy(bytes, &i, sizeof(i));
		pair_send(pair->client, pair->called, bytes, SIZE, KITH_SEND_RELIABLE, 0);
	}
	for (int i = 0; i < COUNT; i++) {
		kith_message *message = pair_receive(pair->server, pair->accepted);
		int number;
		memcpy(&number, kith_message_data(message), sizeof(number));
		cr_assert_eq(number, i);
		kith_message_release(message);
	}
	pair_close(pair);
}

Test(simulation, a_bad_network_over_ice, .timeout = 60)
{
	struct pair pair;

	open_peers(&pair);
	push_through(&pair);
}

Test(simulation, a_bad_network_over_udp, .timeout = 60)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	push_through(&pair);
}
