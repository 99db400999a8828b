/* Two programs, one address: `echo_direct listen 127.0.0.1:5000` sends everything back,
 * `echo_direct connect 127.0.0.1:5000 hello` sends a word and prints what returns. */
#include <stdio.h>
#include <string.h>

#include <kith/kith.h>

static int complain(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, kith_last_error());
	return 1;
}

/* Sends each message back with the reliability and on the lane it came. */
static void send_back(kith_connection connection)
{
	kith_message *message;

	while (kith_connection_receive(connection, &message, 1) == 1) {
		printf("%.*s\n", (int)kith_message_size(message), (const char *)kith_message_data(message));
		/* Sending takes our reference, unless it fails. */
		if (kith_connection_send_message(connection, message, NULL) != KITH_OK)
			kith_message_release(message);
	}
}

static int listen_on(kith_endpoint endpoint, const struct kith_address *address)
{
	struct kith_event event = KITH_EVENT_INIT;
	kith_listener listener;

	if (kith_endpoint_listen_address(endpoint, address, NULL, &listener) != KITH_OK)
		return complain("cannot listen");
	printf("listening\n");
	while (kith_endpoint_wait(endpoint, KITH_FOREVER_US) == KITH_OK) {
		while (kith_endpoint_next_event(endpoint, &event) == KITH_OK) {
			if (event.type == KITH_EVENT_READABLE)
				send_back(event.connection);
			else if (event.type == KITH_EVENT_STATE && event.state == KITH_STATE_CONNECTING)
				kith_connection_accept(event.connection);
			else if (event.type == KITH_EVENT_STATE)
				printf("%s is now %s %s\n", event.peer.text, kith_state_name(event.state), event.text);
		}
	}
	return 0;
}

/* Prints the answer. 0 when there is one, -1 to go on waiting. */
static int print_answer(kith_connection connection)
{
	kith_message *message;

	if (kith_connection_receive(connection, &message, 1) != 1)
		return -1;
	printf("%.*s\n", (int)kith_message_size(message), (const char *)kith_message_data(message));
	kith_message_release(message);
	return 0;
}

static int connect_to(kith_endpoint endpoint, const struct kith_address *address, const char *word)
{
	struct kith_event event = KITH_EVENT_INIT;
	kith_connection connection;

	if (kith_endpoint_connect_address(endpoint, address, NULL, &connection) != KITH_OK)
		return complain("cannot connect");
	/* What is sent before the connection is up leaves when it is. */
	if (kith_connection_send(connection, word, strlen(word), KITH_SEND_RELIABLE, 0, NULL) != KITH_OK)
		return complain("cannot send");
	while (kith_endpoint_wait(endpoint, KITH_FOREVER_US) == KITH_OK) {
		while (kith_endpoint_next_event(endpoint, &event) == KITH_OK) {
			if (event.type == KITH_EVENT_READABLE && print_answer(connection) == 0)
				return kith_connection_close(connection, KITH_REASON_APP, "bye", -1) != KITH_OK;
			if (event.type == KITH_EVENT_STATE && event.reason != 0) {
				fprintf(stderr, "the connection ended: %d %s\n", event.reason, event.text);
				return 1;
			}
		}
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct kith_address address;
	kith_endpoint endpoint;
	int status;

	if (argc < 3 || (strcmp(argv[1], "listen") != 0 && argc < 4)) {
		fprintf(stderr, "usage: echo_direct listen ADDR:PORT | connect ADDR:PORT WORD\n");
		return 2;
	}
	if (kith_address_parse(argv[2], &address) != KITH_OK)
		return complain(argv[2]);
	if (kith_endpoint_create(NULL, &endpoint) != KITH_OK)
		return complain("cannot make an endpoint");
	if (strcmp(argv[1], "listen") == 0)
		status = listen_on(endpoint, &address);
	else
		status = connect_to(endpoint, &address, argv[3]);
	kith_endpoint_destroy(endpoint);
	return status;
}
