/* Two people chat who know nothing of each other but a name and a signaling server:
 *
 *   kith signald --listen '[::]:10000'
 *   chat_p2p str:alice str:bob tcp://SERVER:10000
 *   chat_p2p str:bob str:alice tcp://SERVER:10000
 *
 * Both call each other; exactly one connection results. The loop is poll() on the endpoint's
 * descriptor and standard input. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kith/kith.h>

static int complain(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, kith_last_error());
	return 1;
}

static void print_messages(kith_connection connection, const char *name)
{
	kith_message *message;

	while (kith_connection_receive(connection, &message, 1) == 1) {
		printf("%s: %.*s\n", name, (int)kith_message_size(message), (const char *)kith_message_data(message));
		kith_message_release(message);
	}
}

/* Handles what happened. False: the chat is over. */
static int handle_events(kith_endpoint endpoint, kith_connection connection, const char *peer)
{
	struct kith_event event = KITH_EVENT_INIT;

	while (kith_endpoint_next_event(endpoint, &event) == KITH_OK) {
		if (event.type == KITH_EVENT_SIGNALING_STATE && event.state == KITH_SIGNALING_FAILED)
			printf("(signaling: %s)\n", event.text);
		if (event.connection != connection)
			continue;
		if (event.type == KITH_EVENT_READABLE)
			print_messages(connection, peer);
		if (event.type == KITH_EVENT_STATE && event.state == KITH_STATE_CONNECTED)
			printf("(connected, %s; write something)\n", kith_route_name(event.route));
		if (event.type == KITH_EVENT_STATE && event.reason != 0) {
			print_messages(connection, peer);
			printf("(over: %s)\n", event.text[0] != '\0' ? event.text : kith_reason_name(event.reason));
			return 0;
		}
	}
	return 1;
}

/* Sends what was typed. False: end of input. */
static int send_line(kith_connection connection)
{
	char line[1000];
	ssize_t size = read(STDIN_FILENO, line, sizeof(line));

	if (size <= 0)
		return 0;
	if (line[size - 1] == '\n')
		size--;
	if (kith_connection_send(connection, line, (size_t)size, KITH_SEND_RELIABLE, 0, NULL) != KITH_OK)
		complain("(not sent)");
	return 1;
}

static int chat(kith_endpoint endpoint, const struct kith_identity *peer)
{
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	kith_connection connection;
	int32_t fd;

	options.symmetric = 1;
	if (kith_endpoint_connect_identity(endpoint, peer, &options, &connection) != KITH_OK)
		return complain("cannot call");
	kith_endpoint_fd(endpoint, &fd);
	printf("(calling %s)\n", peer->text);
	for (;;) {
		struct pollfd polled[2] = { { fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
		poll(polled, 2, -1);
		if (!handle_events(endpoint, connection, peer->text))
			return 0;
		if (polled[1].revents != 0 && !send_line(connection)) {
			kith_connection_close(connection, KITH_REASON_APP, "left", -1);
			/* The last line leaves while the endpoint lives. */
			kith_endpoint_wait(endpoint, 300000);
			return 0;
		}
	}
}

int main(int argc, char **argv)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity me, peer;
	kith_signaling signaling;
	kith_endpoint endpoint;
	int status;

	if (argc != 4) {
		fprintf(stderr, "usage: chat_p2p ME PEER tcp://SERVER:PORT\n");
		return 2;
	}
	if (kith_identity_parse(argv[1], &me) != KITH_OK || kith_identity_parse(argv[2], &peer) != KITH_OK)
		return complain("not an identity");
	options.identity = &me;
	if (kith_endpoint_create(&options, &endpoint) != KITH_OK)
		return complain("cannot make an endpoint");
	if (kith_signaling_open(endpoint, argv[3], &signaling) != KITH_OK)
		status = complain(argv[3]);
	else
		status = chat(endpoint, &peer);
	kith_endpoint_destroy(endpoint);
	return status;
}
