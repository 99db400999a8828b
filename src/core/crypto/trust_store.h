/* trust_store: which authorities an endpoint believes, and which keys no longer.
 *
 * Owns: trust roots, authorities below them (their chains verified once, when they are added),
 * the revocation list. Everything is bounded; nothing comes from a peer.
 * Does not know: identities of peers, policies (certificate_check).
 */
#ifndef CRYPTO_TRUST_STORE_H
#define CRYPTO_TRUST_STORE_H

#include "core/crypto/certificate.h"

#define TRUST_STORE_ROOTS_MAX 16
#define TRUST_STORE_AUTHORITIES_MAX 64
#define TRUST_STORE_REVOKED_MAX 4096

struct trust_store;

struct trust_store *trust_store_new(void);
void trust_store_destroy(struct trust_store *store); /* null is allowed */

/* Believes this key without limit of time or application. False: full. */
bool trust_store_add_root(struct trust_store *store, const uint8_t public_key[PRIMITIVES_KEY_SIZE]);
/* Believes a self-signed SignedCert, within its expiry and application ids. False: full, malformed,
 * badly signed, with an identity, or without an expiry. */
bool trust_store_add_root_certificate(struct trust_store *store, const uint8_t *bytes, size_t size);
/* Knows a SignedCert of an authority; it counts when its chain leads to a root, which may be added
 * later. False: full, malformed, unsigned, with an identity, or without an expiry. */
bool trust_store_add_authority(struct trust_store *store, const uint8_t *bytes, size_t size);
/* This key and what it signed count no longer. False: full. */
bool trust_store_revoke(struct trust_store *store, uint64_t key_id);
bool trust_store_is_revoked(const struct trust_store *store, uint64_t key_id);

/* What applies to everything an authority signs: its own limits and those of all above it. */
struct trust_limits {
	int64_t expiry; /* Unix seconds; the last at which the chain counts */
	bool any_app;   /* `app_ids` does not limit */
	uint32_t app_ids[MSG_CERTIFICATE_APP_IDS_MAX];
	size_t app_id_count;
};

bool trust_limits_allow_app(const struct trust_limits *limits, uint32_t app_id);

/* Is `certificate` signed by an authority we believe, the chain unexpired? False: `*why` is a
 * constant text. The certificate's own fields are the caller's to judge. */
bool trust_store_verify(const struct trust_store *store, int64_t unix_time,
                        const struct msg_signed_certificate *certificate, struct trust_limits *limits,
                        const char **why);

#endif
