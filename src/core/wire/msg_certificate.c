#include "core/wire/msg_certificate.h"

#include "core/base/bytes.h"
#include "core/wire/msg_identity.h"

bool msg_signed_certificate_read(struct msg_signed_certificate *out, const uint8_t *bytes, size_t size)
{
	struct byte_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof *out);
	byte_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (pb_is(&field, 4, PB_BYTES)) {
			out->cert = field.view.bytes;
			out->cert_size = field.view.size;
		} else if (pb_is(&field, 5, PB_FIXED64)) {
			out->authority = field.value;
		} else if (pb_is(&field, 6, PB_BYTES)) {
			out->signature = field.view.bytes;
			out->signature_size = field.view.size;
		}
	}
	return !byte_reader_failed(&reader);
}

void msg_signed_certificate_write(struct byte_writer *writer, const struct msg_signed_certificate *message)
{
	pb_write_bytes(writer, 4, message->cert, message->cert_size);
	if (message->signature == NULL)
		return;
	pb_write_fixed64(writer, 5, message->authority);
	pb_write_bytes(writer, 6, message->signature, message->signature_size);
}

static void add_app_ids(struct msg_certificate *out, const struct pb_field *field)
{
	uint64_t value;

	for (size_t at = 0; pb_next_repeated(field, &at, &value);) {
		if (out->app_id_count < MSG_CERTIFICATE_APPS_MAX)
			out->app_ids[out->app_id_count++] = (uint32_t)value;
	}
}

bool msg_certificate_read(struct msg_certificate *out, const uint8_t *bytes, size_t size)
{
	struct msg_identity identity = {0};
	struct byte_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof *out);
	byte_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (pb_is(&field, 1, PB_VARINT)) {
			out->key_type = (uint32_t)field.value;
		} else if (pb_is(&field, 2, PB_BYTES)) {
			out->key = field.view.bytes;
			out->key_size = field.view.size;
		} else if (pb_is(&field, 4, PB_FIXED64)) {
			identity.steam_id = field.value;
		} else if (pb_is(&field, 8, PB_FIXED32)) {
			out->created = (uint32_t)field.value;
		} else if (pb_is(&field, 9, PB_FIXED32)) {
			out->expiry = (uint32_t)field.value;
		} else if (field.number == 10) {
			add_app_ids(out, &field);
		} else if (pb_is(&field, 11, PB_BYTES)) {
			identity.binary = field.view;
		} else if (pb_is(&field, 12, PB_BYTES)) {
			identity.text = field.view;
		}
	}
	return !byte_reader_failed(&reader) && msg_identity_resolve(&identity, &out->identity);
}

void msg_certificate_write(struct byte_writer *writer, const struct msg_certificate *message)
{
	pb_write_varint(writer, 1, message->key_type);
	pb_write_bytes(writer, 2, message->key, message->key_size);
	if (message->created != 0)
		pb_write_fixed32(writer, 8, message->created);
	if (message->expiry != 0)
		pb_write_fixed32(writer, 9, message->expiry);
	for (size_t i = 0; i < message->app_id_count; i++)
		pb_write_varint(writer, 10, message->app_ids[i]);
	if (!identity_is_none(&message->identity))
		pb_write_identity(writer, 12, &message->identity);
}

bool msg_signed_session_crypt_read(struct msg_signed_session_crypt *out, const uint8_t *bytes, size_t size)
{
	struct byte_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof *out);
	byte_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (pb_is(&field, 1, PB_BYTES)) {
			out->info = field.view.bytes;
			out->info_size = field.view.size;
		} else if (pb_is(&field, 2, PB_BYTES)) {
			out->signature = field.view.bytes;
			out->signature_size = field.view.size;
		}
	}
	return !byte_reader_failed(&reader);
}

void msg_signed_session_crypt_write(struct byte_writer *writer, const struct msg_signed_session_crypt *message)
{
	pb_write_bytes(writer, 1, message->info, message->info_size);
	pb_write_bytes(writer, 2, message->signature, message->signature_size);
}

static void add_ciphers(struct msg_session_crypt *out, const struct pb_field *field)
{
	uint64_t value;

	for (size_t at = 0; pb_next_repeated(field, &at, &value);) {
		if (out->cipher_count < MSG_SESSION_CIPHERS_MAX && value <= UINT8_MAX)
			out->ciphers[out->cipher_count++] = (uint8_t)value;
	}
}

bool msg_session_crypt_read(struct msg_session_crypt *out, const uint8_t *bytes, size_t size)
{
	struct byte_reader reader;
	struct pb_field field;

	bytes_zero(out, sizeof *out);
	byte_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (pb_is(&field, 1, PB_VARINT)) {
			out->key_type = (uint32_t)field.value;
		} else if (pb_is(&field, 2, PB_BYTES)) {
			out->key = field.view.bytes;
			out->key_size = field.view.size;
		} else if (pb_is(&field, 3, PB_FIXED64)) {
			out->nonce = field.value;
		} else if (pb_is(&field, 4, PB_VARINT)) {
			out->version = (uint32_t)field.value;
		} else if (field.number == 5) {
			add_ciphers(out, &field);
		} else if (pb_is(&field, MSG_SESSION_CAPABILITIES, PB_VARINT)) {
			out->capabilities = field.value;
		}
	}
	return !byte_reader_failed(&reader);
}

void msg_session_crypt_write(struct byte_writer *writer, const struct msg_session_crypt *message)
{
	pb_write_varint(writer, 1, message->key_type);
	pb_write_bytes(writer, 2, message->key, message->key_size);
	pb_write_fixed64(writer, 3, message->nonce);
	pb_write_varint(writer, 4, message->version);
	for (size_t i = 0; i < message->cipher_count; i++)
		pb_write_varint(writer, 5, message->ciphers[i]);
	if (message->capabilities != 0)
		pb_write_varint(writer, MSG_SESSION_CAPABILITIES, message->capabilities);
}
