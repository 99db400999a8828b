#include <string.h>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/conn/conn_internal.h"
#include "core/wire/msg_handshake.h"

/* Stragglers are answered for this long (docs/wire.md, "Closing"). */
#define FIN_WAIT (5 * USEC_PER_SEC)
/* A close that got lost would be learned from the next packet only; over an idle path there is none. */
#define REPEATS 2u
#define REPEAT_FIRST (100 * USEC_PER_MSEC)
#define REPEAT_SECOND (250 * USEC_PER_MSEC)

static void set_end(struct conn *conn, uint32_t reason, const char *text, size_t text_size)
{
	size_t size = msg_handshake_text_size(text, text_size);

	conn->ending.reason = reason;
	bytes_zero(conn->ending.text, sizeof conn->ending.text);
	bytes_copy(conn->ending.text, text, size);
	text_clean(conn->ending.text);
}

uint32_t conn_end_reason(const struct conn *conn)
{
	return conn->ending.reason;
}

const char *conn_end_text(const struct conn *conn)
{
	return conn->ending.text;
}

static void say_closed(struct conn *conn, usec_t now)
{
	conn->ending.say_closed = true;
	conn->ending.repeats = REPEATS;
	conn->ending.repeat_at = now + REPEAT_FIRST;
}

void conn_close_on_state(struct conn *conn, usec_t now)
{
	struct conn_ending *ending = &conn->ending;

	if (conn->state == STATE_CONNECTING && ending->repeat_at == 0)
		ending->repeat_at = ending->linger_until = USEC_NEVER;
	if (conn->state == STATE_PROBLEM_DETECTED_LOCALLY) {
		say_closed(conn, now);
	} else if (conn->state == STATE_FIN_WAIT) {
		ending->linger_until = USEC_NEVER;
		if (ending->by_peer)
			ending->say_no_connection = true;
		else
			say_closed(conn, now);
	} else if (conn->state == STATE_CLOSED_BY_PEER || conn->state == STATE_DEAD) {
		ending->repeat_at = USEC_NEVER;
	}
}

void conn_problem(struct conn *conn, usec_t now, uint32_t reason, const char *text)
{
	if (conn_state_is_over(conn->state))
		return;
	if (conn->state != STATE_LINGER)
		set_end(conn, reason, text, strlen(text));
	conn_state_enter(conn, now, conn->state == STATE_LINGER ? STATE_FIN_WAIT : STATE_PROBLEM_DETECTED_LOCALLY);
}

void conn_closed_by_peer(struct conn *conn, usec_t now, uint32_t reason, const char *text, size_t text_size)
{
	static const char closed[] = "the peer closed the connection";
	static const char unknown[] = "the peer knows nothing of this connection";

	if (conn_state_is_over(conn->state))
		return;
	conn->ending.by_peer = true;
	/* 0 would say that it lives. */
	if (reason == END_REASON_NONE)
		reason = END_REASON_GENERIC;
	if (text_size > 0)
		set_end(conn, reason, text, text_size);
	else if (reason == END_REASON_PEER_NO_CONNECTION)
		set_end(conn, reason, unknown, sizeof unknown - 1);
	else
		set_end(conn, reason, closed, sizeof closed - 1);
	conn_state_enter(conn, now, conn->state == STATE_LINGER ? STATE_FIN_WAIT : STATE_CLOSED_BY_PEER);
}

void conn_close(struct conn *conn, usec_t now, uint32_t reason, const char *text, usec_t linger_limit)
{
	if (conn_state_is_over(conn->state) || conn->state == STATE_LINGER) {
		conn_release(conn, now);
		return;
	}
	set_end(conn, reason == 0 ? END_REASON_APP_MIN : reason, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
	reliability_flush(conn->reliability, now);
	if (conn->state == STATE_CONNECTED && linger_limit > 0 && reliability_outstanding(conn->reliability) > 0) {
		conn->ending.linger_until = usec_add(now, linger_limit);
		conn_state_enter(conn, now, STATE_LINGER);
	} else {
		conn_state_enter(conn, now, STATE_FIN_WAIT);
	}
}

void conn_stop_lingering(struct conn *conn, usec_t now)
{
	if (conn->state == STATE_LINGER)
		conn_state_enter(conn, now, STATE_FIN_WAIT);
}

void conn_release(struct conn *conn, usec_t now)
{
	if (conn->state == STATE_CLOSED_BY_PEER || conn->state == STATE_PROBLEM_DETECTED_LOCALLY)
		conn_state_enter(conn, now, STATE_FIN_WAIT);
}

void conn_answer_straggler(struct conn *conn)
{
	if (conn->ending.by_peer)
		conn->ending.say_no_connection = true;
	else
		conn->ending.say_closed = true;
}

/* --- what comes in */

static bool on_closed(struct conn *conn, usec_t now, const uint8_t *bytes, size_t size)
{
	struct msg_connection_closed message;
	bool ours;

	if (!msg_connection_closed_read(&message, bytes, size))
		return true; /* nobody's */
	ours = message.to_connection_id == conn->local_id ||
	       (message.to_connection_id == 0 && message.from_connection_id != 0 &&
	        message.from_connection_id == conn->remote_id);
	if (!ours)
		return false;
	/* Called and closed before it was answered: the peer's id is new to us, and it wants to see it. */
	if (conn->remote_id == 0)
		conn->remote_id = message.from_connection_id;
	conn->ending.say_no_connection = true;
	conn_closed_by_peer(conn, now, message.reason, message.text, message.text_size);
	return true;
}

static void on_no_connection(struct conn *conn, usec_t now, const uint8_t *bytes, size_t size)
{
	struct msg_no_connection message;

	if (!msg_no_connection_read(&message, bytes, size))
		return;
	if (message.to_connection_id != conn->local_id || message.from_connection_id != conn->remote_id)
		return;
	conn->ending.repeat_at = USEC_NEVER; /* it has heard */
	conn_closed_by_peer(conn, now, END_REASON_PEER_NO_CONNECTION, NULL, 0);
}

bool conn_receive_control(struct conn *conn, usec_t now, const uint8_t *bytes, size_t size)
{
	if (bytes[0] == WIRE_LEAD_CONNECTION_CLOSED)
		return on_closed(conn, now, bytes, size);
	if (bytes[0] == WIRE_LEAD_NO_CONNECTION)
		on_no_connection(conn, now, bytes, size);
	return true;
}

/* --- what goes out */

static void write_closed(struct conn *conn, struct datagram_burst *out)
{
	struct msg_connection_closed message = { conn->ending.text, strlen(conn->ending.text), conn->ending.reason,
		                                     conn->remote_id, conn->local_id };
	struct byte_writer writer;

	byte_writer_init(&writer, out->bytes, out->capacity);
	msg_connection_closed_write(&writer, &message);
	out->size = byte_writer_size(&writer);
}

static void write_no_connection(struct conn *conn, struct datagram_burst *out)
{
	struct msg_no_connection message = { conn->local_id, conn->remote_id };
	struct byte_writer writer;

	byte_writer_init(&writer, out->bytes, out->capacity);
	msg_no_connection_write(&writer, &message);
	out->size = byte_writer_size(&writer);
}

bool conn_close_transmit(struct conn *conn, struct datagram_burst *out)
{
	bool closed = conn->ending.say_closed;
	bool no_connection = conn->ending.say_no_connection;

	conn->ending.say_closed = false;
	conn->ending.say_no_connection = false;
	/* Over ICE there may be no way; then the signal has to do. */
	if ((!closed && !no_connection) || !conn->path.ready || conn->path.transport == 0)
		return false;
	if (closed)
		write_closed(conn, out);
	else
		write_no_connection(conn, out);
	out->segment_size = out->size;
	return true;
}

/* --- time */

usec_t conn_close_next_timeout(const struct conn *conn)
{
	usec_t at = conn->ending.repeat_at;

	if (conn->state == STATE_FIN_WAIT)
		at = usec_min(at, conn->state_since + FIN_WAIT);
	if (conn->state == STATE_LINGER)
		at = usec_min(at, reliability_outstanding(conn->reliability) == 0 ? 0 : conn->ending.linger_until);
	return at;
}

static void repeat_close(struct conn *conn, usec_t now)
{
	struct conn_ending *ending = &conn->ending;

	ending->say_closed = true;
	ending->repeats--;
	ending->repeat_at = ending->repeats > 0 ? now + REPEAT_SECOND : USEC_NEVER;
}

void conn_close_handle_timeout(struct conn *conn, usec_t now)
{
	if (conn->ending.repeat_at <= now)
		repeat_close(conn, now);
	if (conn->state == STATE_LINGER &&
	    (reliability_outstanding(conn->reliability) == 0 || conn->ending.linger_until <= now))
		conn_state_enter(conn, now, STATE_FIN_WAIT);
	if (conn->state == STATE_FIN_WAIT && conn->state_since + FIN_WAIT <= now)
		conn_state_enter(conn, now, STATE_DEAD);
}
