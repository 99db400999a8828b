/* How signals travel: by callbacks, by events, by the library's own client. */
#include <stdlib.h>
#include <string.h>

#include "verbs.h"

static kith_result carry(void *user_data, const char *peer, const void *data, size_t size)
{
	struct kith_identity identity;
	kith_result result = kith_identity_parse(peer, &identity);

	return result == KITH_OK ? world_carry(user_data, &identity, data, size) : result;
}

static void on_carrier_release(void *user_data)
{
	world_release_peer(((struct carrier *)user_data)->from);
}

static kith_result add_callbacks(struct carrier *carrier)
{
	struct kith_signaling_callbacks callbacks;
	struct world *world = carrier->from->world;
	kith_result result;

	kith_signaling_callbacks_init(&callbacks);
	callbacks.send = carry;
	callbacks.release = on_carrier_release;
	callbacks.user_data = carrier;
	__atomic_add_fetch(&world->borrowed, 1, __ATOMIC_SEQ_CST);
	result = kith_signaling_add(carrier->from->handle, &callbacks, &carrier->signaling);
	if (result == KITH_OK)
		carrier->from->by_callbacks = carrier;
	else
		__atomic_sub_fetch(&world->borrowed, 1, __ATOMIC_SEQ_CST);
	return result;
}

static kith_result open_client(struct world *world, struct step *step, struct peer *peer, const char *url)
{
	kith_signaling handle;
	kith_result result = kith_signaling_open(peer->handle, url, &handle);

	if (result == KITH_OK)
		world_add(world, step, OBJECT_SIGNALING)->handle = handle;
	return result;
}

static kith_result signaling(struct world *world, struct step *step)
{
	struct peer *peer = world_object(world, step_string(step, "on"), OBJECT_ENDPOINT)->peer;
	const char *url = step_string(step, "url"), *by = step_string(step, "by");
	struct carrier *carrier;
	struct object *object;
	kith_result result;

	if (by == NULL || strcmp(by, "server") == 0)
		return open_client(world, step, peer, url != NULL ? url : getenv("KITH_TEST_SIGNALING"));
	carrier = world_new(sizeof(*carrier));
	*carrier = (struct carrier){ .from = peer, .lose_every = step_integer(step, "lose_every", 0) };
	carrier->is_double = step_integer(step, "double", 0) != 0;
	object = world_add(world, step, OBJECT_SIGNALING);
	object->carrier = carrier;
	if (strcmp(by, "events") == 0) {
		peer->by_events = carrier;
		return KITH_OK;
	}
	result = add_callbacks(carrier);
	object->handle = carrier->signaling;
	return result;
}

static kith_result set_signaling_state(struct world *world, struct step *step)
{
	kith_signaling handle = world_argument(world, step, 0, OBJECT_SIGNALING)->handle;
	const struct step_text *state = step_argument(step, 1);

	return kith_signaling_set_state(handle,
	                                (int32_t)value_constant(world, "SIGNALING_", state != NULL ? state->bytes : NULL),
	                                step_string(step, "text"));
}

struct wanted_state {
	kith_signaling signaling;
	int32_t wanted, state;
	kith_result result;
};

static bool has_state(struct world *world, void *data)
{
	struct wanted_state *state = data;

	(void)world;
	state->result = kith_signaling_state(state->signaling, &state->state);
	return state->result != KITH_OK || state->state == state->wanted;
}

static kith_result signaling_state(struct world *world, struct step *step)
{
	struct wanted_state state = { .signaling = world_argument(world, step, 0, OBJECT_SIGNALING)->handle };
	const struct step_text *wanted = step_argument(step, 1);

	state.wanted = (int32_t)value_constant(world, "SIGNALING_", wanted != NULL ? wanted->bytes : NULL);
	VERBS_EXPECT(world, world_await(world, has_state, &state, WORLD_PATIENCE_US), "it is %d", state.state);
	return state.result;
}

static kith_result close_signaling(struct world *world, struct step *step)
{
	return kith_signaling_close(world_argument(world, step, 0, OBJECT_SIGNALING)->handle);
}

struct wanted_signals {
	const struct carrier *carrier;
	int64_t min;
};

static bool has_carried(struct world *world, void *data)
{
	const struct wanted_signals *wanted = data;

	(void)world;
	return __atomic_load_n(&wanted->carrier->carried, __ATOMIC_SEQ_CST) >= wanted->min;
}

static kith_result signals(struct world *world, struct step *step)
{
	struct object *object = world_argument(world, step, 0, OBJECT_SIGNALING);
	struct wanted_signals wanted = { object->carrier, step_integer(step, "min", 1) };

	if (wanted.carrier == NULL)
		world_fail(world, "nobody counts the signals of %s", object->name);
	else if (!world_await(world, has_carried, &wanted, WORLD_PATIENCE_US))
		world_fail(world, "only %lld were carried", (long long)wanted.carrier->carried);
	return KITH_OK;
}

const struct verb verbs_signaling[] = { { "signaling", signaling },
	                                    { "set_signaling_state", set_signaling_state },
	                                    { "signaling_state", signaling_state },
	                                    { "close_signaling", close_signaling },
	                                    { "signals", signals },
	                                    { 0 } };
