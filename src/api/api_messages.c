#include <kith/messages.h>

#include "api/find.h"
#include "api/structs.h"
#include "engine/engine_sessions.h"
#include "engine/failure.h"

/* Null: the failure is set, `*result` says which. */
static struct engine *find_for(kith_endpoint endpoint, const struct kith_identity *peer, kith_result *result)
{
	struct engine *engine;

	if (peer == NULL) {
		*result = failure_set(KITH_E_INVALID, "peer: null");
		return NULL;
	}
	engine = find_endpoint(endpoint);
	*result = engine != NULL ? KITH_OK : KITH_E_HANDLE;
	return engine;
}

kith_result kith_messages_send(kith_endpoint endpoint, const struct kith_identity *peer, int32_t channel,
                               const void *data, size_t size, uint32_t flags)
{
	struct kith_outgoing outgoing = { data, size, flags, 0, 0 };
	struct engine *engine;
	kith_result result;

	if (data == NULL && size > 0)
		return failure_set(KITH_E_INVALID, "data: null, but size is %zu", size);
	engine = find_for(endpoint, peer, &result);
	if (engine == NULL)
		return result;
	result = engine_sessions_send(engine, peer, channel, &outgoing);
	find_done(endpoint);
	return result;
}

int32_t kith_messages_receive(kith_endpoint endpoint, int32_t channel, kith_message **out_messages, int32_t max)
{
	struct engine *engine;
	int32_t result;

	if (out_messages == NULL)
		return failure_set(KITH_E_INVALID, "out_messages: null");
	if (max <= 0)
		return failure_set(KITH_E_INVALID, "max: %d is not 1 or more", (int)max);
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_sessions_receive(engine, channel, (struct message **)out_messages, max);
	find_done(endpoint);
	return result;
}

kith_result kith_messages_accept(kith_endpoint endpoint, const struct kith_identity *peer)
{
	kith_result result;
	struct engine *engine = find_for(endpoint, peer, &result);

	if (engine == NULL)
		return result;
	result = engine_sessions_accept(engine, peer);
	find_done(endpoint);
	return result;
}

kith_result kith_messages_close(kith_endpoint endpoint, const struct kith_identity *peer, int64_t linger_us)
{
	kith_result result;
	struct engine *engine = find_for(endpoint, peer, &result);

	if (engine == NULL)
		return result;
	result = engine_sessions_close(engine, peer, linger_us);
	find_done(endpoint);
	return result;
}

kith_result kith_messages_close_channel(kith_endpoint endpoint, const struct kith_identity *peer, int32_t channel)
{
	kith_result result;
	struct engine *engine = find_for(endpoint, peer, &result);

	if (engine == NULL)
		return result;
	result = engine_sessions_close_channel(engine, peer, channel);
	find_done(endpoint);
	return result;
}

kith_result kith_messages_flush(kith_endpoint endpoint, const struct kith_identity *peer)
{
	kith_result result;
	struct engine *engine = find_for(endpoint, peer, &result);

	if (engine == NULL)
		return result;
	result = engine_sessions_flush(engine, peer);
	find_done(endpoint);
	return result;
}

/* --- what is known */

kith_result kith_messages_info(kith_endpoint endpoint, const struct kith_identity *peer, struct kith_info *out_info)
{
	struct kith_info own = KITH_INFO_INIT;
	struct engine *engine;
	kith_result result = structs_check(out_info, "out_info");

	if (result != KITH_OK)
		return result;
	structs_clear(out_info);
	engine = find_for(endpoint, peer, &result);
	if (engine == NULL)
		return result;
	result = engine_sessions_info(engine, peer, &own);
	find_done(endpoint);
	if (result == KITH_OK)
		structs_write(out_info, &own, sizeof(own));
	return result;
}

kith_result kith_messages_status(kith_endpoint endpoint, const struct kith_identity *peer,
                                 struct kith_status *out_status)
{
	struct kith_status own = KITH_STATUS_INIT;
	struct engine *engine;
	kith_result result = structs_check(out_status, "out_status");

	if (result != KITH_OK)
		return result;
	structs_clear(out_status);
	engine = find_for(endpoint, peer, &result);
	if (engine == NULL)
		return result;
	result = engine_sessions_status(engine, peer, &own);
	find_done(endpoint);
	if (result == KITH_OK)
		structs_write(out_status, &own, sizeof(own));
	return result;
}

kith_result kith_messages_security(kith_endpoint endpoint, const struct kith_identity *peer,
                                   struct kith_security *out_security)
{
	struct kith_security own = KITH_SECURITY_INIT;
	struct engine *engine;
	kith_result result = structs_check(out_security, "out_security");

	if (result != KITH_OK)
		return result;
	structs_clear(out_security);
	engine = find_for(endpoint, peer, &result);
	if (engine == NULL)
		return result;
	result = engine_sessions_security(engine, peer, &own);
	find_done(endpoint);
	if (result == KITH_OK)
		structs_write(out_security, &own, sizeof(own));
	return result;
}
