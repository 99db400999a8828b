/* peer: one of several that call each other, in C: README.md has what each does.
 *
 *     peer NAME OTHER...
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kith/kith.h>

#define PATIENCE_US (INT64_C(60) * 1000000)

enum { PORT = 1, MESSAGES = 50, STEP = 1500, OTHERS_MAX = 8, REASON = 1001 };

struct call {
	kith_connection connection;
	int echoes; /* that came back */
	bool is_over;
};

struct peer {
	const char *name;
	kith_endpoint endpoint;
	struct call calls[OTHERS_MAX];
	int others, called, served;
};

static void give_up(const struct peer *peer, const char *what, const char *why)
{
	printf("%s: %s: %s\n", peer->name, what, why);
	exit(1);
}

static void demand(const struct peer *peer, const char *what, kith_result result)
{
	if (result < 0)
		give_up(peer, what, kith_last_error());
}

static void fill(uint8_t *bytes, int number)
{
	for (int i = 0; i < number * STEP; i++)
		bytes[i] = (uint8_t)(i * 31 + i / 256 * 17 + number);
}

static void send_all(const struct peer *peer, kith_connection connection)
{
	static uint8_t bytes[MESSAGES * STEP];

	for (int number = 0; number < MESSAGES; number++) {
		fill(bytes, number);
		demand(peer, "sending",
		       kith_connection_send(connection, bytes, (size_t)(number * STEP), KITH_SEND_RELIABLE, 0, NULL));
	}
}

/* The next echo of a call; with the last the call is over. */
static void check_echo(struct peer *peer, struct call *call, const kith_message *message)
{
	static uint8_t wanted[MESSAGES * STEP];
	size_t size = (size_t)(call->echoes * STEP);

	fill(wanted, call->echoes);
	if (kith_message_size(message) != size || (size > 0 && memcmp(kith_message_data(message), wanted, size) != 0))
		give_up(peer, "an echo", "is not what was sent");
	if (++call->echoes < MESSAGES)
		return;
	demand(peer, "closing", kith_connection_close(call->connection, REASON, peer->name, 0));
	call->is_over = true;
	peer->called++;
}

static struct call *find_call(struct peer *peer, kith_connection connection)
{
	for (int i = 0; i < peer->others; i++) {
		if (peer->calls[i].connection == connection)
			return &peer->calls[i];
	}
	return NULL;
}

static void on_readable(struct peer *peer, kith_connection connection)
{
	struct call *call = find_call(peer, connection);
	kith_message *message;

	while ((call == NULL || !call->is_over) && kith_connection_receive(connection, &message, 1) > 0) {
		if (call != NULL)
			check_echo(peer, call, message);
		else
			demand(peer, "echoing",
			       kith_connection_send(connection, kith_message_data(message), kith_message_size(message),
			                            KITH_SEND_RELIABLE, 0, NULL));
		kith_message_release(message);
	}
}

static void on_state(struct peer *peer, const struct kith_event *event)
{
	bool is_ours = find_call(peer, event->connection) != NULL;

	if (event->state == KITH_STATE_CONNECTING && event->listener != KITH_NO_HANDLE)
		demand(peer, "accepting", kith_connection_accept(event->connection));
	if (event->state == KITH_STATE_CONNECTED && is_ours)
		send_all(peer, event->connection);
	if (event->state == KITH_STATE_CLOSED_BY_PEER && !is_ours && event->reason == REASON)
		peer->served++;
	else if (event->state > KITH_STATE_CONNECTED)
		give_up(peer, "a connection ended", event->text);
}

static void open_endpoint(struct peer *peer)
{
	struct kith_config_entry patience = { .id = KITH_CONFIG_TIMEOUT_INITIAL,
		                                  .type = KITH_TYPE_INT32,
		                                  .integer = 30000 };
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity;
	char text[KITH_IDENTITY_TEXT_MAX];
	kith_signaling signaling;
	kith_listener listener;

	snprintf(text, sizeof(text), "str:%s", peer->name);
	demand(peer, text, kith_identity_parse(text, &identity));
	options.identity = &identity;
	options.config = &patience;
	options.config_count = 1;
	demand(peer, "an endpoint", kith_endpoint_create(&options, &peer->endpoint));
	demand(peer, "signaling", kith_signaling_open(peer->endpoint, getenv("KITH_TEST_SIGNALING"), &signaling));
	demand(peer, "listening", kith_endpoint_listen_port(peer->endpoint, PORT, NULL, &listener));
}

static void call(struct peer *peer, const char *other)
{
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_identity identity;
	char text[KITH_IDENTITY_TEXT_MAX];

	snprintf(text, sizeof(text), "str:%s", other);
	demand(peer, text, kith_identity_parse(text, &identity));
	options.virtual_port = PORT;
	demand(
		peer, "calling",
		kith_endpoint_connect_identity(peer->endpoint, &identity, &options, &peer->calls[peer->others++].connection));
}

int main(int argc, char **argv)
{
	struct peer peer = { .name = argc > 1 ? argv[1] : "" };
	int64_t deadline = kith_now_us() + PATIENCE_US;
	struct kith_event event = KITH_EVENT_INIT;

	if (argc < 3 || argc > OTHERS_MAX + 2) {
		fprintf(stderr, "peer NAME OTHER...\n");
		return 2;
	}
	open_endpoint(&peer);
	for (int i = 2; i < argc; i++)
		call(&peer, argv[i]);
	while (peer.called < peer.others || peer.served < peer.others) {
		if (kith_endpoint_wait(peer.endpoint, deadline - kith_now_us()) != KITH_OK)
			give_up(&peer, "waiting", "the time is up");
		while (kith_endpoint_next_event(peer.endpoint, &event) == KITH_OK) {
			if (event.type == KITH_EVENT_STATE)
				on_state(&peer, &event);
			else if (event.type == KITH_EVENT_READABLE)
				on_readable(&peer, event.connection);
		}
	}
	printf("%s: %d called, %d served\n", peer.name, peer.called, peer.served);
	kith_endpoint_destroy(peer.endpoint);
	return 0;
}
