/* A program of the baseline: built against abi/baseline, run with the library of today. It stays as it is. */
#include <kith/kith.h>

#include <stdio.h>
#include <string.h>

static int await(kith_endpoint endpoint, int32_t state, struct kith_event *event)
{
	for (int tries = 0; tries < 200; tries++) {
		while (kith_endpoint_next_event(endpoint, event) == KITH_OK)
			if (event->type == KITH_EVENT_STATE && event->state == state)
				return 1;
		kith_endpoint_wait(endpoint, 100000);
	}
	return 0;
}

int main(void)
{
	struct kith_event event = KITH_EVENT_INIT;
	struct kith_status status = KITH_STATUS_INIT;
	struct kith_info info = KITH_INFO_INIT;
	struct kith_address address;
	kith_endpoint server, client;
	kith_listener listener;
	kith_connection called, accepted;
	kith_message *message = NULL;

	if (kith_endpoint_create(NULL, &server) != KITH_OK || kith_endpoint_create(NULL, &client) != KITH_OK ||
	    kith_address_parse("127.0.0.1:0", &address) != KITH_OK ||
	    kith_endpoint_listen_address(server, &address, NULL, &listener) != KITH_OK ||
	    kith_listener_address(listener, &address) != KITH_OK ||
	    kith_endpoint_connect_address(client, &address, NULL, &called) != KITH_OK)
		return 1;
	if (!await(server, KITH_STATE_CONNECTING, &event))
		return 2;
	accepted = event.connection;
	if (kith_connection_accept(accepted) != KITH_OK || !await(client, KITH_STATE_CONNECTED, &event))
		return 3;
	if (kith_connection_send(called, "hello", 5, KITH_SEND_RELIABLE, 0, NULL) != KITH_OK)
		return 4;
	for (int tries = 0; tries < 200 && kith_connection_receive(accepted, &message, 1) != 1; tries++) {
		kith_endpoint_wait(server, 100000);
		while (kith_endpoint_next_event(server, &event) == KITH_OK)
			continue;
	}
	if (message == NULL || kith_message_size(message) != 5 || memcmp(kith_message_data(message), "hello", 5) != 0)
		return 5;
	kith_message_release(message);
	if (kith_connection_status(called, &status) != KITH_OK || status.packets_sent == 0 ||
	    kith_connection_info(called, &info) != KITH_OK || info.state != KITH_STATE_CONNECTED)
		return 6;
	if (kith_connection_close(called, 1001, "bye", 0) != KITH_OK || !await(server, KITH_STATE_CLOSED_BY_PEER, &event) ||
	    event.reason != 1001 || strcmp(event.text, "bye") != 0)
		return 7;
	kith_endpoint_destroy(client);
	kith_endpoint_destroy(server);
	puts("1 passed, 0 failed");
	return 0;
}
