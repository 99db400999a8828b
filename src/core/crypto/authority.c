#include "core/crypto/authority.h"

#include "core/base/bytes.h"

void authority_make_root(struct authority *out, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	bytes_zero(out, sizeof(*out));
	bytes_copy(out->key, public_key, sizeof(out->key));
	out->id = certificate_key_id(public_key);
	out->issuer = out->id;
	out->is_root = true;
	trust_limits_init(&out->limits);
	out->limits.authorities[0] = out->id;
	out->limits.authority_count = 1;
}

enum authority_result authority_read(struct authority *out, const uint8_t *bytes, size_t size)
{
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;

	bytes_zero(out, sizeof(*out));
	if (!msg_signed_certificate_read(&envelope, bytes, size) || envelope.cert == NULL ||
	    envelope.cert_size > CERTIFICATE_SIZE_MAX || !certificate_read(&cert, envelope.cert, envelope.cert_size))
		return AUTHORITY_MALFORMED;
	if (!certificate_is_signed(&envelope))
		return AUTHORITY_UNSIGNED;
	if (!identity_is_none(&cert.identity))
		return AUTHORITY_HAS_IDENTITY;
	if (cert.expiry == 0)
		return AUTHORITY_NO_EXPIRY;
	bytes_copy(out->key, cert.key, sizeof(out->key));
	out->id = certificate_key_id(out->key);
	out->issuer = envelope.authority;
	trust_limits_of_certificate(&out->limits, &cert, out->id);
	bytes_copy(out->signature, envelope.signature, sizeof(out->signature));
	bytes_copy(out->cert, envelope.cert, envelope.cert_size);
	out->cert_size = envelope.cert_size;
	return AUTHORITY_FINE;
}

enum authority_result authority_read_root(struct authority *out, const uint8_t *bytes, size_t size)
{
	enum authority_result result = authority_read(out, bytes, size);
	struct authority_signed own;

	if (result != AUTHORITY_FINE)
		return result;
	own = authority_as_signed(out);
	if (out->issuer != out->id || !authority_did_sign(out, &own))
		return AUTHORITY_FORGED;
	out->is_root = true;
	return AUTHORITY_FINE;
}

struct authority_signed authority_as_signed(const struct authority *authority)
{
	return (struct authority_signed){ authority->issuer, authority->signature, authority->cert, authority->cert_size };
}

bool authority_did_sign(const struct authority *authority, const struct authority_signed *what)
{
	return primitives_ed25519_verify(authority->key, what->signature, what->cert, what->cert_size);
}

bool authority_equal(const struct authority *one, const struct authority *other)
{
	return one->is_root == other->is_root && one->cert_size == other->cert_size &&
	       bytes_equal(one->key, other->key, sizeof(one->key)) && bytes_equal(one->cert, other->cert, one->cert_size) &&
	       bytes_equal(one->signature, other->signature, sizeof(one->signature));
}

const char *authority_result_text(enum authority_result result)
{
	switch (result) {
	case AUTHORITY_FINE:
		return "";
	case AUTHORITY_FULL:
		return "there is no room for another authority";
	case AUTHORITY_UNSIGNED:
		return "the certificate is not signed";
	case AUTHORITY_HAS_IDENTITY:
		return "the certificate is somebody's, not an authority's: it names an identity";
	case AUTHORITY_NO_EXPIRY:
		return "the certificate of an authority has to expire";
	case AUTHORITY_FORGED:
		return "the certificate is not signed by its own key";
	case AUTHORITY_MALFORMED:
		break;
	}
	return "not a certificate";
}
