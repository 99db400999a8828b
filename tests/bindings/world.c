#include "world.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void world_init(struct world *world, const char *folder, bool uses_callbacks)
{
	memset(world, 0, sizeof(*world));
	world->folder = folder;
	world->uses_callbacks = uses_callbacks;
	pthread_mutex_init(&world->lock, NULL);
}

static void free_object(struct object *object)
{
	if (object->peer != NULL) {
		free(object->peer->events);
		free(object->peer->lines);
		free(object->peer);
	}
	free(object->carrier);
	free((char *)object->text.bytes);
	kith_message_release(object->message);
	free(object);
}

static bool all_is_released(struct world *world, void *data)
{
	(void)data;
	return __atomic_load_n(&world->borrowed, __ATOMIC_SEQ_CST) == 0;
}

void world_free(struct world *world)
{
	for (unsigned i = 0; i < world->objects_count; i++) {
		struct peer *peer = world->objects[i]->peer;
		if (peer != NULL && !peer->is_gone) {
			kith_endpoint_destroy(peer->handle);
			peer->is_gone = true;
		}
	}
	if (!world_await(world, all_is_released, NULL, WORLD_PATIENCE_US))
		world_fail(world, "%d functions or buffers were not released", world->borrowed);
	for (unsigned i = 0; i < world->objects_count; i++)
		free_object(world->objects[i]);
	world_end_step(world);
	pthread_mutex_destroy(&world->lock);
}

void world_fail(struct world *world, const char *format, ...)
{
	va_list arguments;

	if (world->failure[0] != '\0')
		return;
	va_start(arguments, format);
	vsnprintf(world->failure, sizeof(world->failure), format, arguments);
	va_end(arguments);
}

void *world_new(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (memory == NULL)
		abort();
	return memory;
}

void *world_temporary(struct world *world, size_t size)
{
	void *memory = world_new(size);

	world->temporary = realloc(world->temporary, (world->temporary_count + 1) * sizeof(void *));
	if (world->temporary == NULL)
		abort();
	world->temporary[world->temporary_count++] = memory;
	return memory;
}

void world_end_step(struct world *world)
{
	for (size_t i = 0; i < world->temporary_count; i++)
		free(world->temporary[i]);
	free(world->temporary);
	world->temporary = NULL;
	world->temporary_count = 0;
}

/* --- objects */

struct object *world_add(struct world *world, struct step *step, enum object_kind kind)
{
	const struct step_text *name = step_argument(step, 0);
	struct object *object;

	if (name == NULL || name->size == 0 || name->size >= sizeof(object->name) ||
	    world->objects_count == WORLD_OBJECTS_MAX || world_look_up(world, name->bytes) != NULL) {
		world_fail(world, "it needs a new name");
		object = world_temporary(world, sizeof(*object));
		object->peer = world_temporary(world, sizeof(*object->peer));
		return object;
	}
	object = world_new(sizeof(*object));
	memcpy(object->name, name->bytes, name->size);
	object->kind = kind;
	pthread_mutex_lock(&world->lock);
	world->objects[world->objects_count++] = object;
	pthread_mutex_unlock(&world->lock);
	return object;
}

struct object *world_look_up(struct world *world, const char *name)
{
	for (unsigned i = 0; i < world->objects_count; i++) {
		if (strcmp(world->objects[i]->name, name) == 0)
			return world->objects[i];
	}
	return NULL;
}

struct object *world_object(struct world *world, const char *name, enum object_kind kind)
{
	struct object *object = name != NULL ? world_look_up(world, name) : NULL;

	if (object != NULL && object->kind == kind)
		return object;
	world_fail(world, "there is no such object here: %s", name != NULL ? name : "(none named)");
	object = world_temporary(world, sizeof(*object));
	object->peer = world_temporary(world, sizeof(*object->peer));
	return object;
}

struct object *world_argument(struct world *world, struct step *step, unsigned index, enum object_kind kind)
{
	const struct step_text *name = step_argument(step, index);

	return world_object(world, name != NULL ? name->bytes : NULL, kind);
}

const char *world_name(struct world *world, uint32_t handle)
{
	if (handle == KITH_NO_HANDLE)
		return "none";
	for (unsigned i = 0; i < world->objects_count; i++) {
		if (world->objects[i]->handle == handle)
			return world->objects[i]->name;
	}
	return "?";
}

/* --- signals */

static struct peer *find_peer(struct world *world, const struct kith_identity *identity)
{
	struct peer *found = NULL;

	pthread_mutex_lock(&world->lock);
	for (unsigned i = 0; i < world->objects_count; i++) {
		struct peer *peer = world->objects[i]->peer;
		if (peer != NULL && !peer->is_gone && kith_identity_equal(&peer->identity, identity))
			found = peer;
	}
	pthread_mutex_unlock(&world->lock);
	return found;
}

kith_result world_carry(struct carrier *carrier, const struct kith_identity *to, const void *data, size_t size)
{
	struct peer *peer = find_peer(carrier->from->world, to);
	int64_t number = __atomic_add_fetch(&carrier->carried, 1, __ATOMIC_SEQ_CST);
	kith_result result = KITH_OK;

	if (peer == NULL || (carrier->lose_every > 0 && number % carrier->lose_every == 0))
		return KITH_OK;
	for (int i = 0; i < 1 + (int)carrier->is_double; i++)
		result = kith_endpoint_receive_signal(
			peer->handle, peer->by_callbacks != NULL ? peer->by_callbacks->signaling : KITH_NO_HANDLE, data, size);
	return result;
}

/* --- events */

static void note_event(struct peer *peer, const struct kith_event *event)
{
	struct seen_event *events = realloc(peer->events, (peer->events_count + 1) * sizeof(*events));

	if (events == NULL)
		abort();
	peer->events = events;
	events[peer->events_count++] = (struct seen_event){ *event, false };
	events[peer->events_count - 1].event.data = NULL;
	if (event->endpoint != peer->handle)
		world_fail(peer->world, "an event of another endpoint");
	if (event->type == KITH_EVENT_SIGNAL && peer->by_events != NULL)
		world_carry(peer->by_events, &event->peer, event->data, event->data_size);
}

/* One function for each type, so that a callback in a wrong place is seen. */
#define ON_EVENT(name, number) \
	static void on_event_##name(void *user_data, const struct kith_event *event) \
	{ \
		struct peer *peer = user_data; \
		if (event->type != KITH_EVENT_##name) \
			world_fail(peer->world, "%s came to the callback of " #name, kith_event_name(event->type)); \
		note_event(peer, event); \
	}
KITH_EVENT_MAP(ON_EVENT)

void world_release_peer(void *peer)
{
	__atomic_sub_fetch(&((struct peer *)peer)->world->borrowed, 1, __ATOMIC_SEQ_CST);
}

kith_result world_set_callbacks(struct peer *peer)
{
	struct kith_callbacks callbacks;

	kith_callbacks_init(&callbacks);
	callbacks.user_data = peer;
	callbacks.release = world_release_peer;
	callbacks.on_state = on_event_STATE;
	callbacks.on_readable = on_event_READABLE;
	callbacks.on_writable = on_event_WRITABLE;
	callbacks.on_route = on_event_ROUTE;
	callbacks.on_signal = on_event_SIGNAL;
	callbacks.on_signaling_state = on_event_SIGNALING_STATE;
	callbacks.on_error = on_event_ERROR;
	callbacks.on_session_request = on_event_SESSION_REQUEST;
	callbacks.on_session_connected = on_event_SESSION_CONNECTED;
	callbacks.on_session_ended = on_event_SESSION_ENDED;
	callbacks.on_session_failed = on_event_SESSION_FAILED;
	callbacks.on_session_writable = on_event_SESSION_WRITABLE;
	callbacks.on_channel_readable = on_event_CHANNEL_READABLE;
	callbacks.on_expired = on_event_EXPIRED;
	callbacks.on_turn_credentials = on_event_TURN_CREDENTIALS;
	callbacks.on_other = on_event_NONE;
	__atomic_add_fetch(&peer->world->borrowed, 1, __ATOMIC_SEQ_CST);
	return kith_endpoint_set_callbacks(peer->handle, &callbacks);
}

static bool take_event(struct peer *peer)
{
	struct kith_event event;

	if (peer->world->uses_callbacks)
		return kith_endpoint_dispatch(peer->handle, 0) > 0;
	kith_event_init(&event);
	if (kith_endpoint_next_event(peer->handle, &event) != KITH_OK)
		return false;
	note_event(peer, &event);
	return true;
}

bool world_take_events(struct world *world)
{
	bool any = false;

	for (unsigned i = 0; i < world->objects_count; i++) {
		if (world->objects[i]->peer != NULL && !world->objects[i]->peer->is_gone)
			any |= take_event(world->objects[i]->peer);
	}
	return any;
}

/* Sleeps until an endpoint has an event, a few milliseconds at most: conditions may be about something else. */
static void sleep_a_little(struct world *world)
{
	struct pollfd descriptors[WORLD_OBJECTS_MAX];
	nfds_t count = 0;

	for (unsigned i = 0; i < world->objects_count; i++) {
		struct peer *peer = world->objects[i]->peer;
		int32_t fd;
		if (peer != NULL && !peer->is_gone && kith_endpoint_fd(peer->handle, &fd) == KITH_OK)
			descriptors[count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	poll(descriptors, count, 5);
}

bool world_await(struct world *world, world_condition condition, void *data, int64_t for_us)
{
	int64_t deadline = kith_now_us() + for_us;

	while (!condition(world, data)) {
		if (world_take_events(world))
			continue;
		if (kith_now_us() >= deadline)
			return false;
		sleep_a_little(world);
	}
	return true;
}

static bool never(struct world *world, void *data)
{
	(void)world;
	(void)data;
	return false;
}

void world_pause(struct world *world, int64_t for_us)
{
	world_await(world, never, NULL, for_us);
}
