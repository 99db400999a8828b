#include "conn_pair.h"

#include <stdlib.h>
#include <string.h>

#include "core/wire/wire.h"

void conn_pair_init(struct conn_pair *pair)
{
	static const char *const names[2] = { "str:alice", "str:bob" };
	uint8_t seed[RNG_SEED_SIZE] = { 1, 2, 3 };
	uint8_t key[PRIMITIVES_KEY_SIZE];

	memset(pair, 0, sizeof *pair);
	pair->now = 100 * USEC_PER_SEC;
	rng_init(&pair->rng, seed);
	config_init_defaults(&pair->config, CONFIG_LEVEL_CONNECTION);
	for (int i = 0; i < 2; i++) {
		rng_bytes(&pair->rng, key, sizeof key);
		identity_parse(&pair->identity[i], names[i], strlen(names[i]));
		pair->own[i] = certificate_shared_new();
		certificate_make_own(pair->own[i], key, &pair->identity[i], 0);
	}
}

void conn_pair_free(struct conn_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		if (pair->ends[i] != NULL)
			conn_destroy(pair->ends[i]);
		certificate_shared_unref(pair->own[i]);
	}
	config_free(&pair->config);
}

static struct conn *make_end(struct conn_pair *pair, int end, bool p2p)
{
	struct conn_settings settings = { 0 };

	settings.config = &pair->config;
	settings.rng = &pair->rng;
	settings.own = pair->own[end];
	settings.unix_time = 1700000000;
	settings.local_id = 0x11110001u + (uint32_t)end;
	settings.server = end == 1;
	settings.p2p = p2p;
	settings.peer = pair->identity[1 - end];
	return conn_new(pair->now, &settings);
}

static void hand_over(struct conn_pair *pair, int from)
{
	struct msg_signed_certificate certificate;
	struct msg_signed_session_crypt session;
	struct conn_offer offer = { conn_local_id(pair->ends[from]), 0, &certificate, &session };

	conn_handshake_get(pair->ends[from], &certificate, &session);
	if (conn_handshake_receive(pair->ends[1 - from], pair->now, &offer) != 0)
		abort();
}

void conn_pair_connect(struct conn_pair *pair, bool p2p)
{
	struct address address;

	for (int i = 0; i < 2; i++) {
		pair->ends[i] = make_end(pair, i, p2p);
		address_parse(&address, i == 0 ? "192.0.2.2:2" : "192.0.2.1:1");
		conn_set_path(pair->ends[i], pair->now, 7, p2p ? NULL : &address);
	}
	hand_over(pair, 0);
	if (!conn_accept(pair->ends[1], pair->now))
		abort();
	hand_over(pair, 1);
}

void conn_pair_path_ready(struct conn_pair *pair, int end)
{
	struct path_change change = { .transport = 7, .kind = PATH_READY, .route = ROUTE_DIRECT, .rtt = -1 };

	conn_path_ready(pair->ends[end], pair->now, &change);
}

void conn_pair_open_paths(struct conn_pair *pair)
{
	conn_pair_path_ready(pair, 0);
	conn_pair_path_ready(pair, 1);
	conn_pair_wait(pair, 10 * USEC_PER_MSEC, false);
}

size_t conn_pair_collect(struct conn_pair *pair, int end)
{
	static uint8_t bytes[65536];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };

	pair->packet_count = 0;
	while (conn_transmit(pair->ends[end], pair->now, &burst)) {
		for (size_t at = 0; at < burst.size; at += burst.segment_size) {
			struct conn_pair_packet *packet = &pair->packets[pair->packet_count++];
			if (pair->packet_count > CONN_PAIR_PACKETS_MAX)
				abort();
			memset(&packet->from, 0, sizeof packet->from);
			packet->to = burst.remote;
			packet->size = burst.size - at < burst.segment_size ? burst.size - at : burst.segment_size;
			memcpy(packet->bytes, bytes + at, packet->size);
		}
	}
	return pair->packet_count;
}

void conn_pair_deliver(struct conn_pair *pair, int end, size_t index)
{
	struct conn_pair_packet copy = pair->packets[index]; /* it is decrypted in place */

	if (copy.bytes[0] >= WIRE_LEAD_DATA) {
		struct datagram datagram = { .transport = 7, .remote = copy.from, .bytes = copy.bytes, .size = copy.size };
		conn_receive(pair->ends[end], pair->now, &datagram);
	} else
		conn_receive_control(pair->ends[end], pair->now, copy.bytes, copy.size);
}

static size_t pass(struct conn_pair *pair, int from, bool lossy)
{
	size_t count = conn_pair_collect(pair, from);

	for (size_t i = 0; i < count && !lossy; i++)
		conn_pair_deliver(pair, 1 - from, i);
	return count;
}

static void exchange(struct conn_pair *pair, bool lossy)
{
	for (int rounds = 0; rounds < 1000; rounds++) {
		size_t count = pass(pair, 0, lossy);
		count += pass(pair, 1, lossy);
		if (count == 0)
			return;
	}
	abort();
}

void conn_pair_exchange(struct conn_pair *pair)
{
	exchange(pair, false);
}

void conn_pair_wait(struct conn_pair *pair, usec_t duration, bool lossy)
{
	usec_t until = pair->now + duration;

	for (;;) {
		usec_t at = usec_min(conn_next_timeout(pair->ends[0]), conn_next_timeout(pair->ends[1]));
		exchange(pair, lossy);
		at = usec_min(at, usec_min(conn_next_timeout(pair->ends[0]), conn_next_timeout(pair->ends[1])));
		if (at > until)
			break;
		pair->now = usec_max(pair->now, at);
		for (int i = 0; i < 2; i++)
			conn_handle_timeout(pair->ends[i], pair->now);
		exchange(pair, lossy);
	}
	pair->now = until;
}

int32_t conn_pair_last_state(struct conn_pair *pair, int end)
{
	struct event event;
	int32_t last = 0;

	while (conn_next_event(pair->ends[end], &event)) {
		if (event.kind == EVENT_STATE)
			last = event.new_state;
	}
	return last;
}

int32_t conn_pair_send(struct conn_pair *pair, int end, uint32_t flags, const char *text)
{
	struct message *message = message_new(strlen(text));
	int32_t result;

	memcpy(message->data, text, strlen(text));
	message->flags = flags;
	result = conn_send(pair->ends[end], pair->now, message);
	if (result != KITH_OK)
		message_unref(message);
	return result;
}
