#include "core/wire/msg_rendezvous.h"

#include "core/base/bytes.h"
#include "core/wire/msg_handshake.h"
#include "core/wire/msg_identity.h"

/* Signal fields; the relay and ticket fields of Steam (2, 3, 14) are passed over. */
enum signal_field {
	SIGNAL_TO_ID = 1,
	SIGNAL_REQUEST = 4,
	SIGNAL_OK = 5,
	SIGNAL_CLOSED = 6,
	SIGNAL_ICE_ENABLED = 7,
	SIGNAL_FROM = 8,
	SIGNAL_FROM_ID = 9,
	SIGNAL_TO = 10,
	SIGNAL_ACK = 11,
	SIGNAL_FIRST = 12,
	SIGNAL_ENTRY = 13,
	SIGNAL_APP = 15,
};

enum request_field { REQUEST_CRYPT = 6, REQUEST_CERT = 7, REQUEST_TO_PORT = 9, REQUEST_FROM_PORT = 10 };
enum ok_field { OK_CRYPT = 5, OK_CERT = 6 };
enum closed_field { CLOSED_TEXT = 5, CLOSED_REASON = 6 };
enum entry_field {
	ENTRY_ICE = 1,
	ICE_CANDIDATE = 1,
	ICE_AUTH = 2,
	AUTH_PASSWORD = 1,
	CANDIDATE_LINE = 3,
	AUTH_GENERATION = 1500
};
enum app_field { APP_BYTES = 1, APP_NUMBER = 2, APP_FLAGS = 3, APP_LANE = 4 };

/* --- the parts */

static int32_t read_port(uint64_t value)
{
	return value <= INT32_MAX ? (int32_t)value : WIRE_PORT_NONE;
}

static bool read_request(struct msg_p2p_request *out, const struct pb_field *message)
{
	struct pb_reader reader;
	struct pb_field field;
	bool good = true;

	bytes_zero(out, sizeof(*out));
	out->to_port = WIRE_PORT_NONE;
	out->from_port = WIRE_PORT_NONE;
	pb_reader_init(&reader, message->bytes, message->size);
	while (good && pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_BYTES(REQUEST_CRYPT):
			good = msg_signed_session_crypt_read(&out->crypt, field.bytes, field.size);
			break;
		case PB_BYTES(REQUEST_CERT):
			good = msg_signed_certificate_read(&out->certificate, field.bytes, field.size);
			break;
		case PB_VARINT(REQUEST_TO_PORT):
			out->to_port = read_port(field.value);
			break;
		case PB_VARINT(REQUEST_FROM_PORT):
			out->from_port = read_port(field.value);
			break;
		default:
			break;
		}
	}
	return good && !pb_reader_failed(&reader);
}

static bool read_ok(struct msg_p2p_ok *out, const struct pb_field *message)
{
	struct pb_reader reader;
	struct pb_field field;
	bool good = true;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, message->bytes, message->size);
	while (good && pb_next(&reader, &field)) {
		if (field.tag == PB_BYTES(OK_CRYPT))
			good = msg_signed_session_crypt_read(&out->crypt, field.bytes, field.size);
		else if (field.tag == PB_BYTES(OK_CERT))
			good = msg_signed_certificate_read(&out->certificate, field.bytes, field.size);
	}
	return good && !pb_reader_failed(&reader);
}

static bool read_closed(struct msg_p2p_closed *out, const struct pb_field *message)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, message->bytes, message->size);
	while (pb_next(&reader, &field)) {
		if (field.tag == PB_BYTES(CLOSED_TEXT)) {
			out->text = (const char *)field.bytes;
			out->text_size = msg_handshake_text_size(out->text, field.size);
		} else if (field.tag == PB_VARINT(CLOSED_REASON)) {
			out->reason = (uint32_t)field.value;
		}
	}
	return !pb_reader_failed(&reader);
}

/* The content of a message that holds one field we want: its last occurrence, or bytes null. */
static bool read_only_field(const struct pb_field *message, uint32_t tag, struct pb_field *out)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, message->bytes, message->size);
	while (pb_next(&reader, &field)) {
		if (field.tag == tag)
			*out = field;
	}
	return !pb_reader_failed(&reader);
}

static bool read_entry_text(const struct pb_field *ice, uint32_t kind_tag, uint32_t text_tag,
                            struct msg_rendezvous_entry *out, enum msg_rendezvous_entry_kind kind)
{
	struct pb_field holder, text;

	if (!read_only_field(ice, kind_tag, &holder))
		return false;
	if (holder.bytes == NULL)
		return true;
	if (!read_only_field(&holder, text_tag, &text))
		return false;
	if (text.bytes == NULL)
		return true;
	out->kind = kind;
	out->text = text.bytes;
	out->size = text.size;
	return true;
}

/* Which ICE session of the connection a password is of. */
static bool read_generation(const struct pb_field *ice, struct msg_rendezvous_entry *out)
{
	struct pb_field holder, generation;

	if (!read_only_field(ice, PB_BYTES(ICE_AUTH), &holder))
		return false;
	if (holder.bytes == NULL)
		return true;
	if (!read_only_field(&holder, PB_VARINT(AUTH_GENERATION), &generation))
		return false;
	out->generation = (uint32_t)generation.value;
	return true;
}

static bool read_entry(struct msg_rendezvous_entry *out, const struct pb_field *entry)
{
	struct pb_field ice;

	bytes_zero(out, sizeof(*out));
	if (!read_only_field(entry, PB_BYTES(ENTRY_ICE), &ice))
		return false;
	if (ice.bytes == NULL)
		return true;
	return read_entry_text(&ice, PB_BYTES(ICE_CANDIDATE), PB_BYTES(CANDIDATE_LINE), out, MSG_RENDEZVOUS_CANDIDATE) &&
	       read_entry_text(&ice, PB_BYTES(ICE_AUTH), PB_BYTES(AUTH_PASSWORD), out, MSG_RENDEZVOUS_PASSWORD) &&
	       read_generation(&ice, out);
}

static bool read_app(struct msg_rendezvous_app *out, const struct pb_field *message)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, message->bytes, message->size);
	while (pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_BYTES(APP_BYTES):
			out->bytes = field.bytes;
			out->size = field.size;
			break;
		case PB_VARINT(APP_NUMBER):
			out->number = field.value;
			break;
		case PB_VARINT(APP_FLAGS):
			out->flags = (uint32_t)field.value;
			break;
		case PB_VARINT(APP_LANE):
			out->lane = (uint32_t)field.value;
			break;
		default:
			break;
		}
	}
	return !pb_reader_failed(&reader);
}

/* --- the signal */

static bool count_entry(struct msg_rendezvous *out, const struct pb_field *field)
{
	struct msg_rendezvous_entry entry;

	return ++out->entry_count <= WIRE_RENDEZVOUS_ENTRIES_MAX && read_entry(&entry, field);
}

static bool count_app(struct msg_rendezvous *out, const struct pb_field *field)
{
	struct msg_rendezvous_app app;

	return ++out->app_count <= WIRE_RENDEZVOUS_APPS_MAX && read_app(&app, field);
}

static bool take_part(struct msg_rendezvous *out, const struct pb_field *field)
{
	switch (field->tag) {
	case PB_BYTES(SIGNAL_REQUEST):
		out->has_request = true;
		return read_request(&out->request, field);
	case PB_BYTES(SIGNAL_OK):
		out->has_ok = true;
		return read_ok(&out->ok, field);
	case PB_BYTES(SIGNAL_CLOSED):
		out->has_closed = true;
		return read_closed(&out->closed, field);
	case PB_BYTES(SIGNAL_FROM):
		return msg_identity_read_text(&out->from, field);
	case PB_BYTES(SIGNAL_TO):
		return msg_identity_read_text(&out->to, field);
	case PB_BYTES(SIGNAL_ENTRY):
		return count_entry(out, field);
	case PB_BYTES(SIGNAL_APP):
		return count_app(out, field);
	default:
		return true;
	}
}

static void take_number(struct msg_rendezvous *out, const struct pb_field *field)
{
	switch (field->tag) {
	case PB_FIXED32(SIGNAL_TO_ID):
		out->to_connection_id = (uint32_t)field->value;
		break;
	case PB_FIXED32(SIGNAL_FROM_ID):
		out->from_connection_id = (uint32_t)field->value;
		break;
	case PB_VARINT(SIGNAL_ICE_ENABLED):
		out->ice_enabled = field->value != 0;
		break;
	case PB_VARINT(SIGNAL_ACK):
		out->has_ack = true;
		out->ack = (uint32_t)field->value;
		break;
	case PB_VARINT(SIGNAL_FIRST):
		out->has_first = true;
		out->first = (uint32_t)field->value;
		break;
	default:
		break;
	}
}

bool msg_rendezvous_read(struct msg_rendezvous *out, const uint8_t *bytes, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	out->bytes = bytes;
	out->size = size;
	pb_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		take_number(out, &field);
		if (!take_part(out, &field))
			return false;
	}
	return !pb_reader_failed(&reader);
}

void msg_rendezvous_iterate(struct msg_rendezvous_iterator *iterator, const struct msg_rendezvous *message)
{
	pb_reader_init(&iterator->in, message->bytes, message->size);
}

bool msg_rendezvous_next_entry(struct msg_rendezvous_iterator *iterator, struct msg_rendezvous_entry *out)
{
	struct pb_field field;

	while (pb_next(&iterator->in, &field)) {
		if (field.tag == PB_BYTES(SIGNAL_ENTRY))
			return read_entry(out, &field);
	}
	return false;
}

bool msg_rendezvous_next_app(struct msg_rendezvous_iterator *iterator, struct msg_rendezvous_app *out)
{
	struct pb_field field;

	while (pb_next(&iterator->in, &field)) {
		if (field.tag == PB_BYTES(SIGNAL_APP))
			return read_app(out, &field);
	}
	return false;
}

/* --- writing */

static void write_request(struct byte_writer *writer, const struct msg_p2p_request *request)
{
	size_t mark = pb_begin(writer, SIGNAL_REQUEST);

	msg_signed_session_crypt_write_field(writer, REQUEST_CRYPT, &request->crypt);
	msg_signed_certificate_write_field(writer, REQUEST_CERT, &request->certificate);
	if (request->to_port >= 0)
		pb_write_varint(writer, REQUEST_TO_PORT, (uint64_t)request->to_port);
	if (request->from_port >= 0)
		pb_write_varint(writer, REQUEST_FROM_PORT, (uint64_t)request->from_port);
	pb_end(writer, mark);
}

static void write_ok(struct byte_writer *writer, const struct msg_p2p_ok *ok)
{
	size_t mark = pb_begin(writer, SIGNAL_OK);

	msg_signed_session_crypt_write_field(writer, OK_CRYPT, &ok->crypt);
	msg_signed_certificate_write_field(writer, OK_CERT, &ok->certificate);
	pb_end(writer, mark);
}

static void write_closed(struct byte_writer *writer, const struct msg_p2p_closed *closed)
{
	size_t mark = pb_begin(writer, SIGNAL_CLOSED);
	size_t text_size = msg_handshake_text_size(closed->text, closed->text_size);

	if (text_size > 0)
		pb_write_bytes(writer, CLOSED_TEXT, closed->text, text_size);
	pb_write_varint(writer, CLOSED_REASON, closed->reason);
	pb_end(writer, mark);
}

void msg_rendezvous_write(struct byte_writer *writer, const struct msg_rendezvous *message)
{
	if (message->to_connection_id != 0)
		pb_write_fixed32(writer, SIGNAL_TO_ID, message->to_connection_id);
	if (message->has_request)
		write_request(writer, &message->request);
	if (message->has_ok)
		write_ok(writer, &message->ok);
	if (message->has_closed)
		write_closed(writer, &message->closed);
	if (message->ice_enabled)
		pb_write_varint(writer, SIGNAL_ICE_ENABLED, 1);
	msg_identity_write_text(writer, SIGNAL_FROM, &message->from);
	if (message->from_connection_id != 0)
		pb_write_fixed32(writer, SIGNAL_FROM_ID, message->from_connection_id);
	msg_identity_write_text(writer, SIGNAL_TO, &message->to);
	if (message->has_ack)
		pb_write_varint(writer, SIGNAL_ACK, message->ack);
	if (message->has_first)
		pb_write_varint(writer, SIGNAL_FIRST, message->first);
}

static void write_entry_content(struct byte_writer *writer, const struct msg_rendezvous_entry *entry)
{
	bool is_password = entry->kind == MSG_RENDEZVOUS_PASSWORD;
	size_t ice = pb_begin(writer, ENTRY_ICE);
	size_t holder = pb_begin(writer, is_password ? ICE_AUTH : ICE_CANDIDATE);

	pb_write_bytes(writer, is_password ? AUTH_PASSWORD : CANDIDATE_LINE, entry->text, entry->size);
	if (is_password && entry->generation > 0)
		pb_write_varint(writer, AUTH_GENERATION, entry->generation);
	pb_end(writer, holder);
	pb_end(writer, ice);
}

bool msg_rendezvous_add_entry(struct byte_writer *writer, const struct msg_rendezvous_entry *entry)
{
	size_t start = byte_writer_mark(writer);

	if (byte_writer_failed(writer))
		return false;
	size_t mark = pb_begin(writer, SIGNAL_ENTRY);
	if (entry->kind != MSG_RENDEZVOUS_EMPTY)
		write_entry_content(writer, entry);
	pb_end(writer, mark);
	if (byte_writer_failed(writer)) {
		byte_writer_rollback(writer, start);
		return false;
	}
	return true;
}
