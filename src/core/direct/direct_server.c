#include "core/direct/direct_server.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/wire/wire.h"

/* An older timestamp says nothing about the round trip any more. */
#define TIMESTAMP_MAX (4 * USEC_PER_SEC)

size_t direct_server_challenge(const struct cookie *cookie, usec_t now, const struct datagram *datagram, uint8_t *out,
                               size_t capacity)
{
	struct msg_challenge_request request;
	struct msg_challenge_reply reply;
	struct byte_writer writer;

	if (!msg_challenge_request_read(&request, datagram->bytes, datagram->size) || request.connection_id == 0)
		return 0;
	reply = (struct msg_challenge_reply){ request.connection_id, cookie_make(cookie, now, &datagram->remote),
		                                  request.timestamp, WIRE_VERSION };
	byte_writer_init(&writer, out, capacity);
	msg_challenge_reply_write(&writer, &reply);
	return byte_writer_size(&writer);
}

size_t direct_server_no_connection(const struct datagram *datagram, uint8_t *out, size_t capacity)
{
	struct msg_connection_closed closed;
	struct msg_no_connection reply;
	struct byte_writer writer;

	if (!msg_connection_closed_read(&closed, datagram->bytes, datagram->size))
		return 0;
	reply = (struct msg_no_connection){ closed.to_connection_id, closed.from_connection_id };
	byte_writer_init(&writer, out, capacity);
	msg_no_connection_write(&writer, &reply);
	return byte_writer_size(&writer);
}

bool direct_server_check(const struct cookie *cookie, usec_t now, const struct datagram *datagram,
                         struct direct_request *out)
{
	struct msg_connect_request *message = &out->message;
	struct direct_identity_source source = { &message->certificate, &message->identity, &datagram->remote };

	if (!msg_connect_request_read(message, datagram->bytes, datagram->size))
		return false;
	if (!cookie_check(cookie, now, &datagram->remote, message->challenge) || message->connection_id == 0)
		return false;
	if (!message->has_certificate || !message->has_crypt)
		return false;
	out->doubt = direct_identity_resolve(&source, &out->peer);
	return true;
}

size_t direct_server_refuse(const struct direct_request *request, uint32_t reason, const char *text, uint8_t *out,
                            size_t capacity)
{
	struct msg_connection_closed message = { text, strlen(text), reason, request->message.connection_id, 0 };
	struct byte_writer writer;

	byte_writer_init(&writer, out, capacity);
	msg_connection_closed_write(&writer, &message);
	return byte_writer_size(&writer);
}

/* --- one connection */

static void note_timestamp(struct direct_server *server, usec_t now, const struct msg_connect_request *request)
{
	server->has_timestamp = request->has_timestamp;
	server->timestamp = request->timestamp;
	server->received_at = now;
}

void direct_server_init(struct direct_server *server, usec_t now, struct conn *conn,
                        const struct direct_request *request)
{
	bytes_zero(server, sizeof *server);
	server->conn = conn;
	note_timestamp(server, now, &request->message);
	if (request->message.has_ping && request->message.ping_ms <= WIRE_PING_MAX_MS)
		conn_add_rtt_sample(conn, now, request->message.ping_ms * USEC_PER_MSEC);
}

/* Only the client this connection belongs to; another one has to wait until it is gone. */
static bool is_ours(struct direct_server *server, usec_t now, const uint8_t *bytes, size_t size)
{
	struct msg_challenge_request challenge;
	struct msg_connect_request request;

	if (bytes[0] == WIRE_LEAD_CHALLENGE_REQUEST)
		return msg_challenge_request_read(&challenge, bytes, size) &&
		       challenge.connection_id == conn_remote_id(server->conn);
	if (bytes[0] != WIRE_LEAD_CONNECT_REQUEST || !msg_connect_request_read(&request, bytes, size) ||
	    request.connection_id != conn_remote_id(server->conn))
		return false;
	note_timestamp(server, now, &request);
	return true;
}

void direct_server_receive(struct direct_server *server, usec_t now, const uint8_t *bytes, size_t size)
{
	int32_t state = conn_state(server->conn);

	if (!is_ours(server, now, bytes, size) || state == STATE_CONNECTING)
		return;
	if (state == STATE_CONNECTED || state == STATE_LINGER)
		server->ok_wanted = true;
	else
		conn_answer_straggler(server->conn);
}

void direct_server_on_accept(struct direct_server *server)
{
	server->ok_wanted = true;
}

bool direct_server_transmit(struct direct_server *server, usec_t now, struct datagram_burst *out)
{
	struct msg_connect_ok message;
	struct byte_writer writer;
	int32_t state = conn_state(server->conn);

	if (!server->ok_wanted || (state != STATE_CONNECTED && state != STATE_LINGER))
		return false;
	server->ok_wanted = false;
	bytes_zero(&message, sizeof message);
	message.client_connection_id = conn_remote_id(server->conn);
	message.server_connection_id = conn_local_id(server->conn);
	message.has_timestamp = server->has_timestamp && now - server->received_at <= TIMESTAMP_MAX;
	message.timestamp = server->timestamp;
	message.delay_usec = (uint32_t)(now - server->received_at);
	message.has_certificate = true;
	message.has_crypt = true;
	conn_handshake_get(server->conn, &message.certificate, &message.crypt);
	byte_writer_init(&writer, out->bytes, out->capacity);
	msg_connect_ok_write(&writer, &message);
	out->size = byte_writer_size(&writer);
	out->segment_size = out->size;
	return out->size > 0;
}
