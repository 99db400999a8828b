#include "core/core.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/endpoint/endpoint_trust.h"
#include "core/messages/messages.h"
#include "core/messages/messages_event.h"
#include "core/sockets/sockets_core.h"
#include "core/sockets/sockets_event.h"

struct core *core_new(usec_t now, const struct core_options *options)
{
	struct core *core = alloc_zeroed(sizeof *core);
	struct endpoint_options endpoint;

	bytes_zero(&endpoint, sizeof endpoint);
	bytes_copy(endpoint.seed, options->seed, sizeof endpoint.seed);
	endpoint.identity = options->identity;
	endpoint.private_key = options->has_private_key ? options->private_key : NULL;
	endpoint.unix_time = options->unix_time;
	endpoint.app_id = options->app_id;
	core->endpoint = endpoint_new(now, &endpoint);
	core->messages = messages_new(core->endpoint);
	bytes_wipe(&endpoint, sizeof endpoint);
	return core;
}

void core_shutdown(struct core *core, usec_t now)
{
	endpoint_shutdown(core->endpoint, now);
}

void core_destroy(struct core *core)
{
	messages_destroy(core->messages);
	sockets_detach_all(core);
	endpoint_destroy(core->endpoint);
	alloc_free(core);
}

const struct identity *core_identity(const struct core *core)
{
	return endpoint_identity(core->endpoint);
}

struct config *core_config(struct core *core)
{
	return endpoint_config(core->endpoint);
}

struct messages *core_messages(struct core *core)
{
	return core->messages;
}

void core_set_unix_time(struct core *core, usec_t now, int64_t unix_time)
{
	endpoint_set_unix_time(core->endpoint, now, unix_time);
}

struct endpoint *core_endpoint(struct core *core)
{
	return core->endpoint;
}

uint32_t core_new_transport(struct core *core)
{
	return endpoint_new_transport(core->endpoint);
}

const struct config *core_config_of(struct core *core, uint32_t transport, const struct address *remote,
                                    bool *is_stranger)
{
	return endpoint_config_of(core->endpoint, transport, remote, is_stranger);
}

void core_receive_datagram(struct core *core, usec_t now, const struct datagram *datagram)
{
	endpoint_receive(core->endpoint, now, datagram, 1);
}

void core_receive_datagrams(struct core *core, usec_t now, const struct datagram *datagrams, size_t count)
{
	endpoint_receive(core->endpoint, now, datagrams, count);
}

void core_receive_signal(struct core *core, usec_t now, const struct signal *signal)
{
	endpoint_receive_signal(core->endpoint, now, signal);
}

void core_receive_path_change(struct core *core, usec_t now, const struct path_change *change)
{
	endpoint_receive_path_change(core->endpoint, now, change);
}

void core_network_changed(struct core *core, usec_t now, bool usable)
{
	endpoint_network_changed(core->endpoint, now, usable);
}

void core_handle_timeout(struct core *core, usec_t now)
{
	endpoint_handle_timeout(core->endpoint, now);
	messages_handle_timeout(core->messages, now);
}

usec_t core_next_timeout(const struct core *core)
{
	return usec_min(endpoint_next_timeout(core->endpoint), messages_next_timeout(core->messages));
}

bool core_transmit(struct core *core, usec_t now, struct datagram_burst *out)
{
	return endpoint_transmit(core->endpoint, now, out);
}

bool core_next_action(struct core *core, struct action *out)
{
	return endpoint_next_action(core->endpoint, out);
}

bool core_next_event(struct core *core, struct event *out)
{
	/* Those of connections that belong to sessions turn into events of sessions, or into none. */
	while (!messages_next_event(core->messages, out)) {
		if (!endpoint_next_event(core->endpoint, out))
			return false;
		if (out->conn == NULL || !messages_on_event(core->messages, out)) {
			sockets_on_event(out);
			break;
		}
	}
	return true;
}
