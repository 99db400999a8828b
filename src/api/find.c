#include "api/find.h"

#include "engine/failure.h"

static void *find(uint32_t handle, enum handle_kind kind, const char *name)
{
	void *object = handle_table_pin(handle, kind);

	if (object == NULL)
		failure_set(KITH_E_HANDLE, "%s %#x does not exist (any more)", name, (unsigned)handle);
	return object;
}

struct engine *find_endpoint(kith_endpoint endpoint)
{
	return find(endpoint, HANDLE_ENDPOINT, "endpoint");
}

struct engine_conn *find_connection(kith_connection connection)
{
	return find(connection, HANDLE_CONNECTION, "connection");
}

struct engine_listener *find_listener(kith_listener listener)
{
	return find(listener, HANDLE_LISTENER, "listener");
}

struct engine_group *find_poll_group(kith_poll_group poll_group)
{
	return find(poll_group, HANDLE_POLL_GROUP, "poll group");
}

struct engine_signaling *find_signaling(kith_signaling signaling)
{
	return find(signaling, HANDLE_SIGNALING, "signaling");
}

void find_done(uint32_t handle)
{
	handle_table_unpin(handle);
}
