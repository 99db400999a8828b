#include "engine/service_impair.h"

#include <uthash.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "engine/engine_internal.h"
#include "engine/entropy.h"
#include "engine/service_transports.h"
#include "transport/impair.h"

enum {
	FLOWS_MIN = 64, /* so many are kept without a look at whether they are needed */
	FLOW_IDLE_SEC = 10,
};

/* A connection, or, for strangers, all of a transport's. */
struct flow_key {
	struct address remote; /* zero: strangers */
	uint32_t transport;
};

struct flow {
	struct flow_key key;
	struct impair_flow directions[2]; /* by enum impair_direction */
	usec_t used_at;
	UT_hash_handle hh;
};

struct service_impair {
	struct impair *impair;
	struct flow *flows;
	unsigned flows_max; /* a look for idle ones is due above it */
};

/* --- whether */

static bool is_impaired(const struct config *config)
{
	return config_get_float(config, CONFIG_FAKE_PACKET_LOSS_SEND) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_LOSS_RECV) > 0 ||
	       config_get_int(config, CONFIG_FAKE_PACKET_LAG_SEND) > 0 ||
	       config_get_int(config, CONFIG_FAKE_PACKET_LAG_RECV) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_JITTER_SEND_AVG) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_JITTER_RECV_AVG) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_REORDER_SEND) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_REORDER_RECV) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_DUP_SEND) > 0 ||
	       config_get_float(config, CONFIG_FAKE_PACKET_DUP_RECV) > 0 ||
	       config_get_int(config, CONFIG_FAKE_RATE_LIMIT_SEND_RATE) > 0 ||
	       config_get_int(config, CONFIG_FAKE_RATE_LIMIT_RECV_RATE) > 0;
}

void service_impair_notice(struct service *service, const struct config *config)
{
	struct service_impair *state;
	uint64_t seed = 0;

	if (service->impair != NULL || !is_impaired(config))
		return;
	/* Without random numbers the simulation is the same each time: no harm. */
	(void)entropy_fill(&seed, sizeof(seed));
	state = alloc_zeroed(sizeof(*state));
	state->impair = impair_new(seed);
	state->flows_max = FLOWS_MIN;
	service->impair = state;
}

/* --- which rules */

static usec_t in_usec(float milliseconds)
{
	return (usec_t)((double)milliseconds * 1000);
}

static void fill_rules(const struct config *config, enum impair_direction direction, struct impair_rules *out)
{
	bool sends = direction == IMPAIR_SEND;

	out->rate = config_get_int(config, sends ? CONFIG_FAKE_RATE_LIMIT_SEND_RATE : CONFIG_FAKE_RATE_LIMIT_RECV_RATE);
	out->burst = config_get_int(config, sends ? CONFIG_FAKE_RATE_LIMIT_SEND_BURST : CONFIG_FAKE_RATE_LIMIT_RECV_BURST);
	out->loss = (double)config_get_float(config, sends ? CONFIG_FAKE_PACKET_LOSS_SEND : CONFIG_FAKE_PACKET_LOSS_RECV);
	out->lag =
		USEC_PER_MSEC * config_get_int(config, sends ? CONFIG_FAKE_PACKET_LAG_SEND : CONFIG_FAKE_PACKET_LAG_RECV);
	out->jitter_average = in_usec(
		config_get_float(config, sends ? CONFIG_FAKE_PACKET_JITTER_SEND_AVG : CONFIG_FAKE_PACKET_JITTER_RECV_AVG));
	out->jitter_max = in_usec(
		config_get_float(config, sends ? CONFIG_FAKE_PACKET_JITTER_SEND_MAX : CONFIG_FAKE_PACKET_JITTER_RECV_MAX));
	out->jitter_share = (double)config_get_float(config, sends ? CONFIG_FAKE_PACKET_JITTER_SEND_PCT
	                                                           : CONFIG_FAKE_PACKET_JITTER_RECV_PCT);
	out->reorder =
		(double)config_get_float(config, sends ? CONFIG_FAKE_PACKET_REORDER_SEND : CONFIG_FAKE_PACKET_REORDER_RECV);
	out->reorder_time = USEC_PER_MSEC * config_get_int(config, CONFIG_FAKE_PACKET_REORDER_TIME);
	out->duplicate =
		(double)config_get_float(config, sends ? CONFIG_FAKE_PACKET_DUP_SEND : CONFIG_FAKE_PACKET_DUP_RECV);
	out->duplicate_time_max = USEC_PER_MSEC * config_get_int(config, CONFIG_FAKE_PACKET_DUP_TIME_MAX);
}

static void drop_idle(struct service_impair *state, usec_t now)
{
	struct flow *flow, *next;

	HASH_ITER (hh, state->flows, flow, next) {
		if (now - flow->used_at < FLOW_IDLE_SEC * USEC_PER_SEC)
			continue;
		HASH_DELETE(hh, state->flows, flow);
		alloc_free(flow);
	}
	state->flows_max = HASH_COUNT(state->flows) * 2;
	if (state->flows_max < FLOWS_MIN)
		state->flows_max = FLOWS_MIN;
}

static struct flow *find_flow(struct service_impair *state, usec_t now, const struct flow_key *key)
{
	struct flow *flow;

	HASH_FIND(hh, state->flows, key, sizeof(*key), flow);
	if (flow == NULL) {
		if (HASH_COUNT(state->flows) >= state->flows_max)
			drop_idle(state, now);
		flow = alloc_zeroed(sizeof(*flow));
		flow->key = *key;
		HASH_ADD(hh, state->flows, key, sizeof(flow->key), flow);
	}
	flow->used_at = now;
	return flow;
}

/* What a datagram falls under. */
struct way {
	struct impair_rules rules;
	struct impair_flow *flow;
	enum impair_direction direction;
};

static void find_way(struct service *service, usec_t now, enum impair_direction direction,
                     const struct datagram *datagram, struct way *out)
{
	struct flow_key key;
	bool is_stranger;
	const struct config *config =
		core_config_of(service->engine->core, datagram->transport, &datagram->remote, &is_stranger);

	bytes_zero(&key, sizeof(key));
	key.transport = datagram->transport;
	if (!is_stranger)
		key.remote = datagram->remote;
	out->direction = direction;
	out->flow = &find_flow(service->impair, now, &key)->directions[direction];
	fill_rules(config, direction, &out->rules);
}

/* What should have left by now must not be overtaken either. */
static bool is_active(const struct service *service, usec_t now, const struct way *way)
{
	return impair_is_active(&way->rules, way->flow, now) || service_impair_next_timeout(service) <= now;
}

/* True: it goes on now. */
static bool pass(struct service *service, usec_t now, const struct way *way, const struct datagram *datagram)
{
	return !is_active(service, now, way) ||
	       impair_pass(service->impair->impair, now, &way->rules, way->flow, way->direction, datagram);
}

/* --- datagrams */

static void send_now(struct service *service, const struct datagram *datagram)
{
	const struct datagram_burst burst = {
		.bytes = datagram->bytes,
		.transport = datagram->transport,
		.remote = datagram->remote,
		.local = datagram->local,
		.size = datagram->size,
		.segment_size = datagram->size,
		.whole = datagram->whole,
	};

	service_transports_send_now(service, &burst);
}

bool service_impair_send(struct service *service, usec_t now, const struct datagram_burst *burst)
{
	struct datagram datagram = { burst->transport, burst->remote, burst->local, burst->bytes, 0, burst->whole };
	struct way way;

	if (service->impair == NULL)
		return false;
	find_way(service, now, IMPAIR_SEND, &datagram, &way);
	/* As long as nothing happens to them they may leave together. */
	if (!is_active(service, now, &way))
		return false;
	for (size_t at = 0; at < burst->size; at += burst->segment_size) {
		size_t left = burst->size - at;
		datagram.bytes = burst->bytes + at;
		datagram.size = left < burst->segment_size ? left : burst->segment_size;
		if (pass(service, now, &way, &datagram))
			send_now(service, &datagram);
	}
	return true;
}

size_t service_impair_receive(struct service *service, usec_t now, struct datagram *datagrams, size_t count)
{
	size_t kept = 0;

	if (service->impair == NULL)
		return count;
	for (size_t i = 0; i < count; i++) {
		struct way way;
		find_way(service, now, IMPAIR_RECEIVE, &datagrams[i], &way);
		if (pass(service, now, &way, &datagrams[i]))
			datagrams[kept++] = datagrams[i];
	}
	return kept;
}

/* --- time */

usec_t service_impair_next_timeout(const struct service *service)
{
	return service->impair == NULL ? USEC_NEVER : impair_next_timeout(service->impair->impair);
}

void service_impair_step(struct service *service, usec_t now)
{
	enum impair_direction direction;
	struct datagram datagram;

	if (service->impair == NULL)
		return;
	while (impair_next(service->impair->impair, now, &direction, &datagram)) {
		if (direction == IMPAIR_SEND)
			send_now(service, &datagram);
		else
			core_receive_datagram(service->engine->core, now, &datagram);
	}
}

void service_impair_close(struct service *service)
{
	struct service_impair *state = service->impair;
	enum impair_direction direction;
	struct datagram datagram;
	struct flow *flow, *next;

	if (state == NULL)
		return;
	while (impair_next(state->impair, USEC_NEVER - 1, &direction, &datagram)) {
		if (direction == IMPAIR_SEND)
			send_now(service, &datagram);
	}
	impair_free(state->impair);
	HASH_ITER (hh, state->flows, flow, next) {
		HASH_DELETE(hh, state->flows, flow);
		alloc_free(flow);
	}
	alloc_free(state);
	service->impair = NULL;
}
