#include <kith/endpoint.h>

#include "api/find.h"
#include "api/structs.h"
#include "core/base/bytes.h"
#include "engine/clock.h"
#include "engine/failure.h"
#include "engine/fork_guard.h"

kith_result kith_endpoint_create(const struct kith_endpoint_options *options, kith_endpoint *out_endpoint)
{
	struct kith_endpoint_options own;
	kith_result result;

	if (out_endpoint == NULL)
		return failure_set(KITH_E_INVALID, "out_endpoint: null");
	*out_endpoint = KITH_NO_HANDLE;
	fork_guard_watch();
	result = structs_read(&own, sizeof(own), options);
	return result == KITH_OK ? engine_new(&own, out_endpoint) : result;
}

kith_result kith_endpoint_destroy(kith_endpoint endpoint)
{
	struct engine *engine = find_endpoint(endpoint);

	if (engine == NULL)
		return KITH_E_HANDLE;
	if (!handle_table_remove(endpoint)) {
		find_done(endpoint);
		return failure_set(KITH_E_HANDLE, "the endpoint was destroyed");
	}
	engine_destroy(engine);
	find_done(endpoint);
	return KITH_OK;
}

kith_result kith_endpoint_identity(kith_endpoint endpoint, struct kith_identity *out_identity)
{
	struct engine *engine;
	kith_result result;

	if (out_identity == NULL)
		return failure_set(KITH_E_INVALID, "out_identity: null");
	bytes_zero(out_identity, sizeof(*out_identity));
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_identity(engine, out_identity);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_public_key(kith_endpoint endpoint, void *out_key)
{
	struct engine *engine;
	kith_result result;

	if (out_key == NULL)
		return failure_set(KITH_E_INVALID, "out_key: null");
	bytes_zero(out_key, KITH_KEY_SIZE);
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_public_key(engine, out_key);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_wait(kith_endpoint endpoint, int64_t timeout_us)
{
	struct engine *engine = find_endpoint(endpoint);
	kith_result result;

	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_wait(engine, timeout_us);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_fd(kith_endpoint endpoint, int32_t *out_fd)
{
	struct engine *engine;

	if (out_fd == NULL)
		return failure_set(KITH_E_INVALID, "out_fd: null");
	*out_fd = -1;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	*out_fd = engine_fd(engine);
	find_done(endpoint);
	return KITH_OK;
}

kith_result kith_endpoint_set_wake(kith_endpoint endpoint, kith_wake_fn wake, void *user_data, kith_release_fn release)
{
	struct engine *engine = find_endpoint(endpoint);
	kith_result result;

	if (engine == NULL) {
		if (release != NULL)
			release(user_data);
		return KITH_E_HANDLE;
	}
	result = engine_set_wake(engine, wake, user_data, release);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_next_event(kith_endpoint endpoint, struct kith_event *out_event)
{
	struct kith_event event;
	struct engine *engine;
	kith_result result = structs_check(out_event, "out_event");

	if (result != KITH_OK)
		return result;
	engine = find_endpoint(endpoint);
	if (engine == NULL) {
		structs_clear(out_event);
		return KITH_E_HANDLE;
	}
	result = engine_next_event(engine, &event);
	find_done(endpoint);
	if (result == KITH_OK)
		structs_write(out_event, &event, sizeof(event));
	else
		structs_clear(out_event);
	return result;
}

kith_result kith_endpoint_set_callbacks(kith_endpoint endpoint, const struct kith_callbacks *callbacks)
{
	struct kith_callbacks own;
	struct engine *engine;
	kith_result result = structs_read(&own, sizeof(own), callbacks);

	if (result != KITH_OK)
		return result;
	engine = find_endpoint(endpoint);
	if (engine == NULL) {
		if (own.release != NULL)
			own.release(own.user_data);
		return KITH_E_HANDLE;
	}
	result = engine_set_callbacks(engine, callbacks != NULL ? &own : NULL);
	find_done(endpoint);
	return result;
}

int32_t kith_endpoint_dispatch(kith_endpoint endpoint, int64_t timeout_us)
{
	struct engine *engine = find_endpoint(endpoint);
	int32_t result;

	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_dispatch(engine, timeout_us);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_set_log(kith_endpoint endpoint, int32_t level, kith_log_fn log, void *user_data,
                                  kith_release_fn release)
{
	struct engine *engine = find_endpoint(endpoint);
	kith_result result = KITH_E_HANDLE;

	if (engine != NULL && (level < KITH_LOG_NONE || level > KITH_LOG_DEBUG)) {
		result = failure_set(KITH_E_INVALID, "level: %d is not in 0 to %d", (int)level, KITH_LOG_DEBUG);
		find_done(endpoint);
		engine = NULL;
	}
	if (engine == NULL) {
		if (release != NULL)
			release(user_data);
		return result;
	}
	result = engine_set_log(engine, level, log, user_data, release);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_set_log_level(kith_endpoint endpoint, int32_t subject, int32_t level)
{
	struct engine *engine;
	kith_result result;

	if (level < KITH_LOG_NONE || level > KITH_LOG_DEBUG)
		return failure_set(KITH_E_INVALID, "level: %d is not in 0 to %d", (int)level, KITH_LOG_DEBUG);
	if (subject < KITH_SUBJECT_ALL || subject >= KITH_SUBJECTS)
		return failure_set(KITH_E_INVALID, "subject: %d is not in -1 to %d", (int)subject, KITH_SUBJECTS - 1);
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_set_log_level(engine, subject, level);
	find_done(endpoint);
	return result;
}

int64_t kith_now_us(void)
{
	return clock_now();
}
