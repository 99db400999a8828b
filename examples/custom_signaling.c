/* Signals over a channel of your own, without a callback: each endpoint hands them out as events
 * (KITH_EVENT_SIGNAL), and takes those of its peer in. Here the channel is this program, which
 * holds both peers; it could be a chat service, a mail, or a QR code.
 *
 * Alice calls Bob, says hello, and Bob answers. Prints both. */
#include <stdio.h>
#include <string.h>

#include <kith/kith.h>

enum { LIMIT_US = 10 * 1000000, STEP_US = 1000 };

struct peer {
	const char *name;
	kith_endpoint endpoint;
};

static int complain(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, kith_last_error());
	return 1;
}

static int open_peer(struct peer *peer, const char *name)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity;

	peer->name = name;
	if (kith_identity_parse(name, &identity) != KITH_OK)
		return complain(name);
	options.identity = &identity;
	if (kith_endpoint_create(&options, &peer->endpoint) != KITH_OK)
		return complain(name);
	return 0;
}

/* Prints what arrived. Returns whether there was something. */
static int print_messages(const struct peer *peer, kith_connection connection)
{
	kith_message *message;
	int some = 0;

	while (kith_connection_receive(connection, &message, 1) == 1) {
		printf("%s hears: %.*s\n", peer->name, (int)kith_message_size(message),
		       (const char *)kith_message_data(message));
		kith_message_release(message);
		some = 1;
	}
	return some;
}

static void say(kith_connection connection, const char *text)
{
	if (kith_connection_send(connection, text, strlen(text), KITH_SEND_RELIABLE, 0, NULL) != KITH_OK)
		complain("cannot send");
}

/* What happened at `peer`. Returns 1 once Alice has her answer, -1 when it failed, else 0. */
static int handle_events(const struct peer *peer, const struct peer *other, int is_caller)
{
	struct kith_event event = KITH_EVENT_INIT;

	while (kith_endpoint_next_event(peer->endpoint, &event) == KITH_OK) {
		/* The channel: out here, in there. */
		if (event.type == KITH_EVENT_SIGNAL)
			kith_endpoint_receive_signal(other->endpoint, KITH_NO_HANDLE, event.data, event.data_size);
		if (event.type == KITH_EVENT_STATE && event.old_state == KITH_STATE_NONE && event.listener != KITH_NO_HANDLE)
			kith_connection_accept(event.connection);
		if (event.type == KITH_EVENT_STATE && event.state == KITH_STATE_CONNECTED)
			printf("%s is connected to %s\n", peer->name, event.peer.text);
		if (event.type == KITH_EVENT_STATE && event.reason != 0) {
			fprintf(stderr, "%s: %s\n", peer->name, event.text);
			return -1;
		}
		if (event.type == KITH_EVENT_READABLE && print_messages(peer, event.connection)) {
			if (is_caller)
				return 1;
			say(event.connection, "hello Alice");
		}
	}
	return 0;
}

static int talk(const struct peer *alice, const struct peer *bob)
{
	int64_t end = kith_now_us() + LIMIT_US;
	struct kith_identity identity;
	kith_connection connection;
	kith_listener listener;

	if (kith_endpoint_listen_port(bob->endpoint, 0, NULL, &listener) != KITH_OK)
		return complain("Bob cannot listen");
	kith_identity_parse(bob->name, &identity);
	if (kith_endpoint_connect_identity(alice->endpoint, &identity, NULL, &connection) != KITH_OK)
		return complain("Alice cannot call");
	say(connection, "hello Bob");
	while (kith_now_us() < end) {
		int result = handle_events(bob, alice, 0);
		if (result == 0)
			result = handle_events(alice, bob, 1);
		if (result != 0)
			return result < 0;
		kith_endpoint_wait(alice->endpoint, STEP_US);
	}
	fprintf(stderr, "no answer in time\n");
	return 1;
}

int main(void)
{
	struct peer alice, bob;
	int status;

	if (open_peer(&alice, "str:alice") != 0 || open_peer(&bob, "str:bob") != 0)
		return 1;
	status = talk(&alice, &bob);
	kith_endpoint_destroy(alice.endpoint);
	kith_endpoint_destroy(bob.endpoint);
	return status;
}
