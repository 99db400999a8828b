#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"
#include "core/wire/packet_header.h"

/* What a packet keeps for its payload whatever is to be reported. */
#define PAYLOAD_KEPT 64
/* The longest blob with rates alone: fits into the smallest packet there may be. */
#define RATES_SIZE_MAX 64

void conn_quality_roll(struct conn *conn, usec_t now)
{
	bool arrived;

	stats_report_rest(&conn->report, now, &conn->quality.all);
	link_quality_roll(&conn->quality, now, conn->rng, conn->liveness.failures >= 2);
	if (conn->report.under_way != 0 && reliability_is_decided(conn->reliability, conn->report.number, &arrived))
		stats_report_on_decided(&conn->report, now, arrived, &conn->quality.all);
}

/* --- to the peer */

unsigned conn_quality_wants(const struct conn *conn, usec_t now)
{
	return conn->state == STATE_CONNECTED ? stats_report_ready(&conn->report, now, &conn->quality.all) : 0;
}

usec_t conn_quality_next_timeout(const struct conn *conn)
{
	return conn->state == STATE_CONNECTED ? stats_report_next_timeout(&conn->report, &conn->quality.all) : USEC_NEVER;
}

static void own_rates(const struct conn *conn, usec_t now, struct link_rates *out)
{
	link_quality_rates(&conn->quality, now, out);
	out->ping = reliability_rtt(conn->reliability);
}

static void own_lifetime(struct conn *conn, usec_t now, struct link_lifetime *out)
{
	link_quality_lifetime(&conn->quality, out);
	if (conn->connected_at >= 0)
		out->connected_seconds = (now - conn->connected_at + USEC_PER_SEC / 2) / USEC_PER_SEC;
}

void conn_quality_report(struct conn *conn, usec_t now, int64_t number, size_t room, struct msg_stats *out)
{
	unsigned wanted = conn_quality_wants(conn, now), which = wanted;
	struct link_rates rates;
	struct link_lifetime lifetime;

	if (room < WIRE_PACKET_HEADER_SIZE + PAYLOAD_KEPT + STATS_REPORT_SIZE_MAX)
		which &= ~STATS_REPORT_LIFETIME;
	if (room < WIRE_PACKET_HEADER_SIZE + PAYLOAD_KEPT + RATES_SIZE_MAX)
		which &= ~STATS_REPORT_RATES;
	/* What will never fit must not stay due. */
	if (which != wanted)
		stats_report_skip(&conn->report, now, wanted & ~which, &conn->quality.all);
	if (which == 0)
		return;
	if ((which & STATS_REPORT_RATES) != 0) {
		own_rates(conn, now, &rates);
		stats_report_write_rates(out, &rates);
	}
	if ((which & STATS_REPORT_LIFETIME) != 0) {
		own_lifetime(conn, now, &lifetime);
		stats_report_write_lifetime(out, &lifetime);
	}
	stats_report_on_sent(&conn->report, number, which);
}

/* --- to the application */

void conn_status(struct conn *conn, usec_t now, struct conn_status *out)
{
	const struct link_counts *counts = &conn->quality.all;
	const struct stats_report *report = &conn->report;

	bytes_zero(out, sizeof *out);
	conn_quality_roll(conn, now);
	reliability_status(conn->reliability, now, &out->reliability);
	out->jitter = link_quality_take_jitter(&conn->quality);
	own_rates(conn, now, &out->local);
	out->remote = (struct link_rates){ 0, 0, 0, 0, -1, -1, -1, -1 };
	out->remote_age = -1;
	if (report->has_peer_rates) {
		out->remote = report->peer_rates;
		out->remote_age = now - report->peer_rates_at;
	}
	out->packets_sent = counts->packets_sent;
	out->packets_received = counts->packets_received;
	out->bytes_sent = counts->bytes_sent;
	out->bytes_received = counts->bytes_received;
	out->packets_dropped = conn->packets_dropped;
	out->packet_size = conn->mtu.size;
}

bool conn_lane_status(const struct conn *conn, usec_t now, uint32_t lane, struct reliability_lane_status *out)
{
	return reliability_lane_status(conn->reliability, now, lane, out);
}

static void peer_statistics(const struct stats_report *report, usec_t now, struct conn_statistics *out)
{
	if (report->has_peer_rates) {
		out->rates = report->peer_rates;
		out->rates_age = now - report->peer_rates_at;
	}
	if (report->peer_lifetime != NULL) {
		out->lifetime = *report->peer_lifetime;
		out->lifetime_age = now - report->peer_lifetime_at;
	}
}

void conn_statistics(struct conn *conn, usec_t now, bool of_peer, struct conn_statistics *out)
{
	bytes_zero(out, sizeof *out);
	out->rates_age = -1;
	out->lifetime_age = -1;
	if (of_peer) {
		peer_statistics(&conn->report, now, out);
		return;
	}
	conn_quality_roll(conn, now);
	own_rates(conn, now, &out->rates);
	own_lifetime(conn, now, &out->lifetime);
	out->rates_age = 0;
	out->lifetime_age = 0;
}

usec_t conn_rtt(const struct conn *conn)
{
	return reliability_rtt(conn->reliability);
}

void conn_info(const struct conn *conn, struct conn_info *out)
{
	bytes_zero(out, sizeof *out);
	out->route = conn->path.route;
	out->local = conn->path.local;
	out->remote = conn->path.remote;
	out->certificate = conn->has_certificate ? &conn->certificate : NULL;
	out->doubt = conn->doubt;
	out->deserves_warning =
		conn->has_certificate && conn->certificate.proof == CRYPTO_PROOF_NOTHING && conn_handshake_leniency(conn) == 1;
	out->cipher = packet_cipher_name(conn->crypto.cipher);
	out->peer_is_gns = conn->peer_is_gns;
	out->connected_after = conn->connected_at < 0 ? -1 : conn->connected_at - conn->created_at;
}

void conn_fill_attempt(const struct conn *conn, usec_t now, struct attempt *out)
{
	out->p2p = conn->p2p;
	out->incoming = conn->server;
	out->agreed = packet_crypto_is_ready(&conn->crypto);
	out->connected = conn->connected_at >= 0;
	out->refused = conn->doubt != DOUBT_NONE && !out->agreed;
	out->began_at = conn->created_at;
	out->ended_at = conn_is_over(conn) ? conn->state_since : now;
}
