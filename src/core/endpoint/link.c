#include "core/base/bytes.h"
#include "core/endpoint/endpoint_internal.h"
#include "core/types/message_pool.h"

static unsigned hash_id(const struct endpoint *endpoint, uint16_t low)
{
	return hash_value(hash_u64(endpoint->hash_key, low));
}

struct link *link_new(struct endpoint *endpoint, struct conn *conn)
{
	struct link *link = alloc_zeroed(sizeof *link);

	link->endpoint = endpoint;
	link->conn = conn;
	link->seen_state = conn_state(conn);
	link->low_id = (uint16_t)conn_local_id(conn);
	timer_init(&link->timer, link);
	conn_set_owner(conn, link);
	HASH_ADD_BYHASHVALUE(hh_id, endpoint->by_id, low_id, sizeof link->low_id, hash_id(endpoint, link->low_id), link);
	return link;
}

struct link *link_of(const struct conn *conn)
{
	return conn_owner(conn);
}

struct link *link_find_id(struct endpoint *endpoint, uint32_t id)
{
	uint16_t low = (uint16_t)id;
	struct link *link;

	HASH_FIND_BYHASHVALUE(hh_id, endpoint->by_id, &low, sizeof low, hash_id(endpoint, low), link);
	return link != NULL && conn_local_id(link->conn) == id ? link : NULL;
}

void link_set_transport(struct link *link, uint32_t transport)
{
	/* The rendezvous asks for its old ICE session to be closed by itself. */
	if (link->transport != 0)
		carrier_remove(link->endpoint, link->transport);
	link->transport = transport;
	carrier_add(link->endpoint, transport)->link = link;
}

void link_set_waiting(struct link *link, bool waiting)
{
	if (link->waiting == waiting)
		return;
	link->waiting = waiting;
	if (waiting) {
		link->endpoint->waiting_count++;
		link->listener->waiting_count++;
	} else {
		link->endpoint->waiting_count--;
		link->listener->waiting_count--;
	}
}

/* --- addresses */

static unsigned hash_address(const struct endpoint *endpoint, const struct address *address)
{
	return hash_value(address_hash(address, endpoint->hash_key));
}

void link_add_address(struct link *link)
{
	unsigned hash = hash_address(link->endpoint, &link->remote);

	HASH_ADD_BYHASHVALUE(hh_address, link->listener->by_address, remote, sizeof link->remote, hash, link);
}

struct link *link_find_address(struct listen_socket *listener, const struct address *remote)
{
	struct link *link = NULL;

	if (listener->by_address != NULL) {
		unsigned hash = hash_address(listener->by_address->endpoint, remote);
		HASH_FIND_BYHASHVALUE(hh_address, listener->by_address, remote, sizeof *remote, hash, link);
	}
	return link;
}

void link_follow_address(struct link *link)
{
	if (link->rendezvous != NULL || address_equal(&link->remote, conn_remote(link->conn)))
		return;
	if (link->server != NULL)
		HASH_DELETE(hh_address, link->listener->by_address, link);
	link->remote = *conn_remote(link->conn);
	if (link->server != NULL)
		link_add_address(link);
}

/* --- peers */

static void make_peer_key(struct endpoint *endpoint, struct link_peer_key *out, const struct identity *peer,
                          uint32_t remote_id, uint32_t listener)
{
	bytes_zero(out, sizeof *out);
	out->identity = identity_hash(peer, endpoint->hash_key);
	out->remote_id = remote_id;
	out->listener = listener;
}

/* The peer chooses its connection id: it goes through the keyed hash as well. */
static unsigned hash_peer(const struct link_peer_key *key)
{
	return hash_value(hash_u64(key->identity, key->remote_id ^ (uint64_t)key->listener << 32));
}

struct link *link_find_peer(struct endpoint *endpoint, const struct identity *peer, uint32_t remote_id,
                            uint32_t listener)
{
	struct link_peer_key key;
	struct link *link;

	make_peer_key(endpoint, &key, peer, remote_id, listener);
	HASH_FIND_BYHASHVALUE(hh_peer, endpoint->by_peer, &key, sizeof key, hash_peer(&key), link);
	return link != NULL && identity_equal(conn_peer(link->conn), peer) ? link : NULL;
}

void link_add_peer(struct link *link)
{
	uint32_t listener = link->listener != NULL && link->server != NULL ? link->listener->transport : 0;
	const struct identity *peer = conn_peer(link->conn);
	uint32_t remote_id = conn_remote_id(link->conn);

	/* Only who was called, or calls by signals, has to know again who calls him. */
	if (link->in_peer_table || remote_id == 0 || (link->server == NULL && link->rendezvous == NULL) ||
	    link_find_peer(link->endpoint, peer, remote_id, listener) != NULL)
		return;
	make_peer_key(link->endpoint, &link->peer_key, peer, remote_id, listener);
	HASH_ADD_BYHASHVALUE(hh_peer, link->endpoint->by_peer, peer_key, sizeof link->peer_key, hash_peer(&link->peer_key),
	                     link);
	link->in_peer_table = true;
}

/* --- the end */

static void free_carriers(struct link *link)
{
	alloc_free(link->client);
	alloc_free(link->server);
	if (link->rendezvous != NULL)
		rendezvous_free(link->rendezvous);
	alloc_free(link->rendezvous);
}

/* All but the newest. */
static void close_sessions(struct link *link)
{
	uint32_t transport;

	while ((transport = rendezvous_restart_next_left(link->rendezvous)) != 0)
		carrier_close(link->endpoint, transport);
}

void link_destroy(struct link *link)
{
	struct endpoint *endpoint = link->endpoint;
	struct listen_socket *listener = link->listener;

	if (link->due)
		DL_DELETE2(endpoint->due, link, due_prev, due_next);
	if (link->acting)
		DL_DELETE2(endpoint->acting, link, acting_prev, acting_next);
	if (link->rendezvous != NULL)
		close_sessions(link);
	timer_queue_remove(&endpoint->timers, &link->timer);
	HASH_DELETE(hh_id, endpoint->by_id, link);
	if (link->in_peer_table)
		HASH_DELETE(hh_peer, endpoint->by_peer, link);
	if (link->server != NULL)
		HASH_DELETE(hh_address, listener->by_address, link);
	else if (link->transport != 0)
		carrier_close(endpoint, link->transport);
	link_set_waiting(link, false);
	if (endpoint->by_id == NULL)
		message_pool_trim(endpoint->messages);
	connection_ids_release(&endpoint->ids, conn_local_id(link->conn));
	free_carriers(link);
	conn_destroy(link->conn);
	alloc_free(link);
	if (listener == NULL)
		return;
	listener->link_count--;
	listen_socket_reap(endpoint, listener);
}
