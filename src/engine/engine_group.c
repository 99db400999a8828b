#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/types/message.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/engine_log.h"
#include "engine/handle_table.h"

static void finalize(void *object)
{
	struct engine_group *group = object;
	struct engine *engine = group->engine;

	close(group->fd);
	alloc_free(group);
	engine_unref(engine);
}

static void take_readable(struct event_node *node, struct kith_event *out)
{
	struct engine_group *group =
		(struct engine_group *)(void *)((char *)node - offsetof(struct engine_group, readable));

	out->type = KITH_EVENT_READABLE;
	out->poll_group = group->handle;
	out->time_us = clock_now();
}

int32_t engine_group_new(struct engine *engine, kith_poll_group *out)
{
	struct engine_group *group;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	int32_t result;

	if (fd < 0)
		return failure_set_system(errno, "no descriptor for a poll group");
	result = engine_lock(engine);
	if (result != KITH_OK) {
		close(fd);
		return result;
	}
	group = alloc_zeroed(sizeof(*group));
	group->fd = fd;
	group->engine = engine;
	group->readable.take = take_readable;
	engine_ref(engine);
	group->handle = handle_table_add(HANDLE_POLL_GROUP, group, finalize);
	if (group->handle != 0) {
		group->group = sockets_poll_group_new(engine->core);
		DL_APPEND(engine->groups, group);
		*out = group->handle;
	}
	engine_unlock(engine);
	if (group->handle != 0)
		return KITH_OK;
	finalize(group);
	return failure_set(KITH_E_LIMIT, "too many objects");
}

static void mark(struct engine_group *group, bool readable)
{
	uint64_t count = 1;

	if (group->marked == readable)
		return;
	group->marked = readable;
	/* Neither can block or, the counter being 0 or 1, fail. */
	if (readable ? write(group->fd, &count, sizeof(count)) < 0 : read(group->fd, &count, sizeof(count)) < 0)
		group->marked = !readable;
}

void engine_group_update(struct engine_group *group)
{
	bool readable = group->group != NULL && sockets_poll_group_readable(group->group);

	if (group->group != NULL)
		mark(group, readable);
	if (!readable)
		event_queue_remove(&group->engine->events, &group->readable);
}

void engine_group_on_readable(struct engine_group *group)
{
	mark(group, true);
	event_queue_add(&group->engine->events, &group->readable);
}

void engine_group_end(struct engine_group *group)
{
	struct engine *engine = group->engine;
	struct engine_conn *conn;
	struct engine_listener *listener;

	DL_FOREACH (engine->conns, conn) {
		if (conn->group == group) {
			conn->group = NULL;
			sockets_poll_group_set(engine->core, conn->conn, NULL);
			if (sockets_readable(conn->conn))
				event_queue_add(&engine->events, &conn->readable);
		}
	}
	DL_FOREACH (engine->listeners, listener) {
		if (listener->group == group)
			listener->group = NULL;
	}
	event_queue_remove(&engine->events, &group->readable);
	sockets_poll_group_destroy(engine->core, group->group);
	group->group = NULL;
	/* Whoever waits finds it gone. */
	mark(group, true);
	DL_DELETE(engine->groups, group);
	handle_table_remove(group->handle);
}

/* With the lock held on KITH_OK. */
static int32_t lock_group(struct engine_group *group)
{
	int32_t result = engine_lock(group->engine);

	if (result != KITH_OK || group->group != NULL)
		return result;
	engine_unlock(group->engine);
	return failure_set(KITH_E_HANDLE, "the poll group was destroyed");
}

int32_t engine_group_destroy(struct engine_group *group)
{
	struct engine *engine = group->engine;
	int32_t result = lock_group(group);

	if (result != KITH_OK)
		return result;
	engine_group_end(group);
	engine_unlock(engine);
	return KITH_OK;
}

static void stamp(struct message *message)
{
	const struct engine_conn *conn = handle_table_peek(message->connection, HANDLE_CONNECTION);

	if (conn != NULL)
		message->user_data = conn->user_data;
}

int32_t engine_group_receive(struct engine_group *group, struct message **out, int32_t max)
{
	struct engine *engine = group->engine;
	usec_t now;
	size_t count;
	int32_t result = lock_group(group);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	count = sockets_poll_group_receive(engine->core, now, group->group, out, (size_t)max);
	for (size_t i = 0; i < count; i++)
		stamp(out[i]);
	engine_log_received(engine, out, count);
	engine_group_update(group);
	if (engine->dead != NULL)
		atomic_store_explicit(&engine->dead_to_reap, true, memory_order_relaxed);
	if (count > 0)
		service_flush(engine, now);
	engine_unlock(engine);
	return (int32_t)count;
}

int32_t engine_group_fd(const struct engine_group *group)
{
	return group->fd;
}

int32_t engine_group_wait(struct engine_group *group, int64_t timeout_usec)
{
	usec_t deadline = timeout_usec < 0 ? USEC_NEVER : usec_add(clock_now(), timeout_usec);
	struct pollfd polled = { group->fd, POLLIN, 0 };
	int32_t result;
	int ready;

	do {
		ready = poll(&polled, 1, engine_poll_timeout(deadline));
	} while (ready == 0 && clock_now() < deadline);
	if (ready < 0)
		return errno == EINTR ? failure_set(KITH_E_INTERRUPTED, "a signal handler ran")
		                      : failure_set_system(errno, "poll");
	result = lock_group(group);
	if (result != KITH_OK)
		return failure_set(KITH_E_CANCELLED, "the poll group was destroyed");
	engine_unlock(group->engine);
	return ready > 0 ? KITH_OK : KITH_E_TIMEOUT;
}
