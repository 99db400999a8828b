/* Two connections of one program that talk to each other: in memory, and by UDP of this machine. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MSEC 1000

enum { MEMORY, NETWORK, KINDS };

struct twins {
	kith_endpoint endpoints[2]; /* may be the same */
	kith_connection ends[2];
};

static void join(struct twins *twins, struct kith_pair_options *options)
{
	cr_assert_eq(
		kith_endpoint_pair(twins->endpoints[0], twins->endpoints[1], options, &twins->ends[0], &twins->ends[1]),
		KITH_OK, "%s", kith_last_error());
	cr_assert_neq(twins->ends[0], KITH_NO_HANDLE);
	cr_assert_neq(twins->ends[1], KITH_NO_HANDLE);
}

static void open_twins(struct twins *twins, int32_t network, bool one_endpoint)
{
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;

	options.network = network;
	twins->endpoints[0] = pair_endpoint();
	twins->endpoints[1] = one_endpoint ? twins->endpoints[0] : pair_endpoint();
	join(twins, &options);
}

static void close_twins(struct twins *twins)
{
	cr_assert_eq(kith_endpoint_destroy(twins->endpoints[0]), KITH_OK);
	if (twins->endpoints[1] != twins->endpoints[0])
		cr_assert_eq(kith_endpoint_destroy(twins->endpoints[1]), KITH_OK);
}

static struct kith_info info_of(kith_connection connection)
{
	struct kith_info info = KITH_INFO_INIT;

	cr_assert_eq(kith_connection_info(connection, &info), KITH_OK, "%s", kith_last_error());
	return info;
}

static struct kith_security security_of(kith_connection connection)
{
	struct kith_security security = KITH_SECURITY_INIT;

	cr_assert_eq(kith_connection_security(connection, &security), KITH_OK);
	return security;
}

static kith_message *receive(const struct twins *twins, int end)
{
	return pair_receive(twins->endpoints[end], twins->ends[end]);
}

static void expect_text(const struct twins *twins, int end, const char *text)
{
	kith_message *message = receive(twins, end);

	cr_assert_eq(kith_message_size(message), strlen(text));
	cr_assert(memcmp(kith_message_data(message), text, strlen(text)) == 0);
	kith_message_release(message);
}

static void send_text(const struct twins *twins, int end, const char *text)
{
	pair_send(twins->endpoints[end], twins->ends[end], text, strlen(text), KITH_SEND_RELIABLE, 0);
}

/* --- from the beginning */

static void check_state(const struct kith_info *info)
{
	cr_assert_eq(info->state, KITH_STATE_CONNECTED);
	cr_assert_eq(info->route, KITH_ROUTE_LOOPBACK);
	cr_assert_eq(info->incoming, 0);
	cr_assert_eq(info->virtual_port, -1);
}

Test(twins, are_connected_at_once_and_no_event_says_so)
{
	for (int network = 0; network < KINDS; network++) {
		for (int one_endpoint = 0; one_endpoint < 2; one_endpoint++) {
			struct twins twins;
			struct kith_event event = KITH_EVENT_INIT;

			open_twins(&twins, network, one_endpoint);
			for (int end = 0; end < 2; end++) {
				struct kith_info info = info_of(twins.ends[end]);
				check_state(&info);
				cr_assert_eq(kith_endpoint_next_event(twins.endpoints[end], &event), KITH_E_AGAIN);
			}
			send_text(&twins, 0, "there");
			send_text(&twins, 1, "and back");
			expect_text(&twins, 1, "there");
			expect_text(&twins, 0, "and back");
			close_twins(&twins);
		}
	}
}

Test(twins, memory_is_plain_and_the_network_encrypted)
{
	for (int network = 0; network < KINDS; network++) {
		struct twins twins;

		open_twins(&twins, network, false);
		for (int end = 0; end < 2; end++) {
			struct kith_security security = security_of(twins.ends[end]);
			cr_assert_eq(security.encrypted, network);
			cr_assert_eq(security.proof, KITH_PROOF_NOTHING);
			cr_assert_eq(security.has_peer_key, 1);
		}
		close_twins(&twins);
	}
}

Test(twins, options_say_otherwise)
{
	struct kith_config_entry encrypted = { .id = KITH_CONFIG_UNENCRYPTED, .type = KITH_TYPE_INT32 };
	struct kith_config_entry plain = { .id = KITH_CONFIG_UNENCRYPTED, .type = KITH_TYPE_INT32, .integer = 3 };
	struct kith_connection_options first = KITH_CONNECTION_OPTIONS_INIT, second = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;
	struct twins twins;
	int64_t nagle;

	twins.endpoints[0] = pair_endpoint();
	twins.endpoints[1] = pair_endpoint();
	first.config = &encrypted;
	first.config_count = 1;
	first.name = "the first";
	first.user_data = 41;
	second.user_data = 42;
	options.first = &first;
	options.second = &second;
	join(&twins, &options);
	cr_assert_eq(security_of(twins.ends[1]).encrypted, 1);
	cr_assert_eq(info_of(twins.ends[0]).user_data, 41);
	cr_assert_eq(info_of(twins.ends[1]).user_data, 42);
	cr_assert_str_eq(info_of(twins.ends[0]).name, "the first");
	cr_assert_eq(kith_config_get_int(twins.ends[0], KITH_CONFIG_NAGLE_TIME, &nagle), KITH_OK);
	cr_assert_eq(nagle, 0);

	second.config = &plain;
	second.config_count = 1;
	cr_assert_eq(kith_endpoint_pair(twins.endpoints[0], twins.endpoints[1], &options, &twins.ends[0], &twins.ends[1]),
	             KITH_E_INVALID);
	cr_assert_eq(twins.ends[0], KITH_NO_HANDLE);
	cr_assert_eq(twins.ends[1], KITH_NO_HANDLE);

	/* What the endpoint was told to do in general counts as well. */
	cr_assert_eq(kith_config_set_int(twins.endpoints[0], KITH_CONFIG_NAGLE_TIME, 777), KITH_OK);
	join(&twins, NULL);
	cr_assert_eq(kith_config_get_int(twins.ends[0], KITH_CONFIG_NAGLE_TIME, &nagle), KITH_OK);
	cr_assert_eq(nagle, 777);
	close_twins(&twins);
}

/* --- who they are */

Test(twins, are_this_machine_unless_named)
{
	struct kith_identity alice;
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;
	struct twins twins;

	open_twins(&twins, MEMORY, false);
	cr_assert_str_eq(info_of(twins.ends[0]).peer.text, "ip:::1");
	cr_assert_str_eq(info_of(twins.ends[1]).peer.text, "ip:::1");
	close_twins(&twins);

	open_twins(&twins, NETWORK, false);
	for (int end = 0; end < 2; end++) {
		struct kith_info info = info_of(twins.ends[end]), other = info_of(twins.ends[1 - end]);
		char expected[64];

		snprintf(expected, sizeof(expected), "ip:127.0.0.1:%d", info.remote.port);
		cr_assert_str_eq(info.peer.text, expected);
		cr_assert_neq(info.remote.port, 0);
		cr_assert_eq(info.local.port, other.remote.port);
	}
	close_twins(&twins);

	twins.endpoints[0] = twins.endpoints[1] = pair_endpoint();
	cr_assert_eq(kith_identity_parse("str:alice", &alice), KITH_OK);
	options.first_identity = &alice;
	join(&twins, &options);
	cr_assert_str_eq(info_of(twins.ends[1]).peer.text, "str:alice", "who the first is, the second sees");
	cr_assert_str_eq(info_of(twins.ends[0]).peer.text, "ip:::1");
	close_twins(&twins);
}

Test(twins, only_ones_own_key_proves_anything)
{
	struct kith_identity own, foreign;
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;
	uint8_t key[32] = { 1, 2, 3 };
	struct twins twins;

	twins.endpoints[0] = pair_endpoint();
	twins.endpoints[1] = pair_endpoint();
	cr_assert_eq(kith_endpoint_identity(twins.endpoints[0], &own), KITH_OK);
	cr_assert_eq(kith_identity_from_bytes(key, sizeof(key), &foreign), KITH_OK);
	options.first_identity = &own;
	options.second_identity = &foreign;
	/* Nobody has to prove anything here, whatever the endpoints demand of others. */
	cr_assert_eq(kith_config_set_int(twins.endpoints[0], KITH_CONFIG_REQUIRE_PROOF, 3), KITH_OK);
	cr_assert_eq(kith_config_set_int(twins.endpoints[1], KITH_CONFIG_REQUIRE_PROOF, 3), KITH_OK);
	join(&twins, &options);
	cr_assert_str_eq(info_of(twins.ends[1]).peer.text, own.text);
	cr_assert_str_eq(info_of(twins.ends[0]).peer.text, foreign.text);
	cr_assert_eq(security_of(twins.ends[1]).proof, KITH_PROOF_KEY);
	cr_assert_eq(security_of(twins.ends[0]).proof, KITH_PROOF_NOTHING);
	close_twins(&twins);
}

/* --- they are connections like any other */

Test(twins, have_lanes_and_groups)
{
	for (int network = 0; network < KINDS; network++) {
		struct kith_connection_options second = KITH_CONNECTION_OPTIONS_INIT;
		struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;
		struct twins twins;
		kith_message *messages[4];
		int32_t count = 0;

		twins.endpoints[0] = pair_endpoint();
		twins.endpoints[1] = pair_endpoint();
		cr_assert_eq(kith_poll_group_create(twins.endpoints[1], &second.poll_group), KITH_OK);
		second.user_data = 5;
		options.network = network;
		options.second = &second;
		join(&twins, &options);
		cr_assert_eq(kith_connection_set_lanes(twins.ends[0], 3, (int32_t[]){ 1, 0, 1 }, NULL), KITH_OK);
		for (int lane = 0; lane < 3; lane++)
			pair_send(twins.endpoints[0], twins.ends[0], &lane, sizeof(lane), KITH_SEND_RELIABLE, lane);
		while (count < 3) {
			cr_assert_eq(kith_poll_group_wait(second.poll_group, PAIR_PATIENCE_US), KITH_OK);
			count += kith_poll_group_receive(second.poll_group, messages + count, 4 - count);
		}
		cr_assert_eq(count, 3);
		for (int i = 0; i < 3; i++) {
			int lane;
			memcpy(&lane, kith_message_data(messages[i]), sizeof(lane));
			cr_assert_eq(kith_message_lane(messages[i]), lane);
			cr_assert_eq(kith_message_user_data(messages[i]), 5);
			kith_message_release(messages[i]);
		}
		close_twins(&twins);
	}
}

static void send_much(const struct twins *twins, size_t size)
{
	uint8_t *data = malloc(size);
	kith_message *message;

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(i * 7 + i / 251);
	pair_send(twins->endpoints[0], twins->ends[0], data, size, KITH_SEND_RELIABLE, 0);
	message = receive(twins, 1);
	cr_assert_eq(kith_message_size(message), size);
	cr_assert(memcmp(kith_message_data(message), data, size) == 0);
	kith_message_release(message);
	free(data);
}

Test(twins, large_messages_arrive_whole)
{
	for (int network = 0; network < KINDS; network++) {
		struct twins twins;

		open_twins(&twins, network, false);
		for (int i = 0; i < 50; i++)
			send_much(&twins, (size_t)400 * 1024 + (size_t)i);
		close_twins(&twins);
	}
}

Test(twins, tell_how_they_fare)
{
	for (int network = 0; network < KINDS; network++) {
		struct twins twins;
		struct kith_status status = KITH_STATUS_INIT;

		open_twins(&twins, network, true);
		for (int i = 0; i < 100 || status.ping_us < 0; i++) {
			send_text(&twins, 0, "x");
			expect_text(&twins, 1, "x");
			cr_assert_eq(kith_connection_status(twins.ends[0], &status), KITH_OK);
			cr_assert_lt(i, 100000);
		}
		cr_assert_geq(status.messages_sent, 100u);
		cr_assert_geq(status.packets_sent, 100u);
		cr_assert_lt(status.ping_us, 200 * MSEC);
		close_twins(&twins);
	}
}

Test(twins, a_bad_network_is_simulated_in_memory_as_well)
{
	struct twins twins;
	int64_t sent;

	open_twins(&twins, MEMORY, false);
	cr_assert_eq(kith_config_set_int(twins.ends[0], KITH_CONFIG_FAKE_PACKET_LAG_SEND, 60), KITH_OK);
	sent = kith_now_us();
	send_text(&twins, 0, "x");
	expect_text(&twins, 1, "x");
	cr_assert_geq(kith_now_us() - sent, 60 * MSEC);
	close_twins(&twins);
}

/* --- the end */

Test(twins, the_other_end_hears_of_a_close)
{
	for (int network = 0; network < KINDS; network++) {
		struct twins twins;
		struct kith_event event;

		open_twins(&twins, network, false);
		send_text(&twins, 0, "last words");
		cr_assert_eq(kith_connection_close(twins.ends[0], 1234, "enough", -1), KITH_OK);
		event = pair_await(twins.endpoints[1], KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
		cr_assert_eq(event.connection, twins.ends[1]);
		cr_assert_eq(event.reason, 1234);
		cr_assert_str_eq(event.text, "enough");
		expect_text(&twins, 1, "last words");
		cr_assert_eq(kith_connection_send(twins.ends[1], "x", 1, 0, 0, NULL), KITH_E_CLOSED);
		close_twins(&twins);
	}
}

Test(twins, one_endpoint_may_go_before_the_other)
{
	for (int network = 0; network < KINDS; network++) {
		struct twins twins;

		open_twins(&twins, network, false);
		cr_assert_eq(kith_endpoint_destroy(twins.endpoints[0]), KITH_OK);
		pair_await(twins.endpoints[1], KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
		cr_assert_eq(kith_connection_close(twins.ends[1], 0, NULL, 0), KITH_OK);
		cr_assert_eq(kith_endpoint_destroy(twins.endpoints[1]), KITH_OK);
	}
}

Test(twins, many_come_and_go)
{
	struct twins twins;
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;

	twins.endpoints[0] = pair_endpoint();
	twins.endpoints[1] = pair_endpoint();
	for (int i = 0; i < 300; i++) {
		options.network = i % 2;
		join(&twins, &options);
		send_text(&twins, i % 2, "x");
		if (i % 3 == 0)
			expect_text(&twins, 1 - i % 2, "x");
		cr_assert_eq(kith_connection_close(twins.ends[0], 0, NULL, 0), KITH_OK);
		cr_assert_eq(kith_connection_close(twins.ends[1], 0, NULL, 0), KITH_OK);
	}
	close_twins(&twins);
}

Test(twins, what_is_wrong_is_told)
{
	struct kith_identity nonsense = { .kind = 77 };
	struct kith_connection_options first = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;
	kith_endpoint endpoint = pair_endpoint(), gone = pair_endpoint();
	kith_connection a = 1, b = 1;

	cr_assert_eq(kith_endpoint_destroy(gone), KITH_OK);
	cr_assert_eq(kith_endpoint_pair(endpoint, gone, NULL, &a, &b), KITH_E_HANDLE);
	cr_assert_eq(a + b, 0u);
	cr_assert_eq(kith_endpoint_pair(gone, endpoint, NULL, &a, &b), KITH_E_HANDLE);
	cr_assert_eq(kith_endpoint_pair(endpoint, endpoint, NULL, NULL, &b), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_pair(endpoint, endpoint, NULL, &a, NULL), KITH_E_INVALID);
	options.network = 2;
	cr_assert_eq(kith_endpoint_pair(endpoint, endpoint, &options, &a, &b), KITH_E_INVALID);
	options.network = 0;
	options.second_identity = &nonsense;
	cr_assert_eq(kith_endpoint_pair(endpoint, endpoint, &options, &a, &b), KITH_E_INVALID);
	cr_assert(strstr(kith_last_error(), "second_identity") != NULL, "%s", kith_last_error());
	options.second_identity = NULL;
	options.first = &first;
	first.poll_group = 99;
	cr_assert_eq(kith_endpoint_pair(endpoint, endpoint, &options, &a, &b), KITH_E_HANDLE);
	first.struct_size = 0;
	cr_assert_eq(kith_endpoint_pair(endpoint, endpoint, &options, &a, &b), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_destroy(endpoint), KITH_OK);
}
