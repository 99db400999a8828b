#include "cli/bench/bench_enet.h"

#include <stdio.h>
#include <stdlib.h>

#include <enet/enet.h>

#include "cli/bench/bench_child.h"

enum {
	/* Its own 256 KiB overflow; with more it is at its best. */
	SOCKET_BUFFER = 4 * 1024 * 1024,
	/* What it is given before some has been sent: a longer queue makes it slower. */
	WAITING_BYTES = 4 * 1024 * 1024,
	WAITING_MESSAGES = 4096,
};

struct enet_link {
	const struct bench_plan *plan;
	ENetHost *host;
	ENetAddress address;
	ENetPeer *peer; /* the one that messages go through */
	ENetPeer **called;
	int called_count;
	int up;
	ENetEvent event; /* a received message not handed over yet */
	bool has_event;
};

/* Packets that the library still holds: its callback has no other way to tell. */
static int packets_waiting;

static void on_freed(ENetPacket *packet)
{
	(void)packet;
	packets_waiting--;
}

static void *open_link(const struct bench_plan *plan, char where[BENCH_WHERE_MAX])
{
	struct enet_link *link = calloc(1, sizeof(*link));
	size_t peers = plan->connections > 0 ? (size_t)plan->connections + 1 : 2;

	link->plan = plan;
	if (enet_initialize() != 0)
		bench_child_fail("enet_initialize");
	enet_address_set_host_ip(&link->address, "127.0.0.1");
	link->address.port = plan->is_server ? ENET_PORT_ANY : (enet_uint16)atoi(where);
	link->host = enet_host_create(plan->is_server ? &link->address : NULL, peers, 1, 0, 0);
	if (link->host == NULL)
		bench_child_fail("enet_host_create");
	enet_socket_set_option(link->host->socket, ENET_SOCKOPT_RCVBUF, SOCKET_BUFFER);
	enet_socket_set_option(link->host->socket, ENET_SOCKOPT_SNDBUF, SOCKET_BUFFER);
	link->called = calloc(peers, sizeof(ENetPeer *));
	if (plan->is_server) {
		enet_socket_get_address(link->host->socket, &link->address);
		snprintf(where, BENCH_WHERE_MAX, "%d", link->address.port);
	}
	return link;
}

static void call(void *data, int count)
{
	struct enet_link *link = data;

	for (int i = 0; i < count; i++) {
		ENetPeer *peer = enet_host_connect(link->host, &link->address, 1, 0);
		if (peer == NULL)
			bench_child_fail("enet_host_connect");
		link->called[link->called_count++] = peer;
	}
	enet_host_flush(link->host);
}

static void hang_up(void *data)
{
	struct enet_link *link = data;

	for (int i = 0; i < link->called_count; i++)
		enet_peer_disconnect_now(link->called[i], 0);
	link->called_count = 0;
	link->up = 0;
}

static void on_event(struct enet_link *link, const ENetEvent *event)
{
	switch (event->type) {
	case ENET_EVENT_TYPE_CONNECT:
		if (link->up++ == 0)
			link->peer = event->peer;
		/* Never throw unreliable messages away because of how long others took. */
		enet_peer_throttle_configure(event->peer, ENET_PEER_PACKET_THROTTLE_INTERVAL, ENET_PEER_PACKET_THROTTLE_SCALE,
		                             0);
		break;
	case ENET_EVENT_TYPE_DISCONNECT:
		if (!link->plan->is_server)
			bench_child_fail("the connection ended");
		link->up--;
		break;
	case ENET_EVENT_TYPE_RECEIVE:
		link->event = *event;
		link->has_event = true;
		break;
	default:
		break;
	}
}

/* Events up to the next message. */
static void service(struct enet_link *link, int timeout_msec)
{
	ENetEvent event;

	while (!link->has_event) {
		int result = enet_host_service(link->host, &event, (enet_uint32)timeout_msec);
		if (result < 0)
			bench_child_fail("enet_host_service");
		if (result == 0)
			return;
		on_event(link, &event);
		timeout_msec = 0;
	}
}

static int connected(void *data)
{
	struct enet_link *link = data;

	service(link, 0);
	return link->up;
}

static void wait_link(void *data, bool for_room, int64_t usec)
{
	struct enet_link *link = data;
	enet_uint32 condition = ENET_SOCKET_WAIT_RECEIVE;

	/* Room comes with an acknowledgement, which is no event that its own waiting would end with. */
	if (for_room) {
		enet_socket_wait(link->host->socket, &condition, 1);
		usec = 0;
	}
	service(link, (int)((usec + 999) / 1000));
}

static bool has_room(const struct enet_link *link)
{
	return packets_waiting < WAITING_MESSAGES && (size_t)packets_waiting * link->plan->size < WAITING_BYTES;
}

static int send_messages(void *data, const uint8_t *const *messages, int count)
{
	struct enet_link *link = data;
	int sent = 0;

	for (; sent < count && has_room(link); sent++) {
		ENetPacket *packet =
			enet_packet_create(messages[sent], link->plan->size, link->plan->reliable ? ENET_PACKET_FLAG_RELIABLE : 0);
		packet->freeCallback = on_freed;
		packets_waiting++;
		if (enet_peer_send(link->peer, 0, packet) != 0)
			bench_child_fail("enet_peer_send");
	}
	if (link->plan->urgent)
		enet_host_flush(link->host);
	else
		service(link, 0);
	return sent;
}

static int receive(void *data, bench_take_fn *take, void *take_data)
{
	struct enet_link *link = data;
	ENetEvent event;
	int count = 0;

	while (link->has_event) {
		event = link->event;
		link->has_event = false;
		take(take_data, event.packet->data, event.packet->dataLength);
		enet_packet_destroy(event.packet);
		count++;
		/* Those that were read together; no system call. */
		if (enet_host_check_events(link->host, &event) > 0)
			on_event(link, &event);
	}
	if (count == 0)
		service(link, 0);
	return count;
}

const struct bench_peer bench_enet = {
	.name = "enet",
	.about = "ENet 1.3, one channel, no throttle, socket buffers of 4 MiB; not encrypted",
	.abilities =
		BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE | BENCH_CAN_CONNECT | BENCH_CAN_CONNECT_MANY | BENCH_CAN_IDLE,
	.connections_max = 4000,
	.open = open_link,
	.call = call,
	.hang_up = hang_up,
	.connected = connected,
	.send = send_messages,
	.receive = receive,
	.wait = wait_link,
};
