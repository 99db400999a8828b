/* authority: a certificate of somebody who signs others': no identity, and an expiry.
 *
 * Owns: reading one, what it takes to be one, whether it signed something.
 * Does not know: whether anybody believes it (trust_store).
 */
#ifndef CRYPTO_AUTHORITY_H
#define CRYPTO_AUTHORITY_H

#include "core/crypto/certificate.h"
#include "core/crypto/trust_limits.h"

/* What reading one came to, and adding it to a trust_store. */
enum authority_result {
	AUTHORITY_FINE, /* added, or known already */
	AUTHORITY_FULL,
	AUTHORITY_MALFORMED,
	AUTHORITY_UNSIGNED,
	AUTHORITY_HAS_IDENTITY, /* somebody's certificate, not an authority's */
	AUTHORITY_NO_EXPIRY,
	AUTHORITY_FORGED, /* it calls itself self-signed, and is not */
};

/* Something an authority signed; borrowed. */
struct authority_signed {
	uint64_t issuer; /* key id */
	const uint8_t *signature;
	const uint8_t *cert;
	size_t cert_size;
};

struct authority {
	uint64_t id;
	uint64_t issuer; /* key id; its own for a root */
	uint8_t key[PRIMITIVES_KEY_SIZE];
	struct trust_limits limits; /* what its certificate says */
	bool is_root;
	uint8_t signature[PRIMITIVES_SIGNATURE_SIZE];
	uint8_t cert[CERTIFICATE_SIZE_MAX]; /* empty of a bare key */
	size_t cert_size;
};

/* A bare key, believed without limit. */
void authority_make_root(struct authority *out, const uint8_t public_key[PRIMITIVES_KEY_SIZE]);
/* A SignedCert. `is_root` stays false; whether the issuer signed it is not checked. */
enum authority_result authority_read(struct authority *out, const uint8_t *bytes, size_t size);
/* The same, self-signed. */
enum authority_result authority_read_root(struct authority *out, const uint8_t *bytes, size_t size);

struct authority_signed authority_as_signed(const struct authority *authority);
/* One signature check. */
bool authority_did_sign(const struct authority *authority, const struct authority_signed *what);
bool authority_equal(const struct authority *one, const struct authority *other);

/* One line for people; empty when all is fine. */
const char *authority_result_text(enum authority_result result);

#endif
