#include "sim_world.h"

#include "sim_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGINNING (1000 * USEC_PER_SEC)
#define SPIN_MAX 50u
#define BURST_SIZE 65536

void sim_world_digest(struct sim_world *world, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++)
		world->digest = (world->digest ^ at[i]) * 0x100000001B3u;
}

static void digest_address(struct sim_world *world, const struct address *address)
{
	sim_world_digest(world, address->ip, sizeof address->ip);
	sim_world_digest(world, &address->port, sizeof address->port);
}

static void digest_text(struct sim_world *world, const char *text)
{
	if (text != NULL)
		sim_world_digest(world, text, strlen(text) + 1);
}

void sim_world_fail(const struct sim_world *world, const char *what)
{
	fprintf(stderr, "seed=%llu at %.1f ms: %s\n", (unsigned long long)world->seed,
	        (double)(world->now - BEGINNING) / 1000, what);
	abort();
}

void sim_world_init(struct sim_world *world, uint64_t seed)
{
	memset(world, 0, sizeof *world);
	world->seed = seed;
	world->random.state = seed;
	world->poke_random.state = seed ^ 0x9035;
	world->now = BEGINNING;
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

void sim_world_revive_peer(struct sim_world *world, unsigned index)
{
	struct sim_peer *peer = &world->peers[index];
	struct core_options options;

	memset(&options, 0, sizeof options);
	for (unsigned i = 0; i < sizeof options.seed; i++)
		options.seed[i] = (uint8_t)sim_random_u64(&world->random);
	options.identity = peer->identity;
	options.unix_time = 1700000000 + (int64_t)((world->now - BEGINNING) / USEC_PER_SEC);
	peer->core = core_new(world->now, &options);
}

unsigned sim_world_add_peer(struct sim_world *world, const char *identity, const char *address, enum sim_nat_kind kind,
                            const char *nat_address)
{
	unsigned host = sim_network_add_host(&world->network, address, kind, nat_address);
	struct sim_peer *peer = &world->peers[host];

	if (!identity_parse(&peer->identity, identity, strlen(identity)))
		abort();
	peer->next_port = 10000;
	sim_world_revive_peer(world, host);
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

void sim_world_move_peer(struct sim_world *world, unsigned index, const char *address, bool noticed)
{
	struct sim_host *host = &world->network.hosts[index];

	if (!address_parse(&host->address, address))
		abort();
	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		struct sim_socket *socket = &world->peers[index].sockets[i];
		if (socket->transport != 0 && socket->ice == NULL)
			memcpy(socket->address.ip, host->address.ip, sizeof socket->address.ip);
	}
	if (!noticed)
		return;
	core_network_changed(world->peers[index].core, world->now, true);
	sim_world_drain(world, index);
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
	struct sim_packet packet = { from, to, bytes, size, false };

	sim_network_send(&world->network, world->now, peer, &packet);
}

static void send_segment(struct sim_world *world, unsigned peer, uint32_t transport, const struct sim_packet *packet)
{
	struct sim_wire wire = {
		peer, transport, *packet->source, *packet->destination, packet->bytes, packet->size,
	};

	world->packet_count++;
	sim_world_digest(world, &world->now, sizeof world->now);
	sim_world_digest(world, &transport, sizeof transport);
	digest_address(world, packet->destination);
	sim_world_digest(world, packet->bytes, packet->size);
	if (world->trace != NULL)
		sim_trace_wire(world->trace, &wire);
	if (world->on_wire != NULL)
		world->on_wire(world, &wire);
	if (world->on_packet != NULL && !world->on_packet(world, peer, packet->bytes, packet->size))
		return;
	sim_network_send(&world->network, world->now, peer, packet);
}

/* Bound to an address that the host has no more. */
static bool is_stranded(const struct sim_world *world, unsigned peer, const struct sim_socket *socket)
{
	return !address_equal_ip(&socket->address, &world->network.hosts[peer].address);
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
	if (socket == NULL || (socket->ice != NULL && (socket->ice->selected < 0 || is_stranded(world, peer, socket))))
		return true; /* no way to go: lost */
	remote = socket->ice != NULL ? socket->ice->pairs[socket->ice->selected].remote : burst.remote;
	for (size_t at = 0; at < burst.size; at += burst.segment_size) {
		size_t left = burst.size - at;
		struct sim_packet packet = { &socket->address, &remote, bytes + at, left, burst.whole };
		if (packet.size > burst.segment_size)
			packet.size = burst.segment_size;
		send_segment(world, peer, socket->transport, &packet);
	}
	return true;
}

static void send_signal(struct sim_world *world, unsigned from, const struct action *action)
{
	const struct sim_signaling_options *options = &world->signaling;
	unsigned copies = sim_random_chance(world->network.random, options->duplicate) ? 2 : 1;

	world->signal_count++;
	if (world->trace != NULL)
		sim_trace_signal(world->trace, from, action);
	if (world->on_signal != NULL && !world->on_signal(world, from, action))
		return;
	for (unsigned i = 0; i < world->network.host_count; i++) {
		if (world->peers[i].core == NULL || !identity_equal(&world->peers[i].identity, action->to))
			continue;
		for (unsigned copy = 0; copy < copies; copy++) {
			struct sim_item item = { .kind = SIM_SIGNAL, .host = i };
			usec_t jitter =
				options->jitter > 0 ? (usec_t)sim_random_below(world->network.random, (uint64_t)options->jitter) : 0;
			if (sim_random_chance(world->network.random, options->loss))
				continue;
			item.at = world->now + options->delay + jitter;
			sim_queue_add(&world->queue, &item, action->bytes, action->size);
		}
	}
}

static void start_ice(struct sim_world *world, unsigned peer, const struct action *action)
{
	struct sim_socket *socket = open_socket(world, peer, action->transport, 0);
	usec_t gather = world->now + 1000 + (usec_t)sim_random_below(world->network.random, 3000);

	socket->ice = calloc(1, sizeof *socket->ice);
	sim_ice_start(socket->ice, peer, &socket->address, action, gather);
}

static void close_socket(struct sim_socket *socket)
{
	free(socket->ice);
	memset(socket, 0, sizeof *socket);
}

void sim_world_close_udp(struct sim_world *world, unsigned peer, uint32_t transport)
{
	struct sim_socket *socket = find_socket(&world->peers[peer], transport);

	if (socket != NULL)
		close_socket(socket);
}

static void digest_action(struct sim_world *world, const struct action *action)
{
	sim_world_digest(world, &world->now, sizeof world->now);
	sim_world_digest(world, &action->kind, sizeof action->kind);
	sim_world_digest(world, &action->transport, sizeof action->transport);
	sim_world_digest(world, &action->source, sizeof action->source);
	sim_world_digest(world, &action->controlling, sizeof action->controlling);
	sim_world_digest(world, &action->share, sizeof action->share);
	digest_text(world, action->username);
	digest_text(world, action->password);
	digest_text(world, action->candidate);
	if (action->to != NULL)
		digest_text(world, action->to->text);
	if (action->bytes != NULL)
		sim_world_digest(world, action->bytes, action->size);
}

static bool drain_action(struct sim_world *world, unsigned peer)
{
	struct action action;
	struct sim_socket *socket;

	if (!core_next_action(world->peers[peer].core, &action))
		return false;
	digest_action(world, &action);
	socket = action.transport != 0 ? find_socket(&world->peers[peer], action.transport) : NULL;
	if (action.kind == ACTION_SEND_SIGNAL)
		send_signal(world, peer, &action);
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

static void digest_event(struct sim_world *world, const struct event *event)
{
	bool listener = event->listener != NULL;

	sim_world_digest(world, &event->kind, sizeof event->kind);
	sim_world_digest(world, &listener, sizeof listener);
	sim_world_digest(world, &event->old_state, sizeof event->old_state);
	sim_world_digest(world, &event->new_state, sizeof event->new_state);
	sim_world_digest(world, &event->end_reason, sizeof event->end_reason);
	digest_text(world, event->text);
	sim_world_digest(world, &event->route, sizeof event->route);
	digest_address(world, &event->local);
	digest_address(world, &event->remote);
}

static bool drain_event(struct sim_world *world, unsigned peer)
{
	struct event event;

	if (!core_next_event(world->peers[peer].core, &event))
		return false;
	digest_event(world, &event);
	if (world->trace != NULL)
		sim_trace_event(world->trace, peer, &event);
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
	struct path_change told = *change;

	if (world->relayed && told.kind == PATH_READY)
		told.route = ROUTE_RELAY;
	if (world->trace != NULL)
		sim_trace_path(world->trace, world->current, &told);
	core_receive_path_change(world->peers[world->current].core, world->now, &told);
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
		if (socket->transport == 0 || socket->address.port != item->destination.port ||
		    is_stranded(world, item->host, socket))
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
		if (world->trace != NULL)
			sim_trace_arrival(world->trace, &item);
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
	if (++peer->spin_count > SPIN_MAX)
		sim_world_fail(world, "a core is busy while time stands still");
	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		if (peer->sockets[i].ice != NULL && sim_ice_next_timeout(peer->sockets[i].ice) <= world->now)
			sim_ice_handle_timeout(peer->sockets[i].ice, &context);
	}
	if (core_next_timeout(peer->core) <= world->now)
		core_handle_timeout(peer->core, world->now);
	sim_world_drain(world, index);
}

void sim_world_break_paths(struct sim_world *world, unsigned index)
{
	struct sim_peer *peer = &world->peers[index];
	struct sim_ice_context context = ice_context(world, index);

	for (unsigned i = 0; i < SIM_SOCKETS_MAX; i++) {
		if (peer->sockets[i].ice != NULL)
			sim_ice_break(peer->sockets[i].ice, &context);
	}
	sim_world_drain(world, index);
}

/* --- time */

static void must_be_idle(struct sim_world *world, struct core *core)
{
	static uint8_t bytes[BURST_SIZE];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };
	struct action action;
	struct event event;

	core_handle_timeout(core, world->now);
	if (core_transmit(core, world->now, &burst))
		sim_world_fail(world, "a packet leaves before next_timeout");
	if (core_next_action(core, &action))
		sim_world_fail(world, "an action comes before next_timeout");
	if (core_next_event(core, &event))
		sim_world_fail(world, "an event comes before next_timeout");
	if (core_next_timeout(core) <= world->now)
		sim_world_fail(world, "next_timeout moved to the past");
}

/* Nothing may happen before its time: time goes on for a while, and cores are asked. */
static void poke(struct sim_world *world, usec_t at)
{
	if (world->poke == 0 || at - world->now < 2 || !sim_random_chance(&world->poke_random, world->poke))
		return;
	world->now += 1 + (usec_t)sim_random_below(&world->poke_random, (uint64_t)(at - world->now - 1));
	for (unsigned i = 0; i < world->network.host_count; i++) {
		if (world->peers[i].core != NULL)
			must_be_idle(world, world->peers[i].core);
	}
}

static void clear_spins(struct sim_world *world)
{
	for (unsigned i = 0; i < world->network.host_count; i++)
		world->peers[i].spin_count = 0;
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
	poke(world, at);
	if (at > world->now)
		clear_spins(world);
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
