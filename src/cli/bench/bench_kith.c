#include "cli/bench/bench_kith.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kith/kith.h>

#include "cli/bench/bench_child.h"

enum { VARIANT_UDP, VARIANT_ICE, SIGNALING_LIMIT_US = 10 * 1000000, RECEIVE_MAX = 256 };

struct kith_link {
	const struct bench_plan *plan;
	kith_endpoint endpoint;
	int fd;
	bool by_signal;
	bool readable; /* the event came, and not all was received since */
	struct kith_address address;
	struct kith_identity peer;
	kith_connection connection; /* the one that messages go through */
	kith_connection *called;
	int called_count;
	int up;
};

static void must(kith_result result, const char *what)
{
	if (result < 0)
		bench_child_fail("%s: %s", what, kith_last_error());
}

static void configure(const struct bench_plan *plan, kith_endpoint endpoint)
{
	for (int i = 0; i < plan->config_count; i++) {
		const char *equals = strchr(plan->config[i], '=');
		char name[64];
		if (equals == NULL)
			bench_child_fail("'%s' is not NAME=VALUE", plan->config[i]);
		snprintf(name, sizeof(name), "%.*s", (int)(equals - plan->config[i]), plan->config[i]);
		must(kith_config_set_by_name(endpoint, name, equals + 1), plan->config[i]);
	}
	/* What others connect on loopback with is not meant to be refused for want of a certificate. */
	must(kith_config_set_int(endpoint, KITH_CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH, 2), "configuring");
}

static void on_state(struct kith_link *link, const struct kith_event *event)
{
	switch (event->state) {
	case KITH_STATE_CONNECTING:
		if (event->listener != KITH_NO_HANDLE)
			kith_connection_accept(event->connection);
		break;
	case KITH_STATE_CONNECTED:
		if (link->up++ == 0)
			link->connection = event->connection;
		break;
	case KITH_STATE_CLOSED_BY_PEER:
	case KITH_STATE_PROBLEM_DETECTED_LOCALLY:
		if (!link->plan->is_server)
			bench_child_fail("the connection ended: %s", event->text);
		if (event->old_state == KITH_STATE_CONNECTED)
			link->up--;
		kith_connection_close(event->connection, 0, NULL, 0);
		break;
	default:
		break;
	}
}

static void handle_events(struct kith_link *link)
{
	struct kith_event event = KITH_EVENT_INIT;

	while (kith_endpoint_next_event(link->endpoint, &event) == KITH_OK) {
		if (event.type == KITH_EVENT_STATE)
			on_state(link, &event);
		else if (event.type == KITH_EVENT_READABLE)
			link->readable = true;
	}
}

static void wait_link(void *data, bool for_room, int64_t usec)
{
	struct kith_link *link = data;
	struct pollfd watched = { .fd = link->fd, .events = POLLIN };

	(void)for_room;
	poll(&watched, 1, link->readable ? 0 : (int)((usec + 999) / 1000));
	handle_events(link);
}

/* --- opening */

static void open_signaling(struct kith_link *link, const char *url)
{
	int64_t limit = kith_now_us() + SIGNALING_LIMIT_US;
	kith_signaling signaling;
	int32_t state = KITH_SIGNALING_NONE;

	must(kith_signaling_open(link->endpoint, url, &signaling), "signaling");
	while (kith_signaling_state(signaling, &state) == KITH_OK && state != KITH_SIGNALING_CONNECTED) {
		if (kith_now_us() > limit)
			bench_child_fail("no signaling at %s", url);
		wait_link(link, false, 100000);
	}
}

static void listen_here(struct kith_link *link, char where[BENCH_WHERE_MAX])
{
	kith_listener listener;

	if (link->by_signal) {
		must(kith_endpoint_listen_port(link->endpoint, 0, NULL, &listener), "listening");
		must(kith_endpoint_identity(link->endpoint, &link->peer), "identity");
		snprintf(where, BENCH_WHERE_MAX, "%s", link->peer.text);
		return;
	}
	must(kith_address_parse("127.0.0.1", &link->address), "address");
	must(kith_endpoint_listen_address(link->endpoint, &link->address, NULL, &listener), "listening");
	must(kith_listener_address(listener, &link->address), "listening");
	must(kith_address_print(&link->address, where, BENCH_WHERE_MAX, NULL), "address");
}

static void *open_link(const struct bench_plan *plan, char where[BENCH_WHERE_MAX])
{
	struct kith_link *link = calloc(1, sizeof(*link));
	int32_t fd = -1;

	link->plan = plan;
	link->by_signal = plan->peer->variant == VARIANT_ICE;
	link->called = calloc((size_t)(plan->connections > 0 ? plan->connections : 1), sizeof(*link->called));
	must(kith_endpoint_create(NULL, &link->endpoint), "endpoint");
	must(kith_endpoint_fd(link->endpoint, &fd), "endpoint");
	link->fd = fd;
	configure(plan, link->endpoint);
	if (link->by_signal)
		open_signaling(link, plan->signaling);
	if (plan->is_server)
		listen_here(link, where);
	else if (link->by_signal)
		must(kith_identity_parse(where, &link->peer), "identity");
	else
		must(kith_address_parse(where, &link->address), "address");
	return link;
}

static void call(void *data, int count)
{
	struct kith_link *link = data;

	for (int i = 0; i < count; i++) {
		kith_connection *connection = &link->called[link->called_count++];
		if (link->by_signal)
			must(kith_endpoint_connect_identity(link->endpoint, &link->peer, NULL, connection), "connecting");
		else
			must(kith_endpoint_connect_address(link->endpoint, &link->address, NULL, connection), "connecting");
	}
}

static void hang_up(void *data)
{
	struct kith_link *link = data;

	for (int i = 0; i < link->called_count; i++)
		kith_connection_close(link->called[i], 0, NULL, 0);
	link->called_count = 0;
	link->up = 0;
}

static int connected(void *data)
{
	struct kith_link *link = data;

	handle_events(link);
	return link->up;
}

/* --- messages */

static int send_messages(void *data, const uint8_t *const *messages, int count)
{
	struct kith_link *link = data;
	const struct bench_plan *plan = link->plan;
	struct kith_outgoing outgoing[BENCH_BATCH];
	uint32_t flags = plan->urgent ? KITH_SEND_NO_NAGLE : 0;
	int32_t sent;

	flags |= plan->reliable ? KITH_SEND_RELIABLE : KITH_SEND_UNRELIABLE;
	for (int i = 0; i < count; i++)
		outgoing[i] = (struct kith_outgoing){ .data = messages[i], .size = plan->size, .flags = flags };
	sent = kith_connection_send_batch(link->connection, outgoing, (size_t)count);
	if (sent == KITH_E_AGAIN)
		return 0;
	must(sent, "sending");
	return sent;
}

static int receive(void *data, bench_take_fn *take, void *take_data)
{
	struct kith_link *link = data;
	kith_message *messages[RECEIVE_MAX];
	int32_t count;

	if (!link->readable)
		return 0;
	count = kith_connection_receive(link->connection, messages, RECEIVE_MAX);
	must(count, "receiving");
	for (int32_t i = 0; i < count; i++)
		take(take_data, kith_message_data(messages[i]), kith_message_size(messages[i]));
	kith_message_release_batch(messages, (size_t)count);
	link->readable = count == RECEIVE_MAX;
	return count;
}

const struct bench_peer bench_kith_udp = {
	.name = "kith",
	.about = "Kith by address, default settings",
	.abilities =
		BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE | BENCH_CAN_CONNECT | BENCH_CAN_CONNECT_MANY | BENCH_CAN_IDLE,
	.variant = VARIANT_UDP,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};

const struct bench_peer bench_kith_ice = {
	.name = "kith-ice",
	.about = "Kith peer to peer through ICE, with a signaling server on this machine, default settings",
	.abilities = BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE | BENCH_CAN_CONNECT | BENCH_CAN_IDLE,
	.variant = VARIANT_ICE,
	.connections_max = 1000,
	.settle_usec = 5 * 1000000, /* ICE goes on checking pairs */
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};
