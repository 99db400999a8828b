#include "core/rendezvous/rendezvous_signal.h"

#include <string.h>

#include "core/base/bytes.h"

static void fill_common(const struct rendezvous *rendezvous, struct msg_rendezvous *message)
{
	const struct conn *conn = rendezvous->conn;

	bytes_zero(message, sizeof *message);
	message->from = *rendezvous->own;
	message->to = *conn_peer(conn);
	message->from_connection_id = conn_local_id(conn);
	message->to_connection_id = conn_remote_id(conn);
	message->ice_enabled = true;
}

static void fill_close(const struct rendezvous *rendezvous, struct msg_rendezvous *message)
{
	message->has_closed = true;
	message->closed.reason = rendezvous->close_reason;
	if (rendezvous->close_reason == END_REASON_SIGNAL_NO_CONNECTION)
		return;
	message->closed.text = conn_end_text(rendezvous->conn);
	message->closed.text_size = strlen(message->closed.text);
}

static void fill_request(const struct rendezvous *rendezvous, struct msg_rendezvous *message)
{
	/* A request never names the recipient's connection, even if it is known. */
	message->to_connection_id = 0;
	message->has_request = true;
	message->request.to_port = rendezvous->ports.remote;
	message->request.from_port = rendezvous->ports.local;
	conn_handshake_get(rendezvous->conn, &message->request.certificate, &message->request.crypt);
}

static void fill_ok(const struct rendezvous *rendezvous, struct msg_rendezvous *message)
{
	message->has_ok = true;
	conn_handshake_get(rendezvous->conn, &message->ok.certificate, &message->ok.crypt);
}

static void write_entries(const struct signal_exchange *exchange, uint32_t first, uint32_t count,
                          struct byte_writer *writer)
{
	for (uint32_t i = first; i < first + count; i++) {
		const struct signal_entry *from = &exchange->entries[i];
		struct msg_rendezvous_entry entry = { from->kind, (const uint8_t *)from->text, strlen(from->text),
			                                  from->generation };
		if (!msg_rendezvous_add_entry(writer, &entry))
			return; /* what has no room goes with the next one */
	}
}

size_t rendezvous_signal_build(struct rendezvous *rendezvous, usec_t now, uint8_t *out, size_t capacity)
{
	struct signal_exchange *exchange = &rendezvous->exchange;
	struct msg_rendezvous message;
	struct byte_writer writer;
	uint32_t first = 0;
	uint32_t count = 0;

	fill_common(rendezvous, &message);
	byte_writer_init(&writer, out, capacity);
	if (rendezvous->close_reason != 0) {
		fill_close(rendezvous, &message);
		msg_rendezvous_write(&writer, &message);
		return byte_writer_size(&writer);
	}
	if (conn_state(rendezvous->conn) == STATE_CONNECTING)
		fill_request(rendezvous, &message);
	else if (rendezvous->ok_wanted)
		fill_ok(rendezvous, &message);
	count = signal_exchange_on_send(exchange, now, message.has_request || message.has_ok, &first);
	message.has_ack = true;
	message.ack = exchange->received;
	message.has_first = count > 0;
	message.first = exchange->first_id + first;
	msg_rendezvous_write(&writer, &message);
	write_entries(exchange, first, count, &writer);
	return byte_writer_size(&writer);
}

size_t rendezvous_signal_refuse(const struct rendezvous_refusal *refusal, uint8_t *out, size_t capacity)
{
	struct msg_rendezvous message;
	struct byte_writer writer;

	bytes_zero(&message, sizeof message);
	message.from = *refusal->own;
	message.from_connection_id = refusal->own_id;
	message.to = *refusal->to;
	message.to_connection_id = refusal->to_id;
	message.has_closed = true;
	message.closed.reason = refusal->reason;
	message.closed.text = refusal->text;
	message.closed.text_size = strlen(refusal->text);
	byte_writer_init(&writer, out, capacity);
	msg_rendezvous_write(&writer, &message);
	return byte_writer_size(&writer);
}
