#include "pair.h"

#include <stdlib.h>
#include <string.h>

Test(sockets, a_message_goes_there_and_back)
{
	struct pair pair;
	kith_message *message;
	int64_t number = 0;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_send(pair.called, "hello", 5, KITH_SEND_RELIABLE, 0, &number), KITH_OK);
	cr_assert_eq(number, 1);
	message = pair_receive(pair.server, pair.accepted);
	cr_assert_eq(kith_message_size(message), 5);
	cr_assert(memcmp(kith_message_data(message), "hello", 5) == 0);
	cr_assert_eq(kith_message_number(message), 1);
	cr_assert_eq(kith_message_lane(message), 0);
	cr_assert_eq(kith_message_connection(message), pair.accepted);
	cr_assert(kith_message_flags(message) & KITH_SEND_RELIABLE);
	kith_message_release(message);
	cr_assert_eq(kith_connection_send(pair.accepted, "", 0, KITH_SEND_NO_NAGLE, 0, NULL), KITH_OK);
	message = pair_receive(pair.client, pair.called);
	cr_assert_eq(kith_message_size(message), 0);
	cr_assert_not(kith_message_flags(message) & KITH_SEND_RELIABLE);
	kith_message_release(message);
	pair_close(&pair);
}

Test(sockets, the_largest_message_arrives_whole)
{
	struct pair pair;
	unsigned char *bytes = malloc(KITH_MESSAGE_SIZE_MAX + 1);
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	for (int i = 0; i < KITH_MESSAGE_SIZE_MAX; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 251);
	for (int round = 0; round < 4; round++) {
		pair_send(pair.client, pair.called, bytes, KITH_MESSAGE_SIZE_MAX, KITH_SEND_RELIABLE, 0);
		message = pair_receive(pair.server, pair.accepted);
		cr_assert_eq(kith_message_size(message), KITH_MESSAGE_SIZE_MAX);
		cr_assert(memcmp(kith_message_data(message), bytes, KITH_MESSAGE_SIZE_MAX) == 0);
		kith_message_release(message);
	}
	cr_assert_eq(kith_connection_send(pair.called, bytes, KITH_MESSAGE_SIZE_MAX + 1, KITH_SEND_RELIABLE, 0, NULL),
	             KITH_E_TOO_LARGE);
	free(bytes);
	pair_close(&pair);
}

Test(sockets, many_messages_keep_their_order_and_a_full_buffer_says_again)
{
	enum { COUNT = 20000, SIZE = 1000 };
	struct pair pair;
	unsigned char bytes[SIZE] = { 0 };
	kith_message *messages[64];
	struct kith_event event = KITH_EVENT_INIT;
	int32_t sent = 0, received = 0, refused = 0;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	pair_open(&pair, NULL, NULL);
	while (received < COUNT) {
		kith_result result = KITH_OK;
		cr_assert(kith_now_us() < deadline, "%d of %d", (int)received, (int)sent);
		while (sent < COUNT && result == KITH_OK) {
			memcpy(bytes, &sent, sizeof(sent));
			result = kith_connection_send(pair.called, bytes, SIZE, KITH_SEND_RELIABLE, 0, NULL);
			sent += result == KITH_OK;
			refused += result == KITH_E_AGAIN;
			cr_assert(result == KITH_OK || result == KITH_E_AGAIN);
		}
		kith_endpoint_wait(pair.server, 10000);
		while (kith_endpoint_next_event(pair.server, &event) == KITH_OK)
			continue;
		int32_t count = kith_connection_receive(pair.accepted, messages, 64);
		cr_assert(count >= 0);
		for (int32_t i = 0; i < count; i++) {
			int32_t number;
			memcpy(&number, kith_message_data(messages[i]), sizeof(number));
			cr_assert_eq(number, received);
			received++;
		}
		kith_message_release_batch(messages, (size_t)count);
	}
	cr_assert(refused > 0);
	pair_await(pair.client, KITH_EVENT_WRITABLE, 0);
	pair_close(&pair);
}

Test(sockets, a_batch_arrives_as_its_messages)
{
	enum { COUNT = 100 };
	struct pair pair;
	struct kith_outgoing outgoing[COUNT];
	int numbers[COUNT];

	pair_open(&pair, NULL, NULL);
	for (int i = 0; i < COUNT; i++) {
		numbers[i] = i;
		outgoing[i] = (struct kith_outgoing){ &numbers[i], sizeof(int), KITH_SEND_RELIABLE, 0, 0 };
	}
	cr_assert_eq(kith_connection_send_batch(pair.called, outgoing, COUNT), COUNT);
	for (int i = 0; i < COUNT; i++) {
		kith_message *message = pair_receive(pair.server, pair.accepted);
		cr_assert_eq(*(int *)kith_message_data(message), i);
		kith_message_release(message);
	}
	pair_close(&pair);
}

static int released;

static void on_release(void *user_data, void *data, size_t size)
{
	cr_assert(user_data == &released);
	cr_assert_eq(size, 3);
	cr_assert(memcmp(data, "abc", 3) == 0);
	__atomic_fetch_add(&released, 1, __ATOMIC_SEQ_CST);
}

Test(sockets, a_wrapped_buffer_is_released_once_when_it_was_delivered)
{
	struct pair pair;
	static char bytes[] = "abc";
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_message_wrap(bytes, 3, on_release, &released, &message), KITH_OK);
	kith_message_set_flags(message, KITH_SEND_RELIABLE);
	cr_assert_eq(kith_connection_send_message(pair.called, message, NULL), KITH_OK);
	message = pair_receive(pair.server, pair.accepted);
	cr_assert(memcmp(kith_message_data(message), "abc", 3) == 0);
	kith_message_release(message);
	pair_close(&pair);
	cr_assert_eq(__atomic_load_n(&released, __ATOMIC_SEQ_CST), 1);
}

Test(sockets, a_refused_message_stays_the_callers)
{
	kith_message *message;
	static char bytes[] = "abc";

	cr_assert_eq(kith_message_wrap(bytes, 3, on_release, &released, &message), KITH_OK);
	cr_assert_eq(kith_connection_send_message(12345, message, NULL), KITH_E_HANDLE);
	cr_assert_eq(released, 0);
	kith_message_release(message);
	cr_assert_eq(released, 1);
}

Test(sockets, a_received_message_outlives_its_endpoint)
{
	struct pair pair;
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_send(pair.called, "later", 5, KITH_SEND_RELIABLE, 0, NULL), KITH_OK);
	message = pair_receive(pair.server, pair.accepted);
	pair_close(&pair);
	cr_assert(memcmp(kith_message_data(message), "later", 5) == 0);
	kith_message_release(message);
}

Test(sockets, close_tells_reason_and_text)
{
	struct pair pair;
	struct kith_event event;
	struct kith_info info = KITH_INFO_INIT;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_close(pair.called, 1234, "that was it", 0), KITH_OK);
	event = pair_await(pair.server, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.connection, pair.accepted);
	cr_assert_eq(event.reason, 1234);
	cr_assert_eq(event.result, KITH_E_CLOSED);
	cr_assert(strcmp(event.text, "that was it") == 0, "%s", event.text);
	/* What is known can be read while the event is handled. */
	cr_assert_eq(kith_connection_info(pair.accepted, &info), KITH_OK);
	cr_assert_eq(info.state, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(info.reason, 1234);
	cr_assert_eq(kith_connection_send(pair.accepted, "x", 1, KITH_SEND_RELIABLE, 0, NULL), KITH_E_CLOSED);
	/* No duty to close: the next look lets it go. */
	pair_await_nothing(pair.server, 1000);
	cr_assert_eq(kith_connection_info(pair.accepted, &info), KITH_E_HANDLE);
	cr_assert_eq(kith_connection_close(pair.accepted, 0, NULL, 0), KITH_E_HANDLE);
	pair_close(&pair);
}

Test(sockets, what_came_before_the_close_can_still_be_received)
{
	enum { COUNT = 200 };
	struct pair pair;
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	for (int i = 0; i < COUNT; i++)
		pair_send(pair.client, pair.called, &i, sizeof(i), KITH_SEND_RELIABLE, 0);
	cr_assert_eq(kith_connection_close(pair.called, 0, NULL, -1), KITH_OK);
	pair_await(pair.server, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	for (int i = 0; i < COUNT; i++) {
		struct kith_event event = KITH_EVENT_INIT;
		kith_endpoint_next_event(pair.server, &event);
		cr_assert_eq(kith_connection_receive(pair.accepted, &message, 1), 1, "%d", i);
		cr_assert_eq(*(int *)kith_message_data(message), i);
		kith_message_release(message);
	}
	cr_assert_eq(kith_connection_receive(pair.accepted, &message, 1), KITH_E_CLOSED);
	pair_await_nothing(pair.server, 1000);
	cr_assert_eq(kith_connection_receive(pair.accepted, &message, 1), KITH_E_HANDLE);
	pair_close(&pair);
}

Test(sockets, a_bad_reason_closes_nothing)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_close(pair.called, 999, NULL, 0), KITH_E_INVALID);
	cr_assert_eq(kith_connection_close(pair.called, 3000, NULL, 0), KITH_E_INVALID);
	cr_assert_eq(kith_connection_close(pair.called, -1, NULL, 0), KITH_E_INVALID);
	cr_assert_eq(kith_connection_close(pair.called, 2999, NULL, 0), KITH_OK);
	pair_close(&pair);
}

Test(sockets, a_refused_caller_learns_why)
{
	kith_endpoint server = pair_endpoint(), client = pair_endpoint();
	struct kith_address address;
	struct kith_event event;
	kith_connection called;

	pair_listen(server, NULL, &address);
	cr_assert_eq(kith_endpoint_connect_address(client, &address, NULL, &called), KITH_OK);
	event = pair_await(server, KITH_EVENT_STATE, KITH_STATE_CONNECTING);
	cr_assert_eq(kith_connection_close(event.connection, 1042, "not you", 0), KITH_OK);
	event = pair_await(client, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.connection, called);
	cr_assert_eq(event.reason, 1042);
	cr_assert(strcmp(event.text, "not you") == 0);
	kith_endpoint_destroy(client);
	kith_endpoint_destroy(server);
}

Test(sockets, nobody_there_is_a_time_out)
{
	kith_endpoint client = pair_endpoint();
	struct kith_config_entry entry = { KITH_CONFIG_TIMEOUT_INITIAL, KITH_TYPE_INT32, NULL, 300, 0, NULL };
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_address address;
	struct kith_event event;
	kith_connection called;

	options.config = &entry;
	options.config_count = 1;
	options.user_data = 77;
	cr_assert_eq(kith_address_parse("127.0.0.1:9", &address), KITH_OK);
	cr_assert_eq(kith_endpoint_connect_address(client, &address, &options, &called), KITH_OK);
	event = pair_await(client, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.result, KITH_E_TIMEOUT, "reason %d", (int)event.reason);
	cr_assert_eq(event.user_data, 77);
	kith_endpoint_destroy(client);
}

Test(sockets, lanes_keep_their_messages_apart)
{
	struct pair pair;
	const int32_t priorities[] = { 0, 1, 1 };
	const uint16_t weights[] = { 1, 3, 1 };
	int seen[3] = { 0 };

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_set_lanes(pair.called, 3, priorities, weights), KITH_OK, "%s", kith_last_error());
	for (int i = 0; i < 30; i++)
		pair_send(pair.client, pair.called, &i, sizeof(i), KITH_SEND_RELIABLE, i % 3);
	for (int i = 0; i < 30; i++) {
		kith_message *message = pair_receive(pair.server, pair.accepted);
		int lane = kith_message_lane(message);
		cr_assert(lane >= 0 && lane < 3);
		cr_assert_eq(*(int *)kith_message_data(message), seen[lane] * 3 + lane);
		seen[lane]++;
		cr_assert_eq(kith_message_number(message), seen[lane]);
		kith_message_release(message);
	}
	cr_assert_eq(kith_connection_send(pair.called, "x", 1, KITH_SEND_RELIABLE, 3, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_send(pair.called, "x", 1, KITH_SEND_RELIABLE, -1, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_set_lanes(pair.called, 0, NULL, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_set_lanes(pair.called, 256, NULL, NULL), KITH_E_INVALID);
	pair_close(&pair);
}

Test(sockets, user_data_is_inherited_and_comes_with_everything)
{
	struct pair pair;
	struct kith_listener_options listener_options = KITH_LISTENER_OPTIONS_INIT;
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_info info = KITH_INFO_INIT;
	kith_message *message;
	int64_t user_data;

	listener_options.user_data = 5;
	options.user_data = 6;
	options.name = "the caller";
	pair_open(&pair, &listener_options, &options);
	cr_assert_eq(kith_connection_user_data(pair.accepted, &user_data), KITH_OK);
	cr_assert_eq(user_data, 5);
	cr_assert_eq(kith_connection_set_user_data(pair.accepted, 50), KITH_OK);
	pair_send(pair.client, pair.called, "x", 1, KITH_SEND_RELIABLE, 0);
	message = pair_receive(pair.server, pair.accepted);
	cr_assert_eq(kith_message_user_data(message), 50);
	kith_message_release(message);
	cr_assert_eq(kith_connection_info(pair.called, &info), KITH_OK);
	cr_assert_eq(info.user_data, 6);
	cr_assert(strcmp(info.name, "the caller") == 0);
	cr_assert_eq(info.endpoint, pair.client);
	cr_assert_eq(info.state, KITH_STATE_CONNECTED);
	cr_assert_eq(info.incoming, 0);
	cr_assert_eq(info.virtual_port, -1);
	cr_assert(info.connect_time_us > 0);
	cr_assert_eq(info.remote.port, pair.address.port);
	cr_assert_eq(info.route, KITH_ROUTE_LOOPBACK);
	pair_close(&pair);
}

Test(sockets, both_sides_know_each_other_and_are_encrypted)
{
	struct pair pair;
	struct kith_identity identity;
	struct kith_info info = KITH_INFO_INIT;
	struct kith_security security = KITH_SECURITY_INIT;
	uint8_t key[KITH_KEY_SIZE];

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_endpoint_identity(pair.client, &identity), KITH_OK);
	cr_assert_eq(identity.kind, KITH_IDENTITY_KEY);
	cr_assert_eq(kith_connection_info(pair.accepted, &info), KITH_OK);
	cr_assert(kith_identity_equal(&info.peer, &identity), "%s is not %s", info.peer.text, identity.text);
	cr_assert_eq(info.incoming, 1);
	cr_assert_eq(info.listener, pair.listener);
	cr_assert_eq(kith_connection_security(pair.accepted, &security), KITH_OK);
	cr_assert_eq(security.encrypted, 1);
	cr_assert_eq(security.proof, KITH_PROOF_KEY);
	cr_assert(strcmp(security.cipher, "AES-256-GCM") == 0, "%s", security.cipher);
	cr_assert_eq(kith_endpoint_public_key(pair.client, key), KITH_OK);
	cr_assert_eq(security.has_peer_key, 1);
	cr_assert(memcmp(security.peer_key, key, sizeof(key)) == 0);
	pair_close(&pair);
}

Test(sockets, who_answers_must_be_who_was_expected)
{
	kith_endpoint server = pair_endpoint(), client = pair_endpoint();
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_identity wrong;
	struct kith_address address;
	struct kith_event event;
	kith_connection called;

	cr_assert_eq(kith_identity_parse("str:somebody-else", &wrong), KITH_OK);
	options.peer = &wrong;
	pair_listen(server, NULL, &address);
	cr_assert_eq(kith_endpoint_connect_address(client, &address, &options, &called), KITH_OK);
	event = pair_await(server, KITH_EVENT_STATE, KITH_STATE_CONNECTING);
	cr_assert_eq(kith_connection_accept(event.connection), KITH_OK);
	event = pair_await(client, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.connection, called);
	cr_assert_eq(event.result, KITH_E_AUTH);
	kith_endpoint_destroy(client);
	kith_endpoint_destroy(server);
}

Test(sockets, a_closed_listener_lets_its_connections_live)
{
	struct pair pair;
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_listener_close(pair.listener), KITH_OK);
	cr_assert_eq(kith_listener_close(pair.listener), KITH_E_HANDLE);
	pair_send(pair.client, pair.called, "still here", 10, KITH_SEND_RELIABLE, 0);
	message = pair_receive(pair.server, pair.accepted);
	cr_assert_eq(kith_message_size(message), 10);
	kith_message_release(message);
	pair_close(&pair);
}

Test(sockets, status_counts_what_was_sent)
{
	struct pair pair;
	struct kith_status status = KITH_STATUS_INIT;

	pair_open(&pair, NULL, NULL);
	for (int i = 0; i < 50; i++) {
		pair_send(pair.client, pair.called, "ping", 4, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
		kith_message_release(pair_receive(pair.server, pair.accepted));
	}
	cr_assert_eq(kith_connection_status(pair.called, &status), KITH_OK);
	cr_assert_eq(status.state, KITH_STATE_CONNECTED);
	cr_assert(status.packets_sent >= 50, "%u", (unsigned)status.packets_sent);
	cr_assert(status.bytes_sent > 50 * 4);
	cr_assert(status.ping_us >= 0 && status.ping_us < 1000000, "%d", (int)status.ping_us);
	cr_assert(status.send_rate > 0);
	pair_close(&pair);
}

Test(sockets, ipv6_and_dual_stack)
{
	kith_endpoint server = pair_endpoint(), client = pair_endpoint();
	const char *targets[] = { "::1", "127.0.0.1" };
	struct kith_address any = KITH_ADDRESS_INIT, bound, target;
	kith_listener listener;
	kith_connection called;

	cr_assert_eq(kith_endpoint_listen_address(server, &any, NULL, &listener), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_listener_address(listener, &bound), KITH_OK);
	cr_assert(bound.port != 0);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(kith_address_parse(targets[i], &target), KITH_OK);
		target.port = bound.port;
		cr_assert_eq(kith_endpoint_connect_address(client, &target, NULL, &called), KITH_OK, "%s", kith_last_error());
		cr_assert_eq(kith_connection_accept(pair_await(server, KITH_EVENT_STATE, KITH_STATE_CONNECTING).connection),
		             KITH_OK);
		cr_assert_eq(pair_await(client, KITH_EVENT_STATE, KITH_STATE_CONNECTED).connection, called);
	}
	kith_endpoint_destroy(client);
	kith_endpoint_destroy(server);
}

Test(sockets, a_port_in_use_is_a_clear_error)
{
	kith_endpoint endpoint = pair_endpoint();
	struct kith_address address;
	kith_listener listener;

	pair_listen(endpoint, NULL, &address);
	cr_assert_eq(kith_endpoint_listen_address(endpoint, &address, NULL, &listener), KITH_E_SYSTEM);
	cr_assert_eq(listener, KITH_NO_HANDLE);
	cr_assert(strstr(kith_last_error(), "127.0.0.1:") != NULL, "%s", kith_last_error());
	kith_endpoint_destroy(endpoint);
}

Test(sockets, destroying_tells_the_peer_of_what_lingers)
{
	struct pair pair;
	struct kith_event event;
	static const char bytes[200000];

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_config_set_int(pair.called, KITH_CONFIG_SEND_RATE_MAX, 10000), KITH_OK);
	pair_send(pair.client, pair.called, bytes, sizeof(bytes), KITH_SEND_RELIABLE, 0);
	cr_assert_eq(kith_connection_close(pair.called, 1234, "bye", KITH_FOREVER_US), KITH_OK);
	kith_endpoint_destroy(pair.client);
	event = pair_await(pair.server, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.reason, 1234);
	cr_assert_str_eq(event.text, "bye");
	kith_endpoint_destroy(pair.server);
}

Test(sockets, destroying_tells_every_peer)
{
	enum { COUNT = 200 };
	kith_endpoint server = pair_endpoint(), client = pair_endpoint();
	struct kith_address address;
	kith_connection called;

	pair_listen(server, NULL, &address);
	for (int i = 0; i < COUNT; i++) {
		cr_assert_eq(kith_endpoint_connect_address(client, &address, NULL, &called), KITH_OK, "%s", kith_last_error());
		cr_assert_eq(kith_connection_accept(pair_await(server, KITH_EVENT_STATE, KITH_STATE_CONNECTING).connection),
		             KITH_OK);
		pair_await(client, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	}
	kith_endpoint_destroy(server);
	for (int i = 0; i < COUNT; i++)
		pair_await(client, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	kith_endpoint_destroy(client);
}
