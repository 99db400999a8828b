/* kith_peer: Kith as a test peer, through its public headers alone. See driver.h. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kith/kith.h>

#include "driver.h"

static kith_endpoint endpoint;
static int32_t endpoint_fd;
static kith_message *held; /* received, not taken by the driver yet */
static uint32_t extra_flags;
static int64_t ttl_us;

static bool complain(const char *what)
{
	driver_say("%s: %s", what, kith_last_error());
	return false;
}

/* --- open */

static bool configure(const struct plan_options *options)
{
	for (int i = 0; i < options->setting_count; i++)
		if (kith_config_set_by_name(endpoint, options->settings[i].name, options->settings[i].value) != KITH_OK)
			return complain(options->settings[i].name);
	return true;
}

static bool open_signaling(const char *server)
{
	struct kith_event event = KITH_EVENT_INIT;
	kith_signaling signaling;
	char url[300];

	snprintf(url, sizeof(url), "tcp://%s", server);
	if (kith_signaling_open(endpoint, url, &signaling) != KITH_OK)
		return complain(url);
	while (kith_endpoint_wait(endpoint, 5000000) == KITH_OK)
		while (kith_endpoint_next_event(endpoint, &event) == KITH_OK)
			if (event.type == KITH_EVENT_SIGNALING_STATE && event.state == KITH_SIGNALING_CONNECTED)
				return true;
	return complain("the signaling server does not answer");
}

static bool listen_there(const struct plan_options *options)
{
	struct kith_listener_options wanted = KITH_LISTENER_OPTIONS_INIT;
	struct kith_address address;
	kith_listener listener;
	kith_result result;

	wanted.symmetric = options->symmetric;
	if (options->udp == NULL)
		return kith_endpoint_listen_port(endpoint, options->port, &wanted, &listener) == KITH_OK ||
		       complain("cannot listen");
	result = kith_address_parse(options->udp, &address);
	if (result == KITH_OK)
		result = kith_endpoint_listen_address(endpoint, &address, &wanted, &listener);
	return result == KITH_OK || complain(options->udp);
}

static bool open_endpoint(const struct plan_options *options)
{
	struct kith_endpoint_options wanted = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity = KITH_IDENTITY_INIT;

	if (options->identity != NULL) {
		if (kith_identity_parse(options->identity, &identity) != KITH_OK)
			return complain(options->identity);
		wanted.identity = &identity;
	}
	extra_flags = options->sequenced ? KITH_SEND_SEQUENCED : 0;
	ttl_us = options->ttl_ms * INT64_C(1000);
	if (kith_endpoint_create(&wanted, &endpoint) != KITH_OK || kith_endpoint_fd(endpoint, &endpoint_fd) != KITH_OK)
		return complain("no endpoint");
	if (!configure(options) || (options->signaling != NULL && !open_signaling(options->signaling)))
		return false;
	return !options->listen || listen_there(options);
}

static uint64_t call(const struct plan_options *options)
{
	struct kith_connection_options wanted = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_address address;
	struct kith_identity peer;
	kith_connection connection = KITH_NO_HANDLE;

	wanted.virtual_port = options->port;
	wanted.symmetric = options->symmetric;
	if (options->udp != NULL) {
		if (kith_address_parse(options->udp, &address) != KITH_OK ||
		    kith_endpoint_connect_address(endpoint, &address, &wanted, &connection) != KITH_OK)
			complain(options->udp);
	} else if (kith_identity_parse(options->peer, &peer) != KITH_OK ||
	           kith_endpoint_connect_identity(endpoint, &peer, &wanted, &connection) != KITH_OK) {
		complain(options->peer);
	}
	return connection;
}

/* --- connections */

static bool accept_connection(uint64_t connection)
{
	return kith_connection_accept((kith_connection)connection) == KITH_OK || complain("accept");
}

static void close_connection(uint64_t connection, int reason, const char *text, bool linger)
{
	kith_connection_close((kith_connection)connection, reason, text, linger ? -1 : 0);
}

static void set_lanes(uint64_t connection, int count)
{
	if (kith_connection_set_lanes((kith_connection)connection, count, NULL, NULL) != KITH_OK)
		complain("lanes");
}

static enum driver_sent send_message(uint64_t connection, const struct plan_message *message, int64_t *number)
{
	kith_message *sent;
	kith_result result;

	if (kith_message_new(message->bytes, (size_t)message->size, &sent) != KITH_OK)
		return DRIVER_REFUSED;
	kith_message_set_flags(sent, (message->reliable ? KITH_SEND_RELIABLE : KITH_SEND_UNRELIABLE) | extra_flags);
	kith_message_set_lane(sent, message->lane);
	kith_message_set_ttl_us(sent, ttl_us);
	result = kith_connection_send_message((kith_connection)connection, sent, number);
	if (result != KITH_OK)
		kith_message_release(sent);
	if (result != KITH_OK && result != KITH_E_AGAIN)
		complain("send");
	return result == KITH_OK ? DRIVER_SENT : result == KITH_E_AGAIN ? DRIVER_FULL : DRIVER_REFUSED;
}

static void receive(uint64_t connection)
{
	struct plan_message message;

	while (held != NULL || kith_connection_receive((kith_connection)connection, &held, 1) == 1) {
		message = (struct plan_message){ kith_message_data(held), (int)kith_message_size(held), kith_message_lane(held),
			                             kith_message_flags(held) & KITH_SEND_RELIABLE, kith_message_number(held) };
		if (!driver_on_message(&message))
			return;
		kith_message_release(held);
		held = NULL;
	}
}

static void read_status(uint64_t connection, struct driver_status *out)
{
	struct kith_status status = KITH_STATUS_INIT;

	if (kith_connection_status((kith_connection)connection, &status) != KITH_OK)
		return;
	out->ping_usec = status.ping_us;
	out->packets_sent = (int64_t)status.packets_sent;
	out->packets_received = (int64_t)status.packets_received;
	out->packets_lost = (int64_t)status.packets_lost;
	out->packets_dropped = (int64_t)status.packets_dropped;
	out->messages_expired = (int64_t)status.messages_expired;
}

/* --- events */

static void on_connected(kith_connection connection)
{
	struct kith_security security = KITH_SECURITY_INIT;
	struct kith_info info = KITH_INFO_INIT;
	struct driver_connected how = { "?", "?", "?", "?" };

	if (kith_connection_info(connection, &info) == KITH_OK &&
	    kith_connection_security(connection, &security) == KITH_OK)
		how = (struct driver_connected){ info.peer.text, info.incoming ? "server" : "client",
			                             security.encrypted ? "aes" : "none", kith_route_name(info.route) };
	driver_on_connected(connection, &how);
}

static void on_state(const struct kith_event *event)
{
	if (event->old_state == KITH_STATE_NONE && event->state == KITH_STATE_CONNECTING && event->listener != 0)
		driver_on_incoming(event->connection, event->peer.text);
	else if (event->state == KITH_STATE_CONNECTED)
		on_connected(event->connection);
	else if (event->state == KITH_STATE_CLOSED_BY_PEER || event->state == KITH_STATE_PROBLEM_DETECTED_LOCALLY)
		driver_on_closed(event->connection, event->state == KITH_STATE_CLOSED_BY_PEER, event->reason, event->text);
}

static void wait_for_events(int milliseconds)
{
	struct pollfd inputs[2] = { { endpoint_fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	struct kith_event event = KITH_EVENT_INIT;

	poll(inputs, 1, milliseconds);
	while (kith_endpoint_next_event(endpoint, &event) == KITH_OK)
		if (event.type == KITH_EVENT_STATE)
			on_state(&event);
}

int main(int argc, char **argv)
{
	static const struct driver_port port = { open_endpoint, call,    accept_connection, close_connection, set_lanes,
		                                     send_message,  receive, read_status,       wait_for_events };
	int status = driver_run(&port, argc, argv);

	kith_message_release(held);
	kith_endpoint_destroy(endpoint);
	return status;
}
