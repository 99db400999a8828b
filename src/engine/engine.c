#include "engine/engine_internal.h"

#include <errno.h>

#include <utlist.h>

#include <kith/version.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/crypto/primitives.h"
#include "core/messages/messages.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/entropy.h"
#include "engine/handle_table.h"
#include "transport/ice.h"

void engine_ref(struct engine *engine)
{
	atomic_fetch_add_explicit(&engine->references, 1, memory_order_relaxed);
}

void engine_unref(struct engine *engine)
{
	if (atomic_fetch_sub_explicit(&engine->references, 1, memory_order_acq_rel) != 1)
		return;
	service_free(&engine->service);
	event_queue_free(&engine->events);
	if (engine->core != NULL)
		core_destroy(engine->core);
	pthread_mutex_destroy(&engine->lock);
	alloc_free(engine);
}

int32_t engine_lock(struct engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	deferred_enter();
	if (!atomic_load_explicit(&engine->destroyed, memory_order_relaxed))
		return KITH_OK;
	pthread_mutex_unlock(&engine->lock);
	deferred_leave();
	return failure_set(KITH_E_HANDLE, "the endpoint was destroyed");
}

/* What the application is to be told of an engine, once nothing is locked. */
struct bell {
	bool rings;
	struct wake_box *wake;
};

static void give_back(struct engine *engine, struct bell *bell)
{
	bell->rings = event_queue_must_signal(&engine->events);
	bell->wake = bell->rings ? engine->wake : NULL;
	if (bell->rings)
		service_attend_on_signal(&engine->service);
	if (bell->wake != NULL)
		box_ref(&bell->wake->box);
	pthread_mutex_unlock(&engine->lock);
}

static void ring(struct engine *engine, const struct bell *bell)
{
	if (bell->rings)
		event_queue_signal(&engine->events);
	if (bell->wake == NULL)
		return;
	bell->wake->wake(bell->wake->box.user_data);
	box_unref(&bell->wake->box);
}

void engine_unlock(struct engine *engine)
{
	struct bell bell;

	give_back(engine, &bell);
	ring(engine, &bell);
	deferred_leave();
}

int32_t engine_lock_both(struct engine *first, struct engine *second)
{
	bool is_ahead = first->handle < second->handle;
	struct engine *ahead = is_ahead ? first : second;
	struct engine *behind = is_ahead ? second : first;
	int32_t result = engine_lock(ahead);

	if (result != KITH_OK || ahead == behind)
		return result;
	result = engine_lock(behind);
	if (result != KITH_OK)
		engine_unlock(ahead);
	return result;
}

void engine_unlock_both(struct engine *first, struct engine *second)
{
	struct bell bells[2];

	if (first == second) {
		engine_unlock(first);
		return;
	}
	give_back(first, &bells[0]);
	give_back(second, &bells[1]);
	ring(first, &bells[0]);
	ring(second, &bells[1]);
	deferred_leave();
	deferred_leave();
}

void engine_unlock_quietly(struct engine *engine)
{
	pthread_mutex_unlock(&engine->lock);
	deferred_leave();
}

/* --- making one */

static int32_t read_identity(struct core_options *out, const struct kith_endpoint_options *options,
                             const uint8_t public_key[KITH_KEY_SIZE])
{
	uint8_t claimed[IDENTITY_KEY_SIZE];

	if (options->identity != NULL && !convert_identity_in(&out->identity, options->identity))
		return failure_set(KITH_E_INVALID, "identity: not an identity");
	if (options->identity == NULL && options->certificate != NULL) {
		int32_t result = engine_trust_identity(options->certificate, options->certificate_size, &out->identity);
		if (result != KITH_OK)
			return result;
	}
	if (identity_get_key(&out->identity, claimed) && !bytes_equal(claimed, public_key, sizeof(claimed)))
		return failure_set(KITH_E_AUTH, "identity: it is of another key than the private key given");
	return KITH_OK;
}

static int32_t read_options(struct core_options *out, struct config *config,
                            const struct kith_endpoint_options *options)
{
	uint8_t public_key[KITH_KEY_SIZE];
	struct config defaults;
	int32_t result;

	bytes_zero(out, sizeof(*out));
	out->has_private_key = true;
	out->unix_time = clock_unix_seconds();
	out->app_id = options->app_id;
	if (!entropy_fill(out->seed, sizeof(out->seed)) || !entropy_fill(out->private_key, sizeof(out->private_key)))
		return failure_set(KITH_E_SYSTEM, "the system has no random numbers");
	if (options->private_key != NULL)
		bytes_copy(out->private_key, options->private_key, KITH_KEY_SIZE);
	primitives_ed25519_public(public_key, out->private_key);
	result = read_identity(out, options, public_key);
	if (result != KITH_OK)
		return result;
	engine_config_defaults(&defaults);
	result = engine_config_copy(config, &defaults, CONFIG_LEVEL_ENDPOINT, options->config, options->config_count);
	config_free(&defaults);
	return result;
}

static struct callbacks_box *new_callbacks_box(const struct kith_callbacks *callbacks)
{
	struct callbacks_box *box = alloc_zeroed(sizeof(*box));

	box_init(&box->box, callbacks->user_data, callbacks->release);
	box->callbacks = *callbacks;
	return box;
}

static void free_unstarted(struct engine *engine)
{
	engine->core = NULL;
	service_free(&engine->service);
	event_queue_free(&engine->events);
	pthread_mutex_destroy(&engine->lock);
	alloc_free(engine);
}

/* An engine with nothing running. Null: no descriptors. */
static struct engine *new_engine(void)
{
	struct engine *engine = alloc_zeroed(sizeof(*engine));
	bool has_queue, has_service;

	atomic_init(&engine->references, 1);
	pthread_mutex_init(&engine->lock, NULL);
	/* Both, so that both can be freed. */
	has_queue = event_queue_init(&engine->events);
	has_service = service_init(&engine->service, engine->events.fd);
	if (has_queue && has_service)
		return engine;
	failure_set_system(errno, "no descriptor for an endpoint");
	free_unstarted(engine);
	return NULL;
}

/* From the handle on others may find it: who changes the library's options does. So it is locked until it
 * runs. KITH_NO_HANDLE, and `*error` an errno or 0: no thread, or no handle. */
static uint32_t publish(struct engine *engine, int *error)
{
	uint32_t handle;
	bool started = false;

	*error = 0;
	pthread_mutex_lock(&engine->lock);
	handle = handle_table_add(HANDLE_ENDPOINT, engine, (handle_finalize_fn *)engine_unref);
	if (handle != 0) {
		engine->handle = handle;
		engine_config_refresh(engine);
		started = service_start(&engine->service, engine);
		*error = errno;
		atomic_store(&engine->destroyed, !started);
	}
	pthread_mutex_unlock(&engine->lock);
	if (started)
		return handle;
	if (handle != 0)
		handle_table_remove(handle);
	else
		engine_unref(engine);
	return KITH_NO_HANDLE;
}

static int32_t start(struct engine *engine, const struct core_options *core_options, const struct config *config,
                     const struct kith_endpoint_options *options, kith_endpoint *out)
{
	int32_t result;
	int error;

	/* Cannot fail: what the core got came from there as well. */
	entropy_fill(&engine->session_events.hash_key, sizeof(engine->session_events.hash_key));
	engine->core = core_new(clock_now(), core_options);
	config_free(core_config(engine->core));
	config_copy(core_config(engine->core), config, CONFIG_LEVEL_ENDPOINT);
	result = engine_trust_set_up(engine->core, options);
	if (result != KITH_OK) {
		engine_unref(engine);
		return result;
	}
	*out = publish(engine, &error);
	if (*out != KITH_NO_HANDLE)
		return KITH_OK;
	return error != 0 ? failure_set_system(error, "no thread for an endpoint")
	                  : failure_set(KITH_E_LIMIT, "too many objects");
}

/* Nobody knows the handle yet, so it cannot have been destroyed. */
static void set_callables(struct engine *engine, const struct kith_endpoint_options *options)
{
	if (options->wake != NULL || options->wake_release != NULL)
		engine_set_wake(engine, options->wake, options->wake_user_data, options->wake_release);
	if (options->log != NULL || options->log_release != NULL)
		engine_set_log(engine, options->log_level, options->log, options->log_user_data, options->log_release);
}

int32_t engine_new(const struct kith_endpoint_options *options, kith_endpoint *out)
{
	struct core_options core_options;
	struct config config;
	struct engine *engine = NULL;
	int32_t result = read_options(&core_options, &config, options);

	if (result == KITH_OK) {
		engine = new_engine();
		result = engine == NULL ? KITH_E_SYSTEM : KITH_OK;
		if (engine != NULL)
			result = start(engine, &core_options, &config, options, out);
		config_free(&config);
	}
	bytes_wipe(&core_options, sizeof(core_options));
	if (result == KITH_OK) {
		set_callables(engine, options);
		return KITH_OK;
	}
	if (options->wake_release != NULL)
		options->wake_release(options->wake_user_data);
	if (options->log_release != NULL)
		options->log_release(options->log_user_data);
	return result;
}

/* --- ending one */

static void end_objects(struct engine *engine)
{
	while (engine->signalings != NULL)
		engine_signaling_end(engine->signalings);
	messages_close_all(core_messages(engine->core), clock_now());
	while (engine->conns != NULL)
		engine_conn_end(engine->conns, KITH_REASON_APP, "the endpoint was destroyed", 0);
	while (engine->listeners != NULL)
		engine_listener_end(engine->listeners);
	while (engine->groups != NULL)
		engine_group_end(engine->groups);
}

void engine_destroy(struct engine *engine)
{
	usec_t now;

	if (engine_lock(engine) != KITH_OK)
		return;
	end_objects(engine);
	now = clock_now();
	core_shutdown(engine->core, now);
	service_flush_all(engine, now);
	atomic_store_explicit(&engine->destroyed, true, memory_order_release);
	while (engine->events.first != NULL)
		event_queue_remove(&engine->events, engine->events.first);
	log_sink_free(&engine->log);
	if (engine->wake != NULL)
		box_unref(&engine->wake->box);
	engine->wake = NULL;
	if (engine->callbacks != NULL)
		box_unref(&engine->callbacks->box);
	engine->callbacks = NULL;
	pthread_mutex_unlock(&engine->lock);
	deferred_leave();
	service_stop(&engine->service);
	/* Whoever waits finds it destroyed. */
	event_queue_signal(&engine->events);
}

/* --- small things */

int32_t engine_identity(struct engine *engine, struct kith_identity *out)
{
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	convert_identity_out(out, core_identity(engine->core));
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_set_wake(struct engine *engine, kith_wake_fn wake, void *user_data, kith_release_fn release)
{
	struct wake_box *box = alloc_zeroed(sizeof(*box));
	struct wake_box *old;

	box_init(&box->box, user_data, release);
	box->wake = wake;
	service_attend_enter(&engine->service);
	if (engine_lock(engine) != KITH_OK) {
		service_attend_leave(&engine->service);
		box_unref(&box->box);
		return KITH_E_HANDLE;
	}
	/* Who is called does not look: from here on the service thread reads. */
	service_attend_end(&engine->service);
	old = engine->wake;
	engine->wake = wake != NULL ? box : NULL;
	/* Rings at once when something waits. */
	engine->events.marked = engine->events.marked && engine->events.first == NULL;
	if (wake == NULL)
		box_unref(&box->box);
	if (old != NULL)
		box_unref(&old->box);
	engine_unlock(engine);
	service_attend_leave(&engine->service);
	return KITH_OK;
}

int32_t engine_set_callbacks(struct engine *engine, const struct kith_callbacks *callbacks)
{
	struct callbacks_box *box = callbacks != NULL ? new_callbacks_box(callbacks) : NULL;
	struct callbacks_box *old;

	if (engine_lock(engine) != KITH_OK) {
		box_unref(box != NULL ? &box->box : NULL);
		return KITH_E_HANDLE;
	}
	old = engine->callbacks;
	engine->callbacks = box;
	box_unref(old != NULL ? &old->box : NULL);
	engine_unlock(engine);
	return KITH_OK;
}

/* GLib's own messages are only taken from their place when somebody wants them. */
static void take_library_log(struct engine *engine)
{
	if (log_sink_wants(&engine->log, KITH_SUBJECT_LIBRARY, KITH_LOG_ERROR))
		ice_log_take_glib();
}

int32_t engine_set_log(struct engine *engine, int32_t level, kith_log_fn log, void *user_data, kith_release_fn release)
{
	if (engine_lock(engine) != KITH_OK) {
		if (release != NULL)
			release(user_data);
		return KITH_E_HANDLE;
	}
	log_sink_set(&engine->log, level, log, user_data, release);
	take_library_log(engine);
	log_sink_write(&engine->log, KITH_SUBJECT_ENDPOINT, KITH_LOG_INFO, "endpoint %x: %s, Kith %d.%d.%d",
	               (unsigned)engine->handle, core_identity(engine->core)->text, KITH_VERSION_MAJOR, KITH_VERSION_MINOR,
	               KITH_VERSION_PATCH);
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_set_log_level(struct engine *engine, int32_t subject, int32_t level)
{
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	log_sink_set_level(&engine->log, subject, level);
	take_library_log(engine);
	engine_unlock(engine);
	return KITH_OK;
}
