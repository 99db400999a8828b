#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

#include "engine/engine_internal.h"
#include "engine/handle_table.h"

/* What endpoints start with. */
static pthread_mutex_t defaults_lock = PTHREAD_MUTEX_INITIALIZER;
static struct config defaults;
static bool defaults_made;

/* With the lock held. */
static struct config *library_defaults(void)
{
	if (!defaults_made)
		config_init_defaults(&defaults);
	defaults_made = true;
	return &defaults;
}

void engine_config_defaults(struct config *out)
{
	pthread_mutex_lock(&defaults_lock);
	config_copy(out, library_defaults());
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
		return KITH_E_STATE;
	case CONFIG_WRONG_TYPE:
	case CONFIG_OUT_OF_RANGE:
		break;
	}
	return KITH_E_INVALID;
}

int32_t engine_config_set(struct config *config, int32_t id, const char *name, const char *text)
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
	return engine_config_set(config, entry->id, entry->name, text);
}

int32_t engine_config_copy(struct config *out, const struct config *from, const struct kith_config_entry *entries,
                           uint32_t count)
{
	int32_t result = KITH_OK;

	if (count > 0 && entries == NULL)
		return failure_set(KITH_E_INVALID, "config: null, but config_count is %u", (unsigned)count);
	config_copy(out, from);
	for (uint32_t i = 0; i < count && result == KITH_OK; i++)
		result = apply(out, &entries[i]);
	if (result != KITH_OK)
		config_free(out);
	return result;
}

static int32_t visit_endpoint(uint32_t handle, engine_config_fn *visit, void *data)
{
	struct engine *engine = handle_table_pin(handle, HANDLE_ENDPOINT);
	int32_t result;

	if (engine == NULL)
		return failure_set(KITH_E_HANDLE, "no such endpoint");
	result = engine_lock(engine);
	if (result == KITH_OK) {
		result = visit(core_config(engine->core), data);
		engine_unlock(engine);
	}
	handle_table_unpin(handle);
	return result;
}

static int32_t visit_connection(uint32_t handle, engine_config_fn *visit, void *data)
{
	struct engine_conn *conn = handle_table_pin(handle, HANDLE_CONNECTION);
	int32_t result;

	if (conn == NULL)
		return failure_set(KITH_E_HANDLE, "no such connection");
	result = engine_conn_lock(conn);
	if (result == KITH_OK) {
		result = visit(sockets_config(conn->conn), data);
		engine_unlock(conn->engine);
	}
	handle_table_unpin(handle);
	return result;
}

static int32_t visit_listener(uint32_t handle, engine_config_fn *visit, void *data)
{
	struct engine_listener *listener = handle_table_pin(handle, HANDLE_LISTENER);
	int32_t result;

	if (listener == NULL)
		return failure_set(KITH_E_HANDLE, "no such listener");
	result = engine_lock(listener->engine);
	if (result == KITH_OK) {
		result = listener->socket == NULL ? failure_set(KITH_E_HANDLE, "the listener was closed")
		                                  : visit(sockets_listen_config(listener->socket), data);
		engine_unlock(listener->engine);
	}
	handle_table_unpin(handle);
	return result;
}

int32_t engine_config_visit(uint32_t object, engine_config_fn *visit, void *data)
{
	int32_t result;

	if (object == KITH_NO_HANDLE) {
		pthread_mutex_lock(&defaults_lock);
		result = visit(library_defaults(), data);
		pthread_mutex_unlock(&defaults_lock);
		return result;
	}
	switch (handle_table_kind(object)) {
	case HANDLE_ENDPOINT:
		return visit_endpoint(object, visit, data);
	case HANDLE_CONNECTION:
		return visit_connection(object, visit, data);
	case HANDLE_LISTENER:
		return visit_listener(object, visit, data);
	case HANDLE_POLL_GROUP:
	case HANDLE_SIGNALING:
		break;
	}
	return failure_set(KITH_E_HANDLE, "not an object with options");
}
