#include "sim_ice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_INTERVAL (50 * USEC_PER_MSEC)
#define CHECKS_MAX 400u
#define CONSENT_INTERVAL (5 * USEC_PER_SEC)
#define CONSENT_LIFE (15 * USEC_PER_SEC)
#define CHECK_REQUEST 0x00
#define CHECK_RESPONSE 0x01

/* A check as it travels: kind, whether it nominates, then "to-user:from-user:password". */
struct check {
	uint8_t kind;
	uint8_t nominates;
	char to[16], from[16], password[64];
};

void sim_ice_start(struct sim_ice *ice, unsigned host, const struct address *socket, const struct action *action,
                   usec_t gather_at)
{
	memset(ice, 0, sizeof *ice);
	ice->open = true;
	ice->host = host;
	ice->socket = *socket;
	ice->transport = action->transport;
	ice->controlling = action->controlling;
	ice->share = action->share;
	ice->selected = -1;
	ice->gather_at = gather_at;
	snprintf(ice->username, sizeof ice->username, "%s", action->username);
	snprintf(ice->password, sizeof ice->password, "%s", action->password);
}

static void check_all_now(struct sim_ice *ice, usec_t now)
{
	for (unsigned i = 0; i < ice->pair_count; i++) {
		ice->pairs[i].next_check = now;
		ice->pairs[i].check_count = 0;
	}
}

void sim_ice_set_remote(struct sim_ice *ice, usec_t now, const char *username, const char *password)
{
	if (ice->remote_known && strcmp(ice->remote_password, password) == 0)
		return;
	snprintf(ice->remote_username, sizeof ice->remote_username, "%s", username);
	snprintf(ice->remote_password, sizeof ice->remote_password, "%s", password);
	ice->remote_known = true;
	ice->selected = -1;
	check_all_now(ice, now);
}

static struct sim_ice_pair *add_pair(struct sim_ice *ice, usec_t now, const struct address *remote)
{
	struct sim_ice_pair *pair;

	for (unsigned i = 0; i < ice->pair_count; i++) {
		if (address_equal(&ice->pairs[i].remote, remote))
			return &ice->pairs[i];
	}
	if (ice->pair_count == SIM_ICE_REMOTES_MAX)
		return NULL;
	pair = &ice->pairs[ice->pair_count++];
	memset(pair, 0, sizeof *pair);
	pair->remote = *remote;
	pair->next_check = now;
	return pair;
}

void sim_ice_add_candidate(struct sim_ice *ice, usec_t now, const char *line)
{
	char ip[64];
	unsigned port;
	struct address remote;

	if (sscanf(line, "candidate:%*s %*s %*s %*s %63s %u", ip, &port) != 2 || !address_parse(&remote, ip))
		return;
	remote.port = (uint16_t)port;
	add_pair(ice, now, &remote);
}

static bool may_check(const struct sim_ice *ice, const struct sim_ice_pair *pair)
{
	return ice->remote_known && pair->check_count < CHECKS_MAX && ice->selected < 0;
}

usec_t sim_ice_next_timeout(const struct sim_ice *ice)
{
	usec_t at = USEC_NEVER;

	if (!ice->open)
		return at;
	if (!ice->gathered)
		at = ice->gather_at;
	if (ice->selected >= 0)
		at = usec_min(at, ice->consent_at);
	for (unsigned i = 0; i < ice->pair_count; i++) {
		if (may_check(ice, &ice->pairs[i]))
			at = usec_min(at, ice->pairs[i].next_check);
	}
	return at;
}

static void tell_candidate(struct sim_ice *ice, struct sim_ice_context *context, const struct address *address,
                           const char *type)
{
	char ip[ADDRESS_TEXT_MAX];
	char line[CANDIDATE_LINE_MAX];
	struct address bare = *address;
	struct path_change change = { .transport = ice->transport, .kind = PATH_LOCAL_CANDIDATE, .candidate = line };

	bare.port = 0;
	address_print(&bare, ip);
	snprintf(line, sizeof line, "candidate:1 0 udp 2130706431 %s %u typ %s", ip, address->port, type);
	context->sink(context->owner, &change);
}

static void gather(struct sim_ice *ice, struct sim_ice_context *context)
{
	struct path_change done = { .transport = ice->transport, .kind = PATH_GATHERED };
	struct address outside;

	ice->gathered = true;
	if ((ice->share & SHARE_PRIVATE) != 0 || !address_is_private(&ice->socket))
		tell_candidate(ice, context, &ice->socket, "host");
	if (sim_network_reflexive(context->network, ice->host, &ice->socket, &outside))
		tell_candidate(ice, context, &outside, "srflx");
	context->sink(context->owner, &done);
}

static void send_check(struct sim_ice *ice, struct sim_ice_context *context, const struct address *to, uint8_t kind)
{
	struct check check;
	struct sim_packet packet = { &ice->socket, to, (const uint8_t *)&check, sizeof check, false };

	if (!address_equal_ip(&ice->socket, &context->network->hosts[ice->host].address))
		return; /* bound to an address that is gone */
	memset(&check, 0, sizeof check);
	check.kind = kind;
	check.nominates = ice->controlling;
	memcpy(check.to, ice->remote_username, sizeof check.to);
	memcpy(check.from, ice->username, sizeof check.from);
	memcpy(check.password, kind == CHECK_REQUEST ? ice->remote_password : ice->password, sizeof check.password);
	sim_network_send(context->network, context->now, ice->host, &packet);
}

static void select_pair(struct sim_ice *ice, struct sim_ice_context *context, struct sim_ice_pair *pair)
{
	struct path_change change = {
		.transport = ice->transport, .kind = PATH_READY, .route = ROUTE_DIRECT, .whole = true, .rtt = -1
	};

	if (ice->selected >= 0 || !pair->valid || !(ice->controlling || pair->nominated))
		return;
	ice->selected = (int)(pair - ice->pairs);
	ice->heard_at = context->now;
	ice->consent_at = context->now + CONSENT_INTERVAL;
	change.local = ice->socket;
	change.remote = pair->remote;
	change.route = address_is_private(&pair->remote) ? ROUTE_LAN : ROUTE_DIRECT;
	if (pair->checked_at != 0)
		change.rtt = context->now - pair->checked_at;
	context->sink(context->owner, &change);
}

void sim_ice_break(struct sim_ice *ice, struct sim_ice_context *context)
{
	struct path_change change = { .transport = ice->transport, .kind = PATH_FAILED };

	if (ice->selected < 0)
		return;
	ice->selected = -1;
	for (unsigned i = 0; i < ice->pair_count; i++)
		ice->pairs[i].valid = ice->pairs[i].nominated = false;
	check_all_now(ice, context->now);
	context->sink(context->owner, &change);
}

static void ask_consent(struct sim_ice *ice, struct sim_ice_context *context)
{
	if (context->now - ice->heard_at >= CONSENT_LIFE) {
		sim_ice_break(ice, context);
		return;
	}
	ice->consent_at = context->now + CONSENT_INTERVAL;
	send_check(ice, context, &ice->pairs[ice->selected].remote, CHECK_REQUEST);
}

void sim_ice_handle_timeout(struct sim_ice *ice, struct sim_ice_context *context)
{
	if (!ice->gathered && ice->gather_at <= context->now)
		gather(ice, context);
	if (ice->selected >= 0 && ice->consent_at <= context->now)
		ask_consent(ice, context);
	for (unsigned i = 0; i < ice->pair_count; i++) {
		struct sim_ice_pair *pair = &ice->pairs[i];
		if (!may_check(ice, pair) || pair->next_check > context->now)
			continue;
		pair->next_check = context->now + CHECK_INTERVAL;
		pair->check_count++;
		pair->checked_at = context->now;
		send_check(ice, context, &pair->remote, CHECK_REQUEST);
	}
}

static void on_request(struct sim_ice *ice, struct sim_ice_context *context, const struct address *source,
                       const struct check *check)
{
	struct sim_ice_pair *pair;

	if (strcmp(check->to, ice->username) != 0 || strcmp(check->password, ice->password) != 0)
		return;
	if (!ice->remote_known)
		memcpy(ice->remote_username, check->from, sizeof ice->remote_username);
	send_check(ice, context, source, CHECK_RESPONSE);
	pair = add_pair(ice, context->now, source);
	if (pair == NULL)
		return;
	if (!pair->valid) /* a triggered check */
		pair->next_check = usec_min(pair->next_check, context->now);
	pair->nominated |= check->nominates != 0;
	select_pair(ice, context, pair);
}

static void on_response(struct sim_ice *ice, struct sim_ice_context *context, const struct address *source,
                        const struct check *check)
{
	if (!ice->remote_known || strcmp(check->password, ice->remote_password) != 0)
		return;
	for (unsigned i = 0; i < ice->pair_count; i++) {
		if (!address_equal(&ice->pairs[i].remote, source))
			continue;
		ice->pairs[i].valid = true;
		if (ice->selected == (int)i)
			ice->heard_at = context->now;
		select_pair(ice, context, &ice->pairs[i]);
	}
}

bool sim_ice_receive(struct sim_ice *ice, struct sim_ice_context *context, const struct address *source,
                     const uint8_t *bytes, size_t size)
{
	struct check check;

	if (size == 0 || bytes[0] > CHECK_RESPONSE)
		return false;
	if (size != sizeof check)
		return true;
	memcpy(&check, bytes, sizeof check);
	if (check.kind == CHECK_REQUEST)
		on_request(ice, context, source, &check);
	else
		on_response(ice, context, source, &check);
	return true;
}
