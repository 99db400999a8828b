/* The TURN servers of a session, and why there is no relay. */
#include <stdio.h>
#include <string.h>

#include <kith/errors.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/types/action.h"
#include "transport/ice_internal.h"

/* Without a relay nothing is left to try, and there is none. */
static void set_impossible(struct ice *ice, const char *why)
{
	struct ice_note note = { .kind = ICE_NOTE_IMPOSSIBLE };

	snprintf(note.line, sizeof(note.line), "%s", why);
	ice_notes_add(ice, &note);
}

void ice_relays_add(struct ice *ice, const struct ice_options *options)
{
	struct ice_servers *servers = alloc_zeroed(sizeof(*servers));

	ice->relays = servers;
	if (!ice_servers_parse(servers, "turn", options->turn_servers))
		ice_log_say(ice, ICE_LOG_WARNING, "a TURN server of the list cannot be read: %s", options->turn_servers);
	if (!ice_servers_add_credentials(servers, options->turn_users, options->turn_passwords))
		ice_log_say(ice, ICE_LOG_WARNING, "a TURN server of the list has no user or password: %s",
		            options->turn_servers);
	if ((ice->share & SHARE_RELAY) == 0)
		servers->count = 0;
	for (unsigned i = 0; i < servers->count; i++) {
		const struct ice_server *server = &servers->servers[i];
		ice_log_say(ice, ICE_LOG_DEBUG, "asks TURN server %s port %u over %s", server->host, server->port,
		            server->tcp ? "TCP" : "UDP");
		if (!nice_agent_set_relay_info(ice->agent, ice->stream, ICE_COMPONENT, server->host, server->port, server->user,
		                               server->password,
		                               server->tcp ? NICE_RELAY_TYPE_TURN_TCP : NICE_RELAY_TYPE_TURN_UDP))
			ice_log_say(ice, ICE_LOG_WARNING, "TURN server %s is not usable", server->host);
	}
	if (servers->count > 0)
		return;
	ice_relays_free(ice);
	if (ice->share == SHARE_RELAY)
		set_impossible(ice, "only relays are allowed, and there is no TURN server");
}

static bool is_asking(const struct ice *ice)
{
	for (unsigned i = 0; i < ICE_SERVERS_MAX; i++) {
		if (ice->checks[i] != NULL)
			return true;
	}
	return false;
}

/* The peer reads it too: no names of servers. */
static const char *say_impossible(int32_t result)
{
	if (result == KITH_E_AUTH)
		return "the TURN server refuses the user or the password";
	if (result == KITH_E_TIMEOUT)
		return "the TURN server does not answer";
	return "no TURN server gives a relay";
}

static void on_answer(void *owner, struct ice_relay_check *check, int32_t result, const char *text)
{
	struct ice *ice = owner;
	char line[512];

	for (unsigned i = 0; i < ICE_SERVERS_MAX; i++) {
		if (ice->checks[i] == check)
			ice->checks[i] = NULL;
	}
	ice_relay_check_free(check);
	/* It gives one now: too late for this session, which may do without. */
	if (result == KITH_OK && ice->share == SHARE_RELAY) {
		snprintf(line, sizeof(line), "%s, but not to our addresses", text);
		ice_say_server(ice, KITH_E_NO_ROUTE, line);
	} else if (result == KITH_OK)
		ice_log_say(ice, ICE_LOG_INFO, "%s", text);
	else
		ice_say_server(ice, result, text);
	if (ice->share == SHARE_RELAY && !ice->has_relay && !is_asking(ice))
		set_impossible(ice, say_impossible(result));
}

void ice_relays_on_gathered(struct ice *ice)
{
	if (ice->relays == NULL || ice->has_relay || is_asking(ice))
		return;
	for (unsigned i = 0; i < ice->relays->count; i++) {
		/* A socket of its own, and some for the resolver. */
		if (ice_has_descriptors(4))
			ice->checks[i] = ice_relay_check_new(&ice->relays->servers[i], on_answer, ice);
	}
}

void ice_relays_free(struct ice *ice)
{
	for (unsigned i = 0; i < ICE_SERVERS_MAX; i++) {
		ice_relay_check_free(ice->checks[i]);
		ice->checks[i] = NULL;
	}
	if (ice->relays != NULL)
		bytes_wipe(ice->relays, sizeof(*ice->relays));
	alloc_free(ice->relays);
	ice->relays = NULL;
}
