/* certificate: our own certificate, and the reading of anybody's (docs/wire.md, "Certificate").
 *
 * Owns: the exact bytes of what we present, the key behind them, key ids.
 * Does not know: whom to believe (trust_store, certificate_check).
 */
#ifndef CRYPTO_CERTIFICATE_H
#define CRYPTO_CERTIFICATE_H

#include "core/crypto/primitives.h"
#include "core/types/identity.h"
#include "core/wire/msg_certificate.h"

/* Longest serialized Cert we keep, of ours and of a peer; GNS's are below 400 bytes. */
#define CERTIFICATE_SIZE_MAX 1024

/* What an endpoint presents to its peers. The bytes of `cert` are signed and enter the key
 * derivation: made once, never serialized again. */
struct certificate_own {
	uint8_t private_key[PRIMITIVES_KEY_SIZE]; /* Ed25519 seed */
	uint8_t public_key[PRIMITIVES_KEY_SIZE];
	struct identity identity; /* what the certificate says; localhost = anonymous */
	uint8_t cert[CERTIFICATE_SIZE_MAX];
	size_t cert_size;
	bool is_signed;     /* by an authority */
	uint64_t authority; /* key id of the signer */
	uint8_t signature[PRIMITIVES_SIGNATURE_SIZE];
};

/* Makes an unsigned certificate of this identity and key, for application `app_id` (0 unless the
 * program has its own). False: the identity claims to be another key, or is none. */
bool certificate_make_own(struct certificate_own *out, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                          const struct identity *identity, uint32_t app_id);
/* Takes a serialized SignedCert that an authority gave us. False: malformed, without a signature,
 * without an identity, or not for this key. Whether the authority is any good only peers decide. */
bool certificate_load_own(struct certificate_own *out, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                          const uint8_t *bytes, size_t size);
void certificate_wipe_own(struct certificate_own *own);
/* The form the wire codec writes; borrows from `own`. */
void certificate_get_message(const struct certificate_own *own, struct msg_signed_certificate *out);

/* The number by which authorities and revocation lists name an Ed25519 key. */
uint64_t certificate_key_id(const uint8_t public_key[PRIMITIVES_KEY_SIZE]);

/* Signs a serialized Cert as an authority would; `out` borrows `cert` and `signature`. */
void certificate_sign(struct msg_signed_certificate *out, uint8_t signature[PRIMITIVES_SIGNATURE_SIZE],
                      const uint8_t authority_private_key[PRIMITIVES_KEY_SIZE], const uint8_t *cert, size_t cert_size);

/* The fields of a serialized Cert, which they borrow. False: malformed, or not an Ed25519 key. */
bool certificate_read(struct msg_certificate *out, const uint8_t *cert, size_t cert_size);
/* Does it carry what looks like an authority's signature? */
bool certificate_is_signed(const struct msg_signed_certificate *certificate);

/* The identity a peer's certificate contains: what direct connections take the peer for before
 * anything is checked. IDENTITY_NONE when it contains none. False: malformed. */
bool certificate_peek_identity(const uint8_t *cert, size_t cert_size, struct identity *out);

#endif
