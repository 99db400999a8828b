#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

#include <utlist.h>

#include "core/messages/messages.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/handle_table.h"
#include "engine/service_impair.h"

/* What endpoints start with. */
static pthread_mutex_t defaults_lock = PTHREAD_MUTEX_INITIALIZER;
static struct config defaults;
static bool defaults_made;

/* With the lock held. */
static struct config *library_defaults(void)
{
	if (!defaults_made)
		config_init_defaults(&defaults, CONFIG_LEVEL_LIBRARY);
	defaults_made = true;
	return &defaults;
}

void engine_config_defaults(struct config *out)
{
	pthread_mutex_lock(&defaults_lock);
	config_copy(out, library_defaults(), CONFIG_LEVEL_ENDPOINT);
	pthread_mutex_unlock(&defaults_lock);
}

void engine_config_hold(void)
{
	pthread_mutex_lock(&defaults_lock);
}

void engine_config_let_go(void)
{
	pthread_mutex_unlock(&defaults_lock);
}

static int32_t map_result(enum config_result result)
{
	switch (result) {
	case CONFIG_OK:
		return KITH_OK;
	case CONFIG_UNKNOWN:
		return KITH_E_NOT_FOUND;
	case CONFIG_LOCKED:
	case CONFIG_READ_ONLY:
		return KITH_E_STATE;
	case CONFIG_WRONG_TYPE:
	case CONFIG_OUT_OF_RANGE:
		break;
	}
	return KITH_E_INVALID;
}

/* Sets one value by number or, that being CONFIG_NONE, by name; the failure names value and range. */
static int32_t set_value(struct config *config, int32_t id, const char *name, const char *text)
{
	char message[CONFIG_MESSAGE_MAX];
	const struct config_value *value = id != CONFIG_NONE ? config_describe(id) : NULL;
	enum config_result result;

	if (id != CONFIG_NONE && value == NULL)
		return failure_set(KITH_E_NOT_FOUND, "there is no option %d", (int)id);
	result = config_set_text(config, value != NULL ? value->name : name, text, message);
	return result == CONFIG_OK ? KITH_OK : failure_set(map_result(result), "%s", message);
}

static int32_t apply(struct config *config, const struct kith_config_entry *entry)
{
	char number[64];
	const char *text = number;

	if (entry->id == CONFIG_NONE && entry->name == NULL)
		return failure_set(KITH_E_INVALID, "config: an entry has neither number nor name");
	switch (entry->type) {
	case KITH_TYPE_INT32:
	case KITH_TYPE_INT64:
		snprintf(number, sizeof(number), "%" PRId64, entry->integer);
		break;
	case KITH_TYPE_FLOAT:
		snprintf(number, sizeof(number), "%f", entry->real);
		break;
	case KITH_TYPE_STRING:
	case KITH_TYPE_TEXT:
		text = entry->string;
		break;
	default:
		text = NULL;
		break;
	}
	if (text == NULL)
		return failure_set(KITH_E_INVALID, "config: entry %d (%s) has no value of type %d", (int)entry->id,
		                   entry->name != NULL ? entry->name : "", (int)entry->type);
	return set_value(config, entry->id, entry->name, text);
}

int32_t engine_config_copy(struct config *out, const struct config *from, enum config_level level,
                           const struct kith_config_entry *entries, uint32_t count)
{
	int32_t result = KITH_OK;

	if (count > 0 && entries == NULL)
		return failure_set(KITH_E_INVALID, "config: null, but config_count is %u", (unsigned)count);
	config_copy(out, from, level);
	for (uint32_t i = 0; i < count && result == KITH_OK; i++)
		result = apply(out, &entries[i]);
	if (result != KITH_OK)
		config_free(out);
	return result;
}

/* --- what stands above and below */

/* What a connection inherits from: the listener it came through, while that is there. */
static const struct config *above_conn(const struct engine_conn *conn)
{
	struct engine_listener *listener;

	LL_SEARCH_SCALAR(conn->engine->listeners, listener, handle, conn->listener);
	return listener != NULL && listener->socket != NULL ? sockets_listen_config(listener->socket)
	                                                    : core_config(conn->engine->core);
}

static void spread(struct engine *engine, usec_t now, int32_t id)
{
	struct engine_listener *listener;
	struct engine_conn *conn;

	DL_FOREACH (engine->listeners, listener)
		config_inherit(sockets_listen_config(listener->socket), core_config(engine->core), id);
	DL_FOREACH (engine->conns, conn) {
		if (config_inherit(sockets_config(conn->conn), above_conn(conn), id))
			sockets_reconfigure(engine->core, now, conn->conn);
	}
	messages_reconfigure(core_messages(engine->core), now, id);
}

void engine_config_spread(struct engine *engine, int32_t id)
{
	usec_t now = clock_now();

	service_impair_notice(&engine->service, core_config(engine->core));
	service_credentials_on_config(&engine->service, id);
	spread(engine, now, id);
	service_flush(engine, now);
}

/* With the engine's lock held. */
static bool inherit_default(struct engine *engine, int32_t id)
{
	bool changed;

	pthread_mutex_lock(&defaults_lock);
	changed = config_inherit(core_config(engine->core), library_defaults(), id);
	pthread_mutex_unlock(&defaults_lock);
	return changed;
}

void engine_config_refresh(struct engine *engine)
{
	for (int32_t id = 1; id < CONFIG_END; id++)
		inherit_default(engine, id);
	service_impair_notice(&engine->service, core_config(engine->core));
	service_credentials_look(&engine->service, clock_now());
}

/* A default of the library changed: into every endpoint. */
static void spread_default(int32_t id)
{
	uint32_t place = 0;
	uint32_t handle;

	while ((handle = handle_table_next(HANDLE_ENDPOINT, &place)) != 0) {
		struct engine *engine = handle_table_pin(handle, HANDLE_ENDPOINT);
		if (engine == NULL)
			continue;
		if (engine_lock(engine) == KITH_OK) {
			if (inherit_default(engine, id))
				engine_config_spread(engine, id);
			engine_unlock(engine);
		}
		handle_table_unpin(handle);
	}
}

/* --- objects with options */

/* The one that is looked at or changed, with its lock held. */
struct subject {
	uint32_t handle;       /* KITH_NO_HANDLE: the library */
	struct engine *engine; /* null: the library */
	struct engine_conn *conn;
	struct engine_listener *listener;
	struct config *config;
};

static int32_t open_conn(struct subject *out)
{
	int32_t result = engine_conn_lock(out->conn);

	if (result != KITH_OK)
		return result;
	out->engine = out->conn->engine;
	out->config = sockets_config(out->conn->conn);
	return KITH_OK;
}

static int32_t open_listener(struct subject *out)
{
	int32_t result = engine_lock(out->listener->engine);

	if (result != KITH_OK)
		return result;
	out->engine = out->listener->engine;
	if (out->listener->socket == NULL) {
		engine_unlock(out->engine);
		return failure_set(KITH_E_HANDLE, "the listener was closed");
	}
	out->config = sockets_listen_config(out->listener->socket);
	return KITH_OK;
}

static int32_t open_endpoint(struct subject *out, struct engine *engine)
{
	int32_t result = engine_lock(engine);

	out->engine = engine;
	if (result == KITH_OK)
		out->config = core_config(engine->core);
	return result;
}

static int32_t open_pinned(struct subject *out, enum handle_kind kind, void *object)
{
	switch (kind) {
	case HANDLE_ENDPOINT:
		return open_endpoint(out, object);
	case HANDLE_CONNECTION:
		out->conn = object;
		return open_conn(out);
	case HANDLE_LISTENER:
		out->listener = object;
		return open_listener(out);
	case HANDLE_POLL_GROUP:
	case HANDLE_SIGNALING:
		break;
	}
	return failure_set(KITH_E_HANDLE, "not an object with options");
}

static int32_t open_subject(struct subject *out, uint32_t handle)
{
	enum handle_kind kind = handle_table_kind(handle);
	void *object;
	int32_t result;

	*out = (struct subject){ .handle = handle };
	if (handle == KITH_NO_HANDLE) {
		pthread_mutex_lock(&defaults_lock);
		out->config = library_defaults();
		return KITH_OK;
	}
	object = handle_table_pin(handle, kind);
	if (object == NULL)
		return failure_set(KITH_E_HANDLE, "object %#x does not exist (any more)", (unsigned)handle);
	result = open_pinned(out, kind, object);
	if (result != KITH_OK)
		handle_table_unpin(handle);
	return result;
}

static void close_subject(struct subject *subject)
{
	if (subject->engine == NULL) {
		pthread_mutex_unlock(&defaults_lock);
		return;
	}
	engine_unlock(subject->engine);
	handle_table_unpin(subject->handle);
}

/* Null: the table. */
static const struct config *above(const struct subject *subject)
{
	if (subject->conn != NULL)
		return above_conn(subject->conn);
	return subject->listener != NULL ? core_config(subject->engine->core) : NULL;
}

/* A value of the subject is another one: whom it concerns takes it, and the subject is left. */
static void close_changed(struct subject *subject, int32_t id)
{
	if (subject->engine != NULL)
		service_impair_notice(&subject->engine->service, subject->config);
	if (subject->conn != NULL) {
		usec_t now = clock_now();
		service_credentials_on_config(&subject->engine->service, id);
		sockets_reconfigure(subject->engine->core, now, subject->conn->conn);
		service_flush(subject->engine, now);
	} else if (subject->engine != NULL) {
		engine_config_spread(subject->engine, id);
	}
	close_subject(subject);
	if (subject->handle == KITH_NO_HANDLE)
		spread_default(id);
}

int32_t engine_config_read(uint32_t object, engine_config_fn *read, void *data)
{
	struct subject subject;
	int32_t result = open_subject(&subject, object);

	if (result != KITH_OK)
		return result;
	read(subject.config, data);
	close_subject(&subject);
	return KITH_OK;
}

int32_t engine_config_set(uint32_t object, int32_t id, const char *name, const char *text)
{
	const struct config_value *value = id != CONFIG_NONE ? config_describe(id) : config_find(name);
	struct subject subject;
	int32_t result = open_subject(&subject, object);

	if (result != KITH_OK)
		return result;
	result = set_value(subject.config, id, name, text);
	if (result == KITH_OK)
		close_changed(&subject, value->id);
	else
		close_subject(&subject);
	return result;
}

/* The library's defaults stand above an endpoint, under a lock of their own. */
static enum config_result reset(struct subject *subject, int32_t id)
{
	enum config_result result;

	if (subject->engine == NULL || subject->conn != NULL || subject->listener != NULL)
		return config_reset(subject->config, above(subject), id);
	pthread_mutex_lock(&defaults_lock);
	result = config_reset(subject->config, library_defaults(), id);
	pthread_mutex_unlock(&defaults_lock);
	return result;
}

int32_t engine_config_reset(uint32_t object, int32_t id)
{
	const struct config_value *value = config_describe(id);
	struct subject subject;
	enum config_result result;
	int32_t opened;

	if (value == NULL)
		return failure_set(KITH_E_NOT_FOUND, "there is no option %d", (int)id);
	opened = open_subject(&subject, object);
	if (opened != KITH_OK)
		return opened;
	result = reset(&subject, id);
	if (result == CONFIG_OK) {
		close_changed(&subject, id);
		return KITH_OK;
	}
	close_subject(&subject);
	return failure_set(map_result(result), "%s %s", value->name,
	                   result == CONFIG_LOCKED ? "cannot change any more: the connection has started"
	                                           : "cannot be set: it follows another value");
}
