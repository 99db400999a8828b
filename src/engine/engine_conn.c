#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"
#include "engine/handle_table.h"
#include "engine/result.h"
#include "engine/service_impair.h"
#include "engine/service_transports.h"

/* --- lifetime */

static void finalize(void *object)
{
	struct engine_conn *conn = object;
	struct engine *engine = conn->engine;

	alloc_free(conn->name);
	alloc_free(conn->signaling_at_end);
	alloc_free(conn);
	engine_unref(engine);
}

struct engine_conn *engine_conn_new(struct engine *engine, usec_t now, struct conn *core_conn)
{
	struct engine_conn *conn = alloc_zeroed(sizeof(*conn));

	conn->handle = handle_table_add(HANDLE_CONNECTION, conn, finalize);
	if (conn->handle == 0) {
		sockets_close(engine->core, now, core_conn, KITH_REASON_APP_EXCEPTION, "out of handles", 0);
		alloc_free(conn);
		return NULL;
	}
	engine_ref(engine);
	conn->engine = engine;
	conn->conn = core_conn;
	engine_events_init(conn);
	sockets_set_tag(core_conn, conn->handle);
	DL_APPEND(engine->conns, conn);
	if (sockets_config(core_conn)->set_at[CONFIG_P2P_TURN_USER_LIST] > CONFIG_LEVEL_ENDPOINT)
		service_credentials_look(&engine->service, now);
	return conn;
}

struct engine_conn *engine_conn_find(const struct conn *conn)
{
	uint64_t tag = sockets_tag(conn);

	return tag == 0 ? NULL : handle_table_peek((uint32_t)tag, HANDLE_CONNECTION);
}

void engine_conn_set_dead(struct engine_conn *conn)
{
	struct engine *engine = conn->engine;

	if (conn->dead)
		return;
	conn->dead = true;
	DL_APPEND2(engine->dead, conn, dead_prev, dead_next);
	if (++engine->dead_count > DEAD_CONNS_MAX)
		engine_conn_end(engine->dead, 0, NULL, 0);
}

void engine_conn_end(struct engine_conn *conn, uint32_t reason, const char *text, usec_t linger)
{
	struct engine *engine = conn->engine;
	struct engine_group *group = conn->group;

	engine_events_forget(conn);
	if (conn->dead) {
		DL_DELETE2(engine->dead, conn, dead_prev, dead_next);
		engine->dead_count--;
	}
	DL_DELETE(engine->conns, conn);
	sockets_close(engine->core, clock_now(), conn->conn, reason, text, linger);
	conn->conn = NULL;
	conn->group = NULL;
	if (group != NULL)
		engine_group_update(group);
	handle_table_remove(conn->handle);
}

void engine_conn_reap(struct engine *engine)
{
	struct engine_conn *conn, *next;

	atomic_store_explicit(&engine->dead_to_reap, false, memory_order_relaxed);
	DL_FOREACH_SAFE2(engine->dead, conn, next, dead_next)
	{
		if (conn->dead_told && !sockets_readable(conn->conn))
			engine_conn_end(conn, 0, NULL, 0);
	}
}

int32_t engine_conn_lock(struct engine_conn *conn)
{
	int32_t result = engine_lock(conn->engine);

	if (result != KITH_OK || conn->conn != NULL)
		return result;
	engine_unlock(conn->engine);
	return failure_set(KITH_E_HANDLE, "the connection was closed");
}

/* --- connecting */

/* Applies what the application attaches. */
static int32_t set_up(struct engine_conn *conn, const struct kith_connection_options *options,
                      struct engine_group *group)
{
	conn->user_data = options->user_data;
	if (options->name != NULL) {
		alloc_free(conn->name);
		conn->name = alloc_text(options->name);
	}
	conn->group = group;
	if (group != NULL)
		sockets_poll_group_set(conn->engine->core, conn->conn, group->group);
	return KITH_OK;
}

/* The group of the options, if they name one of this engine. */
static int32_t find_group(struct engine *engine, kith_poll_group handle, struct engine_group **out)
{
	*out = NULL;
	if (handle == KITH_NO_HANDLE)
		return KITH_OK;
	LL_SEARCH_SCALAR(engine->groups, *out, handle, handle);
	return *out != NULL ? KITH_OK : failure_set(KITH_E_HANDLE, "poll_group: not one of this endpoint");
}

/* Gives the connection of the core a handle; a symmetric call may have found one that has. */
int32_t engine_conn_finish(struct engine *engine, usec_t now, struct conn *core_conn,
                           const struct kith_connection_options *options, struct engine_conn **out)
{
	struct engine_group *group;

	*out = engine_conn_find(core_conn);
	if (*out == NULL)
		*out = engine_conn_new(engine, now, core_conn);
	if (*out == NULL)
		return failure_set(KITH_E_LIMIT, "too many objects");
	if (find_group(engine, options->poll_group, &group) != KITH_OK)
		group = NULL;
	return set_up(*out, options, group);
}

int32_t engine_conn_make_config(struct engine *engine, const struct kith_connection_options *options,
                                struct config *out)
{
	struct engine_group *group;
	int32_t result = find_group(engine, options->poll_group, &group);

	if (result == KITH_OK)
		result = engine_config_copy(out, core_config(engine->core), CONFIG_LEVEL_CONNECTION, options->config,
		                            options->config_count);
	if (result != KITH_OK)
		return result;
	if (options->symmetric)
		config_set_int(out, CONFIG_SYMMETRIC_CONNECT, 1);
	service_impair_notice(&engine->service, out);
	return KITH_OK;
}

static int32_t connect_address(struct engine *engine, const struct address *remote, const struct identity *expected,
                               const struct kith_connection_options *options, struct engine_conn **out)
{
	struct config config;
	struct conn *conn = NULL;
	usec_t now = engine_now(engine);
	uint32_t transport;
	int32_t result = engine_conn_make_config(engine, options, &config);

	if (result != KITH_OK)
		return result;
	result = service_open_udp(&engine->service, NULL, remote, &config, &transport);
	if (result == KITH_OK) {
		struct endpoint_udp_call call = { transport, *remote, { { 0 }, 0 }, expected, &config };

		service_local_address(&engine->service, transport, &call.local);
		result = sockets_connect_udp(engine->core, now, &call, &conn);
		if (result != KITH_OK)
			service_close_transport(&engine->service, transport);
	}
	config_free(&config);
	if (result == KITH_OK)
		result = engine_conn_finish(engine, now, conn, options, out);
	service_flush(engine, now);
	return result;
}

int32_t engine_connect_address(struct engine *engine, const struct kith_address *address,
                               const struct kith_connection_options *options, kith_connection *out)
{
	struct address remote;
	struct identity expected = { 0 };
	struct engine_conn *conn;
	int32_t result;

	convert_address_in(&remote, address);
	if (remote.port == 0 || address_is_any(&remote) || address_is_multicast(&remote))
		return failure_set(KITH_E_INVALID, "address: needs the address of one host, and a port");
	if (options->peer != NULL && !convert_identity_in(&expected, options->peer))
		return failure_set(KITH_E_INVALID, "peer: not an identity");
	result = engine_lock(engine);
	if (result != KITH_OK)
		return result;
	result = connect_address(engine, &remote, &expected, options, &conn);
	if (result == KITH_OK)
		*out = conn->handle;
	engine_unlock(engine);
	return result;
}

static int32_t connect_identity(struct engine *engine, const struct identity *peer,
                                const struct kith_connection_options *options, struct engine_conn **out)
{
	struct config config;
	struct conn *conn = NULL;
	usec_t now = engine_now(engine);
	int32_t result = engine_conn_make_config(engine, options, &config);

	if (result != KITH_OK)
		return result;
	result = sockets_connect_p2p(engine->core, now, peer, options->virtual_port, &config, &conn);
	config_free(&config);
	if (result == KITH_OK)
		result = engine_conn_finish(engine, now, conn, options, out);
	else
		failure_set(result, "calling %.100s: %s", peer->text, result_text(result));
	service_flush(engine, now);
	return result;
}

int32_t engine_connect_identity(struct engine *engine, const struct kith_identity *peer,
                                const struct kith_connection_options *options, kith_connection *out)
{
	struct identity identity;
	struct engine_conn *conn;
	int32_t result;

	if (!convert_identity_in(&identity, peer) || identity_is_none(&identity))
		return failure_set(KITH_E_INVALID, "peer: not an identity");
	if (options->virtual_port < 0 || options->virtual_port > 65535)
		return failure_set(KITH_E_INVALID, "virtual_port: %d is not in 0 to 65535", (int)options->virtual_port);
	result = engine_lock(engine);
	if (result != KITH_OK)
		return result;
	result = connect_identity(engine, &identity, options, &conn);
	if (result == KITH_OK)
		*out = conn->handle;
	engine_unlock(engine);
	return result;
}

/* --- commands */

int32_t engine_conn_accept(struct engine_conn *conn)
{
	struct engine *engine = conn->engine;
	usec_t now;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	result = sockets_accept(engine->core, now, conn->conn);
	service_flush(engine, now);
	engine_unlock(engine);
	return result == KITH_OK ? result : failure_set(result, "nothing to accept: %s", result_text(result));
}

int32_t engine_conn_close(struct engine_conn *conn, int32_t reason, const char *text, int64_t linger_usec)
{
	struct engine *engine = conn->engine;
	usec_t limit;
	int32_t result;

	if (reason != 0 && (reason < KITH_REASON_APP || reason > KITH_REASON_APP_EXCEPTION_MAX))
		return failure_set(KITH_E_INVALID, "reason: %d is not in 1000 to 2999", (int)reason);
	result = engine_conn_lock(conn);
	if (result != KITH_OK)
		return result;
	limit = config_get_int(sockets_config(conn->conn), CONFIG_LINGER_TIMEOUT) * USEC_PER_MSEC;
	if (linger_usec >= 0 && linger_usec < limit)
		limit = linger_usec;
	engine_conn_end(conn, reason != 0 ? (uint32_t)reason : KITH_REASON_APP, text != NULL ? text : "", limit);
	service_flush(engine, clock_now());
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_conn_flush(struct engine_conn *conn)
{
	usec_t now;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	result = sockets_flush(conn->engine->core, now, conn->conn);
	service_flush(conn->engine, now);
	engine_unlock(conn->engine);
	return result;
}

int32_t engine_conn_set_lanes(struct engine_conn *conn, int32_t count, const int32_t *priorities,
                              const uint16_t *weights)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	result = sockets_configure_lanes(conn->engine->core, conn->conn, count, priorities, weights);
	service_flush(conn->engine, clock_now());
	engine_unlock(conn->engine);
	return result == KITH_OK ? result : failure_set(result, "lanes: %s", result_text(result));
}

int32_t engine_conn_set_group(struct engine_conn *conn, struct engine_group *group)
{
	struct engine *engine = conn->engine;
	struct engine_group *before;
	int32_t result;

	if (group != NULL && group->engine != engine)
		return failure_set(KITH_E_INVALID, "poll_group: of another endpoint");
	result = engine_conn_lock(conn);
	if (result != KITH_OK)
		return result;
	if (group != NULL && group->group == NULL) {
		engine_unlock(engine);
		return failure_set(KITH_E_HANDLE, "the poll group was destroyed");
	}
	before = conn->group;
	conn->group = group;
	event_queue_remove(&engine->events, &conn->readable);
	sockets_poll_group_set(engine->core, conn->conn, group != NULL ? group->group : NULL);
	service_flush(engine, clock_now());
	if (before != NULL)
		engine_group_update(before);
	if (group != NULL && sockets_poll_group_readable(group->group))
		engine_group_on_readable(group);
	else if (group == NULL && sockets_readable(conn->conn))
		event_queue_add(&engine->events, &conn->readable);
	engine_unlock(engine);
	return KITH_OK;
}

/* --- what the application attaches */

int32_t engine_conn_user_data(struct engine_conn *conn, int64_t *out)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	*out = conn->user_data;
	engine_unlock(conn->engine);
	return KITH_OK;
}

int32_t engine_conn_set_user_data(struct engine_conn *conn, int64_t user_data)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	conn->user_data = user_data;
	engine_unlock(conn->engine);
	return KITH_OK;
}

int32_t engine_conn_set_name(struct engine_conn *conn, const char *name)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	alloc_free(conn->name);
	conn->name = name != NULL && name[0] != '\0' ? alloc_text(name) : NULL;
	engine_unlock(conn->engine);
	return KITH_OK;
}
