#include "core/base/bytes.h"
#include "core/base/text.h"
#include "engine/certificate_info.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"

_Static_assert(KITH_PING_BUCKETS == LINK_PING_BUCKETS && KITH_QUALITY_BUCKETS == LINK_QUALITY_BUCKETS &&
                   KITH_JITTER_BUCKETS == LINK_JITTER_BUCKETS && KITH_PING_PERCENTILES == LINK_PING_PERCENTILES &&
                   KITH_QUALITY_PERCENTILES == LINK_QUALITY_PERCENTILES,
               "stats.h and link_quality.h differ");

void engine_conn_fill_info(const struct conn *conn, struct kith_info *out)
{
	struct sockets_info info;
	struct text text;

	sockets_info(conn, &info);
	out->state = info.state;
	out->incoming = info.incoming;
	out->virtual_port = info.virtual_port;
	out->route = info.route;
	out->reason = (int32_t)info.end_reason;
	out->peer_is_gns = info.peer_is_gns;
	out->connect_time_us = info.connected_after;
	convert_identity_out(&out->peer, &info.peer);
	convert_address_out(&out->local, &info.local);
	convert_address_out(&out->remote, &info.remote);
	text_init(&text, out->text, sizeof(out->text));
	text_add(&text, info.text);
}

void engine_conn_fill_name(const struct engine_conn *conn, struct kith_info *out)
{
	struct text text;

	text_init(&text, out->name, sizeof(out->name));
	text_add(&text, conn->name != NULL ? conn->name : "");
}

int32_t engine_conn_info(struct engine_conn *conn, struct kith_info *out)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	engine_conn_fill_info(conn->conn, out);
	engine_conn_fill_name(conn, out);
	out->endpoint = conn->engine->handle;
	out->listener = conn->listener;
	out->poll_group = conn->group != NULL ? conn->group->handle : KITH_NO_HANDLE;
	out->user_data = conn->user_data;
	engine_unlock(conn->engine);
	return KITH_OK;
}

/* Of the other side's packets, which part came in order. */
static double quality_of(const struct link_rates *rates)
{
	return rates->lost < 0 || rates->disordered < 0 ? -1 : 1 - rates->lost - rates->disordered;
}

static void fill_rates(struct kith_status *out, const struct conn_status *status)
{
	out->quality_local = quality_of(&status->local);
	out->quality_remote = quality_of(&status->remote);
	out->out_packets_per_second = status->local.out_packets;
	out->out_bytes_per_second = status->local.out_bytes;
	out->in_packets_per_second = status->local.in_packets;
	out->in_bytes_per_second = status->local.in_bytes;
	out->loss_local = status->local.lost;
	out->loss_remote = status->remote.lost;
	out->ping_remote_us = status->remote.ping;
	out->jitter_remote_us = status->remote.jitter;
	out->remote_age_us = status->remote_age;
}

static void fill_queues(struct kith_status *out, const struct reliability_status *status)
{
	out->ping_us = status->rtt;
	out->ping_min_us = status->rtt_min;
	out->ping_deviation_us = status->rtt < 0 ? -1 : status->rtt_deviation;
	out->send_rate = status->send_rate;
	out->pending_reliable = status->pending_reliable;
	out->pending_unreliable = status->pending_unreliable;
	out->unacked_reliable = status->unacked_reliable;
	out->queue_time_us = status->queue_time;
	out->packets_lost = status->packets_lost;
	out->unread_messages = status->unread_messages;
	out->unread_bytes = status->unread_bytes;
	out->messages_sent = status->messages_sent;
	out->messages_received = status->messages_received;
	out->messages_dropped = status->messages_dropped;
	out->messages_expired = status->messages_expired;
	out->messages_late = status->messages_late;
}

void engine_conn_fill_status(struct conn *conn, struct kith_status *out)
{
	struct conn_status status;
	struct sockets_info info;

	sockets_info(conn, &info);
	sockets_status(clock_now(), conn, &status);
	out->state = info.state;
	out->jitter_us = status.jitter;
	out->packets_sent = status.packets_sent;
	out->packets_received = status.packets_received;
	out->bytes_sent = status.bytes_sent;
	out->bytes_received = status.bytes_received;
	out->packet_size = (int64_t)status.packet_size;
	out->packets_dropped = status.packets_dropped;
	fill_rates(out, &status);
	fill_queues(out, &status.reliability);
}

void engine_conn_fill_no_status(struct kith_status *out)
{
	struct conn_status nothing = { .jitter = -1, .remote_age = -1 };

	nothing.local = nothing.remote = (struct link_rates){ 0, 0, 0, 0, -1, -1, -1, -1 };
	nothing.reliability.rtt = nothing.reliability.rtt_min = -1;
	out->jitter_us = -1;
	fill_rates(out, &nothing);
	fill_queues(out, &nothing.reliability);
}

int32_t engine_conn_status(struct engine_conn *conn, struct kith_status *out)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	engine_conn_fill_status(conn->conn, out);
	engine_unlock(conn->engine);
	return KITH_OK;
}

bool engine_conn_fill_lane(struct conn *conn, int32_t lane, struct kith_lane_status *out)
{
	struct reliability_lane_status status;

	if (lane < 0 || !sockets_lane_status(clock_now(), conn, (uint32_t)lane, &status))
		return false;
	out->lane = lane;
	out->pending_reliable = status.pending_reliable;
	out->pending_unreliable = status.pending_unreliable;
	out->unacked_reliable = status.unacked_reliable;
	out->queue_time_us = status.queue_time;
	return true;
}

int32_t engine_conn_lane_status(struct engine_conn *conn, int32_t lane, struct kith_lane_status *out)
{
	bool found;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	found = engine_conn_fill_lane(conn->conn, lane, out);
	engine_unlock(conn->engine);
	return found ? KITH_OK : failure_set(KITH_E_INVALID, "lane: the connection has no lane %d", (int)lane);
}

static void fill_lifetime(struct kith_statistics *out, const struct link_lifetime *lifetime)
{
	out->connected_us = lifetime->connected_seconds < 0 ? -1 : lifetime->connected_seconds * USEC_PER_SEC;
	out->packets_sent = lifetime->packets_sent;
	out->bytes_sent = lifetime->bytes_sent;
	out->packets_received = lifetime->packets_received;
	out->bytes_received = lifetime->bytes_received;
	out->packets_sequenced = lifetime->sequenced;
	out->packets_lost = lifetime->dropped;
	out->packets_out_of_order = lifetime->out_of_order;
	out->packets_out_of_order_corrected = lifetime->out_of_order_corrected;
	out->packets_duplicate = lifetime->duplicate;
	out->packets_lurch = lifetime->lurch;
	for (int i = 0; i < KITH_PING_BUCKETS; i++)
		out->ping_histogram[i] = lifetime->ping_histogram[i];
	for (int i = 0; i < KITH_QUALITY_BUCKETS; i++)
		out->quality_histogram[i] = lifetime->quality_histogram[i];
	for (int i = 0; i < KITH_JITTER_BUCKETS; i++)
		out->jitter_histogram[i] = lifetime->jitter_histogram[i];
	for (int i = 0; i < KITH_PING_PERCENTILES; i++)
		out->ping_percentiles_us[i] =
			lifetime->ping_percentiles[i] < 0 ? -1 : lifetime->ping_percentiles[i] * USEC_PER_MSEC;
	for (int i = 0; i < KITH_QUALITY_PERCENTILES; i++)
		out->quality_percentiles[i] =
			lifetime->quality_percentiles[i] < 0 ? -1 : (double)lifetime->quality_percentiles[i] / 100;
}

void engine_conn_fill_statistics(struct conn *conn, int32_t side, struct kith_statistics *out)
{
	struct conn_statistics statistics;

	sockets_statistics(clock_now(), conn, side == KITH_SIDE_REMOTE, &statistics);
	out->side = side;
	out->rates_age_us = statistics.rates_age;
	out->lifetime_age_us = statistics.lifetime_age;
	out->out_packets_per_second = statistics.rates.out_packets;
	out->out_bytes_per_second = statistics.rates.out_bytes;
	out->in_packets_per_second = statistics.rates.in_packets;
	out->in_bytes_per_second = statistics.rates.in_bytes;
	out->ping_us = statistics.rates.ping;
	out->loss = statistics.rates.lost;
	out->disorder = statistics.rates.disordered;
	out->jitter_us = statistics.rates.jitter;
	fill_lifetime(out, &statistics.lifetime);
}

int32_t engine_conn_statistics(struct engine_conn *conn, int32_t side, struct kith_statistics *out)
{
	int32_t result;

	if (side != KITH_SIDE_LOCAL && side != KITH_SIDE_REMOTE)
		return failure_set(KITH_E_INVALID, "side: %d is neither of the two", (int)side);
	result = engine_conn_lock(conn);
	if (result != KITH_OK)
		return result;
	engine_conn_fill_statistics(conn->conn, side, out);
	engine_unlock(conn->engine);
	if (out->rates_age_us < 0 && out->lifetime_age_us < 0)
		return failure_set(KITH_E_NOT_FOUND, "the peer has told nothing yet");
	return KITH_OK;
}

static void fill_certificate(struct kith_security *out, const struct certificate_checked *certificate)
{
	out->proof = certificate->proof;
	out->has_peer_key = 1;
	bytes_copy(out->peer_key, certificate->key, sizeof(out->peer_key));
	out->certified = certificate->believed;
	out->issuer = certificate->issuer;
	if (certificate->authority_count > 0)
		out->root = certificate->authorities[certificate->authority_count - 1];
	out->created_unix_us = certificate_info_time(certificate->created);
	out->expires_unix_us = certificate_info_time(certificate->expiry);
	convert_identity_out(&out->certificate_identity, &certificate->identity);
}

void engine_conn_fill_security(const struct conn *conn, struct kith_security *out)
{
	struct sockets_info info;
	struct text text;

	sockets_info(conn, &info);
	out->encrypted = info.encrypted;
	out->doubt = (int32_t)info.doubt;
	text_init(&text, out->cipher, sizeof(out->cipher));
	text_add(&text, info.cipher);
	if (info.has_certificate)
		fill_certificate(out, &info.certificate);
}

int32_t engine_conn_security(struct engine_conn *conn, struct kith_security *out)
{
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	engine_conn_fill_security(conn->conn, out);
	engine_unlock(conn->engine);
	return KITH_OK;
}
