#include "engine/service_actions.h"

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "engine/engine_internal.h"
#include "engine/service_ice.h"
#include "engine/service_transports.h"

/* --- signals */

struct signal_call {
	struct deferred deferred;
	struct signaling_box *box;
	size_t size;
	char peer[IDENTITY_TEXT_MAX];
	uint8_t bytes[];
};

static void run_signal(struct deferred *deferred)
{
	struct signal_call *call = (struct signal_call *)deferred;

	/* What the plug-in could not send is repeated by the protocol; it tells its own state. */
	(void)call->box->send(call->box->box.user_data, call->peer, call->bytes, call->size);
	box_unref(&call->box->box);
	alloc_free(call);
}

static void send_by(struct engine_signaling *signaling, const struct action *action)
{
	struct signal_call *call = alloc_zeroed(sizeof(*call) + action->size);

	box_ref(&signaling->box->box);
	call->deferred.run = run_signal;
	call->box = signaling->box;
	call->size = action->size;
	bytes_copy(call->peer, action->to->text, sizeof(call->peer) - 1);
	bytes_copy(call->bytes, action->bytes, action->size);
	deferred_add(&call->deferred);
}

/* By the way its peer's came, if that is still there; else by all there are. */
static void send_signal(struct engine *engine, const struct action *action)
{
	struct engine_signaling *signaling;

	log_sink_write(&engine->log, KITH_SUBJECT_SIGNALING, KITH_LOG_DEBUG, "sending a signal of %zu bytes to %s",
	               action->size, action->to->text);
	LL_SEARCH_SCALAR(engine->signalings, signaling, handle, action->source);
	if (signaling != NULL) {
		send_by(signaling, action);
		return;
	}
	if (engine->signalings == NULL)
		engine_events_add_signal(engine, action->to, action->bytes, action->size);
	DL_FOREACH (engine->signalings, signaling)
		send_by(signaling, action);
}

/* --- commands to transports */

static void free_command(struct service_command *command)
{
	alloc_free(command->username);
	alloc_free(command->password);
	alloc_free(command->candidate);
	if (command->has_config)
		config_free(&command->config);
	alloc_free(command);
}

static void add_command(struct service *service, struct service_command *command)
{
	DL_APPEND(service->commands, command);
	if (!atomic_exchange_explicit(&service->commands_wait, true, memory_order_relaxed))
		service_wake(service);
}

void service_actions_add_close(struct service *service, uint32_t transport)
{
	struct service_command *command = alloc_zeroed(sizeof(*command));

	command->kind = ACTION_TRANSPORT_CLOSE;
	command->transport = transport;
	add_command(service, command);
}

static void add_ice(struct service *service, const struct action *action)
{
	struct service_command *command = alloc_zeroed(sizeof(*command));

	command->kind = action->kind;
	command->transport = action->transport;
	command->controlling = action->controlling;
	command->share = action->share;
	command->username = alloc_text(action->username);
	command->password = alloc_text(action->password);
	command->candidate = alloc_text(action->candidate);
	if (action->kind == ACTION_ICE_START) {
		config_copy(&command->config, sockets_config(action->conn), CONFIG_LEVEL_CONNECTION);
		command->has_config = true;
	}
	add_command(service, command);
}

void service_actions_collect(struct engine *engine)
{
	struct action action;

	while (core_next_action(engine->core, &action)) {
		switch (action.kind) {
		case ACTION_SEND_SIGNAL:
			send_signal(engine, &action);
			break;
		case ACTION_TRANSPORT_CLOSE:
			service_actions_add_close(&engine->service, action.transport);
			break;
		case ACTION_ICE_START:
		case ACTION_ICE_REMOTE:
		case ACTION_ICE_CANDIDATE:
			add_ice(&engine->service, &action);
			break;
		}
	}
}

/* --- on the thread */

static struct service_command *take_commands(struct service *service)
{
	struct service_command *commands;

	pthread_mutex_lock(&service->engine->lock);
	commands = service->commands;
	service->commands = NULL;
	atomic_store_explicit(&service->commands_wait, false, memory_order_relaxed);
	pthread_mutex_unlock(&service->engine->lock);
	return commands;
}

static void run_command(struct service *service, struct service_command *command)
{
	switch (command->kind) {
	case ACTION_TRANSPORT_CLOSE:
		service_transports_close(service, command->transport);
		break;
	case ACTION_ICE_START:
		service_ice_start(service, command);
		break;
	case ACTION_ICE_REMOTE:
		service_ice_remote(service, command);
		break;
	case ACTION_ICE_CANDIDATE:
		service_ice_candidate(service, command);
		break;
	case ACTION_SEND_SIGNAL:
		break;
	}
}

void service_actions_run(struct service *service)
{
	while (atomic_load_explicit(&service->commands_wait, memory_order_relaxed)) {
		struct service_command *commands = take_commands(service);
		struct service_command *command, *next;

		DL_FOREACH_SAFE(commands, command, next)
		{
			run_command(service, command);
			free_command(command);
		}
	}
}

void service_actions_free(struct service *service)
{
	struct service_command *command, *next;

	DL_FOREACH_SAFE(service->commands, command, next)
	free_command(command);
	service->commands = NULL;
}
