#include <kith/sockets.h>

#include "api/find.h"
#include "engine/failure.h"

/* --- what the application attaches to a connection */

kith_result kith_connection_user_data(kith_connection connection, int64_t *out_user_data)
{
	struct engine_conn *object;
	kith_result result;

	if (out_user_data == NULL)
		return failure_set(KITH_E_INVALID, "out_user_data: null");
	*out_user_data = 0;
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_user_data(object, out_user_data);
	find_done(connection);
	return result;
}

kith_result kith_connection_set_user_data(kith_connection connection, int64_t user_data)
{
	struct engine_conn *object = find_connection(connection);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_set_user_data(object, user_data);
	find_done(connection);
	return result;
}

kith_result kith_connection_set_name(kith_connection connection, const char *name)
{
	struct engine_conn *object = find_connection(connection);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_set_name(object, name);
	find_done(connection);
	return result;
}

/* --- poll groups */

kith_result kith_poll_group_create(kith_endpoint endpoint, kith_poll_group *out_poll_group)
{
	struct engine *engine;
	kith_result result;

	if (out_poll_group == NULL)
		return failure_set(KITH_E_INVALID, "out_poll_group: null");
	*out_poll_group = KITH_NO_HANDLE;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_group_new(engine, out_poll_group);
	find_done(endpoint);
	return result;
}

kith_result kith_poll_group_destroy(kith_poll_group poll_group)
{
	struct engine_group *object = find_poll_group(poll_group);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_group_destroy(object);
	find_done(poll_group);
	return result;
}

kith_result kith_connection_set_poll_group(kith_connection connection, kith_poll_group poll_group)
{
	struct engine_conn *object = find_connection(connection);
	struct engine_group *group = NULL;
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	if (poll_group != KITH_NO_HANDLE) {
		group = find_poll_group(poll_group);
		if (group == NULL) {
			find_done(connection);
			return KITH_E_HANDLE;
		}
	}
	result = engine_conn_set_group(object, group);
	if (group != NULL)
		find_done(poll_group);
	find_done(connection);
	return result;
}

kith_result kith_poll_group_wait(kith_poll_group poll_group, int64_t timeout_us)
{
	struct engine_group *object = find_poll_group(poll_group);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_group_wait(object, timeout_us);
	find_done(poll_group);
	return result;
}

kith_result kith_poll_group_fd(kith_poll_group poll_group, int32_t *out_fd)
{
	struct engine_group *object;

	if (out_fd == NULL)
		return failure_set(KITH_E_INVALID, "out_fd: null");
	*out_fd = -1;
	object = find_poll_group(poll_group);
	if (object == NULL)
		return KITH_E_HANDLE;
	*out_fd = engine_group_fd(object);
	find_done(poll_group);
	return KITH_OK;
}
