#include "core/crypto/certificate.h"

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/base/bytes.h"

uint64_t certificate_key_id(const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	uint8_t hash[PRIMITIVES_HASH_SIZE];
	struct byte_reader reader;

	primitives_sha256(hash, public_key, PRIMITIVES_KEY_SIZE);
	byte_reader_init(&reader, hash, sizeof(hash));
	return byte_reader_le64(&reader);
}

bool certificate_read(struct msg_certificate *out, const uint8_t *cert, size_t cert_size)
{
	return msg_certificate_read(out, cert, cert_size) && out->key_type == MSG_KEY_TYPE_ED25519 &&
	       out->key_size == PRIMITIVES_KEY_SIZE;
}

bool certificate_peek_identity(const uint8_t *cert, size_t cert_size, struct identity *out)
{
	struct msg_certificate parsed;

	bytes_zero(out, sizeof(*out));
	if (!msg_certificate_read(&parsed, cert, cert_size))
		return false;
	*out = parsed.identity;
	return true;
}

/* Nobody may present an identity that claims to be another key: every peer would refuse it. */
static bool may_present(const struct identity *identity, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (identity_is_none(identity))
		return false;
	return !identity_get_key(identity, key) || bytes_equal(key, public_key, sizeof(key));
}

bool certificate_make_own(struct certificate_own *out, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                          const struct identity *identity, uint32_t app_id)
{
	struct msg_certificate cert;
	struct byte_writer writer;

	bytes_zero(out, sizeof(*out));
	bytes_copy(out->private_key, private_key, sizeof(out->private_key));
	primitives_ed25519_public(out->public_key, private_key);
	out->identity = *identity;
	if (!may_present(identity, out->public_key)) {
		certificate_wipe_own(out);
		return false;
	}
	bytes_zero(&cert, sizeof(cert));
	cert.key_type = MSG_KEY_TYPE_ED25519;
	cert.key = out->public_key;
	cert.key_size = sizeof(out->public_key);
	cert.app_ids[0] = app_id;
	cert.app_id_count = 1;
	cert.identity = *identity;
	byte_writer_init(&writer, out->cert, sizeof(out->cert));
	msg_certificate_write(&writer, &cert);
	out->cert_size = byte_writer_size(&writer);
	return true;
}

bool certificate_load_own(struct certificate_own *out, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                          const uint8_t *bytes, size_t size)
{
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;

	bytes_zero(out, sizeof(*out));
	bytes_copy(out->private_key, private_key, sizeof(out->private_key));
	primitives_ed25519_public(out->public_key, private_key);
	if (!msg_signed_certificate_read(&envelope, bytes, size) || !certificate_is_signed(&envelope) ||
	    envelope.cert_size > sizeof(out->cert) || !certificate_read(&cert, envelope.cert, envelope.cert_size) ||
	    !bytes_equal(cert.key, out->public_key, sizeof(out->public_key)) || identity_is_localhost(&cert.identity) ||
	    !may_present(&cert.identity, out->public_key)) {
		certificate_wipe_own(out);
		return false;
	}
	out->identity = cert.identity;
	bytes_copy(out->cert, envelope.cert, envelope.cert_size);
	out->cert_size = envelope.cert_size;
	out->is_signed = true;
	out->authority = envelope.authority;
	bytes_copy(out->signature, envelope.signature, sizeof(out->signature));
	return true;
}

void certificate_wipe_own(struct certificate_own *own)
{
	bytes_wipe(own, sizeof(*own));
}

bool certificate_is_signed(const struct msg_signed_certificate *certificate)
{
	return certificate->cert && certificate->signature && certificate->signature_size == PRIMITIVES_SIGNATURE_SIZE;
}

/* An unsigned certificate has no signature field at all: its mere presence, empty or not, makes a
 * GNS peer try to verify it. */
void certificate_get_message(const struct certificate_own *own, struct msg_signed_certificate *out)
{
	bytes_zero(out, sizeof(*out));
	out->cert = own->cert;
	out->cert_size = own->cert_size;
	if (!own->is_signed)
		return;
	out->authority = own->authority;
	out->signature = own->signature;
	out->signature_size = sizeof(own->signature);
}

void certificate_sign(struct msg_signed_certificate *out, uint8_t signature[PRIMITIVES_SIGNATURE_SIZE],
                      const uint8_t authority_private_key[PRIMITIVES_KEY_SIZE], const uint8_t *cert, size_t cert_size)
{
	uint8_t authority_public_key[PRIMITIVES_KEY_SIZE];

	primitives_ed25519_public(authority_public_key, authority_private_key);
	primitives_ed25519_sign(signature, authority_private_key, authority_public_key, cert, cert_size);
	bytes_zero(out, sizeof(*out));
	out->cert = cert;
	out->cert_size = cert_size;
	out->authority = certificate_key_id(authority_public_key);
	out->signature = signature;
	out->signature_size = PRIMITIVES_SIGNATURE_SIZE;
}
