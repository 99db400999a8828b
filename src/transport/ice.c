#include "transport/ice.h"
#include "core/base/bytes.h"

#include <stdio.h>
#include <string.h>

#include <nice/agent.h>

#include "core/base/alloc.h"
#include "core/types/action.h"
#include "transport/ice_candidate.h"
#include "transport/ice_interfaces.h"
#include "transport/ice_internal.h"
#include "transport/ice_servers.h"

enum {
	COMPONENT = 1,
	/* RFC 8445 §14.2 allows no faster pace; each pair waits for its turn. */
	PACING_MS = 5,
	/* The first retransmission of a check; libnice's 500 ms cost too much on short paths. */
	INITIAL_TIMEOUT_MS = 200,
	IDLE_TIMEOUT_MS = 2000,
	/* Pairs that are checked at all: a hostile list is not worth more. */
	CHECKS_MAX = 32,
	REMOTES_MAX = 32,
};

static void say(const struct ice *ice, const char *what, const char *detail)
{
	char text[256];

	snprintf(text, sizeof(text), "ice: %s%s%s", what, detail[0] != '\0' ? ": " : "", detail);
	ice->sink.on_log(ice->sink.owner, text);
}

static void from_nice(const NiceAddress *from, struct address *out)
{
	char ip[NICE_ADDRESS_STRING_LEN];

	nice_address_to_string(from, ip);
	if (!address_parse(out, ip))
		bytes_zero(out, sizeof(*out));
	out->port = (uint16_t)nice_address_get_port(from);
}

static enum ice_candidate_type type_from_nice(NiceCandidateType type)
{
	switch (type) {
	case NICE_CANDIDATE_TYPE_HOST:
		return ICE_HOST;
	case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
		return ICE_SERVER_REFLEXIVE;
	case NICE_CANDIDATE_TYPE_RELAYED:
		return ICE_RELAYED;
	default:
		return ICE_PEER_REFLEXIVE;
	}
}

static NiceCandidateType type_to_nice(enum ice_candidate_type type)
{
	switch (type) {
	case ICE_HOST:
		return NICE_CANDIDATE_TYPE_HOST;
	case ICE_SERVER_REFLEXIVE:
		return NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE;
	case ICE_RELAYED:
		return NICE_CANDIDATE_TYPE_RELAYED;
	default:
		return NICE_CANDIDATE_TYPE_PEER_REFLEXIVE;
	}
}

/* --- what libnice tells. Its handlers may run inside a call of ours, so they only leave a note. */

static void on_candidate(NiceAgent *agent, NiceCandidate *candidate, gpointer data)
{
	struct ice *ice = data;
	struct ice_note note = { .kind = ICE_NOTE_CANDIDATE };
	struct ice_candidate line;

	(void)agent;
	bytes_zero(&line, sizeof(line));
	line.type = type_from_nice(candidate->type);
	line.priority = candidate->priority;
	from_nice(&candidate->addr, &line.address);
	bytes_copy(line.foundation, candidate->foundation, strnlen(candidate->foundation, sizeof(line.foundation) - 1));
	if (candidate->transport != NICE_CANDIDATE_TRANSPORT_UDP || !ice_candidate_may_share(&line, ice->share))
		return;
	if (ice_candidate_print(&line, note.line))
		ice_notes_add(ice, &note);
}

static void on_gathered(NiceAgent *agent, guint stream, gpointer data)
{
	struct ice_note note = { .kind = ICE_NOTE_GATHERED };

	(void)agent, (void)stream;
	ice_notes_add(data, &note);
}

static void on_selected(NiceAgent *agent, guint stream, guint component, NiceCandidate *local, NiceCandidate *remote,
                        gpointer data)
{
	struct ice_note note = { .kind = ICE_NOTE_SELECTED };

	(void)agent, (void)stream, (void)component;
	from_nice(&local->addr, &note.local);
	from_nice(&remote->addr, &note.remote);
	note.local_type = type_from_nice(local->type);
	note.remote_type = type_from_nice(remote->type);
	ice_notes_add(data, &note);
}

static void on_state(NiceAgent *agent, guint stream, guint component, guint state, gpointer data)
{
	struct ice_note note = { .kind = ICE_NOTE_FAILED };

	(void)agent, (void)stream, (void)component;
	if (state == NICE_COMPONENT_STATE_FAILED)
		ice_notes_add(data, &note);
}

static void on_receive(NiceAgent *agent, guint stream, guint component, guint size, gchar *bytes, gpointer data)
{
	struct ice *ice = data;
	struct datagram datagram = { .transport = ice->transport, .bytes = (uint8_t *)bytes, .size = size };

	(void)agent, (void)stream, (void)component;
	if (!ice->closing)
		ice->sink.on_datagrams(ice->sink.owner, &datagram, 1);
}

/* --- setting up */

static NiceAgent *make_agent(const struct ice_options *options)
{
	NiceAgent *agent = nice_agent_new_full(options->context, NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_ICE_TRICKLE);

	g_object_set(agent, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE, "controlling-mode",
	             (gboolean)options->controlling, "stun-pacing-timer", PACING_MS, "stun-initial-timeout",
	             INITIAL_TIMEOUT_MS, "idle-timeout", IDLE_TIMEOUT_MS, "max-connectivity-checks", CHECKS_MAX, NULL);
	return agent;
}

static void add_addresses(struct ice *ice)
{
	ice_interfaces_read(&ice->interfaces);
	for (unsigned i = 0; i < ice->interfaces.count; i++) {
		char ip[ADDRESS_TEXT_MAX];
		NiceAddress address;
		address_print(&ice->interfaces.addresses[i], ip);
		nice_address_init(&address);
		if (nice_address_set_from_string(&address, ip))
			nice_agent_add_local_address(ice->agent, &address);
	}
}

/* libnice knows one STUN server: each session tries another one of the list. */
static void add_stun(struct ice *ice, const struct ice_options *options)
{
	struct ice_servers servers;
	const struct ice_server *server;

	if (!ice_servers_parse(&servers, "stun", options->stun_servers))
		say(ice, "a STUN server of the list cannot be read", options->stun_servers);
	if (servers.count == 0 || (ice->share & SHARE_PUBLIC) == 0)
		return;
	server = &servers.servers[options->transport % servers.count];
	g_object_set(ice->agent, "stun-server", server->host, "stun-server-port", (guint)server->port, NULL);
}

static void add_turn(struct ice *ice, const struct ice_options *options)
{
	struct ice_servers servers;

	if (!ice_servers_parse(&servers, "turn", options->turn_servers))
		say(ice, "a TURN server of the list cannot be read", options->turn_servers);
	ice_servers_add_credentials(&servers, options->turn_users, options->turn_passwords);
	if ((ice->share & SHARE_RELAY) == 0)
		return;
	for (unsigned i = 0; i < servers.count; i++) {
		const struct ice_server *server = &servers.servers[i];
		if (!nice_agent_set_relay_info(ice->agent, ice->stream, COMPONENT, server->host, server->port, server->user,
		                               server->password,
		                               server->tcp ? NICE_RELAY_TYPE_TURN_TCP : NICE_RELAY_TYPE_TURN_UDP))
			say(ice, "a TURN server is not usable", server->host);
	}
}

static void connect_handlers(struct ice *ice)
{
	g_signal_connect(ice->agent, "new-candidate-full", G_CALLBACK(on_candidate), ice);
	g_signal_connect(ice->agent, "candidate-gathering-done", G_CALLBACK(on_gathered), ice);
	g_signal_connect(ice->agent, "new-selected-pair-full", G_CALLBACK(on_selected), ice);
	g_signal_connect(ice->agent, "component-state-changed", G_CALLBACK(on_state), ice);
}

static bool begin(struct ice *ice, const struct ice_options *options)
{
	ice->stream = nice_agent_add_stream(ice->agent, 1);
	if (ice->stream == 0 ||
	    !nice_agent_set_local_credentials(ice->agent, ice->stream, options->username, options->password))
		return false;
	add_turn(ice, options);
	/* Without this no packet of the component is ever read, STUN included. */
	nice_agent_attach_recv(ice->agent, ice->stream, COMPONENT, ice->context, on_receive, ice);
	return nice_agent_gather_candidates(ice->agent, ice->stream);
}

struct ice *ice_new(const struct ice_options *options)
{
	struct ice *ice = alloc_zeroed(sizeof(*ice));

	ice->context = options->context;
	ice->transport = options->transport;
	ice->share = options->share;
	ice->udp = options->udp;
	ice->use_sibling = options->use_sibling;
	ice->sink = options->sink;
	g_mutex_init(&ice->lock);
	ice->agent = make_agent(options);
	if (ice->share == SHARE_RELAY)
		g_object_set(ice->agent, "force-relay", TRUE, NULL);
	add_addresses(ice);
	add_stun(ice, options);
	connect_handlers(ice);
	if (begin(ice, options))
		return ice;
	say(ice, "no session", "no usable address, port or descriptor");
	ice_close(ice, NULL, NULL);
	return NULL;
}

/* --- the peer */

void ice_set_remote(struct ice *ice, const char *username, const char *password)
{
	nice_agent_set_remote_credentials(ice->agent, ice->stream, username, password);
}

void ice_add_candidate(struct ice *ice, const char *line)
{
	struct ice_candidate candidate;
	char ip[ADDRESS_TEXT_MAX];
	NiceCandidate *nice;
	GSList list = { NULL, NULL };

	if (!ice_candidate_parse(&candidate, line) || !ice_candidate_may_try(&candidate, ice->interfaces.only_loopback) ||
	    ice->remote_count == REMOTES_MAX) {
		say(ice, "a candidate of the peer is ignored", line);
		return;
	}
	ice->remote_count++;
	nice = nice_candidate_new(type_to_nice(candidate.type));
	nice->stream_id = ice->stream;
	nice->component_id = COMPONENT;
	nice->transport = NICE_CANDIDATE_TRANSPORT_UDP;
	nice->priority = candidate.priority;
	g_strlcpy(nice->foundation, candidate.foundation, sizeof(nice->foundation));
	candidate.address.port = 0;
	address_print(&candidate.address, ip);
	ice_candidate_parse(&candidate, line);
	if (nice_address_set_from_string(&nice->addr, ip)) {
		nice_address_set_port(&nice->addr, candidate.address.port);
		nice->base_addr = nice->addr;
		list.data = nice;
		nice_agent_set_remote_candidates(ice->agent, ice->stream, COMPONENT, &list);
	}
	nice_candidate_free(nice);
}

/* --- data */

void ice_send(struct ice *ice, const struct datagram_burst *burst)
{
	g_mutex_lock(&ice->lock);
	if (ice->sibling != NULL) {
		struct datagram_burst direct = *burst;
		direct.remote = ice->remote;
		udp_send(ice->sibling, &direct);
	} else if (!ice->closing) {
		for (size_t at = 0; at < burst->size; at += burst->segment_size) {
			size_t left = burst->size - at;
			size_t size = left < burst->segment_size ? left : burst->segment_size;
			nice_agent_send(ice->agent, ice->stream, COMPONENT, (guint)size, (const gchar *)burst->bytes + at);
		}
	}
	g_mutex_unlock(&ice->lock);
}
