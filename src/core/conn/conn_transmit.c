#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"
#include "core/wire/msg_stats.h"
#include "core/wire/packet_header.h"

#define STATS_SIZE_MAX 16
#define SPACING_UNIT 16     /* microseconds */
#define UDP_BURST_MAX 65000 /* what one datagram with segmentation may hold, a bit below the limit */

/* The flags that the next packet's blob has to carry; 0: no blob. */
static uint32_t next_flags(struct conn *conn, usec_t now)
{
	uint32_t flags = conn->liveness.ping;

	if (reliability_wants_ack_request(conn->reliability, now))
		flags |= WIRE_STATS_ACK_REQUEST;
	return flags;
}

static bool has_something(const struct conn *conn, usec_t now)
{
	return conn->liveness.ping != 0 || reliability_wants_to_send(conn->reliability, now);
}

static size_t write_stats(uint8_t out[STATS_SIZE_MAX], uint32_t flags)
{
	struct msg_stats stats;
	struct byte_writer writer;

	bytes_zero(&stats, sizeof stats);
	stats.has_flags = true;
	stats.flags = flags;
	byte_writer_init(&writer, out, STATS_SIZE_MAX);
	msg_stats_write(&writer, &stats);
	return byte_writer_size(&writer);
}

/* How long after the one before it leaves, if that is wanted. */
static void set_spacing(const struct conn *conn, usec_t now, struct packet_header *header)
{
	usec_t spacing = (now - conn->quality.sent_at) / SPACING_UNIT;

	if (config_get_int(&conn->config, CONFIG_SEND_TIME_SINCE_PREVIOUS_PACKET) <= 0 || conn->quality.sent_at == 0 ||
	    !conn->peer_takes_spacing)
		return;
	header->has_spacing = true;
	header->spacing = spacing < UINT16_MAX ? (uint16_t)spacing : UINT16_MAX;
}

/* Writes one packet of at most `limit` bytes. Returns its size; 0: nothing came of it. */
static size_t write_packet(struct conn *conn, usec_t now, uint8_t *out, size_t limit)
{
	uint32_t flags = next_flags(conn, now);
	uint8_t stats[STATS_SIZE_MAX];
	struct packet_header header;
	struct byte_writer writer;
	size_t tag = packet_crypto_overhead(&conn->crypto);
	int64_t number = conn->next_number++;
	size_t head, size;

	bytes_zero(&header, sizeof header);
	header.connection_id = conn->remote_id;
	header.number = (uint16_t)number;
	if (flags != 0) {
		header.stats = stats;
		header.stats_size = write_stats(stats, flags);
	}
	set_spacing(conn, now, &header);
	byte_writer_init(&writer, out, limit);
	packet_header_write(&writer, &header);
	head = byte_writer_size(&writer);
	size = reliability_write_packet(conn->reliability, now, number, out + head, limit - head - tag,
	                                conn->state == STATE_FINDING_ROUTE ? RELIABILITY_ACKS_ONLY : 0);
	if (!packet_crypto_seal(&conn->crypto, number, out + head, size))
		return 0;
	size += head + tag;
	reliability_on_sent(conn->reliability, now, number, size);
	conn_liveness_on_sent(conn, now, flags != 0 || reliability_expects_reply(conn->reliability));
	conn->quality.sent_at = now;
	conn->quality.packets_sent++;
	conn->quality.bytes_sent += size;
	return size;
}

bool conn_transmit(struct conn *conn, usec_t now, struct datagram_burst *out)
{
	size_t limit = (size_t)config_get_int(&conn->config, CONFIG_MTU_PACKET_SIZE);
	size_t room = out->capacity < UDP_BURST_MAX ? out->capacity : UDP_BURST_MAX;

	out->transport = conn->path.transport;
	out->remote = conn->path.remote;
	out->local = conn->path.local;
	out->size = 0;
	if (conn_close_transmit(conn, out))
		return true;
	if (!conn_state_is_active(conn->state) || !conn->path.ready || !packet_crypto_is_ready(&conn->crypto))
		return false;
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
	return out->size > 0;
}
