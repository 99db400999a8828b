#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"
#include "core/wire/msg_stats.h"
#include "core/wire/packet_header.h"

/* The protocol's deadline for an acknowledgement that was asked for. */
#define ACK_WITHIN (50 * USEC_PER_MSEC)

static void drop(struct conn *conn)
{
	conn->packets_dropped++;
}

/* What the plain blob asks for; only believed once its packet was opened. */
static void heed_stats(struct conn *conn, usec_t now, const struct msg_stats *stats)
{
	if (msg_stats_wants_ack_now(stats))
		reliability_request_ack(conn->reliability, now, 0);
	else if (msg_stats_wants_ack(stats))
		reliability_request_ack(conn->reliability, now, ACK_WITHIN);
	stats_report_receive(&conn->report, now, stats);
}

static bool open_packet(struct conn *conn, const struct packet_header *header, uint8_t *bytes, size_t *size,
                        int64_t *number)
{
	*number = replay_window_expand(&conn->replay, header->number);
	if (*number <= 0)
		return false;
	switch (replay_window_check(&conn->replay, *number)) {
	case REPLAY_NEW:
	case REPLAY_LATE:
		return packet_crypto_open(&conn->crypto, *number, bytes, *size, size);
	case REPLAY_DUPLICATE:
		link_quality_on_duplicate(&conn->quality);
		return false;
	case REPLAY_TOO_OLD:
		link_quality_on_too_old(&conn->quality);
		return false;
	}
	return false;
}

static void discard_messages(struct conn *conn, usec_t now)
{
	struct message *message;

	while ((message = reliability_next_message(conn->reliability, now)) != NULL)
		message_unref(message);
}

static void read_payload(struct conn *conn, usec_t now, int64_t number, const uint8_t *payload, size_t size,
                         bool elsewhere)
{
	unsigned flags =
		(conn->state == STATE_CONNECTED ? RELIABILITY_TAKE_UNRELIABLE : 0) | (elsewhere ? RELIABILITY_NO_RTT : 0);
	enum reliability_result result = reliability_receive_packet(conn->reliability, now, number, payload, size, flags);

	if (result == RELIABILITY_VIOLATION)
		conn_problem(conn, now, END_REASON_INTERNAL, reliability_violation(conn->reliability));
	if (conn->state == STATE_LINGER)
		discard_messages(conn, now);
}

static void count_packet(struct conn *conn, usec_t now, const struct packet_header *header, int64_t number, size_t size)
{
	usec_t spacing = header->has_spacing ? (usec_t)header->spacing * WIRE_SPACING_USEC : LINK_QUALITY_NO_SPACING;

	link_quality_on_received(&conn->quality, now, size, number - conn->replay.highest, spacing);
}

/* What the packet taught about the way. */
static void learn(struct conn *conn, usec_t now)
{
	usec_t ping = reliability_take_ping(conn->reliability);

	if (ping >= 0)
		link_quality_on_ping(&conn->quality, now, conn->rng, ping);
	conn_quality_roll(conn, now);
}

void conn_receive(struct conn *conn, usec_t now, const struct datagram *datagram)
{
	uint8_t *bytes = datagram->bytes;
	size_t size = datagram->size;
	bool newest;
	struct packet_header header;
	struct msg_stats stats;
	int64_t number;
	size_t payload_size;

	if (!packet_header_read(&header, bytes, size) || header.connection_id != conn->local_id) {
		drop(conn);
		return;
	}
	if (conn_is_over(conn))
		conn_answer_straggler(conn);
	if (!conn_state_is_active(conn->state)) {
		drop(conn);
		return;
	}
	payload_size = size - header.size;
	if ((header.stats != NULL && !msg_stats_read(&stats, header.stats, header.stats_size)) ||
	    !open_packet(conn, &header, bytes + header.size, &payload_size, &number)) {
		drop(conn);
		return;
	}
	if (replay_window_is_wild_jump(&conn->replay, number)) {
		conn_problem(conn, now, END_REASON_GENERIC, "the peer's packet numbers jump");
		return;
	}
	count_packet(conn, now, &header, number, size);
	/* Accepted before it is read: whatever its frames do, they must not do it twice. */
	newest = number > conn->replay.highest;
	replay_window_accept(&conn->replay, number);
	conn->path.heard = true;
	/* Before it is read: a peer that is connected already may have put unreliable messages into it. */
	if (conn->state == STATE_FINDING_ROUTE && conn->path.ready)
		conn_state_enter(conn, now, STATE_CONNECTED);
	read_payload(conn, now, number, bytes + header.size, payload_size, conn_roam_is_elsewhere(conn, datagram));
	if (!conn_state_is_active(conn->state))
		return;
	learn(conn, now);
	if (header.stats != NULL)
		heed_stats(conn, now, &stats);
	/* First: whether the address in use was silent before this. */
	conn_roam_on_packet(conn, now, datagram, newest);
	conn_mtu_on_packet(conn, now);
	conn_liveness_on_packet(conn, now);
}
