#include "engine/service_ice.h"

#include <glib-unix.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/service_sockets.h"
#include "engine/service_transports.h"

/* A relay that does not answer is given this long to be said goodbye to. */
#define CLOSE_ALL_LIMIT (2500 * USEC_PER_MSEC)

/* Of a context, and of what GLib may open beside it. */
enum { CONTEXT_DESCRIPTORS = 4 };

void service_ice_enter(struct service *service)
{
	(void)service; /* the context is made with the first session: most endpoints have none */
}

static gboolean on_ready(gint fd, GIOCondition condition, gpointer data)
{
	(void)fd, (void)condition;
	service_handle_ready(data, 0);
	return G_SOURCE_CONTINUE;
}

/* GLib ends the process when it finds no descriptor for a context. */
static bool make_context(struct service *service)
{
	if (service->context != NULL)
		return true;
	if (!ice_has_descriptors(CONTEXT_DESCRIPTORS))
		return false;
	service->context = g_main_context_new();
	g_main_context_push_thread_default(service->context);
	service->ice_source = g_unix_fd_source_new(service->epoll_fd, G_IO_IN);
	g_source_set_callback(service->ice_source, G_SOURCE_FUNC(on_ready), service, NULL);
	g_source_attach(service->ice_source, service->context);
	return true;
}

void service_ice_leave(struct service *service)
{
	if (service->context == NULL)
		return;
	g_source_destroy(service->ice_source);
	g_source_unref(service->ice_source);
	g_main_context_pop_thread_default(service->context);
}

void service_ice_wait(struct service *service)
{
	if (service->ice_count == 0)
		service_handle_ready(service, -1);
	else
		g_main_context_iteration(service->context, TRUE);
}

/* --- what sessions tell */

static void on_datagrams(void *owner, struct datagram *datagrams, size_t count)
{
	service_sockets_receive(owner, datagrams, count, false);
}

/* A socket that cannot be watched is one that nothing is heard from: the connection finds out. */
static void on_socket(void *owner, struct ice *ice, struct udp *udp)
{
	struct service *service = owner;
	struct service_socket socket = { .transport = ice_transport(ice), .udp = udp, .ice = ice };

	pthread_mutex_lock(&service->engine->lock);
	service_sockets_add(service, &socket);
	pthread_mutex_unlock(&service->engine->lock);
}

static void on_socket_closing(void *owner, struct udp *udp)
{
	struct service *service = owner;
	struct service_socket *socket;

	service_attend_enter(service);
	pthread_mutex_lock(&service->engine->lock);
	DL_SEARCH_SCALAR(service->sockets, socket, udp, udp);
	if (socket != NULL)
		service_sockets_remove(service, socket);
	pthread_mutex_unlock(&service->engine->lock);
	service_attend_leave(service);
}

static void on_path_change(void *owner, const struct path_change *change)
{
	struct service *service = owner;
	struct engine *engine = service->engine;
	usec_t now;

	if (engine_lock(engine) != KITH_OK)
		return;
	now = clock_now();
	if (change->kind == PATH_SERVER)
		engine_events_add_error(engine, change->result, change->text);
	core_receive_path_change(engine->core, now, change);
	service_flush(engine, now);
	engine_unlock(engine);
}

static void on_log(void *owner, enum ice_log_kind kind, const char *text)
{
	static const int32_t levels[] = {
		[ICE_LOG_DEBUG] = KITH_LOG_DEBUG,
		[ICE_LOG_INFO] = KITH_LOG_INFO,
		[ICE_LOG_WARNING] = KITH_LOG_WARNING,
		[ICE_LOG_LIBRARY] = KITH_LOG_WARNING,
	};
	struct service *service = owner;

	if (engine_lock(service->engine) != KITH_OK)
		return;
	log_sink_write(&service->engine->log, kind == ICE_LOG_LIBRARY ? KITH_SUBJECT_LIBRARY : KITH_SUBJECT_ICE,
	               levels[kind], "%s", text);
	engine_unlock(service->engine);
}

/* --- commands */

static void fill_options(struct service *service, const struct service_command *command, struct ice_options *out)
{
	const struct config *config = &command->config;

	*out = (struct ice_options){
		.context = service->context,
		.transport = command->transport,
		.controlling = command->controlling,
		.share = command->share,
		.username = command->username,
		.password = command->password,
		.stun_servers = config_get_string(config, CONFIG_P2P_STUN_SERVER_LIST),
		.turn_servers = config_get_string(config, CONFIG_P2P_TURN_SERVER_LIST),
		.turn_users = config_get_string(config, CONFIG_P2P_TURN_USER_LIST),
		.turn_passwords = config_get_string(config, CONFIG_P2P_TURN_PASS_LIST),
		.use_sibling = config_get_int(config, CONFIG_USE_SIBLING_SOCKET) != 0,
		.sink = { service, on_datagrams, on_socket, on_socket_closing, on_path_change, on_log },
	};
	service_fill_udp_options(config, &out->udp);
}

void service_ice_start(struct service *service, const struct service_command *command)
{
	struct path_change impossible = { .transport = command->transport, .kind = PATH_IMPOSSIBLE };
	struct ice_options options;

	if (!make_context(service)) {
		impossible.text = "no descriptor is left for ICE";
		on_path_change(service, &impossible);
		return;
	}
	fill_options(service, command, &options);
	service->ice_count++;
	service_transports_add_ice(service, command->transport, ice_new(&options));
}

void service_ice_remote(struct service *service, const struct service_command *command)
{
	struct ice *ice = service_transports_find_ice(service, command->transport);

	if (ice != NULL)
		ice_set_remote(ice, command->username, command->password);
}

void service_ice_candidate(struct service *service, const struct service_command *command)
{
	struct ice *ice = service_transports_find_ice(service, command->transport);

	if (ice != NULL)
		ice_add_candidate(ice, command->candidate);
}

/* --- the end */

static void on_closed(void *data)
{
	struct service *service = data;

	service->ice_count--;
}

void service_ice_close(struct service *service, struct ice *ice)
{
	ice_close(ice, on_closed, service);
}

static gboolean do_nothing(gpointer data)
{
	(void)data;
	return G_SOURCE_CONTINUE;
}

void service_ice_close_all(struct service *service)
{
	usec_t deadline = clock_now() + CLOSE_ALL_LIMIT;
	GSource *tick;
	struct ice *ice;

	if (service->context == NULL)
		return;
	while ((ice = service_transports_take_ice(service)) != NULL)
		service_ice_close(service, ice);
	tick = g_timeout_source_new(50);
	g_source_set_callback(tick, do_nothing, NULL, NULL);
	g_source_attach(tick, service->context);
	while (service->ice_count > 0 && clock_now() < deadline)
		g_main_context_iteration(service->context, TRUE);
	g_source_destroy(tick);
	g_source_unref(tick);
}
