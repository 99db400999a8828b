#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"

/* The life of a connection. By address there is no FINDING_ROUTE.
 *
 *   CONNECTING --keys--> FINDING_ROUTE --path and packet--> CONNECTED --close--> LINGER
 *       |                     |                                 |                  |
 *       +---------------------+----- CLOSED_BY_PEER ------------+                  |
 *       +---------------------+----- PROBLEM_DETECTED_LOCALLY --+                  |
 *                                        | application lets go                     |
 *                                        +----------> FIN_WAIT <-------------------+
 *                                                        | 5 s
 *                                                       DEAD
 *
 * docs/states.md is made of this file: tests/docs/states_page.py.
 */
#define BIT(state) (1u << ((state) + 3))

static const unsigned next_states[] = {
	/* A call of ours: the handshake runs. One that came in: the application has not decided yet. Ends
	 * after TimeoutInitial. */
	[STATE_CONNECTING + 3] = BIT(STATE_FINDING_ROUTE) | BIT(STATE_CONNECTED) | BIT(STATE_CLOSED_BY_PEER) |
	                         BIT(STATE_PROBLEM_DETECTED_LOCALLY) | BIT(STATE_FIN_WAIT),
	/* Peer to peer only: both sides have keys, and packets have not passed yet. Ends after
	 * TimeoutInitial. */
	[STATE_FINDING_ROUTE + 3] =
		BIT(STATE_CONNECTED) | BIT(STATE_CLOSED_BY_PEER) | BIT(STATE_PROBLEM_DETECTED_LOCALLY) | BIT(STATE_FIN_WAIT),
	/* Messages flow. Ends when the peer is silent for TimeoutConnected. */
	[STATE_CONNECTED + 3] =
		BIT(STATE_LINGER) | BIT(STATE_CLOSED_BY_PEER) | BIT(STATE_PROBLEM_DETECTED_LOCALLY) | BIT(STATE_FIN_WAIT),
	/* The application closed; what it had queued is still being delivered. The peer sees a connection. */
	[STATE_LINGER + 3] = BIT(STATE_FIN_WAIT),
	/* The peer closed. What it sent before can be read until the application lets go. */
	[STATE_CLOSED_BY_PEER + 3] = BIT(STATE_FIN_WAIT),
	/* We ended it: a timeout, a violation, a certificate. The peer has been told. */
	[STATE_PROBLEM_DETECTED_LOCALLY + 3] = BIT(STATE_FIN_WAIT),
	/* Nobody here wants it any more; stragglers of the peer are told so for five seconds. */
	[STATE_FIN_WAIT + 3] = BIT(STATE_DEAD),
	/* To be freed. */
	[STATE_DEAD + 3] = 0,
};

bool conn_state_is_active(int32_t state)
{
	return state == STATE_FINDING_ROUTE || state == STATE_CONNECTED || state == STATE_LINGER;
}

bool conn_state_is_over(int32_t state)
{
	return state == STATE_CLOSED_BY_PEER || state == STATE_PROBLEM_DETECTED_LOCALLY || state == STATE_FIN_WAIT ||
	       state == STATE_DEAD;
}

bool conn_is_over(const struct conn *conn)
{
	return conn_state_is_over(conn->state);
}

int32_t conn_state(const struct conn *conn)
{
	return conn->state;
}

void conn_state_add_event(struct conn *conn, const struct event *event)
{
	if (conn->event_count == CONN_EVENTS_MAX)
		return;
	/* Most connections have none most of the time. */
	if (conn->events == NULL)
		conn->events = alloc_array(CONN_EVENTS_MAX, sizeof(*conn->events));
	conn->events[(conn->event_first + conn->event_count++) % CONN_EVENTS_MAX] = *event;
}

bool conn_next_event(struct conn *conn, struct event *out)
{
	if (conn->event_count == 0)
		return false;
	*out = conn->events[conn->event_first];
	conn->event_first = (conn->event_first + 1) % CONN_EVENTS_MAX;
	conn->event_count--;
	if (conn->event_count == 0) {
		alloc_free(conn->events);
		conn->events = NULL;
	}
	return true;
}

static void tell(struct conn *conn, int32_t old_state)
{
	struct event event;

	bytes_zero(&event, sizeof event);
	event.kind = EVENT_STATE;
	event.conn = conn;
	event.old_state = old_state;
	event.new_state = conn->state;
	event.end_reason = conn->ending.reason;
	bytes_copy(event.text, conn->ending.text, sizeof event.text);
	event.route = conn->path.route;
	event.local = conn->path.local;
	event.remote = conn->path.remote;
	conn_state_add_event(conn, &event);
}

void conn_state_enter(struct conn *conn, usec_t now, int32_t state)
{
	int32_t old_state = conn->state;

	if ((next_states[old_state + 3] & BIT(state)) == 0)
		return;
	conn->state = state;
	conn->state_since = now;
	if (state == STATE_CONNECTED) {
		conn->connected_at = now;
		stats_report_skip(&conn->report, now, STATS_REPORT_RATES | STATS_REPORT_LIFETIME, &conn->quality.all);
	}
	reliability_set_gate(conn->reliability, state == STATE_CONNECTED || state == STATE_LINGER);
	conn_liveness_on_state(conn, now);
	conn_close_on_state(conn, now);
	if (state > 0)
		tell(conn, old_state);
}
