#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"

/* Rates and quality are those of the last interval; the protocol's statistics use the same. */
#define INTERVAL (5 * USEC_PER_SEC)

static void measure(struct conn_quality *quality, int64_t highest, double seconds)
{
	uint64_t received = quality->packets_received - quality->received0;
	int64_t expected = highest - quality->highest0;

	quality->out_packets = (double)(quality->packets_sent - quality->sent0) / seconds;
	quality->out_bytes = (double)(quality->bytes_sent - quality->bytes_sent0) / seconds;
	quality->in_packets = (double)received / seconds;
	quality->in_bytes = (double)(quality->bytes_received - quality->bytes_received0) / seconds;
	if (expected > 0)
		quality->local = received >= (uint64_t)expected ? 1 : (float)received / (float)expected;
}

void conn_quality_roll(struct conn *conn, usec_t now)
{
	struct conn_quality *quality = &conn->quality;
	usec_t passed = now - quality->since;

	if (passed < INTERVAL && quality->received0 != 0)
		return;
	if (passed < USEC_PER_MSEC)
		return;
	measure(quality, conn->replay.highest, (double)passed / USEC_PER_SEC);
	if (passed < INTERVAL)
		return;
	quality->since = now;
	quality->sent0 = quality->packets_sent;
	quality->received0 = quality->packets_received;
	quality->bytes_sent0 = quality->bytes_sent;
	quality->bytes_received0 = quality->bytes_received;
	quality->highest0 = conn->replay.highest;
}

void conn_status(struct conn *conn, usec_t now, struct conn_status *out)
{
	const struct conn_quality *quality = &conn->quality;

	bytes_zero(out, sizeof *out);
	conn_quality_roll(conn, now);
	reliability_status(conn->reliability, now, &out->reliability);
	out->jitter = out->reliability.rtt_deviation;
	out->quality_local = quality->local;
	out->quality_remote = quality->remote;
	out->out_packets = quality->out_packets;
	out->out_bytes = quality->out_bytes;
	out->in_packets = quality->in_packets;
	out->in_bytes = quality->in_bytes;
	out->packets_sent = quality->packets_sent;
	out->packets_received = quality->packets_received;
	out->bytes_sent = quality->bytes_sent;
	out->bytes_received = quality->bytes_received;
	out->packets_dropped = quality->dropped;
}

usec_t conn_rtt(const struct conn *conn, usec_t now)
{
	struct reliability_status status;

	reliability_status(conn->reliability, now, &status);
	return status.rtt;
}

void conn_info(const struct conn *conn, struct conn_info *out)
{
	bytes_zero(out, sizeof *out);
	out->route = conn->path.route;
	out->local = conn->path.local;
	out->remote = conn->path.remote;
	out->certificate = conn->has_certificate ? &conn->certificate : NULL;
	out->doubt = conn->doubt;
	out->cipher = packet_cipher_name(conn->crypto.cipher);
	out->peer_is_gns = conn->peer_is_gns;
	out->connected_after = conn->connected_at < 0 ? -1 : conn->connected_at - conn->created_at;
}
