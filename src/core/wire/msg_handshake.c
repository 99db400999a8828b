#include "core/wire/msg_handshake.h"

#include "core/base/bytes.h"
#include "core/wire/msg_identity.h"
#include "core/wire/packet_header.h"

/* The field numbers of messages that look alike differ; docs/wire.md has the table. */

/* --- datagrams without padding: the lead byte, then fields to the end */

static bool open_plain(struct pb_reader *reader, uint8_t lead, const uint8_t *datagram, size_t size)
{
	if (size == 0 || datagram[0] != lead)
		return false;
	pb_reader_init(reader, datagram + 1, size - 1);
	return true;
}

static bool open_padded(struct pb_reader *reader, uint8_t lead, const uint8_t *datagram, size_t size)
{
	const uint8_t *body;
	size_t body_size;

	if (size == 0 || datagram[0] != lead || !packet_header_read_padded(datagram, size, &body, &body_size))
		return false;
	pb_reader_init(reader, body, body_size);
	return true;
}

/* --- challenge request */

bool msg_challenge_request_read(struct msg_challenge_request *out, const uint8_t *datagram, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	if (!open_padded(&reader, WIRE_LEAD_CHALLENGE_REQUEST, datagram, size))
		return false;
	while (pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_FIXED32(1):
			out->connection_id = (uint32_t)field.value;
			break;
		case PB_FIXED64(3):
			out->timestamp = field.value;
			break;
		case PB_VARINT(4):
			out->version = (uint32_t)field.value;
			break;
		default:
			break;
		}
	}
	return !pb_reader_failed(&reader);
}

void msg_challenge_request_write(struct byte_writer *writer, const struct msg_challenge_request *message)
{
	size_t mark = packet_header_begin_padded(writer, WIRE_LEAD_CHALLENGE_REQUEST);

	pb_write_fixed32(writer, 1, message->connection_id);
	pb_write_fixed64(writer, 3, message->timestamp);
	pb_write_varint(writer, 4, message->version);
	packet_header_end_padded(writer, mark);
}

/* --- challenge reply */

bool msg_challenge_reply_read(struct msg_challenge_reply *out, const uint8_t *datagram, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	if (!open_plain(&reader, WIRE_LEAD_CHALLENGE_REPLY, datagram, size))
		return false;
	while (pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_FIXED32(1):
			out->connection_id = (uint32_t)field.value;
			break;
		case PB_FIXED64(2):
			out->challenge = field.value;
			break;
		case PB_FIXED64(3):
			out->timestamp = field.value;
			break;
		case PB_VARINT(4):
			out->version = (uint32_t)field.value;
			break;
		default:
			break;
		}
	}
	return !pb_reader_failed(&reader);
}

void msg_challenge_reply_write(struct byte_writer *writer, const struct msg_challenge_reply *message)
{
	byte_writer_u8(writer, WIRE_LEAD_CHALLENGE_REPLY);
	pb_write_fixed32(writer, 1, message->connection_id);
	pb_write_fixed64(writer, 2, message->challenge);
	pb_write_fixed64(writer, 3, message->timestamp);
	pb_write_varint(writer, 4, message->version);
}

/* --- connect request */

static bool take_request_field(struct msg_connect_request *out, struct msg_identity_forms *forms,
                               const struct pb_field *field)
{
	switch (field->tag) {
	case PB_FIXED32(1):
		out->connection_id = (uint32_t)field->value;
		break;
	case PB_FIXED64(2):
		out->challenge = field->value;
		break;
	case PB_FIXED64(3):
		forms->has_steam_id = true;
		forms->steam_id = field->value;
		break;
	case PB_BYTES(4):
		out->has_certificate = true;
		return msg_signed_certificate_read(&out->certificate, field->bytes, field->size);
	case PB_FIXED64(5):
		out->has_timestamp = true;
		out->timestamp = field->value;
		break;
	case PB_VARINT(6):
		out->has_ping = true;
		out->ping_ms = (uint32_t)field->value;
		break;
	case PB_BYTES(7):
		out->has_crypt = true;
		return msg_signed_session_crypt_read(&out->crypt, field->bytes, field->size);
	case PB_BYTES(9):
		forms->legacy = *field;
		break;
	case PB_BYTES(10):
		forms->text = *field;
		break;
	default:
		break;
	}
	return true;
}

bool msg_connect_request_read(struct msg_connect_request *out, const uint8_t *datagram, size_t size)
{
	struct msg_identity_forms forms = { 0 };
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	if (!open_plain(&reader, WIRE_LEAD_CONNECT_REQUEST, datagram, size))
		return false;
	while (pb_next(&reader, &field)) {
		if (!take_request_field(out, &forms, &field))
			return false;
	}
	return !pb_reader_failed(&reader) && msg_identity_resolve(&out->identity, &forms);
}

void msg_connect_request_write(struct byte_writer *writer, const struct msg_connect_request *message)
{
	byte_writer_u8(writer, WIRE_LEAD_CONNECT_REQUEST);
	pb_write_fixed32(writer, 1, message->connection_id);
	pb_write_fixed64(writer, 2, message->challenge);
	msg_identity_write_steam_id(writer, 3, &message->identity);
	if (message->has_certificate)
		msg_signed_certificate_write_field(writer, 4, &message->certificate);
	if (message->has_timestamp)
		pb_write_fixed64(writer, 5, message->timestamp);
	if (message->has_ping)
		pb_write_varint(writer, 6, message->ping_ms);
	if (message->has_crypt)
		msg_signed_session_crypt_write_field(writer, 7, &message->crypt);
	msg_identity_write_legacy(writer, 9, &message->identity);
	msg_identity_write_text(writer, 10, &message->identity);
}

/* --- connect OK */

static bool take_ok_field(struct msg_connect_ok *out, struct msg_identity_forms *forms, const struct pb_field *field)
{
	switch (field->tag) {
	case PB_FIXED32(1):
		out->client_connection_id = (uint32_t)field->value;
		break;
	case PB_FIXED64(2):
		forms->has_steam_id = true;
		forms->steam_id = field->value;
		break;
	case PB_FIXED64(3):
		out->has_timestamp = true;
		out->timestamp = field->value;
		break;
	case PB_VARINT(4):
		out->delay_usec = (uint32_t)field->value;
		break;
	case PB_FIXED32(5):
		out->server_connection_id = (uint32_t)field->value;
		break;
	case PB_BYTES(7):
		out->has_crypt = true;
		return msg_signed_session_crypt_read(&out->crypt, field->bytes, field->size);
	case PB_BYTES(8):
		out->has_certificate = true;
		return msg_signed_certificate_read(&out->certificate, field->bytes, field->size);
	case PB_BYTES(10):
		forms->legacy = *field;
		break;
	case PB_BYTES(11):
		forms->text = *field;
		break;
	default:
		break;
	}
	return true;
}

bool msg_connect_ok_read(struct msg_connect_ok *out, const uint8_t *datagram, size_t size)
{
	struct msg_identity_forms forms = { 0 };
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	if (!open_plain(&reader, WIRE_LEAD_CONNECT_OK, datagram, size))
		return false;
	while (pb_next(&reader, &field)) {
		if (!take_ok_field(out, &forms, &field))
			return false;
	}
	return !pb_reader_failed(&reader) && msg_identity_resolve(&out->identity, &forms);
}

void msg_connect_ok_write(struct byte_writer *writer, const struct msg_connect_ok *message)
{
	byte_writer_u8(writer, WIRE_LEAD_CONNECT_OK);
	pb_write_fixed32(writer, 1, message->client_connection_id);
	msg_identity_write_steam_id(writer, 2, &message->identity);
	if (message->has_timestamp) {
		pb_write_fixed64(writer, 3, message->timestamp);
		pb_write_varint(writer, 4, message->delay_usec);
	}
	pb_write_fixed32(writer, 5, message->server_connection_id);
	if (message->has_crypt)
		msg_signed_session_crypt_write_field(writer, 7, &message->crypt);
	if (message->has_certificate)
		msg_signed_certificate_write_field(writer, 8, &message->certificate);
	msg_identity_write_legacy(writer, 10, &message->identity);
	msg_identity_write_text(writer, 11, &message->identity);
}

/* --- connection closed */

size_t msg_handshake_text_size(const char *text, size_t size)
{
	if (size <= WIRE_DEBUG_TEXT_MAX)
		return size;
	size = WIRE_DEBUG_TEXT_MAX;
	/* A continuation byte right after the cut means that the cut went through a character. */
	while (size > 0 && ((uint8_t)text[size] & 0xc0) == 0x80)
		size--;
	return size;
}

bool msg_connection_closed_read(struct msg_connection_closed *out, const uint8_t *datagram, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	if (!open_padded(&reader, WIRE_LEAD_CONNECTION_CLOSED, datagram, size))
		return false;
	while (pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_BYTES(2):
			out->text = (const char *)field.bytes;
			out->text_size = msg_handshake_text_size(out->text, field.size);
			break;
		case PB_VARINT(3):
			out->reason = (uint32_t)field.value;
			break;
		case PB_FIXED32(4):
			out->to_connection_id = (uint32_t)field.value;
			break;
		case PB_FIXED32(5):
			out->from_connection_id = (uint32_t)field.value;
			break;
		default:
			break;
		}
	}
	return !pb_reader_failed(&reader);
}

void msg_connection_closed_write(struct byte_writer *writer, const struct msg_connection_closed *message)
{
	size_t mark = packet_header_begin_padded(writer, WIRE_LEAD_CONNECTION_CLOSED);
	size_t text_size = msg_handshake_text_size(message->text, message->text_size);

	if (text_size > 0)
		pb_write_bytes(writer, 2, message->text, text_size);
	pb_write_varint(writer, 3, message->reason);
	if (message->to_connection_id != 0)
		pb_write_fixed32(writer, 4, message->to_connection_id);
	if (message->from_connection_id != 0)
		pb_write_fixed32(writer, 5, message->from_connection_id);
	packet_header_end_padded(writer, mark);
}

/* --- no connection */

bool msg_no_connection_read(struct msg_no_connection *out, const uint8_t *datagram, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	if (!open_plain(&reader, WIRE_LEAD_NO_CONNECTION, datagram, size))
		return false;
	while (pb_next(&reader, &field)) {
		if (field.tag == PB_FIXED32(2))
			out->from_connection_id = (uint32_t)field.value;
		else if (field.tag == PB_FIXED32(3))
			out->to_connection_id = (uint32_t)field.value;
	}
	return !pb_reader_failed(&reader);
}

void msg_no_connection_write(struct byte_writer *writer, const struct msg_no_connection *message)
{
	byte_writer_u8(writer, WIRE_LEAD_NO_CONNECTION);
	if (message->from_connection_id != 0)
		pb_write_fixed32(writer, 2, message->from_connection_id);
	if (message->to_connection_id != 0)
		pb_write_fixed32(writer, 3, message->to_connection_id);
}
