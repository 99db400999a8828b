#include <errno.h>
#include <poll.h>
#include <stddef.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_diagnosis.h"
#include "engine/engine_internal.h"
#include "engine/engine_log.h"
#include "engine/result.h"

/* An event that stands for itself: a change of state, a signal, an error. */
struct item {
	struct event_node node;
	struct engine *engine; /* alive as long as the queue */
	struct kith_event event;
	void *bytes; /* of a signal: owned */
};

struct state_item {
	struct event_node node;
	struct state_item *next; /* of the same connection */
	struct engine_conn *conn;
	struct kith_event event;
};

/* The struct that a node is embedded in. */
#define OWNER(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

static void set_text(char out[KITH_EVENT_TEXT_MAX], const char *from)
{
	struct text text;

	text_init(&text, out, KITH_EVENT_TEXT_MAX);
	text_add(&text, from != NULL ? from : "");
}

/* --- signals and errors */

static void free_item(struct event_node *node)
{
	struct item *item = (struct item *)node;

	if (item->event.type == KITH_EVENT_SIGNAL)
		item->engine->signals_waiting--;
	else
		item->engine->errors_waiting--;
	alloc_free(item->bytes);
	alloc_free(item);
}

static void take_item(struct event_node *node, struct kith_event *out)
{
	struct item *item = (struct item *)node;

	*out = item->event;
	if (item->bytes != NULL)
		event_queue_keep(item->bytes);
	item->bytes = NULL;
	free_item(node);
}

static struct item *new_item(struct engine *engine, int32_t type)
{
	struct item *item = alloc_zeroed(sizeof(*item));

	item->node.take = take_item;
	item->node.drop = free_item;
	item->engine = engine;
	item->event.type = type;
	item->event.time_us = clock_now();
	return item;
}

void engine_events_add_signal(struct engine *engine, const struct identity *to, const uint8_t *bytes, size_t size)
{
	struct item *item;

	if (engine->signals_waiting == SIGNALS_WAITING_MAX)
		return;
	engine->signals_waiting++;
	item = new_item(engine, KITH_EVENT_SIGNAL);
	item->bytes = alloc_bytes(size);
	bytes_copy(item->bytes, bytes, size);
	item->event.data = item->bytes;
	item->event.data_size = size;
	convert_identity_out(&item->event.peer, to);
	event_queue_add(&engine->events, &item->node);
}

void engine_events_add_error(struct engine *engine, int32_t result, const char *text)
{
	struct item *item;

	log_sink_write(&engine->log, KITH_SUBJECT_ENDPOINT, KITH_LOG_ERROR, "%s", text);
	if (engine->errors_waiting == ERRORS_WAITING_MAX)
		return;
	engine->errors_waiting++;
	item = new_item(engine, KITH_EVENT_ERROR);
	item->event.result = result;
	set_text(item->event.text, text);
	event_queue_add(&engine->events, &item->node);
}

/* --- of connections */

static bool is_over(int32_t state)
{
	return state == KITH_STATE_CLOSED_BY_PEER || state == KITH_STATE_PROBLEM_DETECTED_LOCALLY;
}

static void take_state(struct event_node *node, struct kith_event *out)
{
	struct state_item *item = (struct state_item *)node;
	struct engine_conn *conn = item->conn;

	*out = item->event;
	out->user_data = conn->user_data;
	LL_DELETE(conn->states, item);
	if (is_over(out->state)) {
		conn->dead_told = true;
		atomic_store_explicit(&conn->engine->dead_to_reap, true, memory_order_relaxed);
	}
	alloc_free(item);
}

static void drop_state(struct event_node *node)
{
	struct state_item *item = (struct state_item *)node;

	LL_DELETE(item->conn->states, item);
	alloc_free(item);
}

static void fill_conn(struct kith_event *out, const struct engine_conn *conn, int32_t type)
{
	out->type = type;
	out->connection = conn->handle;
	out->user_data = conn->user_data;
	out->time_us = clock_now();
}

static void take_readable(struct event_node *node, struct kith_event *out)
{
	fill_conn(out, OWNER(node, struct engine_conn, readable), KITH_EVENT_READABLE);
}

static void take_writable(struct event_node *node, struct kith_event *out)
{
	fill_conn(out, OWNER(node, struct engine_conn, writable), KITH_EVENT_WRITABLE);
}

static void take_expired(struct event_node *node, struct kith_event *out)
{
	fill_conn(out, OWNER(node, struct engine_conn, expired), KITH_EVENT_EXPIRED);
}

static void take_credentials(struct event_node *node, struct kith_event *out)
{
	fill_conn(out, OWNER(node, struct engine_conn, credentials), KITH_EVENT_TURN_CREDENTIALS);
}

/* Of the endpoint's own lists. */
static void take_own_credentials(struct event_node *node, struct kith_event *out)
{
	(void)node;
	out->type = KITH_EVENT_TURN_CREDENTIALS;
	out->time_us = clock_now();
}

void engine_events_add_credentials(struct engine *engine, struct engine_conn *conn)
{
	log_sink_write(&engine->log, KITH_SUBJECT_ENDPOINT, KITH_LOG_INFO, "credentials of TURN servers end soon");
	engine->credentials.take = take_own_credentials;
	event_queue_add(&engine->events, conn != NULL ? &conn->credentials : &engine->credentials);
}

static void take_routed(struct event_node *node, struct kith_event *out)
{
	const struct engine_conn *conn = OWNER(node, struct engine_conn, routed);
	struct sockets_info info;

	fill_conn(out, conn, KITH_EVENT_ROUTE);
	sockets_info(conn->conn, &info);
	out->route = info.route;
	convert_address_out(&out->local, &info.local);
	convert_address_out(&out->remote, &info.remote);
	convert_identity_out(&out->peer, &info.peer);
}

void engine_events_init(struct engine_conn *conn)
{
	conn->readable.take = take_readable;
	conn->writable.take = take_writable;
	conn->routed.take = take_routed;
	conn->expired.take = take_expired;
	conn->credentials.take = take_credentials;
}

void engine_events_forget(struct engine_conn *conn)
{
	struct event_queue *events = &conn->engine->events;

	while (conn->states != NULL)
		event_queue_remove(events, &conn->states->node);
	event_queue_remove(events, &conn->readable);
	event_queue_remove(events, &conn->writable);
	event_queue_remove(events, &conn->routed);
	event_queue_remove(events, &conn->expired);
	event_queue_remove(events, &conn->credentials);
}

static void add_state(struct engine *engine, struct engine_conn *conn, const struct event *event)
{
	struct state_item *item = alloc_zeroed(sizeof(*item));
	struct kith_event *out = &item->event;
	struct sockets_info info;

	sockets_info(conn->conn, &info);
	item->node.take = take_state;
	item->node.drop = drop_state;
	item->conn = conn;
	LL_APPEND(conn->states, item);
	fill_conn(out, conn, KITH_EVENT_STATE);
	out->listener = event->old_state == STATE_NONE ? conn->listener : KITH_NO_HANDLE;
	out->poll_group = conn->group != NULL ? conn->group->handle : KITH_NO_HANDLE;
	out->old_state = event->old_state;
	out->state = event->new_state;
	out->reason = (int32_t)event->end_reason;
	out->route = info.route;
	convert_address_out(&out->local, &info.local);
	convert_address_out(&out->remote, &info.remote);
	convert_identity_out(&out->peer, &info.peer);
	set_text(out->text, event->text);
	event_queue_add(&engine->events, &item->node);
	if (event->new_state == STATE_CONNECTED && info.deserves_warning)
		log_sink_write(&engine->log, KITH_SUBJECT_CONNECTION, KITH_LOG_WARNING,
		               "connection %x: nothing proves that the peer is %s: %s", (unsigned)conn->handle, out->peer.text,
		               verdict_text(info.doubt));
	engine_log_state(engine, conn, out);
	if (is_over(out->state))
		out->stage = engine_diagnosis_end(conn);
}

static void adopt_incoming(struct engine_conn *conn, struct listen_socket *socket)
{
	struct engine *engine = conn->engine;
	uint64_t tag = sockets_listen_tag(socket);
	struct engine_listener *listener;

	LL_SEARCH_SCALAR(engine->listeners, listener, handle, tag);
	if (listener == NULL)
		return;
	conn->listener = listener->handle;
	conn->user_data = listener->user_data;
	conn->group = listener->group;
	if (conn->group != NULL)
		sockets_poll_group_set(engine->core, conn->conn, conn->group->group);
}

static void on_state(struct engine *engine, usec_t now, const struct event *event)
{
	struct engine_conn *conn = engine_conn_find(event->conn);

	if (conn == NULL && event->listener != NULL) {
		conn = engine_conn_new(engine, now, event->conn);
		if (conn != NULL)
			adopt_incoming(conn, event->listener);
	}
	if (conn == NULL)
		return;
	add_state(engine, conn, event);
	if (is_over(event->new_state))
		engine_conn_set_dead(conn);
}

/* Strangers are turned away before the application hears of them; the log may. */
static void log_refused(struct engine *engine, const struct event *event)
{
	char remote[ADDRESS_TEXT_MAX] = "";

	if (event->remote.port != 0)
		address_print(&event->remote, remote);
	log_sink_write(&engine->log, KITH_SUBJECT_CONNECTION, KITH_LOG_INFO, "refused %s%s%s: reason %u %s",
	               event->peer.text, remote[0] != '\0' ? " at " : "", remote, (unsigned)event->end_reason, event->text);
}

static void on_event(struct engine *engine, usec_t now, const struct event *event)
{
	struct engine_conn *conn;

	if (event->kind == EVENT_STATE) {
		on_state(engine, now, event);
		return;
	}
	if (event->kind == EVENT_REFUSED) {
		log_refused(engine, event);
		return;
	}
	if (event->conn == NULL) {
		session_events_add(engine, event);
		return;
	}
	conn = engine_conn_find(event->conn);
	if (conn == NULL)
		return;
	if (event->kind == EVENT_READABLE && conn->group != NULL)
		engine_group_on_readable(conn->group);
	else if (event->kind == EVENT_READABLE)
		event_queue_add(&engine->events, &conn->readable);
	else if (event->kind == EVENT_WRITABLE)
		event_queue_add(&engine->events, &conn->writable);
	else if (event->kind == EVENT_ROUTE)
		event_queue_add(&engine->events, &conn->routed);
	else if (event->kind == EVENT_EXPIRED)
		event_queue_add(&engine->events, &conn->expired);
}

bool engine_events_collect(struct engine *engine, usec_t now)
{
	struct event event;
	bool some = false;

	while (core_next_event(engine->core, &event)) {
		on_event(engine, now, &event);
		some = true;
	}
	return some;
}

/* --- to the application */

int32_t engine_fd(const struct engine *engine)
{
	return engine->service.attend.fd;
}

int engine_poll_timeout(usec_t deadline)
{
	usec_t left;

	if (deadline == USEC_NEVER)
		return -1;
	left = deadline - clock_now();
	if (left <= 0)
		return 0;
	return left > 1000 * USEC_PER_SEC ? 1000 * 1000 : (int)((left + USEC_PER_MSEC - 1) / USEC_PER_MSEC);
}

int32_t engine_wait(struct engine *engine, int64_t timeout_usec)
{
	usec_t deadline = timeout_usec < 0 ? USEC_NEVER : usec_add(clock_now(), timeout_usec);
	struct pollfd polled = { engine_fd(engine), POLLIN, 0 };

	for (;;) {
		int timeout, ready;

		if (atomic_load_explicit(&engine->destroyed, memory_order_acquire))
			return failure_set(KITH_E_CANCELLED, "the endpoint was destroyed");
		service_attend_on_call(&engine->service);
		if (event_queue_count(&engine->events) > 0)
			return KITH_OK;
		timeout = timeout_usec == 0 ? 0 : engine_poll_timeout(deadline);
		ready = poll(&polled, 1, timeout);
		if (ready < 0)
			return errno == EINTR ? failure_set(KITH_E_INTERRUPTED, "a signal handler ran")
			                      : failure_set_system(errno, "poll");
		if (ready == 0 && clock_now() >= deadline)
			return KITH_E_TIMEOUT;
		if (ready > 0 && event_queue_count(&engine->events) == 0 && engine_lock(engine) == KITH_OK) {
			event_queue_settle(&engine->events);
			engine_unlock(engine);
		}
	}
}

static int32_t take_event(struct engine *engine, struct kith_event *out)
{
	int32_t result;
	bool taken;

	service_attend_on_call(&engine->service);
	result = engine_lock(engine);
	if (result != KITH_OK)
		return result;
	if (atomic_load_explicit(&engine->dead_to_reap, memory_order_relaxed))
		engine_conn_reap(engine);
	bytes_zero(out, sizeof(*out));
	taken = event_queue_take(&engine->events, out);
	service_attend_on_taken(&engine->service, taken);
	out->struct_size = sizeof(*out);
	out->endpoint = engine->handle;
	out->result = out->type == KITH_EVENT_STATE ? result_of_reason(out->reason) : out->result;
	engine_unlock(engine);
	return taken ? KITH_OK : KITH_E_AGAIN;
}

int32_t engine_next_event(struct engine *engine, struct kith_event *out)
{
	return take_event(engine, out);
}

static kith_event_fn choose(const struct kith_callbacks *callbacks, int32_t type)
{
	const kith_event_fn by_type[] = {
		NULL,
		callbacks->on_state,
		callbacks->on_readable,
		callbacks->on_writable,
		callbacks->on_route,
		callbacks->on_signal,
		callbacks->on_signaling_state,
		callbacks->on_error,
		callbacks->on_session_request,
		callbacks->on_session_connected,
		callbacks->on_session_ended,
		callbacks->on_session_failed,
		callbacks->on_session_writable,
		callbacks->on_channel_readable,
		callbacks->on_expired,
		callbacks->on_turn_credentials,
	};
	kith_event_fn chosen = NULL;

	if (type > 0 && (size_t)type < sizeof(by_type) / sizeof(by_type[0]))
		chosen = by_type[type];
	return chosen != NULL ? chosen : callbacks->on_other;
}

/* The callbacks as they are now, kept from being released; null: none, or destroyed. */
static struct callbacks_box *hold_callbacks(struct engine *engine)
{
	struct callbacks_box *box;

	if (engine_lock(engine) != KITH_OK)
		return NULL;
	box = engine->callbacks;
	if (box != NULL)
		box_ref(&box->box);
	engine_unlock(engine);
	return box;
}

static void call_back(struct engine *engine, const struct kith_event *event)
{
	struct callbacks_box *box = hold_callbacks(engine);
	kith_event_fn chosen;

	if (box == NULL)
		return;
	chosen = choose(&box->callbacks, event->type);
	if (chosen != NULL)
		chosen(box->box.user_data, event);
	box_unref(&box->box);
}

int32_t engine_dispatch(struct engine *engine, int64_t timeout_usec)
{
	int32_t result = engine_wait(engine, timeout_usec);
	int32_t waiting = event_queue_count(&engine->events);
	int32_t taken = 0;
	struct kith_event event;

	if (result != KITH_OK)
		return result == KITH_E_TIMEOUT ? 0 : result;
	while (taken < waiting && take_event(engine, &event) == KITH_OK) {
		taken++;
		call_back(engine, &event);
	}
	return taken;
}
