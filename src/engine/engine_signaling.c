#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/text.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/handle_table.h"
#include "transport/ice_servers.h"

static void finalize(void *object)
{
	struct engine_signaling *signaling = object;
	struct engine *engine = signaling->engine;

	alloc_free(signaling);
	engine_unref(engine);
}

static void take_state(struct event_node *node, struct kith_event *out)
{
	const struct engine_signaling *signaling =
		(struct engine_signaling *)(void *)((char *)node - offsetof(struct engine_signaling, state_changed));
	struct text text;

	out->type = KITH_EVENT_SIGNALING_STATE;
	out->signaling = signaling->handle;
	out->state = signaling->state;
	out->time_us = clock_now();
	text_init(&text, out->text, sizeof(out->text));
	text_add(&text, signaling->text);
}

static struct engine_signaling *new_signaling(struct engine *engine, const struct kith_signaling_callbacks *callbacks)
{
	struct engine_signaling *signaling = alloc_zeroed(sizeof(*signaling));

	signaling->engine = engine;
	signaling->state_changed.take = take_state;
	signaling->handle = handle_table_add(HANDLE_SIGNALING, signaling, finalize);
	if (signaling->handle == 0) {
		alloc_free(signaling);
		return NULL;
	}
	engine_ref(engine);
	signaling->box = alloc_zeroed(sizeof(*signaling->box));
	box_init(&signaling->box->box, callbacks->user_data, callbacks->release);
	signaling->box->send = callbacks->send;
	DL_APPEND(engine->signalings, signaling);
	engine->signalings_count++;
	return signaling;
}

int32_t engine_signaling_add(struct engine *engine, const struct kith_signaling_callbacks *callbacks,
                             kith_signaling *out)
{
	struct engine_signaling *signaling;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	if (engine->signalings_count == SIGNALINGS_MAX) {
		result = failure_set(KITH_E_LIMIT, "an endpoint can have %d signalings", (int)SIGNALINGS_MAX);
	} else {
		signaling = new_signaling(engine, callbacks);
		if (signaling == NULL)
			result = failure_set(KITH_E_LIMIT, "too many objects");
		else
			*out = signaling->handle;
	}
	engine_unlock(engine);
	return result;
}

void engine_signaling_end(struct engine_signaling *signaling)
{
	struct engine *engine = signaling->engine;

	event_queue_remove(&engine->events, &signaling->state_changed);
	DL_DELETE(engine->signalings, signaling);
	engine->signalings_count--;
	box_unref(&signaling->box->box);
	signaling->box = NULL;
	handle_table_remove(signaling->handle);
}

/* With the lock held on KITH_OK. */
static int32_t lock_signaling(struct engine_signaling *signaling)
{
	int32_t result = engine_lock(signaling->engine);

	if (result != KITH_OK || signaling->box != NULL)
		return result;
	engine_unlock(signaling->engine);
	return failure_set(KITH_E_HANDLE, "the signaling was closed");
}

int32_t engine_signaling_close(struct engine_signaling *signaling)
{
	struct engine *engine = signaling->engine;
	int32_t result = lock_signaling(signaling);

	if (result != KITH_OK)
		return result;
	engine_signaling_end(signaling);
	engine_unlock(engine);
	return KITH_OK;
}

static const char *state_name(int32_t state)
{
	static const char *const names[] = { "none", "connecting", "connected", "failed" };

	return names[state];
}

int32_t engine_signaling_set_state(struct engine_signaling *signaling, int32_t state, const char *text)
{
	struct engine *engine = signaling->engine;
	struct text copy;
	int32_t result;

	if (state < KITH_SIGNALING_NONE || state > KITH_SIGNALING_FAILED)
		return failure_set(KITH_E_INVALID, "state: %d is not a state of a signaling", (int)state);
	result = lock_signaling(signaling);
	if (result != KITH_OK)
		return result;
	signaling->state = state;
	text_init(&copy, signaling->text, sizeof(signaling->text));
	text_add(&copy, text != NULL ? text : "");
	event_queue_add(&engine->events, &signaling->state_changed);
	log_sink_write(&engine->log, KITH_SUBJECT_SIGNALING,
	               state == KITH_SIGNALING_FAILED ? KITH_LOG_WARNING : KITH_LOG_INFO, "signaling %x: %s%s%s",
	               (unsigned)signaling->handle, state_name(state), signaling->text[0] != '\0' ? ": " : "",
	               signaling->text);
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_signaling_state(struct engine_signaling *signaling, int32_t *out)
{
	int32_t result = lock_signaling(signaling);

	if (result != KITH_OK)
		return result;
	*out = signaling->state;
	engine_unlock(signaling->engine);
	return KITH_OK;
}

int32_t engine_receive_signal(struct engine *engine, kith_signaling source, const void *data, size_t size)
{
	struct signal signal = { data, size, source };
	struct engine_signaling *signaling;
	usec_t now;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	if (source != KITH_NO_HANDLE) {
		LL_SEARCH_SCALAR(engine->signalings, signaling, handle, source);
		if (signaling == NULL) {
			engine_unlock(engine);
			return failure_set(KITH_E_HANDLE, "signaling: not one of this endpoint");
		}
	}
	now = engine_now(engine);
	log_sink_write(&engine->log, KITH_SUBJECT_SIGNALING, KITH_LOG_DEBUG, "received a signal of %zu bytes by %x", size,
	               (unsigned)source);
	core_receive_signal(engine->core, now, &signal);
	service_flush(engine, now);
	engine_unlock(engine);
	return KITH_OK;
}

/* --- servers */

enum { LIST_MAX = 4096 };

/* Adds `item` to a list with commas. Items and lists of users stand in step, so empty ones count. */
static int32_t append(struct engine *engine, enum config_id id, const char *item, bool first)
{
	struct config *config = core_config(engine->core);
	char list[LIST_MAX];
	const char *before = config_get_string(config, id);
	int size = snprintf(list, sizeof(list), "%s%s%s", before, first ? "" : ",", item);

	if (size < 0 || (size_t)size >= sizeof(list))
		return failure_set(KITH_E_LIMIT, "the list of servers is full");
	if (config_set_string(config, (int32_t)id, list) != CONFIG_OK)
		return failure_set(KITH_E_LIMIT, "the list of servers is full");
	engine_config_spread(engine, (int32_t)id);
	return KITH_OK;
}

/* HOST, HOST:PORT or [v6]:PORT, perhaps with a query behind; nothing that ends the list's item. */
static bool is_server(const char *scheme, const char *server)
{
	struct ice_servers servers;

	return strpbrk(server, ", ") == NULL && ice_servers_parse(&servers, scheme, server) && servers.count == 1;
}

int32_t engine_add_stun_server(struct engine *engine, const char *server)
{
	int32_t result;

	if (!is_server("stun", server))
		return failure_set(KITH_E_INVALID, "STUN server '%.100s': HOST:PORT is expected", server);
	result = engine_lock(engine);
	if (result != KITH_OK)
		return result;
	result = append(engine, CONFIG_P2P_STUN_SERVER_LIST, server,
	                config_get_string(core_config(engine->core), CONFIG_P2P_STUN_SERVER_LIST)[0] == '\0');
	engine_unlock(engine);
	return result;
}

int32_t engine_add_turn_server(struct engine *engine, const char *server, const char *user, const char *password)
{
	bool first;
	int32_t result;

	if (strncmp(server, "turn:", 5) != 0 || !is_server("turn", server))
		return failure_set(KITH_E_INVALID, "TURN server '%.100s': turn:HOST:PORT is expected", server);
	if (strchr(user, ',') != NULL || strchr(password, ',') != NULL)
		return failure_set(KITH_E_INVALID, "TURN user or password: a comma is not allowed");
	if ((user[0] != '\0' && !ice_servers_can_use(user)) || (password[0] != '\0' && !ice_servers_can_use(password)))
		return failure_set(KITH_E_INVALID, "TURN user or password: it has nothing but quotes");
	result = engine_lock(engine);
	if (result != KITH_OK)
		return result;
	first = config_get_string(core_config(engine->core), CONFIG_P2P_TURN_SERVER_LIST)[0] == '\0';
	result = append(engine, CONFIG_P2P_TURN_USER_LIST, user, first);
	if (result == KITH_OK)
		result = append(engine, CONFIG_P2P_TURN_PASS_LIST, password, first);
	if (result == KITH_OK)
		result = append(engine, CONFIG_P2P_TURN_SERVER_LIST, server, first);
	engine_unlock(engine);
	return result;
}
