#include "sim_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPIN_MAX 200000u
#define BURST_SIZE 65536

static void digest(struct sim_world *world, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++)
		world->digest = (world->digest ^ at[i]) * 0x100000001B3u;
}

void sim_world_init(struct sim_world *world, uint64_t seed)
{
	memset(world, 0, sizeof *world);
	world->seed = seed;
	world->random.state = seed;
	world->now = 1000 * USEC_PER_SEC;
	world->digest = 0xCBF29CE484222325u;
	sim_queue_init(&world->queue);
	sim_network_init(&world->network, &world->random, &world->queue);
	world->signaling.delay = 10 * USEC_PER_MSEC;
}

static void free_peer(struct sim_peer *peer)
{
	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++)
		free(peer->sockets[i].ice);
	memset(peer->sockets, 0, sizeof peer->sockets);
	if (peer->core != NULL)
		core_destroy(peer->core);
	peer->core = NULL;
}

void sim_world_free(struct sim_world *world)
{
	for (unsigned i = 0; i < world->network.host_count; i++)
		free_peer(&world->peers[i]);
	sim_queue_free(&world->queue);
}

void sim_world_kill_peer(struct sim_world *world, unsigned peer)
{
	free_peer(&world->peers[peer]);
}

unsigned sim_world_add_peer(struct sim_world *world, const char *identity, const char *address, enum sim_nat_kind kind,
                            const char *nat_address)
{
	unsigned host = sim_network_add_host(&world->network, address, kind, nat_address);
	struct sim_peer *peer = &world->peers[host];
	struct core_options options;

	memset(&options, 0, sizeof options);
	for (unsigned i = 0; i < sizeof options.seed; i++)
		options.seed[i] = (uint8_t)sim_random_u64(&world->random);
	if (!identity_parse(&options.identity, identity, strlen(identity)))
		abort();
	options.unix_time = 1700000000;
	peer->identity = options.identity;
	peer->next_port = 10000;
	peer->core = core_new(world->now, &options);
	return host;
}

static struct sim_socket *find_socket(struct sim_peer *peer, uint32_t transport)
{
	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		if (peer->sockets[i].transport == transport)
			return &peer->sockets[i];
	}
	return NULL;
}

static struct sim_socket *open_socket(struct sim_world *world, unsigned peer, uint32_t transport, uint16_t port)
{
	struct sim_socket *free_socket = find_socket(&world->peers[peer], 0);

	if (free_socket == NULL)
		abort();
	free_socket->transport = transport;
	free_socket->address = world->network.hosts[peer].address;
	free_socket->address.port = port != 0 ? port : world->peers[peer].next_port++;
	free_socket->ice = NULL;
	return free_socket;
}

uint32_t sim_world_open_udp(struct sim_world *world, unsigned peer, uint16_t port)
{
	uint32_t transport = core_new_transport(world->peers[peer].core);

	open_socket(world, peer, transport, port);
	return transport;
}

void sim_world_send_raw(struct sim_world *world, unsigned peer, const struct address *from, const struct address *to,
                        const uint8_t *bytes, size_t size)
{
	struct sim_packet packet = { from, to, bytes, size };

	sim_network_send(&world->network, world->now, peer, &packet);
}

static void send_segment(struct sim_world *world, unsigned peer, const struct sim_socket *socket,
                         const struct address *remote, const uint8_t *bytes, size_t size)
{
	struct sim_packet packet = { &socket->address, remote, bytes, size };

	world->packet_count++;
	digest(world, &world->now, sizeof world->now);
	digest(world, bytes, size);
	if (world->on_packet != NULL && !world->on_packet(world, peer, bytes, size))
		return;
	sim_network_send(&world->network, world->now, peer, &packet);
}

static bool drain_transmit(struct sim_world *world, unsigned peer)
{
	static uint8_t bytes[BURST_SIZE];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };
	struct sim_socket *socket;
	struct address remote;

	if (!core_transmit(world->peers[peer].core, world->now, &burst))
		return false;
	socket = find_socket(&world->peers[peer], burst.transport);
	if (socket == NULL || (socket->ice != NULL && socket->ice->selected < 0))
		return true; /* no way to go: lost */
	remote = socket->ice != NULL ? socket->ice->pairs[socket->ice->selected].remote : burst.remote;
	for (size_t at = 0; at < burst.size; at += burst.segment_size) {
		size_t left = burst.size - at;
		send_segment(world, peer, socket, &remote, bytes + at, left < burst.segment_size ? left : burst.segment_size);
	}
	return true;
}

static void send_signal(struct sim_world *world, const struct action *action)
{
	const struct sim_signaling_options *options = &world->signaling;
	unsigned copies = sim_random_chance(&world->random, options->duplicate) ? 2 : 1;

	world->signal_count++;
	digest(world, action->bytes, action->size);
	for (unsigned i = 0; i < world->network.host_count; i++) {
		if (world->peers[i].core == NULL || !identity_equal(&world->peers[i].identity, action->to))
			continue;
		for (unsigned copy = 0; copy < copies; copy++) {
			struct sim_item item = { .kind = SIM_SIGNAL, .host = i };
			usec_t jitter =
				options->jitter > 0 ? (usec_t)sim_random_below(&world->random, (uint64_t)options->jitter) : 0;
			if (sim_random_chance(&world->random, options->loss))
				continue;
			item.at = world->now + options->delay + jitter;
			sim_queue_add(&world->queue, &item, action->bytes, action->size);
		}
	}
}

static void start_ice(struct sim_world *world, unsigned peer, const struct action *action)
{
	struct sim_socket *socket = open_socket(world, peer, action->transport, 0);
	usec_t gather = world->now + 1000 + (usec_t)sim_random_below(&world->random, 3000);

	socket->ice = calloc(1, sizeof *socket->ice);
	sim_ice_start(socket->ice, peer, &socket->address, action, gather);
}

static void close_socket(struct sim_socket *socket)
{
	free(socket->ice);
	memset(socket, 0, sizeof *socket);
}

static bool drain_action(struct sim_world *world, unsigned peer)
{
	struct action action;
	struct sim_socket *socket;

	if (!core_next_action(world->peers[peer].core, &action))
		return false;
	socket = action.transport != 0 ? find_socket(&world->peers[peer], action.transport) : NULL;
	if (action.kind == ACTION_SEND_SIGNAL)
		send_signal(world, &action);
	else if (action.kind == ACTION_ICE_START)
		start_ice(world, peer, &action);
	else if (action.kind == ACTION_ICE_REMOTE && socket != NULL)
		sim_ice_set_remote(socket->ice, world->now, action.username, action.password);
	else if (action.kind == ACTION_ICE_CANDIDATE && socket != NULL)
		sim_ice_add_candidate(socket->ice, world->now, action.candidate);
	else if (action.kind == ACTION_TRANSPORT_CLOSE && socket != NULL)
		close_socket(socket);
	return true;
}

static bool drain_event(struct sim_world *world, unsigned peer)
{
	struct event event;

	if (!core_next_event(world->peers[peer].core, &event))
		return false;
	digest(world, &event.kind, sizeof event.kind);
	digest(world, &event.new_state, sizeof event.new_state);
	if (world->verbose)
		fprintf(stderr, "[%8.1fms] %c event %d state %d->%d reason %u %s\n",
		        (double)(world->now - 1000 * USEC_PER_SEC) / 1000, 'A' + (int)peer, (int)event.kind, event.old_state,
		        event.new_state, event.end_reason, event.text);
	if (world->on_event != NULL)
		world->on_event(world, peer, &event);
	return true;
}

void sim_world_drain(struct sim_world *world, unsigned peer)
{
	bool more = true;

	while (more && world->peers[peer].core != NULL) {
		more = drain_transmit(world, peer);
		more |= world->peers[peer].core != NULL && drain_action(world, peer);
		more |= world->peers[peer].core != NULL && drain_event(world, peer);
	}
}

static void on_path_change(void *owner, const struct path_change *change)
{
	struct sim_world *world = owner;

	core_receive_path_change(world->peers[world->current].core, world->now, change);
}

static struct sim_ice_context ice_context(struct sim_world *world, unsigned peer)
{
	struct sim_ice_context context = { &world->network, on_path_change, world, world->now };

	world->current = peer;
	return context;
}

static void arrive_packet(struct sim_world *world, const struct sim_item *item)
{
	struct sim_peer *peer = &world->peers[item->host];
	struct sim_ice_context context = ice_context(world, item->host);

	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		struct sim_socket *socket = &peer->sockets[i];
		struct datagram datagram = { .transport = socket->transport, .remote = item->source, .bytes = item->bytes };

		datagram.size = item->size;
		if (socket->transport == 0 || socket->address.port != item->destination.port)
			continue;
		if (socket->ice == NULL || !sim_ice_receive(socket->ice, &context, &item->source, item->bytes, item->size))
			core_receive_datagram(peer->core, world->now, &datagram);
		return;
	}
}

static void arrive(struct sim_world *world)
{
	struct sim_item item;

	sim_queue_take(&world->queue, &item);
	if (world->peers[item.host].core != NULL) {
		struct signal signal = { item.bytes, item.size, 0 };
		if (item.kind == SIM_SIGNAL)
			core_receive_signal(world->peers[item.host].core, world->now, &signal);
		else
			arrive_packet(world, &item);
		sim_world_drain(world, item.host);
	}
	free(item.bytes);
}

/* The earliest timeout of a peer's core and ICE sessions. */
static usec_t peer_timeout(const struct sim_peer *peer)
{
	usec_t at = core_next_timeout(peer->core);

	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		if (peer->sockets[i].transport != 0 && peer->sockets[i].ice != NULL)
			at = usec_min(at, sim_ice_next_timeout(peer->sockets[i].ice));
	}
	return at;
}

static void wake(struct sim_world *world, unsigned index)
{
	struct sim_peer *peer = &world->peers[index];
	struct sim_ice_context context = ice_context(world, index);

	peer->wake_count++;
	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		if (peer->sockets[i].ice != NULL && sim_ice_next_timeout(peer->sockets[i].ice) <= world->now)
			sim_ice_handle_timeout(peer->sockets[i].ice, &context);
	}
	if (core_next_timeout(peer->core) <= world->now)
		core_handle_timeout(peer->core, world->now);
	sim_world_drain(world, index);
}

bool sim_world_step(struct sim_world *world, usec_t limit)
{
	usec_t at = sim_queue_next(&world->queue);
	int who = -1;

	for (unsigned i = 0; i < world->network.host_count; i++) {
		usec_t wake_at = world->peers[i].core != NULL ? peer_timeout(&world->peers[i]) : USEC_NEVER;
		if (wake_at < at) {
			at = wake_at;
			who = (int)i;
		}
	}
	if (at > limit)
		return false;
	world->spin_count = at <= world->now ? world->spin_count + 1 : 0;
	if (world->spin_count > SPIN_MAX) {
		fprintf(stderr, "seed=%llu: time stands still (peer %d)\n", (unsigned long long)world->seed, who);
		abort();
	}
	world->now = usec_max(at, world->now);
	world->step_count++;
	if (who >= 0)
		wake(world, (unsigned)who);
	else
		arrive(world);
	return true;
}

bool sim_world_run(struct sim_world *world, usec_t limit, bool (*done)(struct sim_world *world))
{
	usec_t until = usec_add(world->now, limit);

	while (done == NULL || !done(world)) {
		if (!sim_world_step(world, until)) {
			world->now = until;
			return done != NULL && done(world);
		}
	}
	return true;
}
