/* Strangers at an endpoint: what they get for what they send. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/direct/direct_client.h"
#include "core/endpoint/endpoint_internal.h"
#include "core/wire/msg_handshake.h"

#define LISTEN_TRANSPORT 1

static struct endpoint *endpoint;
static struct listen_socket *listener;
static usec_t now;
static uint8_t answer[2000];
static struct datagram_burst burst;

/* A caller, made by hand. */
static struct certificate_own own;
static struct identity identity;
static struct key_exchange exchange;
static struct rng rng;

static void make_caller(const char *name)
{
	const uint8_t seed[RNG_SEED_SIZE] = { 9 };
	struct key_exchange_options options = { .own = &own };
	uint8_t key[PRIMITIVES_KEY_SIZE];

	rng_init(&rng, seed);
	rng_bytes(&rng, key, sizeof key);
	identity_parse(&identity, name, strlen(name));
	certificate_make_own(&own, key, &identity, 0);
	key_exchange_start(&exchange, &rng, &options);
}

static void start(void)
{
	struct endpoint_options options = { .unix_time = 1700000000 };

	identity_parse(&options.identity, "str:bob", 7);
	now = 100 * USEC_PER_SEC;
	endpoint = endpoint_new(now, &options);
	listener = listen_socket_new_udp(endpoint, LISTEN_TRANSPORT, NULL);
	burst = (struct datagram_burst){ .bytes = answer, .capacity = sizeof answer };
	make_caller("str:alice");
}

static void stop(void)
{
	endpoint_destroy(endpoint);
}

static void arrive(const char *from, uint8_t *bytes, size_t size)
{
	struct datagram datagram = { .transport = LISTEN_TRANSPORT, .bytes = bytes, .size = size };

	address_parse(&datagram.remote, from);
	endpoint_receive(endpoint, now, &datagram, 1);
}

/* Returns the size of what is sent next; 0: nothing. */
static size_t next_answer(void)
{
	return endpoint_transmit(endpoint, now, &burst) ? burst.size : 0;
}

static unsigned waiting(void)
{
	struct event event;
	unsigned count = 0;

	while (endpoint_next_event(endpoint, &event))
		count += event.kind == EVENT_STATE && event.new_state == STATE_CONNECTING;
	return count;
}

static size_t write_challenge(uint8_t out[2000], uint32_t id)
{
	struct msg_challenge_request message = { id, 1, WIRE_VERSION };
	struct byte_writer writer;

	byte_writer_init(&writer, out, 2000);
	msg_challenge_request_write(&writer, &message);
	return byte_writer_size(&writer);
}

static uint64_t ask_cookie(const char *from, uint32_t id)
{
	uint8_t bytes[2000];
	struct msg_challenge_reply reply;

	arrive(from, bytes, write_challenge(bytes, id));
	cr_assert(next_answer() > 0);
	cr_assert(msg_challenge_reply_read(&reply, answer, burst.size));
	return reply.challenge;
}

static size_t write_request(uint8_t out[2000], uint32_t id, uint64_t challenge)
{
	struct msg_connect_request message;
	struct byte_writer writer;

	memset(&message, 0, sizeof message);
	message.connection_id = id;
	message.challenge = challenge;
	message.has_certificate = message.has_crypt = true;
	certificate_get_message(&own, &message.certificate);
	key_exchange_get_message(&exchange, &message.crypt);
	byte_writer_init(&writer, out, 2000);
	msg_connect_request_write(&writer, &message);
	return byte_writer_size(&writer);
}

static void knock(const char *from, uint32_t id, uint64_t challenge)
{
	uint8_t bytes[2000];

	arrive(from, bytes, write_request(bytes, id, challenge));
}

Test(endpoint_accept, who_proves_the_address_gets_in)
{
	start();
	knock("192.0.2.1:1000", 0x10001, ask_cookie("192.0.2.1:1000", 0x10001));
	cr_assert_eq(waiting(), 1);
	cr_assert_eq(next_answer(), 0);
	stop();
}

Test(endpoint_accept, nobody_gets_in_without)
{
	uint64_t challenge;

	start();
	challenge = ask_cookie("192.0.2.1:1000", 0x10001);
	knock("192.0.2.1:1000", 0x10001, challenge + 0x10000);
	knock("192.0.2.1:1001", 0x10001, challenge);
	knock("192.0.2.2:1000", 0x10001, challenge);
	knock("192.0.2.1:1000", 0, challenge);
	now += 5 * USEC_PER_SEC;
	knock("192.0.2.1:1000", 0x10001, challenge);
	cr_assert_eq(waiting(), 0);
	cr_assert_eq(next_answer(), 0);
	cr_assert_eq(endpoint->waiting_count, 0);
	stop();
}

/* Whatever an impostor sends with somebody's address, that somebody gets less than was sent. */
Test(endpoint_accept, nothing_is_amplified)
{
	uint64_t state = 3;
	uint8_t bytes[2000];

	start();
	for (int i = 0; i < 20000; i++) {
		size_t sent, got = 0;
		state = state * 6364136223846793005u + 1442695040888963407u;
		sent = 1 + (size_t)(state >> 33) % 1300;
		for (size_t at = 0; at < sent; at++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			bytes[at] = (uint8_t)(state >> 56);
		}
		bytes[0] = (uint8_t)(0x20 + i % 8);
		if (i % 3 == 0)
			sent = write_challenge(bytes, (uint32_t)state | 1);
		if (i % 16 == 5)
			sent = sent > 600 ? 600 : sent; /* padded ones cut short are not answered */
		arrive("192.0.2.1:1000", bytes, sent);
		for (size_t size; (size = next_answer()) > 0;)
			got += size;
		cr_assert(got <= sent, "%zu for %zu, lead %02x", got, sent, bytes[0]);
	}
	stop();
}

Test(endpoint_accept, short_challenges_are_not_answered)
{
	uint8_t bytes[2000];
	size_t size;

	start();
	size = write_challenge(bytes, 0x10001);
	cr_assert_eq(size, 512);
	arrive("192.0.2.1:1000", bytes, size - 1);
	cr_assert_eq(next_answer(), 0);
	arrive("192.0.2.1:1000", bytes, size);
	cr_assert(next_answer() > 0);
	stop();
}

Test(endpoint_accept, a_crowd_at_the_door_is_bounded)
{
	char from[64];

	start();
	for (unsigned i = 0; i < ENDPOINT_WAITING_MAX + 10; i++) {
		snprintf(from, sizeof from, "192.0.2.%u:%u", 1 + i % 200, 1000 + i / 200);
		knock(from, 0x10001 + i, ask_cookie(from, 0x10001 + i));
	}
	cr_assert_eq(endpoint->waiting_count, ENDPOINT_WAITING_MAX);
	cr_assert_eq(waiting(), ENDPOINT_WAITING_MAX);
	/* They time out, and others find place. */
	now += 11 * USEC_PER_SEC;
	endpoint_handle_timeout(endpoint, now);
	cr_assert_eq(endpoint->waiting_count, 0);
	stop();
}

Test(endpoint_accept, an_id_that_is_in_use_elsewhere_is_refused)
{
	struct msg_connection_closed closed;

	start();
	knock("192.0.2.1:1000", 0x10001, ask_cookie("192.0.2.1:1000", 0x10001));
	knock("192.0.2.1:2000", 0x10001, ask_cookie("192.0.2.1:2000", 0x10001));
	cr_assert_eq(waiting(), 1);
	cr_assert(next_answer() > 0);
	cr_assert(msg_connection_closed_read(&closed, answer, burst.size));
	cr_assert_eq(closed.reason, 5001);
	cr_assert_eq(closed.to_connection_id, 0x10001);
	cr_assert_eq(closed.from_connection_id, 0);
	stop();
}

/* The caller's certificate says nothing of who it is; its request does. */
static void make_nameless_caller(void)
{
	struct msg_certificate cert = { .key_type = MSG_KEY_TYPE_ED25519, .key = own.public_key };
	struct key_exchange_options options = { .own = &own };
	struct byte_writer writer;

	cert.key_size = sizeof own.public_key;
	cert.app_id_count = 1;
	byte_writer_init(&writer, own.cert, sizeof own.cert);
	msg_certificate_write(&writer, &cert);
	own.cert_size = byte_writer_size(&writer);
	key_exchange_start(&exchange, &rng, &options);
}

static void knock_as(const char *from, uint32_t id, const uint8_t key[32])
{
	struct msg_connect_request message;
	struct byte_writer writer;
	uint8_t bytes[2000];

	memset(&message, 0, sizeof message);
	message.connection_id = id;
	message.challenge = ask_cookie(from, id);
	message.has_certificate = message.has_crypt = true;
	certificate_get_message(&own, &message.certificate);
	key_exchange_get_message(&exchange, &message.crypt);
	identity_set_key(&message.identity, key);
	byte_writer_init(&writer, bytes, sizeof bytes);
	msg_connect_request_write(&writer, &message);
	arrive(from, bytes, byte_writer_size(&writer));
}

/* An identity of 32 generic bytes is a key, wherever it stands. */
Test(endpoint_accept, a_key_is_proven_even_if_it_stands_beside_the_certificate)
{
	uint8_t foreign[32];

	start();
	make_nameless_caller();
	memset(foreign, 7, sizeof foreign);
	knock_as("192.0.2.1:1000", 0x10001, foreign);
	cr_assert_eq(waiting(), 0);
	while (next_answer() > 0)
		;
	knock_as("192.0.2.1:1000", 0x10002, own.public_key);
	cr_assert_eq(waiting(), 1);
	stop();
}
