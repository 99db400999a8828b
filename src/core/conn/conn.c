#include "core/conn/conn.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"

struct conn *conn_new(usec_t now, const struct conn_settings *settings)
{
	struct conn *conn = alloc_zeroed(sizeof *conn);
	struct reliability_settings reliability;

	config_copy(&conn->config, settings->config, CONFIG_LEVEL_CONNECTION);
	if (!settings->server)
		config_lock_started(&conn->config);
	conn->messages = settings->messages;
	conn->rng = settings->rng;
	conn->own = settings->own;
	certificate_shared_ref(conn->own);
	conn->trust = settings->trust;
	conn->unix_time = settings->unix_time;
	conn->app_id = settings->app_id;
	conn->created_at = now;
	conn->local_id = settings->local_id;
	conn->server = settings->server;
	conn->p2p = settings->p2p;
	conn->paired = settings->paired;
	conn->peer = settings->peer;
	conn->asked = settings->remote;
	conn->state = STATE_CONNECTING;
	conn->state_since = now;
	conn->connected_at = -1;
	conn->next_number = 2; /* the handshake was packet 1 */
	conn->peer_is_gns = true;
	link_quality_init(&conn->quality, now);
	stats_report_init(&conn->report, now);
	replay_window_init(&conn->replay);
	conn_mtu_init(conn);
	conn_handshake_fill(conn, &reliability);
	conn->reliability = reliability_new(now, &reliability);
	reliability_set_gate(conn->reliability, false);
	conn_liveness_on_state(conn, now);
	conn_close_on_state(conn, now);
	if (!conn->server)
		conn_handshake_start(conn);
	return conn;
}

void conn_destroy(struct conn *conn)
{
	reliability_destroy(conn->reliability);
	packet_crypto_free(&conn->crypto);
	key_exchange_free(&conn->exchange);
	alloc_free(conn->peer_half);
	certificate_shared_unref(conn->own);
	link_quality_free(&conn->quality);
	stats_report_free(&conn->report);
	config_free(&conn->config);
	alloc_free(conn->events);
	alloc_free(conn);
}

bool conn_is_server(const struct conn *conn)
{
	return conn->server;
}

bool conn_is_p2p(const struct conn *conn)
{
	return conn->p2p;
}

uint32_t conn_local_id(const struct conn *conn)
{
	return conn->local_id;
}

uint32_t conn_remote_id(const struct conn *conn)
{
	return conn->remote_id;
}

const struct identity *conn_peer(const struct conn *conn)
{
	return &conn->peer;
}

void conn_set_peer(struct conn *conn, const struct identity *peer)
{
	conn->peer = *peer;
}

struct config *conn_config(struct conn *conn)
{
	return &conn->config;
}

void conn_set_owner(struct conn *conn, void *owner)
{
	conn->owner = owner;
}

void *conn_owner(const struct conn *conn)
{
	return conn->owner;
}

/* --- messages */

int32_t conn_send(struct conn *conn, usec_t now, struct message *message)
{
	if (conn_state_is_over(conn->state) || conn->state == STATE_LINGER)
		return KITH_E_CLOSED;
	if (conn->state == STATE_CONNECTING && conn->server)
		return KITH_E_STATE;
	return reliability_enqueue(conn->reliability, now, message);
}

struct message *conn_next_message(struct conn *conn, usec_t now)
{
	return reliability_next_message(conn->reliability, now);
}

bool conn_has_message(const struct conn *conn)
{
	return reliability_has_message(conn->reliability);
}

bool conn_is_quiet(const struct conn *conn)
{
	return reliability_outstanding(conn->reliability) == 0 && !reliability_is_receiving(conn->reliability);
}

bool conn_take_writable(struct conn *conn)
{
	return reliability_take_writable(conn->reliability);
}

bool conn_take_expired(struct conn *conn)
{
	return reliability_take_expired(conn->reliability);
}

void conn_flush(struct conn *conn, usec_t now)
{
	reliability_flush(conn->reliability, now);
}

int32_t conn_configure_lanes(struct conn *conn, int count, const int *priorities, const uint16_t *weights)
{
	int32_t result = reliability_configure_lanes(conn->reliability, count, priorities, weights);

	if (result == KITH_OK && count > 1)
		conn->uses_lanes = true;
	return result;
}

void conn_reconfigure(struct conn *conn, usec_t now)
{
	struct reliability_settings settings;

	if (conn_mtu_is_outdated(conn))
		conn_mtu_init(conn);
	conn_handshake_fill(conn, &settings);
	reliability_configure(conn->reliability, now, &settings);
}

/* --- paths */

enum route_kind conn_route_of(const struct address *remote)
{
	return address_is_loopback(remote) ? ROUTE_LOOPBACK : address_is_private(remote) ? ROUTE_LAN : ROUTE_DIRECT;
}

void conn_set_path(struct conn *conn, usec_t now, uint32_t transport, const struct address *remote)
{
	bytes_zero(&conn->path, sizeof conn->path);
	conn_roam_forget(conn);
	conn->path.transport = transport;
	if (remote != NULL) {
		conn->path.remote = *remote;
		conn->path.ready = conn->path.whole = true;
		conn->path.route = conn_route_of(remote);
	}
	conn_liveness_on_state(conn, now);
}

void conn_set_local(struct conn *conn, const struct address *local)
{
	conn->path.local = *local;
}

struct address conn_local(const struct conn *conn)
{
	return conn->path.local;
}

const struct address *conn_remote(const struct conn *conn)
{
	return &conn->path.remote;
}

static void connected_if_complete(struct conn *conn, usec_t now)
{
	if (conn->state == STATE_FINDING_ROUTE && conn->path.ready && conn->path.heard)
		conn_state_enter(conn, now, STATE_CONNECTED);
}

static bool is_another_way(const struct conn_path *a, const struct conn_path *b)
{
	return a->route != b->route || !address_equal(&a->remote, &b->remote) || !address_equal(&a->local, &b->local);
}

void conn_tell_route(struct conn *conn)
{
	struct event event;

	bytes_zero(&event, sizeof event);
	event.kind = EVENT_ROUTE;
	event.conn = conn;
	event.route = conn->path.route;
	event.local = conn->path.local;
	event.remote = conn->path.remote;
	conn_state_add_event(conn, &event);
}

/* RFC 9000 §9.4: other ports between the same two hosts are the same way. */
static bool is_another_network(const struct conn_path *before, const struct path_change *change)
{
	if (before->transport == change->transport)
		return !address_equal(&before->remote, &change->remote);
	return !address_equal_ip(&before->remote, &change->remote) || !address_equal_ip(&before->local, &change->local);
}

bool conn_may_restart(const struct conn *conn)
{
	return (conn->capabilities & WIRE_CAPABILITY_ICE_RESTART) != 0 && conn->p2p &&
	       (conn->state == STATE_CONNECTED || conn->state == STATE_LINGER);
}

void conn_path_ready(struct conn *conn, usec_t now, const struct path_change *change)
{
	struct conn_path before = conn->path;

	conn->path.transport = change->transport;
	conn->path.ready = true;
	conn->path.whole = change->whole;
	conn->path.route = change->route;
	conn->path.local = change->local;
	conn->path.remote = change->remote;
	conn_roam_forget(conn);
	if (is_another_network(&before, change)) {
		reliability_on_path_change(conn->reliability, now);
		conn_mtu_begin(conn, now);
	}
	if (change->rtt >= 0)
		conn_add_rtt_sample(conn, now, change->rtt);
	conn_liveness_on_state(conn, now);
	if (before.transport != change->transport)
		conn_liveness_on_moved(conn, now);
	if (conn->state == STATE_CONNECTED && is_another_way(&before, &conn->path))
		conn_tell_route(conn);
	connected_if_complete(conn, now);
}

void conn_path_failed(struct conn *conn, usec_t now)
{
	conn->path.ready = false;
	conn_liveness_on_state(conn, now);
}

/* --- time */

static usec_t state_timeout(const struct conn *conn)
{
	int32_t limit = config_get_int(&conn->config, CONFIG_TIMEOUT_INITIAL);

	if (conn->state != STATE_CONNECTING && conn->state != STATE_FINDING_ROUTE)
		return USEC_NEVER;
	return limit == 0 ? USEC_NEVER : usec_add(conn->state_since, limit * USEC_PER_MSEC);
}

usec_t conn_next_timeout(const struct conn *conn)
{
	usec_t at = usec_min(state_timeout(conn), conn_close_next_timeout(conn));

	at = usec_min(at, conn_liveness_next_timeout(conn));
	if (conn_state_is_active(conn->state) && conn->path.ready) {
		at = usec_min(at, reliability_next_timeout(conn->reliability));
		at = usec_min(at, usec_min(conn_roam_next_timeout(conn), conn_mtu_next_timeout(conn)));
		return usec_min(at, conn_quality_next_timeout(conn));
	}
	if (!conn_state_is_over(conn->state))
		at = usec_min(at, reliability_next_expiry(conn->reliability));
	return at;
}

void conn_handle_timeout(struct conn *conn, usec_t now)
{
	if (state_timeout(conn) <= now) {
		bool routing = conn->state == STATE_FINDING_ROUTE;
		conn_problem(conn, now, routing ? END_REASON_RENDEZVOUS_FAILED : END_REASON_TIMEOUT,
		             routing        ? "no route to the peer was found in time"
		             : conn->server ? "the application did not accept in time"
		                            : "the peer did not answer in time");
	}
	if (!conn_state_is_over(conn->state))
		reliability_handle_timeout(conn->reliability, now);
	conn_roam_handle_timeout(conn, now);
	conn_mtu_handle_timeout(conn, now);
	conn_liveness_handle_timeout(conn, now);
	conn_close_handle_timeout(conn, now);
}

void conn_add_rtt_sample(struct conn *conn, usec_t now, usec_t rtt)
{
	reliability_add_rtt_sample(conn->reliability, now, rtt);
}
