/* Signals into an endpoint that listens on virtual ports and calls somebody: the input is a script of raw
 * ones, of ones that are right but for what the input changes, of news from ICE, of time and of what
 * the application does. Whatever comes, passwords and candidates handed to ICE are bounded and clean,
 * and nothing is left in the end. */
#include <stdlib.h>
#include <string.h>

#include "core/base/byte_reader.h"
#include "core/core.h"
#include "core/crypto/key_exchange.h"
#include "core/rendezvous/rendezvous.h"
#include "core/sockets/sockets.h"
#include "core/sockets/sockets_core.h"
#include "core/wire/msg_rendezvous.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CONNS_MAX 8
#define IDS_MAX 16
#define STEPS_MAX 200
#define BEGINNING (1000 * USEC_PER_SEC)

static struct {
	struct core *core;
	struct listen_socket *listeners[2];
	usec_t now;
	struct conn *conns[CONNS_MAX];
	uint32_t ids[IDS_MAX]; /* of the endpoint's connections, as its signals tell */
	unsigned id_count;
	uint32_t transports[IDS_MAX];
	unsigned transport_count;
	unsigned candidates, passwords; /* handed to ICE */
} world;

static struct certificate_own own;
static struct key_exchange exchange;
static struct identity caller;

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

static void on_signal(const struct action *action)
{
	struct msg_rendezvous message;

	check(action->size <= SIGNAL_SIZE_MAX && msg_rendezvous_read(&message, action->bytes, action->size));
	check(message.from_connection_id != 0 && !identity_is_none(&message.from));
	check(!message.has_request || message.to_connection_id == 0);
	world.ids[world.id_count++ % IDS_MAX] = message.from_connection_id;
}

static bool is_clean(const char *text, size_t most)
{
	return text != NULL && strlen(text) <= most && strlen(text) > 0;
}

static void on_action(const struct action *action)
{
	switch (action->kind) {
	case ACTION_SEND_SIGNAL:
		on_signal(action);
		break;
	case ACTION_ICE_START:
		check(is_clean(action->username, ICE_USERNAME_MAX) && is_clean(action->password, ICE_PASSWORD_MAX));
		world.transports[world.transport_count++ % IDS_MAX] = action->transport;
		break;
	case ACTION_ICE_REMOTE:
		check(is_clean(action->username, ICE_USERNAME_MAX) && is_clean(action->password, ICE_PASSWORD_MAX));
		world.passwords++;
		break;
	case ACTION_ICE_CANDIDATE:
		check(strlen(action->candidate) < CANDIDATE_LINE_MAX);
		world.candidates++;
		break;
	default:
		break;
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
		if (core_next_action(world.core, &action)) {
			on_action(&action);
			more = true;
		}
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

static void arrive(const uint8_t *bytes, size_t size)
{
	struct signal signal = { bytes, size, 0 };

	core_receive_signal(world.core, world.now, &signal);
	drain();
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

static void fill_offer(struct msg_signed_certificate *certificate, struct msg_signed_session_crypt *crypt)
{
	certificate_get_message(&own, certificate);
	key_exchange_get_message(&exchange, crypt);
}

static void fill(struct msg_rendezvous *message, struct byte_reader *in, uint8_t what)
{
	uint8_t choice = byte_reader_u8(in);

	memset(message, 0, sizeof *message);
	message->from = caller;
	message->from_connection_id = 0x20001u + (choice & 7);
	if (what & 1)
		message->to_connection_id = world.ids[choice >> 3 & (IDS_MAX - 1)];
	message->ice_enabled = true;
	if (what & 2) {
		message->has_request = true;
		message->request.to_port = choice & 8 ? 7 : 8;
		message->request.from_port = choice & 16 ? -1 : message->request.to_port;
		fill_offer(&message->request.certificate, &message->request.crypt);
	}
	if (what & 4) {
		message->has_ok = true;
		fill_offer(&message->ok.certificate, &message->ok.crypt);
	}
	if (what & 8) {
		message->has_closed = true;
		message->closed.reason = choice & 32 ? 9999 : choice * 50u;
		message->closed.text = "closed";
		message->closed.text_size = choice & 7;
	}
	message->has_ack = (what & 16) != 0;
	message->ack = byte_reader_u8(in);
	message->has_first = (what & 32) != 0;
	message->first = byte_reader_u8(in) % 40;
}

static void rendezvous(struct byte_reader *in, uint8_t what)
{
	static uint8_t bytes[SIGNAL_SIZE_MAX], text[512];
	struct msg_rendezvous message;
	struct byte_writer writer;
	unsigned entries = what & 32 ? byte_reader_u8(in) % 8 : 0;
	size_t size;

	fill(&message, in, what);
	byte_writer_init(&writer, bytes, sizeof bytes);
	msg_rendezvous_write(&writer, &message);
	for (unsigned i = 0; i < entries; i++) {
		struct msg_rendezvous_entry entry = { .kind = (enum msg_rendezvous_entry_kind)(byte_reader_u8(in) % 3),
			                                  .text = text };
		entry.size = take(in, text, 300);
		msg_rendezvous_add_entry(&writer, &entry);
	}
	/* Whatever follows may undo what stands before. */
	size = byte_writer_size(&writer);
	if (what & 64)
		size += take(in, bytes + size, 200);
	arrive(bytes, size);
}

static void path(struct byte_reader *in, uint8_t how)
{
	struct path_change change = { .transport = world.transports[how % IDS_MAX], .rtt = -1, .candidate = "candidate:1" };

	change.kind = (enum path_change_kind)(byte_reader_u8(in) % 4);
	change.route = (enum route_kind)(how % 5);
	address_parse(&change.remote, how & 64 ? "192.0.2.1:5" : "[2001:db8::2]:6");
	core_receive_path_change(world.core, world.now, &change);
	drain();
}

/* --- the application */

static void call(uint8_t how)
{
	struct config config;
	struct conn *conn;

	config_copy(&config, core_config(world.core), CONFIG_LEVEL_CONNECTION);
	config_set_int(&config, CONFIG_SYMMETRIC_CONNECT, how & 1);
	for (int i = 0; i < CONNS_MAX; i++) {
		if (world.conns[i] != NULL)
			continue;
		check(sockets_connect_p2p(world.core, world.now, &caller, how & 2 ? 7 : 8, &config, &conn) == KITH_OK);
		for (int j = 0; j < CONNS_MAX; j++)
			conn = world.conns[j] == conn ? NULL : conn; /* it met another */
		world.conns[i] = conn;
		break;
	}
	config_free(&config);
	drain();
}

static void act(uint8_t how)
{
	struct conn **slot = &world.conns[how % CONNS_MAX];

	if (*slot == NULL)
		return;
	if (how & 8) {
		sockets_accept(world.core, world.now, *slot);
	} else {
		sockets_close(world.core, world.now, *slot, 1000, "enough", 0);
		*slot = NULL;
	}
	drain();
}

/* --- the whole */

static void make_own(void)
{
	const uint8_t key[PRIMITIVES_KEY_SIZE] = { 1 };
	const uint8_t seed[RNG_SEED_SIZE] = { 2 };
	struct key_exchange_options options = { &own, KEY_EXCHANGE_PREFER_ENCRYPTED, WIRE_CAPABILITY_WINDOW };
	struct rng rng;

	if (own.cert_size > 0)
		return;
	identity_parse(&caller, "str:caller", 10);
	certificate_make_own(&own, key, &caller, 0);
	rng_init(&rng, seed);
	key_exchange_start(&exchange, &rng, &options);
}

static void listen(int index, int32_t port)
{
	struct config config;

	config_copy(&config, core_config(world.core), CONFIG_LEVEL_LISTENER);
	config_set_int(&config, CONFIG_SYMMETRIC_CONNECT, index);
	check(sockets_listen_p2p(world.core, port, &config, &world.listeners[index]) == KITH_OK);
	config_free(&config);
}

static void begin(void)
{
	struct core_options options = { .unix_time = 1700000000 };

	memset(&world, 0, sizeof world);
	make_own();
	identity_parse(&options.identity, "str:listener", 12);
	world.now = BEGINNING;
	world.core = core_new(world.now, &options);
	listen(0, 7);
	listen(1, 8);
}

static unsigned links;

static void count(struct conn *conn)
{
	(void)conn;
	links++;
}

static void end(unsigned steps)
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
	/* Per connection so many sets of candidates; a change of roles hands them out once more. */
	check(world.passwords <= 2 * RENDEZVOUS_PASSWORDS_MAX * (steps + 1));
	check(world.candidates <= world.passwords * RENDEZVOUS_CANDIDATES_MAX);
	core_destroy(world.core);
}

static void step(struct byte_reader *in)
{
	static uint8_t bytes[2000];
	uint8_t what = byte_reader_u8(in);
	uint8_t how = byte_reader_u8(in);

	switch (what % 8) {
	case 0:
		arrive(bytes, take(in, bytes, sizeof bytes - 1));
		break;
	case 1:
	case 2:
	case 3:
		rendezvous(in, how);
		break;
	case 4:
		path(in, how);
		break;
	case 5:
		pass_time(how * 20 * USEC_PER_MSEC);
		break;
	case 6:
		act(how);
		break;
	default:
		call(how);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct byte_reader in;
	unsigned steps = 0;

	byte_reader_init(&in, data, size);
	begin();
	for (; steps < STEPS_MAX && !byte_reader_at_end(&in); steps++)
		step(&in);
	end(steps);
	return 0;
}
