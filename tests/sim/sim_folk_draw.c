/* Who lives in a world, and under what conditions. */
#include "sim_folk_internal.h"

#include <stdio.h>
#include <string.h>

#include "core/wire/wire.h"

static const char *const names[SIM_FOLK_PEERS] = { "str:alice", "str:bob", "gen:c0ffee", "str:dave" };

static void draw_world(struct sim_random *random, struct sim_folk_world *out)
{
	uint32_t mood = sim_folk_draw(random, 10);

	memset(out, 0, sizeof *out);
	out->calm = mood < 4;
	out->perfect = mood < 2;
	out->hostile = mood == 9;
	out->plain = !out->hostile && sim_folk_draw(random, 8) == 0;
	out->peer_count = 2 + sim_folk_draw(random, 3);
	out->active = (2 + sim_folk_draw(random, sim_folk_draw(random, 6) == 0 ? 60 : 12)) * USEC_PER_SEC;
	out->pause_max = (usec_t)(1 + sim_folk_draw(random, 4)) * 100 * USEC_PER_MSEC;
	out->quiet = 70 * USEC_PER_SEC;
	out->size_max = sim_folk_draw(random, 6) == 0 ? 60000 : sim_folk_draw(random, 3) == 0 ? 9000 : 1400;
	out->talks_max = 2 + sim_folk_draw(random, 14);
	out->lanes_max = sim_folk_draw(random, 3) == 0 ? 1 + sim_folk_draw(random, 256) : 1;
}

/* A fuzzer wants many worlds rather than long ones. */
static void shorten(struct sim_folk_world *world)
{
	world->peer_count = 2;
	world->active = 2 * USEC_PER_SEC;
	world->pause_max = 100 * USEC_PER_MSEC;
	world->talks_max = 4;
	world->size_max = 3000;
	world->quiet = 40 * USEC_PER_SEC;
}

static void set(struct config *config, enum config_id id, int64_t value)
{
	if (config_set_int(config, id, (int32_t)value) != CONFIG_OK)
		fprintf(stderr, "config %d cannot be %d\n", (int)id, (int)value);
}

/* Buffers so small that everything stops and goes; every message still fits. */
static void draw_buffers(struct sim_random *random, struct config *config, size_t size_max)
{
	if (sim_folk_draw(random, 3) == 0)
		set(config, CONFIG_SEND_BUFFER_SIZE, 4096 + sim_folk_draw(random, 60000));
	if (sim_folk_draw(random, 3) == 0) {
		int64_t least = size_max < 4096 ? 4096 : (int64_t)size_max;
		set(config, CONFIG_RECV_BUFFER_SIZE, least + sim_folk_draw(random, 60000));
	}
	if (sim_folk_draw(random, 4) == 0)
		set(config, CONFIG_RECV_BUFFER_MESSAGES, 2 + sim_folk_draw(random, 60));
	if (sim_folk_draw(random, 3) == 0)
		set(config, CONFIG_RECV_MAX_MESSAGE_SIZE, size_max < 64 ? 64 : (int64_t)size_max);
}

static void draw_config(struct sim_random *random, const struct sim_folk_world *world, struct config *config)
{
	set(config, CONFIG_SYMMETRIC_CONNECT, 0);
	if (sim_folk_draw(random, 2) == 0)
		set(config, CONFIG_MTU_PACKET_SIZE, 200 + sim_folk_draw(random, 1101));
	draw_buffers(random, config, world->size_max);
	if (sim_folk_draw(random, 4) == 0)
		set(config, CONFIG_NAGLE_TIME, sim_folk_draw(random, 20001));
	if (sim_folk_draw(random, 6) == 0) {
		set(config, CONFIG_CONGESTION_CONTROL, 1);
		set(config, CONFIG_SEND_RATE_MAX, 20000 + sim_folk_draw(random, 500000));
	}
	if (sim_folk_draw(random, 6) == 0)
		set(config, CONFIG_SEND_RATE_MIN, 1024 + sim_folk_draw(random, 15000));
	if (sim_folk_draw(random, 4) == 0)
		set(config, CONFIG_PROBE_INTERVAL, sim_folk_draw(random, 10001));
	if (world->plain)
		set(config, CONFIG_UNENCRYPTED, sim_folk_draw(random, 4));
	if (world->calm)
		return;
	if (sim_folk_draw(random, 4) == 0)
		set(config, CONFIG_TIMEOUT_CONNECTED, 500 + sim_folk_draw(random, 12000));
	if (sim_folk_draw(random, 4) == 0)
		set(config, CONFIG_TIMEOUT_INITIAL, 500 + sim_folk_draw(random, 12000));
}

/* A narrow link that cuts nothing has to take the handshake at least. */
static void draw_mtu(struct sim_random *random, bool perfect, struct sim_link_options *out)
{
	if (sim_folk_draw(random, 3) != 0)
		return;
	out->cuts = perfect || sim_folk_draw(random, 2) == 0;
	out->mtu = (out->cuts ? 576 : 1000) + sim_folk_draw(random, 600);
}

static void draw_link(struct sim_random *random, const struct sim_folk_world *world, struct sim_link_options *out)
{
	bool calm = world->calm;

	memset(out, 0, sizeof *out);
	out->delay = sim_folk_draw(random, 4) == 0 ? sim_folk_draw(random, 120000) : sim_folk_draw(random, 20000);
	if (sim_folk_draw(random, 2) == 0)
		out->jitter = sim_folk_draw(random, 15000) + 1;
	if (!world->perfect && sim_folk_draw(random, 2) == 0)
		out->loss = sim_folk_draw(random, calm ? 20000 : 150000);
	if (sim_folk_draw(random, 3) == 0)
		out->reorder = sim_folk_draw(random, 100000);
	if (sim_folk_draw(random, 3) == 0)
		out->duplicate = sim_folk_draw(random, 50000);
	if (!world->perfect && sim_folk_draw(random, 3) == 0) {
		out->rate = 60000 + sim_folk_draw(random, 2000000);
		out->queue = 50000 + sim_folk_draw(random, 200000);
	}
	draw_mtu(random, world->perfect, out);
}

static void draw_signaling(struct sim_folk *folk)
{
	struct sim_random *random = &folk->world.random;
	struct sim_signaling_options *signaling = &folk->world.signaling;
	bool calm = folk->options.calm;

	signaling->delay = sim_folk_draw(random, 60000);
	if (sim_folk_draw(random, 2) == 0)
		return;
	signaling->jitter = 1 + sim_folk_draw(random, calm ? 100000 : 500000);
	signaling->loss = calm ? 0 : sim_folk_draw(random, 300000);
	signaling->duplicate = sim_folk_draw(random, 300000);
}

static void draw_reader(struct sim_random *random, struct sim_folk_peer *peer)
{
	peer->polite = sim_folk_draw(random, 3) != 0;
	peer->read_max = 1 + sim_folk_draw(random, sim_folk_draw(random, 2) == 0 ? 4 : 100);
}

/* Two translators that no packet crosses would need a relay: not in a calm world. */
static enum sim_nat_kind draw_nat(struct sim_folk *folk, unsigned index)
{
	enum sim_nat_kind kind = (enum sim_nat_kind)sim_folk_draw(&folk->world.random, 5);

	if (folk->options.calm && index > 0 && kind > SIM_NAT_ADDRESS_RESTRICTED)
		return SIM_NAT_NONE;
	return kind;
}

static void add_peer(struct sim_folk *folk, unsigned index)
{
	struct sim_random *random = &folk->world.random;
	struct sim_folk_peer *peer = &folk->peers[index];
	enum sim_nat_kind nat = draw_nat(folk, index);
	struct sim_link_options link;
	char inside[32], outside[32];

	snprintf(outside, sizeof outside, "198.51.100.%u", 11 + index);
	snprintf(inside, sizeof inside, "192.168.%u.10", 1 + index);
	sim_world_add_peer(&folk->world, names[index], nat == SIM_NAT_NONE ? outside : inside, nat, outside);
	draw_link(random, &folk->options, &link);
	sim_network_set_link(&folk->world.network, index, &link);
	config_init_defaults(&peer->config, CONFIG_LEVEL_ENDPOINT);
	draw_config(random, &folk->options, &peer->config);
	draw_reader(random, peer);
	peer->behind_nat = nat != SIM_NAT_NONE;
	peer->revive_at = USEC_NEVER;
	peer->act_at = folk->world.now + (usec_t)sim_folk_draw(random, 100000);
	if (config_get_int(&peer->config, CONFIG_MTU_PACKET_SIZE) < WIRE_DATAGRAM_MAX)
		folk->spy.mtu[index] = (size_t)config_get_int(&peer->config, CONFIG_MTU_PACKET_SIZE);
}

void sim_folk_init(struct sim_folk *folk, uint64_t seed, const uint8_t *script, size_t size)
{
	memset(folk, 0, sizeof *folk);
	sim_world_init(&folk->world, seed);
	folk->world.random.script = script;
	folk->world.random.script_left = size;
	draw_world(&folk->world.random, &folk->options);
	if (script != NULL) {
		shorten(&folk->options);
		folk->links.state = seed;
		folk->world.network.random = &folk->links;
	}
	sim_spy_init(&folk->spy, &folk->world);
	folk->spy.keeps = folk->options.hostile;
	folk->world.poke = sim_folk_draw(&folk->world.random, 2) == 0 ? 50000 : 0;
	draw_signaling(folk);
	for (unsigned i = 0; i < folk->options.peer_count; i++)
		add_peer(folk, i);
	folk->weather_at = folk->world.now + USEC_PER_SEC;
}

void sim_folk_good_weather(struct sim_folk *folk)
{
	struct sim_link_options good = { .delay = 5000 };

	for (unsigned i = 0; i < folk->options.peer_count; i++) {
		struct sim_host *host = &folk->world.network.hosts[i];
		sim_network_set_link(&folk->world.network, i, &good);
		host->up.down = host->down.down = false;
	}
	folk->world.signaling = (struct sim_signaling_options){ .delay = 5000 };
}

static void pass_weather(struct sim_folk *folk)
{
	struct sim_random *random = &folk->world.random;
	unsigned index = sim_folk_draw(random, folk->options.peer_count);
	struct sim_host *host = &folk->world.network.hosts[index];
	struct sim_link_options link;

	switch (sim_folk_draw(random, 6)) {
	case 0:
		host->up.down = host->down.down = !host->up.down;
		break;
	case 1:
		sim_nat_rebind(&host->nat);
		break;
	case 2:
		folk->world.signaling.loss = folk->world.signaling.loss == 1000000 ? 0 : 1000000;
		break;
	case 3:
		if (folk->world.peers[index].core != NULL)
			sim_world_break_paths(&folk->world, index);
		break;
	default:
		draw_link(random, &folk->options, &link);
		sim_network_set_link(&folk->world.network, index, &link);
		host->up.down = host->down.down = false;
		break;
	}
}

void sim_folk_weather(struct sim_folk *folk)
{
	if (folk->world.now < folk->weather_at)
		return;
	folk->weather_at = folk->world.now + 100 * USEC_PER_MSEC + (usec_t)sim_folk_draw(&folk->world.random, 4000000);
	if (!folk->options.calm)
		pass_weather(folk);
	for (unsigned i = 0; folk->options.hostile && i < 20; i++)
		sim_spy_attack(&folk->spy);
}
