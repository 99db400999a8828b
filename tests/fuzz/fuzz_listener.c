/* Datagrams into an endpoint that listens: the input is a script of raw ones, of handshakes that are
 * right but for what the input changes, of packets to connections that came of them (without
 * encryption, so that their content is the input's), of time and of what the application does.
 * Strangers never get more than they sent, and nothing is left in the end. */
#include <stdlib.h>
#include <string.h>

#include "core/base/byte_reader.h"
#include "core/core.h"
#include "core/crypto/key_exchange.h"
#include "core/sockets/sockets.h"
#include "core/sockets/sockets_core.h"
#include "core/wire/msg_handshake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ADDRESSES 4
#define CONNS_MAX 8
#define STEPS_MAX 200
#define BEGINNING (1000 * USEC_PER_SEC)

struct caller {
	struct address address;
	uint64_t challenge; /* of the last reply */
	uint32_t id;
	uint32_t peer_id; /* of the last answer */
	uint16_t number;  /* of its packets */
};

static struct {
	struct core *core;
	struct listen_socket *listener;
	uint32_t transport;
	usec_t now;
	struct caller callers[ADDRESSES];
	struct conn *conns[CONNS_MAX];
	size_t sent, received; /* by and for the stranger of this step */
	bool closed;           /* a connection may have been accepted: then it talks by itself */
} world;

static struct certificate_own own;
static struct key_exchange exchange;

static void check(bool fine)
{
	if (!fine)
		abort();
}

/* --- the endpoint's side */

static void on_event(const struct event *event)
{
	if (event->kind != EVENT_STATE || event->old_state != STATE_NONE)
		return;
	for (int i = 0; i < CONNS_MAX; i++) {
		if (world.conns[i] == NULL) {
			world.conns[i] = event->conn;
			return;
		}
	}
	sockets_close(world.core, world.now, event->conn, 0, NULL, 0);
}

static void note_answer(const struct datagram_burst *burst)
{
	struct msg_challenge_reply reply;
	struct msg_connect_ok ok;

	world.received += burst->size;
	for (int i = 0; i < ADDRESSES; i++) {
		struct caller *caller = &world.callers[i];
		if (!address_equal(&caller->address, &burst->remote))
			continue;
		if (burst->bytes[0] == 0x21 && msg_challenge_reply_read(&reply, burst->bytes, burst->size))
			caller->challenge = reply.challenge;
		if (burst->bytes[0] == 0x23 && msg_connect_ok_read(&ok, burst->bytes, burst->size))
			caller->peer_id = ok.server_connection_id;
	}
}

static void drain(void)
{
	static uint8_t bytes[65536];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };
	struct action action;
	struct event event;
	unsigned rounds = 0;
	bool more = true;

	while (more) {
		check(++rounds < 10000);
		more = core_transmit(world.core, world.now, &burst);
		if (more)
			note_answer(&burst);
		more |= core_next_action(world.core, &action);
		if (core_next_event(world.core, &event)) {
			on_event(&event);
			more = true;
		}
	}
}

static void pass_time(usec_t duration)
{
	usec_t until = world.now + duration;
	unsigned spins = 0;

	while (core_next_timeout(world.core) <= until) {
		usec_t at = core_next_timeout(world.core);
		spins = at <= world.now ? spins + 1 : 0;
		check(spins < 50);
		world.now = usec_max(world.now, at);
		core_handle_timeout(world.core, world.now);
		drain();
	}
	world.now = until;
}

/* --- the strangers' side */

static void arrive(struct caller *caller, uint8_t *bytes, size_t size)
{
	struct datagram datagram = { .transport = world.transport, .remote = caller->address, .bytes = bytes };
	bool is_stranger = true;

	for (int i = 0; i < CONNS_MAX; i++)
		is_stranger &= world.conns[i] == NULL;
	datagram.size = size;
	world.sent = size;
	world.received = 0;
	core_receive_datagram(world.core, world.now, &datagram);
	drain();
	/* Connections may have been due to say something; without any, every byte is an answer. */
	check(!is_stranger || world.closed || world.received <= world.sent);
}

static size_t take(struct byte_reader *in, uint8_t *out, size_t most)
{
	size_t size = byte_reader_le16(in) % (most + 1);
	const uint8_t *bytes;

	if (size > byte_reader_remaining(in))
		size = byte_reader_remaining(in);
	bytes = byte_reader_bytes(in, size);
	if (bytes == NULL)
		return 0;
	memcpy(out, bytes, size);
	return size;
}

static void challenge(struct caller *caller)
{
	struct msg_challenge_request message = { caller->id, 1, WIRE_VERSION };
	uint8_t bytes[600];
	struct byte_writer writer;

	byte_writer_init(&writer, bytes, sizeof bytes);
	msg_challenge_request_write(&writer, &message);
	arrive(caller, bytes, byte_writer_size(&writer));
}

/* The input's fields, then the right ones as far as `how` says: the last one of a kind counts. */
static void request(struct caller *caller, struct byte_reader *in, uint8_t how)
{
	uint8_t bytes[3000] = { 0x22 };
	size_t size = 1 + take(in, bytes + 1, 1000);
	struct msg_connect_request message;
	struct byte_writer writer;

	memset(&message, 0, sizeof message);
	message.connection_id = caller->id;
	message.challenge = caller->challenge;
	message.has_certificate = (how & 1) == 0;
	message.has_crypt = (how & 2) == 0;
	certificate_get_message(&own, &message.certificate);
	key_exchange_get_message(&exchange, &message.crypt);
	if (how & 4)
		identity_set_key(&message.identity, own.public_key);
	byte_writer_init(&writer, bytes + size, sizeof bytes - size);
	msg_connect_request_write(&writer, &message);
	if (how & 8)
		message.connection_id = 0;
	/* Without its lead byte, unless there is nothing before it. */
	memmove(bytes + size, bytes + size + 1, byte_writer_size(&writer) - 1);
	arrive(caller, bytes, size + byte_writer_size(&writer) - 1);
}

/* A packet that gets as far as its frames. */
static void packet(struct caller *caller, struct byte_reader *in, uint8_t how)
{
	uint8_t bytes[2000];
	struct byte_writer writer;
	size_t head;

	byte_writer_init(&writer, bytes, sizeof bytes);
	byte_writer_u8(&writer, (uint8_t)(0x80 | (how & 3)));
	byte_writer_le32(&writer, caller->peer_id);
	caller->number = (uint16_t)(caller->number + 1 + (how >> 5));
	byte_writer_le16(&writer, caller->number);
	head = byte_writer_size(&writer);
	arrive(caller, bytes, head + take(in, bytes + head, 1300));
}

static void control(struct caller *caller, struct byte_reader *in, uint8_t how)
{
	uint8_t bytes[600] = { 0 };
	struct byte_writer writer;

	byte_writer_init(&writer, bytes, sizeof bytes);
	if (how & 1) {
		char text[200];
		struct msg_connection_closed message = { text, take(in, (uint8_t *)text, 100), byte_reader_le16(in),
			                                     caller->peer_id, caller->id };
		msg_connection_closed_write(&writer, &message);
	} else {
		struct msg_no_connection message = { caller->id, how & 2 ? caller->peer_id : 0 };
		msg_no_connection_write(&writer, &message);
	}
	arrive(caller, bytes, byte_writer_size(&writer));
}

/* --- the application */

static void act(uint8_t how)
{
	struct conn **slot = &world.conns[how % CONNS_MAX];
	struct message *messages[8];
	size_t count;

	if (*slot == NULL)
		return;
	world.closed = true;
	switch (how / CONNS_MAX % 4) {
	case 0:
		sockets_accept(world.core, world.now, *slot);
		break;
	case 1:
		sockets_close(world.core, world.now, *slot, 1000, "enough", how & 64 ? 5 * USEC_PER_SEC : 0);
		*slot = NULL;
		break;
	case 2:
		count = sockets_receive(world.core, world.now, *slot, messages, 8);
		for (size_t i = 0; i < count; i++)
			message_unref(messages[i]);
		break;
	default:
		messages[0] = message_new(how * 20u);
		memset(messages[0]->data, how, messages[0]->size);
		messages[0]->flags = how & 64 ? MESSAGE_RELIABLE : 0;
		if (sockets_send(world.core, world.now, *slot, messages[0], NULL) != KITH_OK)
			message_unref(messages[0]);
		break;
	}
	drain();
}

/* --- the whole */

static void make_own(void)
{
	const uint8_t key[PRIMITIVES_KEY_SIZE] = { 1 };
	const uint8_t seed[RNG_SEED_SIZE] = { 2 };
	struct key_exchange_options options = { &own, KEY_EXCHANGE_PLAIN, WIRE_CAPABILITY_WINDOW };
	struct identity identity;
	struct rng rng;

	if (own.cert_size > 0)
		return;
	identity_parse(&identity, "str:caller", 10);
	certificate_make_own(&own, key, &identity, 0);
	rng_init(&rng, seed);
	key_exchange_start(&exchange, &rng, &options);
}

static void begin(void)
{
	struct core_options options = { .unix_time = 1700000000 };

	memset(&world, 0, sizeof world);
	make_own();
	identity_parse(&options.identity, "str:listener", 12);
	world.now = BEGINNING;
	world.core = core_new(world.now, &options);
	config_set_int(core_config(world.core), CONFIG_UNENCRYPTED, 1);
	world.transport = core_new_transport(world.core);
	check(sockets_listen_udp(world.core, world.transport, NULL, &world.listener) == KITH_OK);
	for (int i = 0; i < ADDRESSES; i++) {
		struct caller *caller = &world.callers[i];
		address_parse(&caller->address, i % 2 == 0 ? "192.0.2.1" : "2001:db8::1");
		caller->address.port = (uint16_t)(1000 + i);
		caller->id = 0x10001u + (uint32_t)i;
		caller->number = 1;
	}
}

static unsigned links;

static void count(struct conn *conn)
{
	(void)conn;
	links++;
}

static void end(void)
{
	for (int i = 0; i < CONNS_MAX; i++) {
		if (world.conns[i] != NULL)
			sockets_close(world.core, world.now, world.conns[i], 0, NULL, 0);
	}
	drain();
	pass_time(60 * USEC_PER_SEC);
	links = 0;
	endpoint_for_each(world.core->endpoint, count);
	check(links == 0);
	core_destroy(world.core);
}

static void step(struct byte_reader *in)
{
	uint8_t what = byte_reader_u8(in);
	uint8_t how = byte_reader_u8(in);
	struct caller *caller = &world.callers[how % ADDRESSES];
	uint8_t bytes[2000];
	size_t size;

	switch (what % 8) {
	case 0:
		size = take(in, bytes, 1400);
		if (size > 0)
			arrive(caller, bytes, size);
		break;
	case 1:
		challenge(caller);
		break;
	case 2:
		request(caller, in, how / ADDRESSES);
		break;
	case 3:
		packet(caller, in, how / ADDRESSES);
		break;
	case 4:
		control(caller, in, how / ADDRESSES);
		break;
	case 5:
		pass_time(how * 10 * USEC_PER_MSEC);
		break;
	case 6:
		act(how);
		break;
	default:
		pass_time(how * 200 * USEC_PER_MSEC);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct byte_reader in;

	byte_reader_init(&in, data, size);
	begin();
	for (int steps = 0; steps < STEPS_MAX && !byte_reader_at_end(&in); steps++)
		step(&in);
	end();
	return 0;
}
