#include <utlist.h>

#include "core/base/alloc.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"
#include "engine/engine_log.h"
#include "engine/handle_table.h"
#include "engine/result.h"
#include "engine/service_impair.h"
#include "engine/service_transports.h"

static void finalize(void *object)
{
	struct engine_listener *listener = object;
	struct engine *engine = listener->engine;

	alloc_free(listener);
	engine_unref(engine);
}

/* Null: the table is full; the socket is closed then. */
static struct engine_listener *add_listener(struct engine *engine, struct listen_socket *socket,
                                            const struct kith_listener_options *options, struct engine_group *group)
{
	struct engine_listener *listener = alloc_zeroed(sizeof(*listener));

	listener->handle = handle_table_add(HANDLE_LISTENER, listener, finalize);
	if (listener->handle == 0) {
		sockets_listen_close(engine->core, clock_now(), socket);
		alloc_free(listener);
		return NULL;
	}
	engine_ref(engine);
	listener->engine = engine;
	listener->socket = socket;
	listener->user_data = options->user_data;
	listener->group = group;
	sockets_listen_set_tag(socket, listener->handle);
	DL_APPEND(engine->listeners, listener);
	return listener;
}

void engine_listener_end(struct engine_listener *listener)
{
	DL_DELETE(listener->engine->listeners, listener);
	sockets_listen_close(listener->engine->core, clock_now(), listener->socket);
	listener->socket = NULL;
	listener->group = NULL;
	handle_table_remove(listener->handle);
}

static int32_t make_config(struct engine *engine, const struct kith_listener_options *options, struct config *out,
                           struct engine_group **group)
{
	int32_t result;

	*group = NULL;
	if (options->poll_group != KITH_NO_HANDLE) {
		LL_SEARCH_SCALAR(engine->groups, *group, handle, options->poll_group);
		if (*group == NULL)
			return failure_set(KITH_E_HANDLE, "poll_group: not one of this endpoint");
	}
	result = engine_config_copy(out, core_config(engine->core), CONFIG_LEVEL_LISTENER, options->config,
	                            options->config_count);
	if (result != KITH_OK)
		return result;
	if (options->symmetric)
		config_set_int(out, CONFIG_SYMMETRIC_CONNECT, 1);
	service_impair_notice(&engine->service, out);
	return KITH_OK;
}

static int32_t listen_address(struct engine *engine, const struct address *address, const struct config *config,
                              struct listen_socket **socket, struct address *bound)
{
	uint32_t transport;
	int32_t result = service_open_udp(&engine->service, address, NULL, config, &transport);

	if (result != KITH_OK)
		return result;
	service_local_address(&engine->service, transport, bound);
	result = sockets_listen_udp(engine->core, transport, config, socket);
	if (result != KITH_OK)
		service_close_transport(&engine->service, transport);
	return result == KITH_OK ? result : failure_set(result, "listening: %s", result_text(result));
}

int32_t engine_listen_address(struct engine *engine, const struct kith_address *address,
                              const struct kith_listener_options *options, kith_listener *out)
{
	struct engine_listener *listener = NULL;
	struct listen_socket *socket;
	struct engine_group *group;
	struct address local, bound;
	struct config config;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	convert_address_in(&local, address);
	result = make_config(engine, options, &config, &group);
	if (result == KITH_OK) {
		result = listen_address(engine, &local, &config, &socket, &bound);
		config_free(&config);
	}
	if (result == KITH_OK) {
		listener = add_listener(engine, socket, options, group);
		if (listener == NULL)
			result = failure_set(KITH_E_LIMIT, "too many objects");
	}
	if (listener != NULL) {
		convert_address_out(&listener->bound, &bound);
		engine_log_address(engine, KITH_SUBJECT_ENDPOINT, "listening on", &bound);
		*out = listener->handle;
	}
	service_flush(engine, clock_now());
	engine_unlock(engine);
	return result;
}

static int32_t listen_port(struct engine *engine, int32_t virtual_port, const struct kith_listener_options *options,
                           struct engine_listener **out)
{
	struct listen_socket *socket;
	struct engine_group *group;
	struct config config;
	int32_t result = make_config(engine, options, &config, &group);

	if (result != KITH_OK)
		return result;
	result = sockets_listen_p2p(engine->core, virtual_port, &config, &socket);
	config_free(&config);
	if (result != KITH_OK)
		return failure_set(result, "virtual port %d: %s", (int)virtual_port, result_text(result));
	*out = add_listener(engine, socket, options, group);
	return *out != NULL ? KITH_OK : failure_set(KITH_E_LIMIT, "too many objects");
}

int32_t engine_listen_port(struct engine *engine, int32_t virtual_port, const struct kith_listener_options *options,
                           kith_listener *out)
{
	struct engine_listener *listener;
	int32_t result;

	if (virtual_port < 0 || virtual_port > 65535)
		return failure_set(KITH_E_INVALID, "virtual_port: %d is not in 0 to 65535", (int)virtual_port);
	result = engine_lock(engine);
	if (result != KITH_OK)
		return result;
	result = listen_port(engine, virtual_port, options, &listener);
	if (result == KITH_OK) {
		*out = listener->handle;
		log_sink_write(&engine->log, KITH_SUBJECT_ENDPOINT, KITH_LOG_INFO, "listening on virtual port %d",
		               (int)virtual_port);
	}
	service_flush(engine, clock_now());
	engine_unlock(engine);
	return result;
}

/* With the lock held on KITH_OK. */
static int32_t lock_listener(struct engine_listener *listener)
{
	int32_t result = engine_lock(listener->engine);

	if (result != KITH_OK || listener->socket != NULL)
		return result;
	engine_unlock(listener->engine);
	return failure_set(KITH_E_HANDLE, "the listener was closed");
}

int32_t engine_listener_close(struct engine_listener *listener)
{
	struct engine *engine = listener->engine;
	int32_t result = lock_listener(listener);

	if (result != KITH_OK)
		return result;
	engine_listener_end(listener);
	service_flush(engine, clock_now());
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_listener_address(struct engine_listener *listener, struct kith_address *out)
{
	int32_t result = lock_listener(listener);

	if (result != KITH_OK)
		return result;
	if (listener->bound.port == 0)
		result = failure_set(KITH_E_STATE, "it listens on a virtual port");
	else
		*out = listener->bound;
	engine_unlock(listener->engine);
	return result;
}
