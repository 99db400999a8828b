#include "sim_folk_internal.h"

#include <stdio.h>

#include "core/wire/packet_header.h"
#include "sim_memory.h"
#include "sim_trace.h"

/* Time for the last farewells: stragglers are answered for five seconds. */
#define FAREWELL (15 * USEC_PER_SEC)
/* Whatever a world's connections hold at once: buffers of both sides, rings, pages, by far. */
#define CONNECTION_BYTES_MAX (3 * 1024 * 1024)

/* Which connection of the sender calls its other end by this id; of several the last. */
static uint32_t sender_of(struct sim_folk *folk, const struct sim_wire *wire)
{
	struct packet_header header;

	if (!packet_header_read(&header, wire->bytes, wire->size))
		return 0;
	for (unsigned i = folk->talk_count; i > 0; i--) {
		struct sim_talk *talk = folk->talks[i - 1];
		sim_talk_refresh(talk);
		if (talk->peer == wire->from && !talk->killed && talk->remote_id == header.connection_id)
			return talk->tag;
	}
	sim_world_fail(&folk->world, "a packet of no connection leaves");
	return 0;
}

static void on_wire(struct sim_world *world, const struct sim_wire *wire)
{
	struct sim_folk *folk = (struct sim_folk *)world; /* its first member */

	sim_spy_on_wire(&folk->spy, wire, sender_of(folk, wire));
}

static bool on_signal(struct sim_world *world, unsigned from, const struct action *action)
{
	sim_spy_on_signal(&((struct sim_folk *)world)->spy, from, action);
	return true;
}

static void check_memory(struct sim_folk *folk)
{
	int64_t limit = (int64_t)folk->options.peer_count * 1024 * 1024;

	limit += (int64_t)folk->talk_count * CONNECTION_BYTES_MAX;
	if (sim_memory_held() - folk->memory_before > limit)
		sim_world_fail(&folk->world, "cores hold more than they may");
}

static usec_t next_turn(const struct sim_folk *folk)
{
	usec_t at = folk->weather_at;

	for (unsigned i = 0; i < folk->options.peer_count; i++)
		at = usec_min(at, folk->peers[i].act_at);
	return at;
}

/* What a script does not say does not happen. */
static bool is_told(const struct sim_folk *folk)
{
	return !folk->quiet && folk->world.random.script != NULL && folk->world.random.script_left == 0;
}

static void live_until(struct sim_folk *folk, usec_t until)
{
	while (folk->world.now < until && !is_told(folk)) {
		usec_t turn = usec_min(next_turn(folk), until);
		while (sim_world_step(&folk->world, turn))
			;
		folk->world.now = usec_max(folk->world.now, turn);
		for (unsigned i = 0; i < folk->options.peer_count; i++) {
			if (folk->peers[i].act_at <= folk->world.now)
				sim_folk_act(folk, i);
		}
		if (!folk->quiet)
			sim_folk_weather(folk);
		else
			folk->weather_at = USEC_NEVER;
		check_memory(folk);
	}
}

static void revive_all(struct sim_folk *folk)
{
	for (unsigned i = 0; i < folk->options.peer_count; i++)
		folk->peers[i].revive_at = 0;
}

static void part(struct sim_folk *folk)
{
	for (unsigned i = 0; i < folk->talk_count; i++) {
		struct sim_talk *talk = folk->talks[i];
		if (talk->conn == NULL)
			continue;
		sim_talk_hang_up(talk, 1000, "good night", 0);
		sim_world_drain(&folk->world, talk->peer);
	}
	live_until(folk, folk->world.now + FAREWELL);
}

static void clean_up(struct sim_folk *folk)
{
	for (unsigned i = 0; i < folk->options.peer_count; i++) {
		sim_folk_kill_peer(folk, i);
		config_free(&folk->peers[i].config);
	}
	for (unsigned i = 0; i < folk->talk_count; i++)
		sim_talk_free(folk->talks[i]);
	sim_spy_free(&folk->spy);
	sim_world_free(&folk->world);
	if (sim_memory_held() != folk->memory_before)
		sim_world_fail(&folk->world, "memory was lost");
}

static void introduce(const struct sim_folk *folk)
{
	const struct sim_folk_world *options = &folk->options;

	fprintf(stderr, "%u peers,%s%s%s active %d s, pause %d ms, size %zu, %u connections, %u lanes\n",
	        options->peer_count,
	        options->perfect ? " perfect,"
	        : options->calm  ? " calm,"
	                         : "",
	        options->hostile ? " hostile," : "", options->plain ? " plain," : "", (int)(options->active / USEC_PER_SEC),
	        (int)(options->pause_max / USEC_PER_MSEC), options->size_max, options->talks_max, options->lanes_max);
}

static void sum_up(const struct sim_folk *folk)
{
	unsigned connected = 0, over = 0, hung_up = 0, killed = 0;
	uint64_t sent = 0, received = 0;

	for (unsigned i = 0; i < folk->talk_count; i++) {
		const struct sim_talk *talk = folk->talks[i];
		connected += talk->was_connected;
		over += talk->over;
		hung_up += talk->hung_up && !talk->over;
		killed += talk->killed;
		sent += talk->sent_count;
		received += talk->received_count;
	}
	fprintf(
		stderr,
		"%u connections, %u were up, %u ended by the network, %u hung up, %u died; %llu messages, %llu arrived; %llu "
		"packets, %llu signals, %llu attacks; %.1f s\n",
		folk->talk_count, connected, over, hung_up, killed, (unsigned long long)sent, (unsigned long long)received,
		(unsigned long long)folk->world.packet_count, (unsigned long long)folk->world.signal_count,
		(unsigned long long)folk->spy.attack_count, (double)(folk->world.now - 1000 * USEC_PER_SEC) / 1e6);
}

static struct sim_folk folk;

static void live(int64_t memory_before, bool verbose)
{
	struct sim_trace trace = { &folk.world, stderr, SIM_TRACE_ALL };

	folk.memory_before = memory_before;
	folk.world.trace = verbose ? &trace : NULL;
	folk.world.on_event = sim_folk_on_event;
	folk.world.on_wire = on_wire;
	folk.world.on_signal = on_signal;
	if (verbose)
		introduce(&folk);
	for (unsigned i = 0; i < folk.options.peer_count; i++)
		sim_folk_start_peer(&folk, i);
	live_until(&folk, folk.world.now + folk.options.active);
	folk.quiet = true;
	revive_all(&folk);
	sim_folk_good_weather(&folk);
	live_until(&folk, folk.world.now + folk.options.quiet);
	sim_folk_judge(&folk);
	if (verbose)
		sum_up(&folk);
	part(&folk);
	sim_folk_judge_end(&folk);
	clean_up(&folk);
}

uint64_t sim_folk_live(uint64_t seed, bool verbose)
{
	int64_t memory_before = sim_memory_held();

	sim_folk_init(&folk, seed, NULL, 0);
	live(memory_before, verbose);
	return folk.world.digest;
}

void sim_folk_play(const uint8_t *script, size_t size, bool verbose)
{
	int64_t memory_before = sim_memory_held();

	sim_folk_init(&folk, 1, script, size);
	live(memory_before, verbose);
}
