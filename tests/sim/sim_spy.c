#include "sim_spy.h"

#include <stdlib.h>
#include <string.h>

#include "core/wire/packet_header.h"
#include "core/wire/wire.h"

#define ATTACK_SIZE_MAX 2048

void sim_spy_init(struct sim_spy *spy, struct sim_world *world)
{
	memset(spy, 0, sizeof *spy);
	spy->world = world;
	spy->random.state = world->seed ^ 0x5b1e5;
	for (unsigned i = 0; i < SIM_HOSTS_MAX; i++)
		spy->mtu[i] = WIRE_DATAGRAM_MAX_IPV4;
}

void sim_spy_free(struct sim_spy *spy)
{
	for (unsigned i = 0; i < SIM_SPY_KEPT; i++)
		free(spy->kept[i].bytes);
}

/* --- numbers */

static struct sim_spy_stream *stream_of(struct sim_spy *spy, uint32_t tag, uint32_t id)
{
	uint64_t key = (uint64_t)tag << 32 | id;
	size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 40);

	for (unsigned i = 0; i < SIM_SPY_STREAMS; i++) {
		struct sim_spy_stream *stream = &spy->streams[(at + i) % SIM_SPY_STREAMS];
		if (stream->key == 0)
			*stream = (struct sim_spy_stream){ key, 1 };
		if (stream->key == key)
			return stream;
	}
	sim_world_fail(spy->world, "more connections than the spy can follow");
	return NULL;
}

static void check_number(struct sim_spy *spy, const struct sim_wire *wire, uint32_t tag)
{
	struct packet_header header;
	struct sim_spy_stream *stream;
	int64_t number;

	if (!packet_header_read(&header, wire->bytes, wire->size))
		sim_world_fail(spy->world, "a data packet that cannot be read leaves");
	stream = stream_of(spy, tag, header.connection_id);
	number = stream->last + (int16_t)(uint16_t)(header.number - (uint16_t)stream->last);
	if (number <= stream->last)
		sim_world_fail(spy->world, "a packet number is used twice");
	stream->last = number;
}

static void keep(struct sim_spy *spy, const struct sim_spy_kept *what)
{
	struct sim_spy_kept *slot;

	if (!spy->keeps)
		return;
	if (spy->kept_count < SIM_SPY_KEPT)
		slot = &spy->kept[spy->kept_count++];
	else
		slot = &spy->kept[sim_random_below(&spy->random, SIM_SPY_KEPT)];
	free(slot->bytes);
	*slot = *what;
	slot->bytes = malloc(what->size);
	memcpy(slot->bytes, what->bytes, what->size);
}

void sim_spy_on_wire(struct sim_spy *spy, const struct sim_wire *wire, uint32_t tag)
{
	struct sim_spy_kept what = {
		.from = wire->from, .local = wire->local, .remote = wire->remote, .bytes = (uint8_t *)(uintptr_t)wire->bytes
	};

	what.size = wire->size;
	if (wire->size == 0 || wire->size > WIRE_DATAGRAM_MAX_IPV4)
		sim_world_fail(spy->world, "a datagram of a size that must not be");
	if (wire->bytes[0] >= WIRE_LEAD_DATA) {
		if (wire->size > spy->mtu[wire->from])
			sim_world_fail(spy->world, "a packet larger than MTU_PacketSize");
		check_number(spy, wire, tag);
	}
	keep(spy, &what);
}

void sim_spy_on_signal(struct sim_spy *spy, unsigned from, const struct action *action)
{
	struct sim_spy_kept what = { .is_signal = true, .from = from, .bytes = (uint8_t *)(uintptr_t)action->bytes };

	what.size = action->size;
	for (unsigned i = 0; i < spy->world->network.host_count; i++) {
		if (identity_equal(&spy->world->peers[i].identity, action->to))
			what.to = i;
	}
	keep(spy, &what);
}

/* --- attacks */

static size_t below(struct sim_spy *spy, size_t limit)
{
	return (size_t)sim_random_below(&spy->random, limit);
}

static size_t change(struct sim_spy *spy, uint8_t *bytes, size_t size)
{
	switch (below(spy, 6)) {
	case 0:
		return size; /* a replay */
	case 1:
		return 1 + below(spy, size);
	case 2:
		for (size_t i = 0; i < size; i++)
			bytes[i] = (uint8_t)(i == 0 ? bytes[i] : below(spy, 256));
		return size;
	case 3:
		memset(bytes + size, (int)below(spy, 256), 16);
		return size + 1 + below(spy, 16);
	default:
		for (size_t i = 1 + below(spy, 8); i > 0; i--)
			bytes[below(spy, size)] ^= (uint8_t)(1u << below(spy, 8));
		return size;
	}
}

/* An attacker who writes the peer's address and knows both ids may end a connection; that is known.
 * Without them it must not be possible, so the ids are not among what it changes. */
static void spoil_control(struct sim_spy *spy, uint8_t *bytes, size_t size)
{
	if (bytes[0] != WIRE_LEAD_CONNECTION_CLOSED && bytes[0] != WIRE_LEAD_NO_CONNECTION)
		return;
	for (size_t i = 1; i < size; i++)
		bytes[i] = (uint8_t)below(spy, 256);
}

void sim_spy_attack(struct sim_spy *spy)
{
	static uint8_t bytes[ATTACK_SIZE_MAX + 16];
	const struct sim_spy_kept *what;
	struct sim_world *world = spy->world;
	size_t size;

	if (spy->kept_count == 0)
		return;
	what = &spy->kept[below(spy, spy->kept_count)];
	if (what->size > ATTACK_SIZE_MAX)
		return;
	memcpy(bytes, what->bytes, what->size);
	size = change(spy, bytes, what->size);
	spy->attack_count++;
	if (what->is_signal) {
		struct sim_item item = { .kind = SIM_SIGNAL, .host = what->to, .at = world->now + 1 };
		sim_queue_add(&world->queue, &item, bytes, size);
		return;
	}
	spoil_control(spy, bytes, size);
	if (below(spy, 4) == 0) {
		struct address other = world->network.hosts[(what->from + 1) % world->network.host_count].address;
		other.port = (uint16_t)(40000 + below(spy, 100));
		sim_world_send_raw(world, (what->from + 1) % world->network.host_count, &other, &what->remote, bytes, size);
	} else {
		sim_world_send_raw(world, what->from, &what->local, &what->remote, bytes, size);
	}
}
