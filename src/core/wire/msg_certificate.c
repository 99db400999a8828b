#include "core/wire/msg_certificate.h"

#include "core/base/bytes.h"
#include "core/wire/msg_identity.h"

enum cert_field {
	CERT_KEY_TYPE = 1,
	CERT_KEY = 2,
	CERT_STEAM_ID = 4,
	CERT_CREATED = 8,
	CERT_EXPIRY = 9,
	CERT_APP_IDS = 10,
	CERT_LEGACY_IDENTITY = 11,
	CERT_IDENTITY = 12,
};

enum signed_cert_field {
	SIGNED_CERT = 4,
	SIGNED_AUTHORITY = 5,
	SIGNED_SIGNATURE = 6,
	SIGNED_CHAIN = WIRE_CHAIN_FIELD,
};

enum info_field { INFO_KEY_TYPE = 1, INFO_KEY = 2, INFO_NONCE = 3, INFO_VERSION = 4, INFO_CIPHERS = 5 };

/* Of requests and session infos; only their signatures have different numbers. */
enum signed_field { SIGNED_CONTENT = 1, SIGNED_INFO_SIGNATURE = 2, REQUEST_SIGNATURE = WIRE_REQUEST_SIGNATURE_FIELD };

/* --- certificate */

/* False: the field breaks a limit. */
static bool take_cert_field(struct msg_certificate *out, struct msg_identity_forms *forms, const struct pb_field *field)
{
	switch (field->tag) {
	case PB_VARINT(CERT_KEY_TYPE):
		out->key_type = (uint32_t)field->value;
		break;
	case PB_BYTES(CERT_KEY):
		out->key = field->bytes;
		out->key_size = field->size;
		break;
	case PB_FIXED64(CERT_STEAM_ID):
		forms->has_steam_id = true;
		forms->steam_id = field->value;
		break;
	case PB_FIXED32(CERT_CREATED):
		out->created = (uint32_t)field->value;
		break;
	case PB_FIXED32(CERT_EXPIRY):
		out->expiry = (uint32_t)field->value;
		break;
	case PB_VARINT(CERT_APP_IDS):
	case PB_BYTES(CERT_APP_IDS):
		return pb_add_numbers(field, out->app_ids, &out->app_id_count, MSG_CERTIFICATE_APP_IDS_MAX);
	case PB_BYTES(CERT_LEGACY_IDENTITY):
		forms->legacy = *field;
		break;
	case PB_BYTES(CERT_IDENTITY):
		forms->text = *field;
		break;
	default:
		break;
	}
	return true;
}

bool msg_certificate_read(struct msg_certificate *out, const uint8_t *bytes, size_t size)
{
	struct msg_identity_forms forms = { 0 };
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (!take_cert_field(out, &forms, &field))
			return false;
	}
	return !pb_reader_failed(&reader) && msg_identity_resolve(&out->identity, &forms);
}

void msg_certificate_write(struct byte_writer *writer, const struct msg_certificate *cert)
{
	pb_write_varint(writer, CERT_KEY_TYPE, cert->key_type);
	pb_write_bytes(writer, CERT_KEY, cert->key, cert->key_size);
	msg_identity_write_steam_id(writer, CERT_STEAM_ID, &cert->identity);
	if (cert->created != 0)
		pb_write_fixed32(writer, CERT_CREATED, cert->created);
	if (cert->expiry != 0)
		pb_write_fixed32(writer, CERT_EXPIRY, cert->expiry);
	for (size_t i = 0; i < cert->app_id_count; i++)
		pb_write_varint(writer, CERT_APP_IDS, cert->app_ids[i]);
	msg_identity_write_legacy(writer, CERT_LEGACY_IDENTITY, &cert->identity);
	msg_identity_write_text(writer, CERT_IDENTITY, &cert->identity);
}

static void take_chain(struct msg_signed_certificate *out, const struct pb_field *field)
{
	if (out->chain_count < MSG_CERTIFICATE_CHAIN_MAX)
		out->chain[out->chain_count++] = (struct msg_bytes){ field->bytes, field->size };
}

bool msg_signed_certificate_read(struct msg_signed_certificate *out, const uint8_t *bytes, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_BYTES(SIGNED_CERT):
			out->cert = field.bytes;
			out->cert_size = field.size;
			break;
		case PB_FIXED64(SIGNED_AUTHORITY):
			out->authority = field.value;
			break;
		case PB_BYTES(SIGNED_SIGNATURE):
			out->signature = field.bytes;
			out->signature_size = field.size;
			break;
		case PB_BYTES(SIGNED_CHAIN):
			take_chain(out, &field);
			break;
		default:
			break;
		}
	}
	return !pb_reader_failed(&reader);
}

void msg_signed_certificate_write(struct byte_writer *writer, const struct msg_signed_certificate *envelope)
{
	if (envelope->cert != NULL)
		pb_write_bytes(writer, SIGNED_CERT, envelope->cert, envelope->cert_size);
	if (envelope->signature == NULL)
		return;
	pb_write_fixed64(writer, SIGNED_AUTHORITY, envelope->authority);
	pb_write_bytes(writer, SIGNED_SIGNATURE, envelope->signature, envelope->signature_size);
	for (size_t i = 0; i < envelope->chain_count; i++)
		pb_write_bytes(writer, SIGNED_CHAIN, envelope->chain[i].bytes, envelope->chain[i].size);
}

void msg_signed_certificate_write_field(struct byte_writer *writer, uint32_t number,
                                        const struct msg_signed_certificate *envelope)
{
	size_t mark = pb_begin(writer, number);

	msg_signed_certificate_write(writer, envelope);
	pb_end(writer, mark);
}

/* --- request */

/* An envelope of this room: content in field 1, its signature in another. */
static bool read_signed(const uint8_t *bytes, size_t size, uint32_t signature_number, struct msg_bytes *content,
                        struct msg_bytes *signature)
{
	struct pb_reader reader;
	struct pb_field field;

	*content = *signature = (struct msg_bytes){ NULL, 0 };
	pb_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (field.tag == PB_BYTES(SIGNED_CONTENT))
			*content = (struct msg_bytes){ field.bytes, field.size };
		else if (field.tag == PB_BYTES(signature_number))
			*signature = (struct msg_bytes){ field.bytes, field.size };
	}
	return !pb_reader_failed(&reader);
}

static void write_signed(struct byte_writer *writer, uint32_t signature_number, struct msg_bytes content,
                         struct msg_bytes signature)
{
	if (content.bytes != NULL)
		pb_write_bytes(writer, SIGNED_CONTENT, content.bytes, content.size);
	if (signature.bytes != NULL)
		pb_write_bytes(writer, signature_number, signature.bytes, signature.size);
}

bool msg_certificate_request_read(struct msg_certificate_request *out, const uint8_t *bytes, size_t size)
{
	struct msg_bytes content, signature;
	bool good = read_signed(bytes, size, REQUEST_SIGNATURE, &content, &signature);

	*out = (struct msg_certificate_request){ content.bytes, content.size, signature.bytes, signature.size };
	return good;
}

void msg_certificate_request_write(struct byte_writer *writer, const struct msg_certificate_request *request)
{
	write_signed(writer, REQUEST_SIGNATURE, (struct msg_bytes){ request->cert, request->cert_size },
	             (struct msg_bytes){ request->signature, request->signature_size });
}

/* --- session crypt info */

static bool take_info_field(struct msg_session_crypt *out, const struct pb_field *field)
{
	switch (field->tag) {
	case PB_VARINT(INFO_KEY_TYPE):
		out->key_type = (uint32_t)field->value;
		break;
	case PB_BYTES(INFO_KEY):
		out->key = field->bytes;
		out->key_size = field->size;
		break;
	case PB_FIXED64(INFO_NONCE):
		out->nonce = field->value;
		break;
	case PB_VARINT(INFO_VERSION):
		out->version = (uint32_t)field->value;
		break;
	case PB_VARINT(INFO_CIPHERS):
	case PB_BYTES(INFO_CIPHERS):
		return pb_add_numbers(field, out->ciphers, &out->cipher_count, MSG_SESSION_CRYPT_CIPHERS_MAX);
	case PB_VARINT(WIRE_CAPABILITIES_FIELD):
		out->capabilities = field->value;
		break;
	default:
		break;
	}
	return true;
}

bool msg_session_crypt_read(struct msg_session_crypt *out, const uint8_t *bytes, size_t size)
{
	struct pb_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof(*out));
	pb_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (!take_info_field(out, &field))
			return false;
	}
	return !pb_reader_failed(&reader);
}

void msg_session_crypt_write(struct byte_writer *writer, const struct msg_session_crypt *info)
{
	pb_write_varint(writer, INFO_KEY_TYPE, info->key_type);
	pb_write_bytes(writer, INFO_KEY, info->key, info->key_size);
	pb_write_fixed64(writer, INFO_NONCE, info->nonce);
	pb_write_varint(writer, INFO_VERSION, info->version);
	for (size_t i = 0; i < info->cipher_count; i++)
		pb_write_varint(writer, INFO_CIPHERS, info->ciphers[i]);
	if (info->capabilities != 0)
		pb_write_varint(writer, WIRE_CAPABILITIES_FIELD, info->capabilities);
}

bool msg_signed_session_crypt_read(struct msg_signed_session_crypt *out, const uint8_t *bytes, size_t size)
{
	struct msg_bytes content, signature;
	bool good = read_signed(bytes, size, SIGNED_INFO_SIGNATURE, &content, &signature);

	*out = (struct msg_signed_session_crypt){ content.bytes, content.size, signature.bytes, signature.size };
	return good;
}

void msg_signed_session_crypt_write(struct byte_writer *writer, const struct msg_signed_session_crypt *envelope)
{
	write_signed(writer, SIGNED_INFO_SIGNATURE, (struct msg_bytes){ envelope->info, envelope->info_size },
	             (struct msg_bytes){ envelope->signature, envelope->signature_size });
}

void msg_signed_session_crypt_write_field(struct byte_writer *writer, uint32_t number,
                                          const struct msg_signed_session_crypt *envelope)
{
	size_t mark = pb_begin(writer, number);

	msg_signed_session_crypt_write(writer, envelope);
	pb_end(writer, mark);
}
