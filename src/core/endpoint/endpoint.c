#include "core/endpoint/endpoint.h"

#include "core/base/bytes.h"
#include "core/endpoint/endpoint_internal.h"
#include "core/endpoint/endpoint_trust.h"
#include "core/types/message_pool.h"

static void set_identity(struct endpoint *endpoint, const struct endpoint_options *options)
{
	uint8_t private_key[PRIMITIVES_KEY_SIZE], public_key[PRIMITIVES_KEY_SIZE];

	if (options->private_key != NULL)
		bytes_copy(private_key, options->private_key, sizeof private_key);
	else
		rng_bytes(&endpoint->rng, private_key, sizeof private_key);
	primitives_ed25519_public(public_key, private_key);
	endpoint->identity = options->identity;
	if (identity_is_none(&endpoint->identity))
		identity_set_key(&endpoint->identity, public_key);
	endpoint->certificate = certificate_shared_new();
	certificate_make_own(endpoint->certificate, private_key, &endpoint->identity, endpoint->app_id);
	bytes_wipe(private_key, sizeof private_key);
}

struct endpoint *endpoint_new(usec_t now, const struct endpoint_options *options)
{
	struct endpoint *endpoint = alloc_zeroed(sizeof *endpoint);

	endpoint->now = now;
	endpoint->unix_time = options->unix_time;
	endpoint->unix_time_at = now;
	rng_init(&endpoint->rng, options->seed);
	endpoint->hash_key = rng_u64(&endpoint->rng);
	connection_ids_init(&endpoint->ids);
	stateless_reply_init(&endpoint->replies);
	timer_queue_init(&endpoint->timers);
	config_init_defaults(&endpoint->config, CONFIG_LEVEL_ENDPOINT);
	endpoint->trust = trust_store_new();
	endpoint->app_id = options->app_id;
	endpoint->messages = message_pool_new();
	set_identity(endpoint, options);
	return endpoint;
}

static void free_tables(struct endpoint *endpoint)
{
	struct link *link, *next_link;
	struct listen_socket *listener, *next_listener;
	struct carrier *carrier, *next_carrier;

	HASH_ITER (hh_id, endpoint->by_id, link, next_link)
		link_destroy(link);
	DL_FOREACH_SAFE(endpoint->listeners, listener, next_listener)
	{
		listener->closed = true;
		listen_socket_reap(endpoint, listener);
	}
	HASH_ITER (hh, endpoint->carriers, carrier, next_carrier)
		carrier_remove(endpoint, carrier->transport);
}

void endpoint_destroy(struct endpoint *endpoint)
{
	free_tables(endpoint);
	timer_queue_free(&endpoint->timers);
	stateless_reply_free(&endpoint->replies);
	certificate_shared_unref(endpoint->certificate);
	trust_store_destroy(endpoint->trust);
	config_free(&endpoint->config);
	message_pool_close(endpoint->messages);
	rng_wipe(&endpoint->rng);
	alloc_free(endpoint->events);
	alloc_free(endpoint->closing);
	alloc_free(endpoint->refusal);
	alloc_free(endpoint->scratch);
	alloc_free(endpoint);
}

const struct identity *endpoint_identity(const struct endpoint *endpoint)
{
	return &endpoint->identity;
}

struct config *endpoint_config(struct endpoint *endpoint)
{
	return &endpoint->config;
}

struct message *endpoint_new_message(struct endpoint *endpoint, size_t size)
{
	return message_pool_take(endpoint->messages, size);
}

uint32_t endpoint_new_transport(struct endpoint *endpoint)
{
	/* Never 0, and never one that is still in use after the numbers went around. */
	do {
		endpoint->last_transport++;
	} while (endpoint->last_transport == 0 || carrier_find(endpoint, endpoint->last_transport) != NULL);
	return endpoint->last_transport;
}

void endpoint_fill_settings(struct endpoint *endpoint, struct conn_settings *out)
{
	bytes_zero(out, sizeof *out);
	out->config = &endpoint->config;
	out->messages = endpoint->messages;
	out->rng = &endpoint->rng;
	out->own = endpoint->certificate;
	out->trust = endpoint->trust;
	out->app_id = endpoint->app_id;
	out->unix_time = endpoint_unix_time(endpoint);
	out->local_id = connection_ids_draw(&endpoint->ids, &endpoint->rng);
}

struct conn *endpoint_connect_udp(struct endpoint *endpoint, usec_t now, const struct endpoint_udp_call *call)
{
	struct conn_settings settings;
	struct link *link;

	endpoint->now = now;
	endpoint_fill_settings(endpoint, &settings);
	if (settings.local_id == 0)
		return NULL;
	settings.config = call->config != NULL ? call->config : &endpoint->config;
	settings.remote = call->remote;
	if (call->expected != NULL)
		settings.peer = *call->expected;
	link = link_new(endpoint, conn_new(now, &settings));
	link->remote = call->remote;
	link->client = alloc_zeroed(sizeof *link->client);
	direct_client_init(link->client, now, link->conn, &call->remote);
	link_set_transport(link, call->transport);
	conn_set_path(link->conn, now, call->transport, &call->remote);
	conn_set_local(link->conn, &call->local);
	endpoint_settle(link, now);
	return link->conn;
}

struct conn *endpoint_connect_p2p(struct endpoint *endpoint, usec_t now, const struct identity *peer,
                                  int32_t virtual_port, const struct config *config)
{
	struct conn_settings settings;
	struct rendezvous *rendezvous;
	struct link *link;
	int32_t local_port;

	endpoint->now = now;
	endpoint_fill_settings(endpoint, &settings);
	if (settings.local_id == 0)
		return NULL;
	settings.config = config != NULL ? config : &endpoint->config;
	settings.p2p = true;
	settings.peer = *peer;
	link = link_new(endpoint, conn_new(now, &settings));
	link->rendezvous = rendezvous = alloc_zeroed(sizeof *rendezvous);
	rendezvous_init(rendezvous, now, link->conn, &endpoint->rng, &endpoint->identity);
	local_port = config_get_int(settings.config, CONFIG_LOCAL_VIRTUAL_PORT);
	rendezvous->ports.remote = virtual_port;
	rendezvous->ports.local = local_port >= 0 ? local_port : virtual_port;
	link_set_transport(link, endpoint_new_transport(endpoint));
	rendezvous_start(rendezvous, now, link->transport);
	endpoint_settle(link, now);
	return link->conn;
}

/* The application has it in hand. */
static bool is_held(const struct conn *conn)
{
	int32_t state = conn_state(conn);

	return state == STATE_CONNECTING || state == STATE_FINDING_ROUTE || state == STATE_CONNECTED;
}

static bool leads_to(const struct link *link, const struct identity *peer, int32_t local_port, int32_t remote_port)
{
	return link->rendezvous != NULL && link->rendezvous->ports.local == local_port &&
	       link->rendezvous->ports.remote == remote_port && identity_equal(conn_peer(link->conn), peer);
}

struct conn *endpoint_find_rival(struct endpoint *endpoint, const struct identity *peer, int32_t local_port,
                                 int32_t remote_port, bool any)
{
	struct link *link, *next;

	HASH_ITER (hh_id, endpoint->by_id, link, next) {
		bool alive = is_held(link->conn) || conn_state(link->conn) == STATE_LINGER;
		if (alive && leads_to(link, peer, local_port, remote_port) && (any || link->rendezvous->symmetric))
			return link->conn;
	}
	return NULL;
}

struct conn *endpoint_find_met(struct endpoint *endpoint, const struct identity *peer, int32_t local_port,
                               int32_t remote_port)
{
	struct link *link, *next;

	HASH_ITER (hh_id, endpoint->by_id, link, next) {
		if (is_held(link->conn) && leads_to(link, peer, local_port, remote_port))
			return link->conn;
	}
	return NULL;
}

bool endpoint_accept(struct endpoint *endpoint, usec_t now, struct conn *conn)
{
	struct link *link = link_of(conn);

	endpoint->now = now;
	if (!conn_accept(conn, now))
		return false;
	if (link->server != NULL) {
		direct_server_on_accept(link->server);
	} else if (conn_state(conn) == STATE_FINDING_ROUTE) {
		link_set_transport(link, endpoint_new_transport(endpoint));
		rendezvous_start(link->rendezvous, now, link->transport);
	}
	endpoint_settle(link, now);
	return true;
}

void endpoint_ignore(struct endpoint *endpoint, usec_t now, struct conn *conn)
{
	struct link *link = link_of(conn);

	if (link->rendezvous != NULL)
		rendezvous_ignore(link->rendezvous);
	conn_close(conn, now, 0, NULL, 0);
	endpoint_release(endpoint, now, conn);
}

uint64_t endpoint_hash_key(const struct endpoint *endpoint)
{
	return endpoint->hash_key;
}

usec_t endpoint_now(const struct endpoint *endpoint)
{
	return endpoint->now;
}

void endpoint_set_user(struct conn *conn, void *user)
{
	link_of(conn)->user = user;
}

void *endpoint_user(const struct conn *conn)
{
	return link_of(conn)->user;
}

int32_t endpoint_virtual_port(const struct conn *conn)
{
	const struct link *link = link_of(conn);

	return link->rendezvous != NULL ? link->rendezvous->ports.local : WIRE_PORT_NONE;
}

void endpoint_set_drained(struct conn *conn)
{
	link_of(conn)->readable = false;
}

void endpoint_attempt(const struct conn *conn, usec_t now, struct attempt *out)
{
	const struct link *link = link_of(conn);

	bytes_zero(out, sizeof *out);
	conn_fill_attempt(conn, now, out);
	out->incoming = link->listener != NULL;
	if (link->client != NULL)
		direct_client_fill_attempt(link->client, out);
	if (link->rendezvous != NULL)
		rendezvous_fill_attempt(link->rendezvous, out);
}

bool endpoint_is_incoming(const struct conn *conn)
{
	return link_of(conn)->listener != NULL;
}

void endpoint_for_each(struct endpoint *endpoint, void (*visit)(struct conn *conn))
{
	struct link *link, *next;

	HASH_ITER (hh_id, endpoint->by_id, link, next)
		visit(link->conn);
}
