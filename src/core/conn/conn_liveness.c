#include "core/conn/conn_internal.h"

/* docs/wire.md, "Liveness": the protocol's numbers. */
#define KEEPALIVE (10 * USEC_PER_SEC)
#define URGENT_EVERY (200 * USEC_PER_MSEC)
#define REPLY_MAX (1250 * USEC_PER_MSEC)
#define REPLY_SLACK (250 * USEC_PER_MSEC)
#define DELAYED_REPLY (200 * USEC_PER_MSEC)
#define FAILURES_MIN 4u
#define FAILURES_LOST 2u /* one answer is lost easily */
/* A thread that did not run in time has not read in time either. The peer is given as long again, so many times. */
#define LATE_MIN (50 * USEC_PER_MSEC)
#define EXCUSES_MAX 3u
/* A peer that sends and stops may have lost us: its way back may lead to an address that is ours no more,
 * and only what we send tells it the new one. */
#define QUIET (400 * USEC_PER_MSEC)
#define QUIET_MAX (4 * USEC_PER_SEC)

static usec_t probe_interval(const struct conn *conn)
{
	int32_t probe = config_get_int(&conn->config, CONFIG_PROBE_INTERVAL);

	/* Over ICE nobody announces its end reliably, so the silence has to be broken sooner. */
	return conn->p2p && probe > 0 ? probe * USEC_PER_MSEC : KEEPALIVE;
}

static bool is_watching(const struct conn *conn)
{
	return conn->state == STATE_CONNECTED || conn->state == STATE_LINGER;
}

void conn_liveness_on_state(struct conn *conn, usec_t now)
{
	struct conn_liveness *liveness = &conn->liveness;

	if (liveness->received_at == 0)
		liveness->received_at = now;
	liveness->ping = 0;
	liveness->urgent_at = USEC_NEVER;
	liveness->keepalive_at = USEC_NEVER;
	liveness->quiet_at = USEC_NEVER;
	if (conn->state == STATE_FINDING_ROUTE && conn->path.ready) {
		liveness->urgent_at = now;
	} else if (is_watching(conn)) {
		/* The peer may still wait to hear from us. */
		if (conn->state == STATE_CONNECTED && conn->state_since == now)
			liveness->ping = WIRE_STATS_ACK_REQUEST;
		liveness->keepalive_at = now + probe_interval(conn);
		if (!conn->path.ready && liveness->timing_out_since == 0)
			liveness->timing_out_since = now;
	}
	if (conn->state != STATE_CONNECTED && conn->state != STATE_LINGER) {
		liveness->reply_due = USEC_NEVER;
		liveness->failures = 0;
		liveness->timing_out_since = 0;
	}
}

void conn_liveness_on_packet(struct conn *conn, usec_t now)
{
	struct conn_liveness *liveness = &conn->liveness;

	liveness->received_at = now;
	liveness->reply_due = USEC_NEVER;
	liveness->failures = liveness->excuses = 0;
	/* A packet that was under way when the path failed says nothing about the path. */
	liveness->timing_out_since = is_watching(conn) && !conn->path.ready ? now : 0;
	if (!is_watching(conn))
		return;
	liveness->urgent_at = USEC_NEVER;
	liveness->keepalive_at = now + probe_interval(conn);
	if (reliability_last_contents(conn->reliability)->segments && conn_may_roam(conn))
		liveness->quiet_at = now + (liveness->quiet_wait = QUIET);
}

void conn_liveness_on_moved(struct conn *conn, usec_t now)
{
	struct conn_liveness *liveness = &conn->liveness;

	liveness->reply_due = USEC_NEVER;
	liveness->failures = 0;
	if (!is_watching(conn) || !conn->path.ready)
		return;
	/* The time of a silent peer goes on running: a new way is none before something comes by it. The
	 * acknowledgement tells at once what got lost on the old one. */
	liveness->urgent_at = now;
}

bool conn_liveness_is_suspect(const struct conn *conn)
{
	return conn->liveness.failures > 0;
}

bool conn_is_lost(const struct conn *conn)
{
	return is_watching(conn) && (!conn->path.ready || conn->liveness.failures >= FAILURES_LOST);
}

void conn_probe(struct conn *conn, usec_t now)
{
	if (is_watching(conn) && conn->path.ready)
		conn->liveness.urgent_at = now;
}

static usec_t reply_timeout(const struct conn *conn)
{
	usec_t worst = reliability_rtt_worst(conn->reliability);
	/* What is urgent is answered at once. */
	usec_t delayed = conn->liveness.failures > 0 ? 0 : DELAYED_REPLY;

	if (worst < 0)
		return REPLY_MAX + delayed;
	return usec_min(2 * worst + REPLY_SLACK, REPLY_MAX) + delayed;
}

void conn_liveness_on_sent(struct conn *conn, usec_t now, bool expects_reply)
{
	conn->liveness.ping = 0;
	/* The answer to this one will do. */
	if (expects_reply && !reliability_is_receiving(conn->reliability))
		conn->liveness.quiet_at = USEC_NEVER;
	if (expects_reply && conn->liveness.reply_due == USEC_NEVER && is_watching(conn))
		conn->liveness.reply_due = now + reply_timeout(conn);
}

/* When silence becomes the end. */
static usec_t dead_at(const struct conn *conn)
{
	const struct conn_liveness *liveness = &conn->liveness;
	int32_t limit = config_get_int(&conn->config, CONFIG_TIMEOUT_CONNECTED);

	if (!is_watching(conn) || limit == 0 || liveness->timing_out_since == 0)
		return USEC_NEVER;
	if (liveness->failures < FAILURES_MIN && conn->path.ready)
		return USEC_NEVER;
	return usec_max(liveness->timing_out_since, liveness->received_at) + limit * USEC_PER_MSEC;
}

static bool is_excused(struct conn_liveness *liveness, usec_t now)
{
	usec_t late = now - liveness->reply_due;

	if (late < LATE_MIN || liveness->excuses == EXCUSES_MAX)
		return false;
	liveness->excuses++;
	liveness->reply_due = now + usec_min(late, REPLY_MAX);
	return true;
}

static void miss_reply(struct conn_liveness *liveness, usec_t now)
{
	liveness->reply_due = USEC_NEVER;
	if (liveness->failures++ == 0 && liveness->timing_out_since == 0)
		liveness->timing_out_since = now;
	liveness->urgent_at = now;
}

usec_t conn_liveness_next_timeout(const struct conn *conn)
{
	const struct conn_liveness *liveness = &conn->liveness;
	usec_t at = dead_at(conn);

	if (conn->path.ready) {
		if (liveness->ping != 0)
			return 0;
		at = usec_min(at, usec_min(liveness->urgent_at, usec_min(liveness->keepalive_at, liveness->quiet_at)));
	}
	return usec_min(at, liveness->reply_due);
}

void conn_liveness_handle_timeout(struct conn *conn, usec_t now)
{
	struct conn_liveness *liveness = &conn->liveness;

	if (dead_at(conn) <= now) {
		conn_problem(conn, now, END_REASON_TIMEOUT, "the peer does not answer any more");
		return;
	}
	if (liveness->reply_due <= now && !is_excused(liveness, now))
		miss_reply(liveness, now);
	if (liveness->urgent_at <= now) {
		liveness->ping = WIRE_STATS_ACK_REQUEST | WIRE_STATS_ACK_IMMEDIATE;
		liveness->urgent_at = now + URGENT_EVERY;
	}
	if (liveness->quiet_at <= now) {
		/* In the middle of a message there has to be more. */
		liveness->quiet_wait = usec_min(2 * liveness->quiet_wait, QUIET_MAX);
		liveness->quiet_at = reliability_is_receiving(conn->reliability) ? now + liveness->quiet_wait : USEC_NEVER;
		liveness->ping |= WIRE_STATS_ACK_REQUEST | WIRE_STATS_ACK_IMMEDIATE;
	}
	if (liveness->keepalive_at <= now) {
		if (liveness->ping == 0)
			liveness->ping = WIRE_STATS_ACK_REQUEST;
		liveness->keepalive_at = now + probe_interval(conn);
	}
}
