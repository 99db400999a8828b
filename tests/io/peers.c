#include "peers.h"

#include <string.h>

static kith_result carry(void *user_data, const char *to, const void *data, size_t size)
{
	struct peer *self = user_data;

	(void)to;
	return kith_endpoint_receive_signal(self->other->endpoint, self->other->signaling, data, size);
}

static void open_one(struct peer *peer, const char *name, const struct kith_config_entry *config, size_t count)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;

	cr_assert_eq(kith_identity_parse(name, &peer->identity), KITH_OK);
	options.identity = &peer->identity;
	options.config = config;
	options.config_count = count;
	cr_assert_eq(kith_endpoint_create(&options, &peer->endpoint), KITH_OK, "%s", kith_last_error());
}

void peers_open(struct peer peers[2], const struct kith_config_entry *config, size_t count)
{
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;

	memset(peers, 0, 2 * sizeof(*peers));
	open_one(&peers[0], "str:alice", config, count);
	open_one(&peers[1], "str:bob", config, count);
	callbacks.send = carry;
	for (int i = 0; i < 2; i++) {
		peers[i].other = &peers[1 - i];
		callbacks.user_data = &peers[i];
		cr_assert_eq(kith_signaling_add(peers[i].endpoint, &callbacks, &peers[i].signaling), KITH_OK);
	}
	cr_assert_eq(kith_endpoint_listen_port(peers[0].endpoint, 0, NULL, &peers[0].listener), KITH_OK);
}

/* Takes what an endpoint has to tell. True: its side has failed, `*event` says how. */
static bool take_events(struct peer *peer, int *connected, struct kith_event *event)
{
	while (kith_endpoint_next_event(peer->endpoint, event) == KITH_OK) {
		if (event->type != KITH_EVENT_STATE)
			continue;
		if (event->state == KITH_STATE_CONNECTING && event->listener != KITH_NO_HANDLE) {
			peer->connection = event->connection;
			/* The caller may have given up meanwhile. */
			kith_result result = kith_connection_accept(event->connection);
			cr_assert(result == KITH_OK || result == KITH_E_STATE, "%s", kith_last_error());
		}
		*connected += event->state == KITH_STATE_CONNECTED;
		if (event->state > KITH_STATE_CONNECTED && event->connection == peer->connection)
			return true;
	}
	return false;
}

struct kith_event peers_call(struct peer peers[2])
{
	struct kith_event event = KITH_EVENT_INIT, none = KITH_EVENT_INIT;
	int64_t begun = kith_now_us();
	int connected = 0;

	peers[0].connection = KITH_NO_HANDLE;
	cr_assert_eq(kith_endpoint_connect_identity(peers[1].endpoint, &peers[0].identity, NULL, &peers[1].connection),
	             KITH_OK, "%s", kith_last_error());
	while (connected < 2) {
		cr_assert(kith_now_us() - begun < PAIR_PATIENCE_US, "neither connected nor failed");
		for (int i = 0; i < 2; i++) {
			if (take_events(&peers[i], &connected, &event))
				return event;
			kith_endpoint_wait(peers[i].endpoint, 500);
		}
	}
	peers[1].connect_us = kith_now_us() - begun;
	return none;
}

void peers_hang_up(struct peer peers[2])
{
	for (int i = 1; i >= 0; i--) {
		if (peers[i].connection != KITH_NO_HANDLE)
			kith_connection_close(peers[i].connection, 1000, "done", 0);
		peers[i].connection = KITH_NO_HANDLE;
	}
}

void peers_carry(struct peer peers[2], int from, size_t size, int count)
{
	struct peer *sender = &peers[from], *receiver = &peers[1 - from];
	uint8_t *bytes = malloc(size);

	for (int i = 0; i < count; i++) {
		kith_message *message;
		memset(bytes, 'a' + i % 26, size);
		pair_send(sender->endpoint, sender->connection, bytes, size, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
		message = pair_receive(receiver->endpoint, receiver->connection);
		cr_assert_eq(kith_message_size(message), size);
		cr_assert_arr_eq(kith_message_data(message), bytes, size);
		kith_message_release(message);
	}
	free(bytes);
}

void peers_close(struct peer peers[2])
{
	for (int i = 0; i < 2; i++)
		cr_assert_eq(kith_endpoint_destroy(peers[i].endpoint), KITH_OK);
}

/* --- a stream */

enum { PIECE = 65536 };

static void fill(uint8_t *bytes, size_t size, size_t position)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)((position + i) * 2654435761u >> 24);
}

static size_t take(kith_connection in, size_t position)
{
	static uint8_t expected[PIECE];
	kith_message *messages[16];
	int32_t count = kith_connection_receive(in, messages, 16);
	size_t taken = 0;

	cr_assert(count >= 0, "%s", kith_last_error());
	for (int32_t i = 0; i < count; i++) {
		size_t size = kith_message_size(messages[i]);
		fill(expected, size, position + taken);
		cr_assert_arr_eq(kith_message_data(messages[i]), expected, size, "at %zu", position + taken);
		taken += size;
		kith_message_release(messages[i]);
	}
	return taken;
}

void peers_stream(kith_endpoint from, kith_connection out, kith_endpoint to, kith_connection in, size_t size)
{
	static uint8_t bytes[PIECE];
	struct kith_event event = KITH_EVENT_INIT;
	size_t sent = 0, received = 0;
	int64_t deadline = kith_now_us() + 3 * PAIR_PATIENCE_US;

	while (received < size) {
		kith_result result = KITH_OK;
		cr_assert(kith_now_us() < deadline, "%zu of %zu bytes came", received, size);
		while (sent < size && result == KITH_OK) {
			size_t piece = size - sent < PIECE ? size - sent : PIECE;
			fill(bytes, piece, sent);
			result = kith_connection_send(out, bytes, piece, KITH_SEND_RELIABLE, 0, NULL);
			cr_assert(result == KITH_OK || result == KITH_E_AGAIN, "%s", kith_last_error());
			sent += result == KITH_OK ? piece : 0;
		}
		received += take(in, received);
		kith_endpoint_wait(to, 2000);
		while (kith_endpoint_next_event(from, &event) == KITH_OK || kith_endpoint_next_event(to, &event) == KITH_OK)
			continue;
	}
}
