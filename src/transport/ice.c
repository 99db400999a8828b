#include "transport/ice.h"

#include <stdio.h>
#include <string.h>

#include <kith/errors.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/types/action.h"
#include "transport/ice_internal.h"
#include "transport/udp_options.h"

enum {
	/* RFC 8445 §14.2 allows no faster pace; each pair waits for its turn. */
	PACING_MS = 5,
	/* The first repetition of a question to a server; libnice's 500 ms cost too much on short paths. */
	INITIAL_TIMEOUT_MS = 200,
	/* How often a question to a server or a peer is sent. libnice's 3 give a server 0.8 s: less than a lost packet
	 * costs where TCP carries the question. These give it 3.8 s, and a peer 9.5 s. */
	TRANSMISSIONS_MAX = 5,
	/* After the last check libnice goes on ticking for so long: at its pace that is most of what a session costs. What
	 * is told of later begins the checks anew. */
	IDLE_TIMEOUT_MS = 500,
	/* Pairs that are checked at all: a hostile list is not worth more. */
	CHECKS_MAX = 32,
	REMOTES_MAX = 32,
	/* An agent needs one for its loop and one for each address, and so does the sibling. */
	DESCRIPTORS_PER_ADDRESS = 2,
	DESCRIPTORS_BESIDE = 4,
	DESCRIPTORS_MAX = 64,
	SEND_MAX = 64,
};

static void from_nice(const NiceAddress *from, struct address *out)
{
	char ip[NICE_ADDRESS_STRING_LEN];

	nice_address_to_string(from, ip);
	if (!address_parse(out, ip))
		bytes_zero(out, sizeof(*out));
	out->port = (uint16_t)nice_address_get_port(from);
}

static bool to_nice(const struct address *address, NiceAddress *out)
{
	struct address bare = *address;
	char ip[ADDRESS_TEXT_MAX];

	bare.port = 0;
	address_print(&bare, ip);
	nice_address_init(out);
	if (!nice_address_set_from_string(out, ip))
		return false;
	nice_address_set_port(out, address->port);
	return true;
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
	note.local_type = line.type;
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
	from_nice(&local->base_addr, &note.base);
	from_nice(&local->addr, &note.local);
	from_nice(&remote->addr, &note.remote);
	note.local_type = type_from_nice(local->type);
	note.remote_type = type_from_nice(remote->type);
	ice_notes_add(data, &note);
}

static void on_state(NiceAgent *agent, guint stream, guint component, guint state, gpointer data)
{
	struct ice_note failed = { .kind = ICE_NOTE_FAILED }, ready = { .kind = ICE_NOTE_READY };

	(void)agent, (void)stream, (void)component;
	if (state == NICE_COMPONENT_STATE_FAILED)
		ice_notes_add(data, &failed);
	else if (state == NICE_COMPONENT_STATE_READY)
		ice_notes_add(data, &ready);
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

	g_object_set(agent, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", FALSE, "controlling-mode",
	             (gboolean)options->controlling, "stun-pacing-timer", PACING_MS, "stun-initial-timeout",
	             INITIAL_TIMEOUT_MS, "stun-max-retransmissions", TRANSMISSIONS_MAX, "idle-timeout", IDLE_TIMEOUT_MS,
	             "max-connectivity-checks", CHECKS_MAX, NULL);
	return agent;
}

static void add_addresses(struct ice *ice)
{
	for (unsigned i = 0; i < ice->interfaces.count; i++) {
		NiceAddress address;
		if (to_nice(&ice->interfaces.addresses[i], &address))
			nice_agent_add_local_address(ice->agent, &address);
	}
}

/* Where we cannot ask ourselves, libnice does. It knows one server: each session tries another one. */
static void add_stun(struct ice *ice, const struct ice_options *options)
{
	struct ice_servers servers;
	const struct ice_server *server;

	if (!ice_servers_parse(&servers, "stun", options->stun_servers))
		ice_log_say(ice, ICE_LOG_WARNING, "a STUN server of the list cannot be read: %s", options->stun_servers);
	if (servers.count == 0 || (ice->share & SHARE_PUBLIC) == 0)
		return;
	ice->sharing.answers = ice_sibling_is_possible();
	ice->sharing.tag = g_random_int();
	if (ice->sharing.answers)
		return;
	server = &servers.servers[options->transport % servers.count];
	ice_log_say(ice, ICE_LOG_DEBUG, "asks STUN server %s port %u", server->host, server->port);
	g_object_set(ice->agent, "stun-server", server->host, "stun-server-port", (guint)server->port, NULL);
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
	ice_relays_add(ice, options);
	/* Without this no packet of the component is ever read, STUN included. */
	nice_agent_attach_recv(ice->agent, ice->stream, ICE_COMPONENT, ice->context, on_receive, ice);
	if (!nice_agent_gather_candidates(ice->agent, ice->stream))
		return false;
	ice_bases_prepare(ice);
	if (ice->sharing.answers)
		ice_stun_start(ice, options->stun_servers);
	return true;
}

static void set_up(struct ice *ice, const struct ice_options *options)
{
	struct ice_note impossible = { .kind = ICE_NOTE_IMPOSSIBLE };
	const char *why = "no address or port of this machine is usable for ICE";

	ice_interfaces_read(&ice->interfaces);
	if (ice->share == 0) {
		why = "the configuration allows no kind of ICE candidate";
	} else if (!ice_has_descriptors(ice->interfaces.count * DESCRIPTORS_PER_ADDRESS + DESCRIPTORS_BESIDE)) {
		why = "no descriptor is left for an ICE session";
	} else {
		ice->agent = make_agent(options);
		if (ice->share == SHARE_RELAY)
			g_object_set(ice->agent, "force-relay", TRUE, NULL);
		add_addresses(ice);
		add_stun(ice, options);
		connect_handlers(ice);
		if (begin(ice, options))
			return;
	}
	bytes_copy(impossible.line, why, strlen(why) + 1);
	ice_notes_add(ice, &impossible);
}

bool ice_has_descriptors(unsigned count)
{
	int spare[DESCRIPTORS_MAX];
	unsigned opened = 0;

	count = count < DESCRIPTORS_MAX ? count : DESCRIPTORS_MAX;
	while (opened < count && (spare[opened] = udp_options_open(AF_INET)) >= 0)
		opened++;
	for (unsigned i = 0; i < opened; i++)
		udp_options_close(spare[i]);
	return opened == count;
}

struct ice *ice_new(const struct ice_options *options)
{
	struct ice *ice = alloc_zeroed(sizeof(*ice));

	ice->context = options->context;
	ice->transport = options->transport;
	ice->share = options->share;
	ice->udp = options->udp;
	ice->sharing.data = options->use_sibling;
	ice->sink = options->sink;
	pthread_mutex_init(&ice->send_lock, NULL);
	pthread_mutex_init(&ice->notes_lock, NULL);
	ice_log_take(ice);
	set_up(ice, options);
	return ice;
}

/* --- the peer */

uint32_t ice_transport(const struct ice *ice)
{
	return ice->transport;
}

GMainContext *ice_context(const struct ice *ice)
{
	return ice->context;
}

void ice_set_remote(struct ice *ice, const char *username, const char *password)
{
	if (ice->agent != NULL)
		nice_agent_set_remote_credentials(ice->agent, ice->stream, username, password);
}

static NiceCandidate *candidate_to_nice(const struct ice *ice, const struct ice_candidate *candidate)
{
	NiceCandidate *nice = nice_candidate_new(type_to_nice(candidate->type));

	nice->stream_id = ice->stream;
	nice->component_id = ICE_COMPONENT;
	nice->transport = NICE_CANDIDATE_TRANSPORT_UDP;
	nice->priority = candidate->priority;
	g_strlcpy(nice->foundation, candidate->foundation, sizeof(nice->foundation));
	to_nice(&candidate->address, &nice->addr);
	nice->base_addr = nice->addr;
	return nice;
}

void ice_add_candidate(struct ice *ice, const char *line)
{
	struct ice_candidate candidate;
	GSList list = { NULL, NULL };

	if (ice->agent == NULL)
		return;
	if (ice->remote_count == REMOTES_MAX || !ice_candidate_parse(&candidate, line) ||
	    !ice_candidate_may_try(&candidate, ice->interfaces.only_loopback)) {
		ice_log_say(ice, ICE_LOG_WARNING, "a candidate of the peer is ignored: %s", line);
		return;
	}
	ice->remote_count++;
	ice_log_say(ice, ICE_LOG_DEBUG, "candidate of the peer: %s", line);
	list.data = candidate_to_nice(ice, &candidate);
	nice_agent_set_remote_candidates(ice->agent, ice->stream, ICE_COMPONENT, &list);
	nice_candidate_free(list.data);
}

/* --- data */

/* Many in one call where libnice's socket can do that. */
static void send_by_agent(struct ice *ice, const struct datagram_burst *burst)
{
	GOutputVector vectors[SEND_MAX];
	NiceOutputMessage messages[SEND_MAX];
	guint count = 0;

	for (size_t at = 0; at < burst->size; at += burst->segment_size) {
		size_t left = burst->size - at;
		vectors[count].buffer = burst->bytes + at;
		vectors[count].size = left < burst->segment_size ? left : burst->segment_size;
		messages[count].buffers = &vectors[count];
		messages[count].n_buffers = 1;
		count++;
		if (count < SEND_MAX && left > burst->segment_size)
			continue;
		nice_agent_send_messages_nonblocking(ice->agent, ice->stream, ICE_COMPONENT, messages, count, NULL, NULL);
		count = 0;
	}
}

void ice_send(struct ice *ice, const struct datagram_burst *burst)
{
	pthread_mutex_lock(&ice->send_lock);
	if (ice->direct != NULL) {
		struct datagram_burst direct = *burst;
		/* The core may know that the peer has moved, or asks whether it has. */
		if (burst->remote.port == 0)
			direct.remote = ice->remote;
		udp_send(ice->direct, &direct);
	} else if (!ice->silent && ice->agent != NULL) {
		GMainContext *before = ice_log_enter(ice);
		send_by_agent(ice, burst);
		ice_log_leave(before);
		/* A permission or channel may have to be asked for again, at a time that its loop must know. Of other threads
		 * GLib tells it. */
		if (g_main_context_is_owner(ice->context))
			g_main_context_wakeup(ice->context);
	}
	pthread_mutex_unlock(&ice->send_lock);
}

/* --- the end. The order is what libnice needs: silence, asynchronous close, no receiver, release. With no receiver
 * before the end nothing is read any more, and each relay's goodbye is waited for in vain. */

static void finish(struct ice *ice)
{
	ice_notes_free(ice);
	if (ice->agent != NULL) {
		if (ice->stream != 0)
			nice_agent_attach_recv(ice->agent, ice->stream, ICE_COMPONENT, ice->context, NULL, NULL);
		g_object_unref(ice->agent);
	}
	ice->on_closed(ice->closed_data);
	pthread_mutex_destroy(&ice->send_lock);
	pthread_mutex_destroy(&ice->notes_lock);
	alloc_free(ice);
}

static void on_agent_closed(GObject *agent, GAsyncResult *result, gpointer data)
{
	(void)agent, (void)result;
	finish(data);
}

void ice_close(struct ice *ice, void (*on_closed)(void *data), void *data)
{
	ice->closing = true;
	ice->on_closed = on_closed;
	ice->closed_data = data;
	ice_path_close(ice);
	ice_relays_free(ice);
	ice_stun_free(ice);
	ice_bases_close(ice);
	if (ice->agent == NULL) {
		finish(ice);
		return;
	}
	g_signal_handlers_disconnect_by_data(ice->agent, ice);
	nice_agent_close_async(ice->agent, on_agent_closed, ice);
}
