/* Whose turn it is: after anything that concerns a link, endpoint_settle collects what it has to tell,
 * puts it in line for transmission and arms its timer. */
#include "core/base/bytes.h"
#include "core/endpoint/endpoint_internal.h"
#include "core/types/message_pool.h"

/* Longer than what a flow wavers by; with connections there are timeouts more often than this. */
#define RELAX_INTERVAL (2 * USEC_PER_SEC)

void endpoint_add_event(struct endpoint *endpoint, const struct event *event)
{
	if (endpoint->event_count == endpoint->event_capacity) {
		size_t capacity = endpoint->event_capacity * 2 + 8;
		struct event *events = alloc_array(capacity, sizeof *events);
		for (size_t i = 0; i < endpoint->event_count; i++)
			events[i] = endpoint->events[(endpoint->event_first + i) % endpoint->event_capacity];
		alloc_free(endpoint->events);
		endpoint->events = events;
		endpoint->event_capacity = capacity;
		endpoint->event_first = 0;
	}
	endpoint->events[(endpoint->event_first + endpoint->event_count++) % endpoint->event_capacity] = *event;
}

/* Events of a connection the application let go of would name what is about to be freed. */
static void forget_events(struct endpoint *endpoint, const struct conn *conn)
{
	size_t kept = 0;

	for (size_t i = 0; i < endpoint->event_count; i++) {
		struct event *event = &endpoint->events[(endpoint->event_first + i) % endpoint->event_capacity];
		if (event->conn != conn)
			endpoint->events[(endpoint->event_first + kept++) % endpoint->event_capacity] = *event;
	}
	endpoint->event_count = kept;
}

static void put_in_line(struct link *link)
{
	if (link->due)
		return;
	link->due = true;
	DL_APPEND2(link->endpoint->due, link, due_prev, due_next);
}

static usec_t next_timeout(const struct link *link)
{
	usec_t at = conn_next_timeout(link->conn);

	if (link->client != NULL)
		at = usec_min(at, direct_client_next_timeout(link->client));
	if (link->rendezvous != NULL)
		at = usec_min(
			at, usec_min(rendezvous_next_timeout(link->rendezvous), rendezvous_restart_next_timeout(link->rendezvous)));
	return at;
}

static void tell_readable(struct link *link)
{
	struct event event;

	if (link->readable || link->released || !conn_has_message(link->conn))
		return;
	link->readable = true;
	bytes_zero(&event, sizeof event);
	event.kind = EVENT_READABLE;
	event.conn = link->conn;
	endpoint_add_event(link->endpoint, &event);
}

static void tell_writable(struct link *link)
{
	struct event event;

	if (link->released || conn_is_over(link->conn) || !conn_take_writable(link->conn))
		return;
	bytes_zero(&event, sizeof event);
	event.kind = EVENT_WRITABLE;
	event.conn = link->conn;
	endpoint_add_event(link->endpoint, &event);
}

static void tell_expired(struct link *link)
{
	struct event event;

	if (link->released || conn_is_over(link->conn) || !conn_take_expired(link->conn))
		return;
	bytes_zero(&event, sizeof event);
	event.kind = EVENT_EXPIRED;
	event.conn = link->conn;
	endpoint_add_event(link->endpoint, &event);
}

/* What is to be read or may be written is told after the connection is up and before it ends. */
static void tell_all(struct link *link)
{
	struct event event;

	while (conn_next_event(link->conn, &event)) {
		if (event.kind == EVENT_STATE && event.new_state > STATE_CONNECTED)
			tell_readable(link);
		if (!link->released)
			endpoint_add_event(link->endpoint, &event);
	}
	if (conn_is_over(link->conn))
		return;
	tell_readable(link);
	tell_writable(link);
	tell_expired(link);
}

/* The signals follow the connection's states, those that applications do not see included. */
static void follow_state(struct link *link, usec_t now)
{
	int32_t old_state = link->seen_state;

	link->seen_state = conn_state(link->conn);
	if (link->rendezvous != NULL && link->seen_state != old_state)
		rendezvous_on_state(link->rendezvous, now, old_state);
}

/* A connection whose way is lost gets another ICE session beside the one it has. */
static void find_way(struct link *link, usec_t now)
{
	struct rendezvous *rendezvous = link->rendezvous;
	uint32_t transport;

	if (rendezvous == NULL)
		return;
	if (rendezvous_restart_is_wanted(rendezvous, now)) {
		transport = endpoint_new_transport(link->endpoint);
		carrier_add(link->endpoint, transport)->link = link;
		rendezvous_restart_begin(rendezvous, now, transport);
	}
	if (rendezvous->local.transport != 0)
		link->transport = rendezvous->local.transport;
}

void endpoint_settle(struct link *link, usec_t now)
{
	tell_all(link);
	follow_state(link, now);
	link_follow_address(link);
	find_way(link, now);
	link_add_peer(link);
	if (conn_state(link->conn) != STATE_CONNECTING)
		link_set_waiting(link, false);
	if (conn_state(link->conn) == STATE_DEAD && link->released) {
		link_destroy(link);
		return;
	}
	put_in_line(link);
	if (link->rendezvous != NULL && !link->acting) {
		link->acting = true;
		DL_APPEND2(link->endpoint->acting, link, acting_prev, acting_next);
	}
	timer_queue_set(&link->endpoint->timers, &link->timer, next_timeout(link));
}

void endpoint_touch(struct endpoint *endpoint, usec_t now, struct conn *conn)
{
	endpoint->now = now;
	endpoint_settle(link_of(conn), now);
}

void endpoint_reconfigure(struct endpoint *endpoint, usec_t now, struct conn *conn)
{
	struct link *link = link_of(conn);

	endpoint->now = now;
	conn_reconfigure(conn, now);
	if (link->rendezvous != NULL)
		rendezvous_restart_on_config(link->rendezvous, now);
	endpoint_settle(link, now);
}

void endpoint_release(struct endpoint *endpoint, usec_t now, struct conn *conn)
{
	struct link *link = link_of(conn);

	endpoint->now = now;
	forget_events(endpoint, conn);
	link->released = true;
	link->user = NULL;
	conn_release(conn, now);
	endpoint_settle(link, now);
}

void endpoint_network_changed(struct endpoint *endpoint, usec_t now, bool usable)
{
	struct link *link, *next;

	endpoint->now = now;
	if (!usable)
		return; /* nothing can be done until there are some again */
	HASH_ITER (hh_id, endpoint->by_id, link, next) {
		conn_probe(link->conn, now);
		if (link->rendezvous != NULL)
			rendezvous_restart_on_network(link->rendezvous);
		endpoint_settle(link, now);
	}
}

void endpoint_shutdown(struct endpoint *endpoint, usec_t now)
{
	struct link *link, *next;

	endpoint->now = now;
	HASH_ITER (hh_id, endpoint->by_id, link, next) {
		conn_stop_lingering(link->conn, now);
		endpoint_settle(link, now);
	}
}

static bool transmit_link(struct link *link, usec_t now, struct datagram_burst *out)
{
	out->transport = link->transport;
	out->remote = link->remote;
	out->local = conn_local(link->conn);
	if (link->client != NULL && direct_client_transmit(link->client, now, out))
		return true;
	if (link->server != NULL && direct_server_transmit(link->server, now, out))
		return true;
	return conn_transmit(link->conn, now, out);
}

bool endpoint_transmit(struct endpoint *endpoint, usec_t now, struct datagram_burst *out)
{
	endpoint->now = now;
	out->whole = false;
	if (stateless_reply_transmit(&endpoint->replies, out))
		return true;
	while (endpoint->due != NULL) {
		struct link *link = endpoint->due;
		DL_DELETE2(endpoint->due, link, due_prev, due_next);
		link->due = false;
		if (transmit_link(link, now, out)) {
			tell_writable(link);
			put_in_line(link); /* behind the others */
			return true;
		}
		tell_expired(link); /* some may be found only now */
		timer_queue_set(&endpoint->timers, &link->timer, next_timeout(link));
	}
	return false;
}

usec_t endpoint_next_timeout(const struct endpoint *endpoint)
{
	return timer_queue_next_timeout(&endpoint->timers);
}

static void relax(struct endpoint *endpoint, usec_t now)
{
	if (now < endpoint->relax_at)
		return;
	endpoint->relax_at = usec_add(now, RELAX_INTERVAL);
	message_pool_relax(endpoint->messages);
}

void endpoint_handle_timeout(struct endpoint *endpoint, usec_t now)
{
	struct timer *timer;

	endpoint->now = now;
	relax(endpoint, now);
	while ((timer = timer_queue_pop(&endpoint->timers, now)) != NULL) {
		struct link *link = timer->owner;
		conn_handle_timeout(link->conn, now);
		if (link->client != NULL)
			direct_client_handle_timeout(link->client, now);
		if (link->rendezvous != NULL)
			rendezvous_restart_handle_timeout(link->rendezvous, now);
		put_in_line(link);
	}
	/* Settled only now: an overdue timer that stays overdue must not be popped again. */
	for (struct link *link = endpoint->due, *next; link != NULL; link = next) {
		next = link->due_next;
		endpoint_settle(link, now);
	}
}

static bool next_plain_action(struct endpoint *endpoint, struct action *out)
{
	bytes_zero(out, sizeof *out);
	if (endpoint->closing_count > 0) {
		out->kind = ACTION_TRANSPORT_CLOSE;
		out->transport = endpoint->closing[--endpoint->closing_count];
		return true;
	}
	if (endpoint->refusal_size == 0)
		return false;
	out->kind = ACTION_SEND_SIGNAL;
	out->to = &endpoint->refusal_to;
	out->source = endpoint->refusal_source;
	out->bytes = endpoint->refusal;
	out->size = endpoint->refusal_size;
	endpoint->refusal_size = 0;
	return true;
}

bool endpoint_next_action(struct endpoint *endpoint, struct action *out)
{
	if (next_plain_action(endpoint, out))
		return true;
	if (endpoint->scratch == NULL && endpoint->acting != NULL)
		endpoint->scratch = alloc_bytes(SIGNAL_SIZE_MAX);
	while (endpoint->acting != NULL) {
		struct link *link = endpoint->acting;
		if (rendezvous_next_action(link->rendezvous, endpoint->now, out, endpoint->scratch)) {
			if (out->kind == ACTION_TRANSPORT_CLOSE)
				carrier_remove(endpoint, out->transport);
			return true;
		}
		DL_DELETE2(endpoint->acting, link, acting_prev, acting_next);
		link->acting = false;
		timer_queue_set(&endpoint->timers, &link->timer, next_timeout(link));
	}
	return false;
}

bool endpoint_next_event(struct endpoint *endpoint, struct event *out)
{
	if (endpoint->event_count == 0)
		return false;
	*out = endpoint->events[endpoint->event_first];
	endpoint->event_first = (endpoint->event_first + 1) % endpoint->event_capacity;
	endpoint->event_count--;
	return true;
}
