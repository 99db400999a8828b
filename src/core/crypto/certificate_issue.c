#include "core/crypto/certificate_issue.h"

#include "core/base/bytes.h"

/* Before what a request's key signs, so that the signature can be taken for no other: no certificate
 * and no session info begins with it. */
static const char purpose[] = "kith certificate request";

/* What is signed; false: too large. */
static bool prepare(struct byte_writer *writer, uint8_t *bytes, size_t capacity, const uint8_t *cert, size_t cert_size)
{
	byte_writer_init(writer, bytes, capacity);
	byte_writer_bytes(writer, purpose, sizeof(purpose));
	byte_writer_bytes(writer, cert, cert_size);
	return !byte_writer_failed(writer);
}

void certificate_issue_request(struct byte_writer *writer, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                               const struct msg_certificate *cert)
{
	uint8_t public_key[PRIMITIVES_KEY_SIZE], signature[PRIMITIVES_SIGNATURE_SIZE];
	uint8_t bytes[CERTIFICATE_SIZE_MAX], signed_bytes[sizeof(purpose) + CERTIFICATE_SIZE_MAX];
	struct msg_certificate own = *cert;
	struct msg_certificate_request request = { bytes, 0, signature, sizeof(signature) };
	struct byte_writer inner;

	primitives_ed25519_public(public_key, private_key);
	own.key_type = MSG_KEY_TYPE_ED25519;
	own.key = public_key;
	own.key_size = sizeof(public_key);
	byte_writer_init(&inner, bytes, sizeof(bytes));
	msg_certificate_write(&inner, &own);
	request.cert_size = byte_writer_size(&inner);
	if (byte_writer_failed(&inner) ||
	    !prepare(&inner, signed_bytes, sizeof(signed_bytes), request.cert, request.cert_size)) {
		byte_writer_fail(writer);
		return;
	}
	primitives_ed25519_sign(signature, private_key, public_key, signed_bytes, byte_writer_size(&inner));
	msg_certificate_request_write(writer, &request);
}

bool certificate_issue_read_request(struct certificate_request *out, const uint8_t *bytes, size_t size)
{
	uint8_t signed_bytes[sizeof(purpose) + CERTIFICATE_SIZE_MAX];
	struct msg_certificate_request request;
	struct byte_writer writer;

	bytes_zero(out, sizeof(*out));
	if (!msg_certificate_request_read(&request, bytes, size) || request.cert == NULL ||
	    request.cert_size > CERTIFICATE_SIZE_MAX || !certificate_read(&out->cert, request.cert, request.cert_size))
		return false;
	if (request.signature == NULL)
		return true;
	out->has_proof =
		request.signature_size == PRIMITIVES_SIGNATURE_SIZE &&
		prepare(&writer, signed_bytes, sizeof(signed_bytes), request.cert, request.cert_size) &&
		primitives_ed25519_verify(out->cert.key, request.signature, signed_bytes, byte_writer_size(&writer));
	return out->has_proof;
}

void certificate_issue_signed(struct byte_writer *writer, const uint8_t authority_private_key[PRIMITIVES_KEY_SIZE],
                              const struct msg_certificate *cert)
{
	uint8_t bytes[CERTIFICATE_SIZE_MAX], signature[PRIMITIVES_SIGNATURE_SIZE];
	struct msg_signed_certificate envelope;
	struct byte_writer inner;

	byte_writer_init(&inner, bytes, sizeof(bytes));
	msg_certificate_write(&inner, cert);
	if (byte_writer_failed(&inner)) {
		byte_writer_fail(writer);
		return;
	}
	certificate_sign(&envelope, signature, authority_private_key, bytes, byte_writer_size(&inner));
	msg_signed_certificate_write(writer, &envelope);
}
