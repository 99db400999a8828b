#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"
#include "core/wire/packet_header.h"

/* What this implementation can do (docs/wire.md, "Capabilities"). */
#define OUR_CAPABILITIES \
	(WIRE_CAPABILITY_PATH_CHALLENGE | WIRE_CAPABILITY_LARGE_PACKETS | WIRE_CAPABILITY_SEQUENCED | \
	 WIRE_CAPABILITY_ICE_RESTART | WIRE_CAPABILITY_WINDOW)

void conn_handshake_fill(const struct conn *conn, struct reliability_settings *out)
{
	const struct config *config = &conn->config;
	/* Before the keys are known the larger overhead is assumed. */
	size_t tag = packet_crypto_is_ready(&conn->crypto) ? packet_crypto_overhead(&conn->crypto) : WIRE_TAG_SIZE;

	bytes_zero(out, sizeof *out);
	out->messages = conn->messages;
	out->payload_max = packet_header_payload_max(conn->mtu.size, PACKET_HEADER_NO_STATS, tag);
	out->send_buffer_size = config_get_int(config, CONFIG_SEND_BUFFER_SIZE);
	out->recv_buffer_size = config_get_int(config, CONFIG_RECV_BUFFER_SIZE);
	out->recv_buffer_messages = config_get_int(config, CONFIG_RECV_BUFFER_MESSAGES);
	out->recv_max_message_size = config_get_int(config, CONFIG_RECV_MAX_MESSAGE_SIZE);
	out->recv_max_segments_per_packet = config_get_int(config, CONFIG_RECV_MAX_SEGMENTS_PER_PACKET);
	out->nagle_time = config_get_int(config, CONFIG_NAGLE_TIME);
	out->send_rate_min = config_get_int64(config, CONFIG_SEND_RATE_MIN);
	out->send_rate_max = config_get_int64(config, CONFIG_SEND_RATE_MAX);
	out->congestion = config_get_int(config, CONFIG_CONGESTION_CONTROL) == 1 ? CONGESTION_FIXED : CONGESTION_BBR;
	out->peer_is_gns = conn->peer_is_gns;
	out->window_frames = (conn->capabilities & WIRE_CAPABILITY_WINDOW) != 0;
	out->path_frames = (conn->capabilities & WIRE_CAPABILITY_PATH_CHALLENGE) != 0;
	out->sequenced = (conn->capabilities & WIRE_CAPABILITY_SEQUENCED) != 0;
}

static struct key_exchange_options options_of(const struct conn *conn)
{
	struct key_exchange_options options = { conn->own, config_get_int(&conn->config, CONFIG_UNENCRYPTED),
		                                    OUR_CAPABILITIES };

	return options;
}

void conn_handshake_start(struct conn *conn)
{
	struct key_exchange_options options = options_of(conn);

	key_exchange_start(&conn->exchange, conn->rng, &options);
}

void conn_handshake_get(const struct conn *conn, struct msg_signed_certificate *certificate,
                        struct msg_signed_session_crypt *session)
{
	certificate_get_message(conn->own, certificate);
	key_exchange_get_message(&conn->exchange, session);
}

int32_t conn_handshake_leniency(const struct conn *conn)
{
	int32_t allowed = config_get_int(&conn->config, CONFIG_IP_ALLOW_WITHOUT_AUTH);
	int32_t here = config_get_int(&conn->config, CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH);

	if (conn->p2p || conn->paired)
		return 2;
	return address_is_loopback(&conn->asked) && here > allowed ? here : allowed;
}

static struct certificate_policy policy_of(const struct conn *conn, usec_t now)
{
	struct certificate_policy policy = { conn->trust, 0, conn->app_id, CERTIFICATE_DEMAND_NOTHING };

	policy.unix_time = conn->unix_time + (now - conn->created_at) / USEC_PER_SEC;
	if (!conn->paired)
		policy.demand = (enum certificate_demand)config_get_int(&conn->config, CONFIG_REQUIRE_PROOF);
	if (policy.demand == CERTIFICATE_DEMAND_NOTHING && conn_handshake_leniency(conn) == 0)
		policy.demand = CERTIFICATE_DEMAND_ANY;
	return policy;
}

static struct crypto_verdict check_offer(const struct conn *conn, usec_t now, const struct conn_offer *offer,
                                         struct key_exchange_peer *out)
{
	struct certificate_policy policy = policy_of(conn, now);
	struct key_exchange_received received = { offer->certificate, offer->session, &conn->peer, offer->version,
		                                      conn->uses_lanes };

	return key_exchange_check(&policy, &received, out);
}

/* Keeps the peer's half, which is good. */
static void take_half(struct conn *conn, const struct conn_offer *offer, struct key_exchange_peer *half)
{
	alloc_free(conn->peer_half);
	conn->peer_half = half;
	conn->remote_id = offer->remote_id;
	conn->has_certificate = true;
	conn->certificate = half->certificate;
	conn->doubt = half->certificate.doubt;
	conn->peer_is_gns = half->capabilities == 0;
	conn->peer_takes_spacing = half->version >= WIRE_VERSION_SPACING;
}

static uint32_t check_peer(struct conn *conn, usec_t now, const struct conn_offer *offer)
{
	struct key_exchange_peer *half = alloc_zeroed(sizeof *half);
	struct crypto_verdict verdict = check_offer(conn, now, offer, half);

	if (verdict.reason == 0) {
		take_half(conn, offer, half);
		return 0;
	}
	alloc_free(half);
	conn->doubt = verdict.doubt;
	conn_problem(conn, now, verdict.reason, verdict.text);
	return verdict.reason;
}

void conn_refuse(struct conn *conn, usec_t now, enum verdict_doubt doubt)
{
	struct crypto_verdict verdict = verdict_refuse(doubt);

	if (conn_is_over(conn))
		return;
	conn->doubt = doubt;
	conn_problem(conn, now, verdict.reason, verdict.text);
}

void conn_check_revoked(struct conn *conn, usec_t now)
{
	enum verdict_doubt doubt;

	if (!conn->has_certificate || conn->trust == NULL)
		return;
	doubt = certificate_check_revoked(conn->trust, &conn->certificate);
	if (doubt != DOUBT_NONE)
		conn_refuse(conn, now, doubt);
}

static uint32_t make_keys(struct conn *conn, usec_t now)
{
	struct crypto_verdict verdict =
		key_exchange_finish(&conn->exchange, conn->peer_half, conn->local_id, conn->remote_id, &conn->crypto);

	if (verdict.reason != 0) {
		conn_problem(conn, now, verdict.reason, verdict.text);
		return verdict.reason;
	}
	conn->capabilities = key_exchange_common_capabilities(&conn->exchange, conn->peer_half);
	bytes_wipe(conn->peer_half, sizeof *conn->peer_half);
	alloc_free(conn->peer_half);
	conn->peer_half = NULL;
	conn_reconfigure(conn, now);
	conn_state_enter(conn, now, conn->p2p ? STATE_FINDING_ROUTE : STATE_CONNECTED);
	return 0;
}

uint32_t conn_handshake_receive(struct conn *conn, usec_t now, const struct conn_offer *offer)
{
	uint32_t reason;

	if (conn->state != STATE_CONNECTING)
		return 0;
	reason = check_peer(conn, now, offer);
	if (reason != 0 || conn->server)
		return reason;
	return make_keys(conn, now);
}

bool conn_accept(struct conn *conn, usec_t now)
{
	struct key_exchange_options options;
	struct crypto_verdict verdict;

	if (conn->state != STATE_CONNECTING || !conn->server || conn->peer_half == NULL)
		return false;
	config_lock_started(&conn->config);
	options = options_of(conn);
	verdict = key_exchange_answer(&conn->exchange, conn->rng, &options, conn->peer_half);
	if (verdict.reason != 0)
		conn_problem(conn, now, verdict.reason, verdict.text);
	else
		make_keys(conn, now);
	return true;
}

bool conn_become_server(struct conn *conn, usec_t now, const struct conn_offer *offer)
{
	struct key_exchange_peer *half = alloc_zeroed(sizeof *half);

	if (check_offer(conn, now, offer, half).reason != 0) {
		alloc_free(half);
		return false;
	}
	take_half(conn, offer, half);
	key_exchange_free(&conn->exchange);
	conn->server = true;
	return true;
}
