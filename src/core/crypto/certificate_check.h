/* certificate_check: may this certificate be our peer's? (docs/wire.md, "Checks on the peer")
 *
 * Owns: the order of the checks, what each failure is called on the wire, and Kith's own rule:
 * an identity of 32 generic bytes is a key and must be the certificate's key.
 * Does not know: where the expected identity came from, key agreement.
 */
#ifndef CRYPTO_CERTIFICATE_CHECK_H
#define CRYPTO_CERTIFICATE_CHECK_H

#include "core/crypto/trust_store.h"

/* What has to prove the peer's identity: the values of the option RequireProof. */
enum certificate_demand {
	CERTIFICATE_DEMAND_NOTHING = 0,
	CERTIFICATE_DEMAND_ANY = 1, /* its key or an authority */
	CERTIFICATE_DEMAND_KEY = 2,
	CERTIFICATE_DEMAND_CERTIFICATE = 3, /* an authority, even if the identity is a key */
};

struct certificate_policy {
	struct trust_store *trust; /* null: no authority is believed */
	int64_t unix_time;         /* now, for expiry */
	uint32_t app_id;           /* ours */
	enum certificate_demand demand;
};

struct certificate_checked {
	uint8_t key[PRIMITIVES_KEY_SIZE];      /* the peer's Ed25519 key; it still has to sign */
	enum crypto_proof proof;               /* holds once the key has signed the session */
	bool was_signed;                       /* a signature was there */
	bool believed;                         /* and an authority of ours vouches */
	enum verdict_doubt doubt;              /* why not; NONE when believed */
	struct identity identity;              /* what the certificate says; IDENTITY_NONE: nothing */
	int64_t created, expiry;               /* Unix seconds; 0: it does not say */
	uint64_t issuer;                       /* key id of the signer; 0 when unsigned */
	uint64_t authorities[TRUST_CHAIN_MAX]; /* when believed: key ids, the signer first, the root last */
	size_t authority_count;
};

/* `expected`: who we take the peer for, from where docs/wire.md says. */
struct crypto_verdict certificate_check(const struct certificate_policy *policy, const struct identity *expected,
                                        const struct msg_signed_certificate *certificate,
                                        struct certificate_checked *out);

/* Is its key revoked by now, or that of anybody who vouched for it? DOUBT_NONE: no. */
enum verdict_doubt certificate_check_revoked(const struct trust_store *trust,
                                             const struct certificate_checked *checked);

#endif
