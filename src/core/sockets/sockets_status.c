/* What is known of a connection, in the words of the interface. */
#include <string.h>

#include "core/base/bytes.h"
#include "core/sockets/socket_internal.h"

static void copy_text(char *out, size_t capacity, const char *text)
{
	size_t size = strlen(text);

	if (size >= capacity)
		size = capacity - 1;
	bytes_copy(out, text, size);
	out[size] = '\0';
}

static int32_t shown_state(int32_t state)
{
	if (state == STATE_LINGER)
		return STATE_CONNECTED;
	return state < 0 ? STATE_NONE : state;
}

void sockets_info(const struct conn *conn, struct sockets_info *out)
{
	struct conn_info info;

	bytes_zero(out, sizeof *out);
	conn_info(conn, &info);
	out->state = shown_state(conn_state(conn));
	out->peer = *conn_peer(conn);
	out->remote = info.remote;
	out->local = info.local;
	out->route = info.route;
	out->end_reason = conn_end_reason(conn);
	copy_text(out->text, sizeof out->text, conn_end_text(conn));
	out->virtual_port = endpoint_virtual_port(conn);
	out->incoming = endpoint_is_incoming(conn);
	out->encrypted = info.cipher[0] == 'A';
	out->peer_is_gns = info.peer_is_gns;
	out->has_certificate = info.certificate != NULL;
	if (info.certificate != NULL)
		out->certificate = *info.certificate;
	out->doubt = info.doubt;
	copy_text(out->cipher, sizeof out->cipher, info.cipher);
	out->connected_after = info.connected_after;
}

void sockets_status(struct core *core, usec_t now, const struct conn *conn, struct sockets_status *out)
{
	struct conn_status status;

	(void)core;
	conn_status((struct conn *)(uintptr_t)conn, now, &status);
	bytes_zero(out, sizeof *out);
	out->rtt = status.reliability.rtt;
	out->jitter = status.jitter;
	out->quality_local = status.quality_local;
	out->quality_remote = status.quality_remote;
	out->out_packets_per_sec = status.out_packets;
	out->out_bytes_per_sec = status.out_bytes;
	out->in_packets_per_sec = status.in_packets;
	out->in_bytes_per_sec = status.in_bytes;
	out->send_rate = status.reliability.send_rate;
	out->pending_reliable = status.reliability.pending_reliable;
	out->pending_unreliable = status.reliability.pending_unreliable;
	out->unacked_reliable = status.reliability.unacked_reliable;
	out->queue_time = status.reliability.queue_time;
	out->packets_sent = status.packets_sent;
	out->packets_received = status.packets_received;
	out->bytes_sent = status.bytes_sent;
	out->bytes_received = status.bytes_received;
	out->packets_lost = status.reliability.packets_lost;
	out->packets_dropped = status.packets_dropped;
}
