/* certificate_check: may this certificate be our peer's? (docs/wire.md, "Checks on the peer")
 *
 * Owns: the order of the checks, what each failure is called on the wire, and Kith's own rule:
 * an identity of 32 generic bytes is a key and must be the certificate's key.
 * Does not know: where the expected identity came from, key agreement.
 */
#ifndef CRYPTO_CERTIFICATE_CHECK_H
#define CRYPTO_CERTIFICATE_CHECK_H

#include "core/crypto/trust_store.h"
#include "core/crypto/verdict.h"

struct certificate_policy {
	const struct trust_store *trust; /* null: no authority is believed */
	int64_t unix_time;               /* now, for expiry */
	uint32_t app_id;                 /* ours */
	int32_t unsigned_allowed;        /* 0: an authority must vouch; 1, 2: need not (2: silently) */
	bool key_suffices;               /* with 0: a proven key identity needs no authority */
};

struct certificate_checked {
	uint8_t key[PRIMITIVES_KEY_SIZE]; /* the peer's Ed25519 key; it still has to sign */
	enum crypto_proof proof;          /* holds once the key has signed the session */
	bool was_signed;                  /* a signature was there; with proof NOTHING it was not believed */
	const char *why_not;              /* why it was not believed: for the log */
};

/* `expected`: who we take the peer for, from where docs/wire.md says. */
struct crypto_verdict certificate_check(const struct certificate_policy *policy, const struct identity *expected,
                                        const struct msg_signed_certificate *certificate,
                                        struct certificate_checked *out);

#endif
