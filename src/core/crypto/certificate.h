/* certificate: our own certificate, and the reading of anybody's (docs/wire.md, "Certificate").
 *
 * Owns: the exact bytes of what we present, the key behind them, key ids, making certificates.
 * Does not know: whom to believe (trust_store, certificate_check), files (certificate_text).
 */
#ifndef CRYPTO_CERTIFICATE_H
#define CRYPTO_CERTIFICATE_H

#include "core/crypto/primitives.h"
#include "core/types/identity.h"
#include "core/wire/msg_certificate.h"

/* Longest serialized Cert we keep, of ours and of a peer; GNS's are below 400 bytes. */
#define CERTIFICATE_SIZE_MAX 1024
/* Longest SignedCert we send, chain included: a ConnectRequest is at most 1300 bytes, and has at
 * most 170 beside it. */
#define CERTIFICATE_SIGNED_SIZE_MAX 1120

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
	/* Certificates of authorities that go along, the signer's first, one behind the other. */
	uint8_t chain[CERTIFICATE_SIGNED_SIZE_MAX];
	size_t chain_sizes[MSG_CERTIFICATE_CHAIN_MAX];
	size_t chain_count;
};

/* One on the heap, zeroed, with one reference: connections may need it longer than the endpoint. */
struct certificate_own *certificate_shared_new(void);
void certificate_shared_ref(struct certificate_own *own);
void certificate_shared_unref(struct certificate_own *own); /* the last one wipes and frees */

/* Makes an unsigned certificate of this identity and key, for application `app_id` (0 unless the
 * program has its own). False: the identity claims to be another key, or is none. */
bool certificate_make_own(struct certificate_own *out, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                          const struct identity *identity, uint32_t app_id);

enum certificate_result {
	CERTIFICATE_FINE,
	CERTIFICATE_MALFORMED,
	CERTIFICATE_UNSIGNED,
	CERTIFICATE_NOBODYS,   /* of authorities only: none names an identity */
	CERTIFICATE_SEVERAL,   /* two name an identity */
	CERTIFICATE_OTHER_KEY, /* not for this private key, or of an identity that is another key */
	CERTIFICATE_STRAY,     /* an authority's that is not part of the chain */
	CERTIFICATE_TOO_LARGE, /* the chain is too long, or has too many bytes */
	CERTIFICATE_RESULT_COUNT,
};

/* Takes serialized SignedCerts in any order: the one that an authority gave us, and those of
 * authorities above it, which travel along. Whether the authority is any good only peers decide. */
enum certificate_result certificate_load_own(struct certificate_own *out,
                                             const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                                             const struct msg_bytes *certificates, size_t count);
/* One line for people; empty when all is fine. */
const char *certificate_result_text(enum certificate_result result);

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
