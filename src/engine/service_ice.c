#include "engine/service_ice.h"

#include <sys/epoll.h>

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/service_contexts.h"
#include "engine/service_sockets.h"
#include "engine/service_transports.h"
#include "engine/turn_credentials.h"

/* A relay that does not answer is given this long to be said goodbye to. */
#define CLOSE_ALL_LIMIT (2500 * USEC_PER_MSEC)

enum { CLOSE_ALL_STEP_MS = 50 };

/* Most endpoints have no session, and no context. */
static bool make_contexts(struct service *service)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (service->contexts != NULL)
		return true;
	service->contexts = service_contexts_new();
	if (service->contexts == NULL)
		return false;
	event.data.ptr = service->contexts;
	if (epoll_ctl(service->epoll_fd, EPOLL_CTL_ADD, service_contexts_fd(service->contexts), &event) == 0)
		return true;
	service_contexts_free(service->contexts);
	service->contexts = NULL;
	return false;
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

static void fill_options(struct service *service, const struct service_command *command,
                         const struct turn_credentials *credentials, struct ice_options *out)
{
	const struct config *config = &command->config;

	*out = (struct ice_options){
		.transport = command->transport,
		.controlling = command->controlling,
		.share = command->share,
		.username = command->username,
		.password = command->password,
		.stun_servers = config_get_string(config, CONFIG_P2P_STUN_SERVER_LIST),
		.turn_servers = config_get_string(config, CONFIG_P2P_TURN_SERVER_LIST),
		.turn_users = credentials->users,
		.turn_passwords = credentials->passwords,
		.use_sibling = config_get_int(config, CONFIG_USE_SIBLING_SOCKET) != 0,
		.sink = { service, on_datagrams, on_socket, on_socket_closing, on_path_change, on_log },
	};
	service_fill_udp_options(config, &out->udp);
}

static void start(struct service *service, const struct service_command *command,
                  const struct turn_credentials *credentials)
{
	struct path_change impossible = { .transport = command->transport, .kind = PATH_IMPOSSIBLE };
	usec_t lifetime = credentials->end ? config_get_int(&command->config, CONFIG_P2P_TURN_LIFETIME) * USEC_PER_SEC : 0;
	struct ice_options options;

	fill_options(service, command, credentials, &options);
	options.context = make_contexts(service) ? service_contexts_add(service->contexts) : NULL;
	if (options.context == NULL) {
		impossible.text = "no descriptor is left for ICE";
		on_path_change(service, &impossible);
		return;
	}
	service->ice_count++;
	service_contexts_enter(options.context);
	service_transports_add_ice(service, command->transport, ice_new(&options), lifetime);
	service_contexts_leave(options.context);
}

void service_ice_start(struct service *service, const struct service_command *command)
{
	struct turn_credentials credentials;

	turn_credentials_make(&credentials, &command->config, clock_unix_seconds());
	start(service, command, &credentials);
	bytes_wipe(&credentials, sizeof(credentials));
}

void service_ice_remote(struct service *service, const struct service_command *command)
{
	struct ice *ice = service_transports_find_ice(service, command->transport);

	if (ice == NULL)
		return;
	service_contexts_enter(ice_context(ice));
	ice_set_remote(ice, command->username, command->password);
	service_contexts_leave(ice_context(ice));
}

void service_ice_candidate(struct service *service, const struct service_command *command)
{
	struct ice *ice = service_transports_find_ice(service, command->transport);

	if (ice == NULL)
		return;
	service_contexts_enter(ice_context(ice));
	ice_add_candidate(ice, command->candidate);
	service_contexts_leave(ice_context(ice));
}

void service_ice_run(struct service *service)
{
	service_contexts_run(service->contexts, 0);
}

/* --- the end */

/* A session that says goodbye. */
struct parting {
	struct service *service;
	GMainContext *context;
};

static void on_closed(void *data)
{
	struct parting *parting = data;

	parting->service->ice_count--;
	service_contexts_remove(parting->service->contexts, parting->context);
	alloc_free(parting);
}

void service_ice_close(struct service *service, struct ice *ice)
{
	struct parting *parting = alloc_zeroed(sizeof(*parting));
	GMainContext *context = ice_context(ice);

	parting->service = service;
	parting->context = context;
	service_contexts_enter(context);
	ice_close(ice, on_closed, parting);
	service_contexts_leave(context);
}

void service_ice_close_all(struct service *service)
{
	usec_t deadline = clock_now() + CLOSE_ALL_LIMIT;
	struct ice *ice;

	if (service->contexts == NULL)
		return;
	while ((ice = service_transports_take_ice(service)) != NULL)
		service_ice_close(service, ice);
	while (service->ice_count > 0 && clock_now() < deadline)
		service_contexts_run(service->contexts, CLOSE_ALL_STEP_MS);
	service_contexts_free(service->contexts);
	service->contexts = NULL;
}
