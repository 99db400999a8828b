/* bench_core: what a message costs in the core alone: two of them, datagrams handed over at once in
 * virtual time; no sockets, no threads, no locks. A manual tool, also for callgrind.
 *
 *   bench_core ping [ROUNDS]
 *   bench_core bulk [MESSAGE_SIZE [MEGABYTES]]
 *   bench_core unreliable [MESSAGE_SIZE [MEGABYTES]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/core.h"
#include "core/sockets/sockets.h"

#define BURSTS_MAX 64
#define BURST_SIZE 65535
#define SEND_BATCH 64

struct side {
	struct core *core;
	uint32_t transport;
	struct address address;
	struct conn *conn;
	bool connected;
};

static struct side sides[2];
static usec_t now = 1000000;
static uint8_t buffer[BURSTS_MAX][BURST_SIZE];
static int64_t datagrams_carried;

static double seconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void take_events(struct side *side)
{
	struct event event;
	struct action action;

	while (core_next_action(side->core, &action))
		continue;
	while (core_next_event(side->core, &event)) {
		if (event.kind != EVENT_STATE)
			continue;
		if (event.new_state == STATE_CONNECTING && event.listener != NULL)
			sockets_accept(side->core, now, event.conn);
		side->conn = event.conn;
		side->connected = event.new_state == STATE_CONNECTED;
	}
}

/* What `from` has to send reaches the other. Returns how many bursts that were. */
static int carry(int from)
{
	struct side *sender = &sides[from], *receiver = &sides[1 - from];
	struct datagram_burst bursts[BURSTS_MAX];
	static struct datagram datagrams[64];
	int count = 0;

	for (; count < BURSTS_MAX; count++) {
		bursts[count] = (struct datagram_burst){ .bytes = buffer[count], .capacity = BURST_SIZE };
		if (!core_transmit(sender->core, now, &bursts[count]))
			break;
	}
	take_events(sender);
	for (int i = 0; i < count; i++) {
		size_t parts = 0;
		for (size_t at = 0; at < bursts[i].size; at += bursts[i].segment_size) {
			size_t left = bursts[i].size - at;
			datagrams[parts++] = (struct datagram){
				.transport = receiver->transport,
				.remote = sender->address,
				.local = receiver->address,
				.bytes = bursts[i].bytes + at,
				.size = left < bursts[i].segment_size ? left : bursts[i].segment_size,
			};
			if (parts == 64 || at + bursts[i].segment_size >= bursts[i].size) {
				core_receive_datagrams(receiver->core, now, datagrams, parts);
				datagrams_carried += (int64_t)parts;
				parts = 0;
			}
		}
		take_events(receiver);
	}
	return count;
}

static void handle_time(usec_t step)
{
	now += step;
	for (int i = 0; i < 2; i++) {
		if (core_next_timeout(sides[i].core) <= now)
			core_handle_timeout(sides[i].core, now);
		take_events(&sides[i]);
	}
}

static void connect_sides(void)
{
	struct listen_socket *listener;
	struct endpoint_udp_call call;

	memset(&call, 0, sizeof(call));
	for (int i = 0; i < 2; i++) {
		struct core_options options = { .seed = { (uint8_t)(i + 1) }, .unix_time = 1700000000 };
		sides[i].core = core_new(now, &options);
		sides[i].transport = core_new_transport(sides[i].core);
		sides[i].address =
			(struct address){ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1 }, (uint16_t)(1000 + i) };
	}
	call.transport = sides[0].transport;
	call.remote = sides[1].address;
	call.local = sides[0].address;
	if (sockets_listen_udp(sides[1].core, sides[1].transport, core_config(sides[1].core), &listener) != KITH_OK ||
	    sockets_connect_udp(sides[0].core, now, &call, &sides[0].conn) != KITH_OK)
		abort();
	for (int i = 0; i < 1000 && !(sides[0].connected && sides[1].connected); i++) {
		carry(0);
		carry(1);
		handle_time(100);
	}
	if (!sides[0].connected || !sides[1].connected)
		abort();
}

static bool send_one(struct side *side, size_t size, uint32_t flags)
{
	struct message *message = sockets_new_message(side->core, size);

	memset(message->data, 1, size < 64 ? size : 64);
	message->flags = flags;
	if (sockets_send(side->core, now, side->conn, message, NULL) == KITH_OK)
		return true;
	message_unref(message);
	return false;
}

static int64_t receive_all(struct side *side, size_t *bytes)
{
	struct message *messages[64];
	int64_t total = 0;
	size_t count;

	while ((count = sockets_receive(side->core, now, side->conn, messages, 64)) > 0) {
		for (size_t i = 0; i < count; i++)
			*bytes += messages[i]->size;
		message_unref_all(messages, count);
		total += (int64_t)count;
	}
	return total;
}

static void ping(int64_t rounds)
{
	size_t bytes = 0;
	double begin = seconds();

	for (int64_t round = 0; round < rounds; round++) {
		for (int from = 0; from < 2; from++) {
			if (!send_one(&sides[from], 64, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE))
				abort();
			carry(from);
			if (receive_all(&sides[1 - from], &bytes) != 1)
				abort();
			handle_time(10);
		}
	}
	printf("ping: %.0f ns a round trip, %.2f datagrams\n", (seconds() - begin) * 1e9 / (double)rounds,
	       (double)datagrams_carried / (double)rounds);
}

static void flow(size_t size, int64_t megabytes, uint32_t flags)
{
	size_t bytes = 0;
	int64_t messages = 0;
	double begin = seconds(), spent;

	while ((int64_t)bytes < megabytes * 1000000) {
		for (int i = 0; i < SEND_BATCH && send_one(&sides[0], size, flags); i++)
			continue;
		while (carry(0) + carry(1) > 0)
			continue;
		messages += receive_all(&sides[1], &bytes);
		handle_time(50);
	}
	spent = seconds() - begin;
	printf("%zu-byte messages: %.0f ns a message, %.0f ns a datagram, %.2f s/GB; %.2f datagrams a message\n", size,
	       spent * 1e9 / (double)messages, spent * 1e9 / (double)datagrams_carried, spent / (double)bytes * 1e9,
	       (double)datagrams_carried / (double)messages);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "ping";
	int64_t first = argc > 2 ? atoll(argv[2]) : 0, second = argc > 3 ? atoll(argv[3]) : 0;

	connect_sides();
	datagrams_carried = 0;
	if (strcmp(what, "ping") == 0)
		ping(first > 0 ? first : 100000);
	else
		flow(first > 0 ? (size_t)first : 1200, second > 0 ? second : 300,
		     strcmp(what, "bulk") == 0 ? MESSAGE_RELIABLE : 0);
	for (int i = 0; i < 2; i++)
		core_destroy(sides[i].core);
	return 0;
}
