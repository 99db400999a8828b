#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"
#include "core/wire/frame_control.h"
#include "core/wire/msg_stats.h"
#include "core/wire/packet_header.h"

#define PROBE_PAYLOAD_MAX 200 /* an acknowledgement */
#define UDP_BURST_MAX 65000   /* what one datagram with segmentation may hold, a bit below the limit */

/* The flags that the next packet's blob has to carry; 0: no blob. */
static uint32_t next_flags(struct conn *conn, usec_t now)
{
	uint32_t flags = conn->liveness.ping;

	if (reliability_wants_ack_request(conn->reliability, now))
		flags |= WIRE_STATS_ACK_REQUEST;
	return flags;
}

static bool report_is_due(const struct conn *conn, usec_t now)
{
	return conn_quality_next_timeout(conn) <= now;
}

static bool has_something(const struct conn *conn, usec_t now)
{
	return conn->liveness.ping != 0 || reliability_wants_to_send(conn->reliability, now) || report_is_due(conn, now);
}

/* The blob of packet `number`. Returns its size; 0: none is needed. */
static size_t write_stats(struct conn *conn, usec_t now, int64_t number, size_t room, uint8_t *out)
{
	uint32_t flags = next_flags(conn, now);
	struct msg_stats stats;
	struct byte_writer writer;

	if (flags == 0 && conn_quality_wants(conn, now) == 0)
		return 0;
	bytes_zero(&stats, sizeof stats);
	conn_quality_report(conn, now, number, room, &stats);
	/* Statistics ask for an acknowledgement all by themselves. */
	stats.has_flags = stats.has_quality ? (flags & ~WIRE_STATS_ACK_REQUEST) != 0 : flags != 0;
	stats.flags = flags;
	byte_writer_init(&writer, out, STATS_REPORT_SIZE_MAX);
	msg_stats_write(&writer, &stats);
	return byte_writer_size(&writer);
}

/* To peers of our kind it is told unless the option forbids it, to others only if it demands it. */
static bool tells_spacing(const struct conn *conn, usec_t now)
{
	int32_t option = config_get_int(&conn->config, CONFIG_SEND_TIME_SINCE_PREVIOUS_PACKET);

	return (option > 0 || (option < 0 && !conn->peer_is_gns)) && conn->peer_takes_spacing && conn->sent_at > 0 &&
	       now - conn->sent_at < WIRE_SPACING_USEC_MAX;
}

/* The last packet has left. */
static void note_sent(struct conn *conn, usec_t now, size_t size)
{
	reliability_on_sent(conn->reliability, now, conn->next_number - 1, size);
	link_quality_on_sent(&conn->quality, size);
	conn->sent_at = now;
}

/* Writes one packet of at most `limit` bytes. Returns its size; 0: nothing came of it. */
static size_t write_packet(struct conn *conn, usec_t now, uint8_t *out, size_t limit)
{
	uint8_t stats[STATS_REPORT_SIZE_MAX];
	struct packet_header header;
	struct byte_writer writer;
	size_t tag = packet_crypto_overhead(&conn->crypto);
	int64_t number = conn->next_number++;
	size_t head, size;

	bytes_zero(&header, sizeof header);
	header.connection_id = conn->remote_id;
	header.number = (uint16_t)number;
	header.stats_size = write_stats(conn, now, number, limit - tag, stats);
	header.stats = header.stats_size > 0 ? stats : NULL;
	header.has_spacing = tells_spacing(conn, now);
	header.spacing = (uint16_t)(header.has_spacing ? (now - conn->sent_at) / WIRE_SPACING_USEC : 0);
	byte_writer_init(&writer, out, limit);
	packet_header_write(&writer, &header);
	head = byte_writer_size(&writer);
	size = reliability_write_packet(conn->reliability, now, number, out + head, limit - head - tag,
	                                conn->state == STATE_FINDING_ROUTE ? RELIABILITY_ACKS_ONLY : 0);
	if (!packet_crypto_seal(&conn->crypto, number, out + head, size))
		return 0;
	size += head + tag;
	note_sent(conn, now, size);
	conn_liveness_on_sent(conn, now, header.stats != NULL || reliability_expects_reply(conn->reliability));
	return size;
}

bool conn_transmit_path_frame(struct conn *conn, usec_t now, uint8_t lead, uint64_t token, struct datagram_burst *out)
{
	struct packet_header header;
	struct byte_writer writer;
	int64_t number = conn->next_number++;
	size_t head;

	bytes_zero(&header, sizeof header);
	header.connection_id = conn->remote_id;
	header.number = (uint16_t)number;
	byte_writer_init(&writer, out->bytes, out->capacity);
	packet_header_write(&writer, &header);
	head = byte_writer_size(&writer);
	/* Nothing else is in it: it may have to be as small as what came from there. */
	reliability_write_packet(conn->reliability, now, number, out->bytes + head, out->capacity - head, RELIABILITY_BARE);
	frame_path_write(&writer, lead, token);
	if (!packet_crypto_seal(&conn->crypto, number, out->bytes + head, FRAME_PATH_SIZE))
		return false;
	out->size = head + FRAME_PATH_SIZE + packet_crypto_overhead(&conn->crypto);
	out->segment_size = out->size;
	note_sent(conn, now, out->size);
	return true;
}

/* The blob of a probe that is to be `size` bytes in all, `others` of them beside the blob and its size. */
static size_t write_padding(size_t size, size_t others, uint8_t *out)
{
	struct msg_stats stats;
	struct byte_writer writer;

	bytes_zero(&stats, sizeof stats);
	stats.has_flags = true;
	stats.flags = WIRE_STATS_ACK_REQUEST | WIRE_STATS_ACK_IMMEDIATE;
	/* The blob's size, the flags, tag and size of the padding: two bytes each, as all are larger than 127. */
	stats.padding = size - others - 8;
	byte_writer_init(&writer, out, size);
	msg_stats_write(&writer, &stats);
	return byte_writer_size(&writer);
}

bool conn_transmit_probe(struct conn *conn, usec_t now, size_t size, struct datagram_burst *out)
{
	uint8_t payload[PROBE_PAYLOAD_MAX + WIRE_TAG_SIZE], blob[WIRE_DATAGRAM_MAX_IPV4];
	struct packet_header header;
	struct byte_writer writer;
	int64_t number = conn->next_number++;
	size_t sealed;

	sealed =
		reliability_write_packet(conn->reliability, now, number, payload, PROBE_PAYLOAD_MAX, RELIABILITY_SIZE_PROBE);
	if (!packet_crypto_seal(&conn->crypto, number, payload, sealed))
		return false;
	sealed += packet_crypto_overhead(&conn->crypto);
	bytes_zero(&header, sizeof header);
	header.connection_id = conn->remote_id;
	header.number = (uint16_t)number;
	header.stats_size = write_padding(size, WIRE_PACKET_HEADER_SIZE + sealed, blob);
	header.stats = blob;
	byte_writer_init(&writer, out->bytes, out->capacity);
	packet_header_write(&writer, &header);
	byte_writer_bytes(&writer, payload, sealed);
	out->size = out->segment_size = byte_writer_size(&writer);
	out->whole = true;
	note_sent(conn, now, out->size);
	return true;
}

bool conn_transmit(struct conn *conn, usec_t now, struct datagram_burst *out)
{
	size_t limit = conn->mtu.size;
	size_t room = out->capacity < UDP_BURST_MAX ? out->capacity : UDP_BURST_MAX;

	out->transport = conn->path.transport;
	out->remote = conn->path.remote;
	out->local = conn->path.local;
	out->size = 0;
	if (conn_close_transmit(conn, out))
		return true;
	if (!conn_state_is_active(conn->state) || !conn->path.ready || !packet_crypto_is_ready(&conn->crypto))
		return false;
	if (conn_roam_transmit(conn, now, out) || conn_mtu_transmit(conn, now, out))
		return true;
	for (unsigned i = 0; i < CONN_PACKETS_PER_BURST && has_something(conn, now); i++) {
		size_t size;
		if (room - out->size < limit)
			break;
		size = write_packet(conn, now, out->bytes + out->size, limit);
		if (out->size == 0)
			limit = out->segment_size = size; /* the others must not be longer */
		out->size += size;
		if (size == 0 || size < out->segment_size || size < 200)
			break;
	}
	if (out->size > 0) {
		conn_mtu_on_sent(conn, now, out->segment_size);
		conn_quality_roll(conn, now);
	}
	return out->size > 0;
}
