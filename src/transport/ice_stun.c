/* How STUN servers see our addresses. libnice asks one server only, and 0.1.21 not even that one with
 * success once a TURN server of the same session has refused; so we ask ourselves, all of them, from
 * the socket beside libnice's: same port, same mapping. */
#include <gio/gio.h>
#include <stdio.h>

#include <kith/errors.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/types/action.h"
#include "transport/ice_internal.h"
#include "transport/stun_message.h"

enum {
	QUESTIONS_MAX = ICE_INTERFACES_MAX * ICE_SERVERS_MAX,
	/* RFC 8489 §6.2.1 begins with 500 ms: too long for the paths of today. */
	REPEAT_FIRST_MS = 200,
	ATTEMPTS_MAX = 4,
	/* RFC 8445 §5.1.2.2. */
	TYPE_PREFERENCE = 100,
};

/* One of our addresses and one server. */
struct question {
	struct ice_base *base;
	struct address server;
	unsigned server_index;
	uint8_t id[STUN_MESSAGE_ID_SIZE];
	bool answered;
};

struct ice_stun {
	struct ice *ice; /* null: the session is over */
	int references;  /* a name that is being looked up has one */
	GCancellable *cancellable;
	struct ice_servers servers;
	bool heard[ICE_SERVERS_MAX], unknown[ICE_SERVERS_MAX];
	bool useful; /* one of them answered */
	struct question questions[QUESTIONS_MAX];
	unsigned count;
	struct address told[QUESTIONS_MAX]; /* how we were seen so far */
	unsigned told_count;
	unsigned looking_up;
	GSource *repeat;
	unsigned attempts;
};

/* A name and what it is needed for, while the resolver is busy. */
struct lookup {
	struct ice_stun *stun;
	unsigned server_index;
};

static void unreference(struct ice_stun *stun)
{
	if (--stun->references > 0)
		return;
	g_object_unref(stun->cancellable);
	alloc_free(stun);
}

static void end_repeat(struct ice_stun *stun)
{
	if (stun->repeat == NULL)
		return;
	g_source_destroy(stun->repeat);
	g_source_unref(stun->repeat);
	stun->repeat = NULL;
}

/* --- questions */

static void ask(struct question *question)
{
	struct udp *udp = ice_bases_sibling(question->base);
	uint8_t bytes[STUN_MESSAGE_REQUEST_SIZE];
	struct datagram_burst burst = { .bytes = bytes, .remote = question->server };

	stun_message_write_request(bytes, question->id);
	burst.size = burst.segment_size = sizeof(bytes);
	if (udp != NULL)
		udp_send(udp, &burst);
}

/* Told to others only when no server is of use. */
static void say_useless(const struct ice_stun *stun, unsigned server_index)
{
	const struct ice_server *server = &stun->servers.servers[server_index];
	bool unknown = stun->unknown[server_index];
	char text[512];

	snprintf(text, sizeof(text), "STUN server %s port %u %s", server->host, server->port,
	         unknown ? "is not known by that name" : "does not answer");
	if (!stun->useful)
		ice_say_server(stun->ice, unknown ? KITH_E_NO_ROUTE : KITH_E_TIMEOUT, text);
	else if (!unknown)
		ice_log_say(stun->ice, ICE_LOG_WARNING, "%s", text);
}

static void say_silent(struct ice_stun *stun)
{
	for (unsigned i = 0; i < stun->servers.count; i++) {
		if (!stun->heard[i])
			say_useless(stun, i);
	}
}

static gboolean on_repeat(gpointer data);

static void arm(struct ice_stun *stun)
{
	end_repeat(stun);
	stun->repeat = g_timeout_source_new((guint)REPEAT_FIRST_MS << stun->attempts);
	g_source_set_callback(stun->repeat, on_repeat, stun, NULL);
	g_source_attach(stun->repeat, stun->ice->context);
}

static gboolean on_repeat(gpointer data)
{
	struct ice_stun *stun = data;
	unsigned waiting = 0;

	stun->attempts++;
	for (unsigned i = 0; i < stun->count; i++)
		waiting += !stun->questions[i].answered;
	if (waiting + stun->looking_up == 0 || stun->attempts == ATTEMPTS_MAX) {
		end_repeat(stun);
		say_silent(stun);
		return G_SOURCE_REMOVE;
	}
	for (unsigned i = 0; i < stun->count; i++) {
		if (!stun->questions[i].answered)
			ask(&stun->questions[i]);
	}
	arm(stun);
	return G_SOURCE_REMOVE;
}

static void make_id(uint8_t id[STUN_MESSAGE_ID_SIZE], uint32_t tag)
{
	bytes_copy(id, &tag, sizeof(tag));
	for (unsigned at = sizeof(tag); at < STUN_MESSAGE_ID_SIZE; at += sizeof(uint32_t)) {
		uint32_t random = g_random_int();
		bytes_copy(id + at, &random, sizeof(random));
	}
}

/* From each address of the server's family. */
static void add_server(struct ice_stun *stun, unsigned server_index, const struct address *server)
{
	struct ice *ice = stun->ice;

	for (unsigned i = 0; i < ice->base_count && stun->count < QUESTIONS_MAX; i++) {
		struct question *question = &stun->questions[stun->count];
		if (address_is_ipv4(&ice->bases[i].address) != address_is_ipv4(server))
			continue;
		question->base = &ice->bases[i];
		question->server = *server;
		question->server_index = server_index;
		make_id(question->id, ice->sharing.tag);
		stun->count++;
		ask(question);
	}
}

/* --- names */

static void add_looked_up(struct ice_stun *stun, unsigned server_index, GList *addresses)
{
	bool taken[2] = { false, false };

	for (GList *at = addresses; at != NULL; at = at->next) {
		gchar *text = g_inet_address_to_string(at->data);
		struct address address;
		bool ipv4;

		if (address_parse(&address, text)) {
			ipv4 = address_is_ipv4(&address);
			address.port = stun->servers.servers[server_index].port;
			if (!taken[ipv4])
				add_server(stun, server_index, &address);
			taken[ipv4] = true;
		}
		g_free(text);
	}
}

static void on_looked_up(GObject *resolver, GAsyncResult *result, gpointer data)
{
	struct lookup *lookup = data;
	struct ice_stun *stun = lookup->stun;
	GError *error = NULL;
	GList *addresses = g_resolver_lookup_by_name_finish(G_RESOLVER(resolver), result, &error);

	stun->looking_up--;
	if (stun->ice != NULL && error == NULL) {
		add_looked_up(stun, lookup->server_index, addresses);
		/* From the beginning, for those as well. */
		stun->attempts = 0;
		arm(stun);
	} else if (stun->ice != NULL) {
		stun->unknown[lookup->server_index] = true;
		ice_log_say(stun->ice, ICE_LOG_WARNING, "STUN server %s: %s", stun->servers.servers[lookup->server_index].host,
		            error->message);
	}
	g_clear_error(&error);
	g_resolver_free_addresses(addresses);
	alloc_free(lookup);
	unreference(stun);
}

static void look_up(struct ice_stun *stun, unsigned server_index)
{
	const struct ice_server *server = &stun->servers.servers[server_index];
	GResolver *resolver;
	struct lookup *lookup;
	struct address address;

	ice_log_say(stun->ice, ICE_LOG_DEBUG, "asks STUN server %s port %u", server->host, server->port);
	if (address_parse(&address, server->host)) {
		address.port = server->port;
		add_server(stun, server_index, &address);
		return;
	}
	resolver = g_resolver_get_default();
	lookup = alloc_zeroed(sizeof(*lookup));
	lookup->stun = stun;
	lookup->server_index = server_index;
	stun->references++;
	stun->looking_up++;
	g_resolver_lookup_by_name_async(resolver, server->host, stun->cancellable, on_looked_up, lookup);
	g_object_unref(resolver);
}

/* --- answers */

/* Unless it is one of our own: then there is no NAT between. */
static void tell(struct question *question, const struct address *seen)
{
	struct ice *ice = question->base->ice;
	unsigned base_index = (unsigned)(question->base - ice->bases);
	struct path_change change = { .transport = ice->transport, .kind = PATH_LOCAL_CANDIDATE, .rtt = -1 };
	struct ice_candidate candidate = { .type = ICE_SERVER_REFLEXIVE, .address = *seen };
	char line[CANDIDATE_LINE_MAX];

	if (ice_bases_find(ice, seen) != NULL || !ice_candidate_may_share(&candidate, ice->share))
		return;
	/* RFC 8445 §5.1.2.1; §5.1.1.3: another foundation for each address and server. */
	candidate.priority = (uint32_t)TYPE_PREFERENCE << 24 | (UINT16_MAX - base_index) << 8 | (256 - ICE_COMPONENT);
	snprintf(candidate.foundation, sizeof(candidate.foundation), "s%u",
	         base_index * ICE_SERVERS_MAX + question->server_index);
	if (!ice_candidate_print(&candidate, line))
		return;
	ice_log_say(ice, ICE_LOG_DEBUG, "candidate of ours: %s", line);
	change.candidate = line;
	ice->sink.on_path_change(ice->sink.owner, &change);
}

static bool is_told(const struct ice_stun *stun, const struct address *seen)
{
	for (unsigned i = 0; i < stun->told_count; i++) {
		if (address_equal(&stun->told[i], seen))
			return true;
	}
	return false;
}

void ice_stun_receive(struct ice_base *base, const struct datagram *datagram)
{
	struct ice_stun *stun = base->ice->stun;
	struct address seen;

	for (unsigned i = 0; stun != NULL && i < stun->count; i++) {
		struct question *question = &stun->questions[i];
		if (question->answered || question->base != base || !address_equal(&question->server, &datagram->remote) ||
		    !stun_message_read_answer(datagram->bytes, datagram->size, question->id, &seen))
			continue;
		question->answered = stun->heard[question->server_index] = stun->useful = true;
		if (is_told(stun, &seen))
			return;
		stun->told[stun->told_count++] = seen;
		tell(question, &seen);
		return;
	}
}

/* --- begin and end */

void ice_stun_start(struct ice *ice, const char *servers)
{
	struct ice_stun *stun = alloc_zeroed(sizeof(*stun));

	stun->ice = ice;
	stun->references = 1;
	stun->cancellable = g_cancellable_new();
	ice->stun = stun;
	ice_servers_parse(&stun->servers, "stun", servers);
	for (unsigned i = 0; i < stun->servers.count; i++)
		look_up(stun, i);
	arm(stun);
}

void ice_stun_free(struct ice *ice)
{
	struct ice_stun *stun = ice->stun;

	if (stun == NULL)
		return;
	ice->stun = NULL;
	stun->ice = NULL;
	end_repeat(stun);
	g_cancellable_cancel(stun->cancellable);
	unreference(stun);
}
