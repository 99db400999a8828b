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
	out->deserves_warning = info.deserves_warning;
	copy_text(out->cipher, sizeof out->cipher, info.cipher);
	out->connected_after = info.connected_after;
}

void sockets_attempt(usec_t now, const struct conn *conn, struct attempt *out)
{
	endpoint_attempt(conn, now, out);
}

void sockets_status(usec_t now, struct conn *conn, struct conn_status *out)
{
	conn_status(conn, now, out);
}

bool sockets_lane_status(usec_t now, const struct conn *conn, uint32_t lane, struct reliability_lane_status *out)
{
	return conn_lane_status(conn, now, lane, out);
}

void sockets_statistics(usec_t now, struct conn *conn, bool of_peer, struct conn_statistics *out)
{
	conn_statistics(conn, now, of_peer, out);
}
