/* Events: waiting for one, and for none; incoming connections and ended ones, which are events too. */
#include <string.h>

#include "field.h"
#include "verbs.h"

struct search {
	struct peer *peer; /* null: any endpoint's */
	int32_t type;
	bool (*fits)(struct world *world, struct step *step, const struct kith_event *event);
	struct step *step;
	kith_connection connection;
	struct kith_event found;
};

static bool find_in(struct world *world, struct search *search, struct peer *peer)
{
	for (size_t i = 0; i < peer->events_count; i++) {
		struct seen_event *seen = &peer->events[i];
		if (seen->is_taken || seen->event.type != search->type ||
		    (search->connection != 0 && seen->event.connection != search->connection) ||
		    !search->fits(world, search->step, &seen->event))
			continue;
		seen->is_taken = true;
		search->found = seen->event;
		return true;
	}
	return false;
}

static bool find(struct world *world, void *data)
{
	struct search *search = data;

	if (search->peer != NULL)
		return find_in(world, search, search->peer);
	for (unsigned i = 0; i < world->objects_count; i++) {
		if (world->objects[i]->peer != NULL && find_in(world, search, world->objects[i]->peer))
			return true;
	}
	return false;
}

/* Of an event that says what became of a signaling the state is of another kind. */
static bool holds(struct world *world, const struct kith_event *event, const char *name, const char *text)
{
	const struct field *field = field_find("kith_event", name);

	if (field == NULL) {
		world_fail(world, "an event has no %s", name);
		return false;
	}
	if (event->type == KITH_EVENT_SIGNALING_STATE && strcmp(name, "state") == 0)
		return event->state == value_constant(world, "SIGNALING_", text);
	return field_holds(world, field, name, event, "is", text);
}

static bool has_fields(struct world *world, struct step *step, const struct kith_event *event)
{
	for (unsigned i = 0; i < step->keys_count; i++) {
		const char *name = step->keys[i].name;
		if (strcmp(name, "for_us") != 0 && !holds(world, event, name, step_string(step, name)))
			return false;
	}
	return true;
}

static struct search search_of(struct world *world, struct step *step)
{
	struct search search = { .fits = has_fields, .step = step };
	const struct step_text *type = step_argument(step, 1);

	search.peer = world_argument(world, step, 0, OBJECT_ENDPOINT)->peer;
	search.type = (int32_t)value_constant(world, "EVENT_", type != NULL ? type->bytes : NULL);
	return search;
}

/* What the endpoint had, for the one who looks for what it had not. */
static void tell_events(struct world *world, struct peer *peer)
{
	char text[WORLD_FAILURE_MAX / 2] = "";
	size_t size = 0;

	for (size_t i = 0; i < peer->events_count && size < sizeof(text) - 100; i++) {
		const struct kith_event *event = &peer->events[i].event;
		strcat(strcat(text, " "), kith_event_name(event->type));
		if (event->type == KITH_EVENT_STATE)
			strcat(strcat(text, ":"), kith_state_name(event->state));
		size = strlen(text);
	}
	world_fail(world, "no such event in time, but:%s", text);
}

static kith_result event(struct world *world, struct step *step)
{
	struct search search = search_of(world, step);

	if (!world_await(world, find, &search, WORLD_PATIENCE_US))
		tell_events(world, search.peer);
	return KITH_OK;
}

static kith_result no_event(struct world *world, struct step *step)
{
	struct search search = search_of(world, step);

	world_pause(world, step_integer(step, "for_us", 0));
	VERBS_EXPECT(world, !find(world, &search), "there was one: %s", search.found.text);
	return KITH_OK;
}

/* --- incoming and ended connections */

static bool is_request(struct world *world, struct step *step, const struct kith_event *event)
{
	static const char *const names[] = { "listener", "peer", "user_data" };

	if (event->state != KITH_STATE_CONNECTING || event->listener == KITH_NO_HANDLE)
		return false;
	for (int i = 0; i < 3; i++) {
		const char *text = step_string(step, names[i]);
		if (text != NULL && !holds(world, event, names[i], text))
			return false;
	}
	return true;
}

static kith_result incoming(struct world *world, struct step *step)
{
	struct search search = { .type = KITH_EVENT_STATE, .fits = is_request, .step = step };

	search.peer = world_object(world, step_string(step, "on"), OBJECT_ENDPOINT)->peer;
	if (!world_await(world, find, &search, WORLD_PATIENCE_US))
		tell_events(world, search.peer);
	world_add(world, step, OBJECT_CONNECTION)->handle = search.found.connection;
	return KITH_OK;
}

static bool is_end(struct world *world, struct step *step, const struct kith_event *event)
{
	(void)world;
	(void)step;
	return event->state == KITH_STATE_CLOSED_BY_PEER || event->state == KITH_STATE_PROBLEM_DETECTED_LOCALLY;
}

static kith_result ended(struct world *world, struct step *step)
{
	struct search search = { .type = KITH_EVENT_STATE, .fits = is_end, .step = step };

	search.connection = world_argument(world, step, 0, OBJECT_CONNECTION)->handle;
	if (!world_await(world, find, &search, WORLD_PATIENCE_US))
		world_fail(world, "it did not end in time");
	for (unsigned i = 0; i < step->keys_count; i++) {
		const char *name = step->keys[i].name;
		VERBS_EXPECT(world, holds(world, &search.found, name, step_string(step, name)),
		             "it ended otherwise: %s %d %s %s, %s", kith_state_name(search.found.state), search.found.reason,
		             kith_result_name(search.found.result), kith_stage_name(search.found.stage), search.found.text);
	}
	return KITH_OK;
}

/* --- time */

static kith_result wait_for(struct world *world, struct step *step)
{
	kith_endpoint handle = world_argument(world, step, 0, OBJECT_ENDPOINT)->handle;
	int64_t for_us = step_integer(step, "for_us", WORLD_PATIENCE_US), before = kith_now_us();
	kith_result result = kith_endpoint_wait(handle, for_us);

	VERBS_EXPECT(world, result != KITH_E_TIMEOUT || kith_now_us() >= before + for_us, "it returned too early");
	return result;
}

static kith_result pause_for(struct world *world, struct step *step)
{
	world_pause(world, step_integer(step, "for_us", 0));
	return KITH_OK;
}

static void on_wake(void *user_data)
{
	__atomic_add_fetch(&((struct peer *)user_data)->wakes, 1, __ATOMIC_SEQ_CST);
}

static kith_result wake(struct world *world, struct step *step)
{
	struct peer *peer = world_argument(world, step, 0, OBJECT_ENDPOINT)->peer;

	__atomic_add_fetch(&world->borrowed, 1, __ATOMIC_SEQ_CST);
	return kith_endpoint_set_wake(peer->handle, on_wake, peer, world_release_peer);
}

struct wanted_wakes {
	struct peer *peer;
	int64_t min;
};

static bool has_been_woken(struct world *world, void *data)
{
	const struct wanted_wakes *wanted = data;

	(void)world;
	return __atomic_load_n(&wanted->peer->wakes, __ATOMIC_SEQ_CST) >= wanted->min;
}

static kith_result woken(struct world *world, struct step *step)
{
	struct wanted_wakes wanted = { world_argument(world, step, 0, OBJECT_ENDPOINT)->peer,
		                           step_integer(step, "min", 1) };

	VERBS_EXPECT(world, world_await(world, has_been_woken, &wanted, WORLD_PATIENCE_US), "only %d times",
	             wanted.peer->wakes);
	return KITH_OK;
}

const struct verb verbs_event[] = { { "event", event }, { "no_event", no_event }, { "incoming", incoming },
	                                { "ended", ended }, { "wait", wait_for },     { "pause", pause_for },
	                                { "wake", wake },   { "woken", woken },       { 0 } };
