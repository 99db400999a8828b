/* trust_store: which authorities an endpoint believes, and which keys no longer.
 *
 * Owns: trust roots, authorities below them (signatures checked once, when they are added), the
 * revocation list. Everything is bounded; a peer adds nothing: its chain is used and forgotten.
 * Does not know: identities of peers, policies (certificate_check).
 */
#ifndef CRYPTO_TRUST_STORE_H
#define CRYPTO_TRUST_STORE_H

#include "core/crypto/authority.h"
#include "core/crypto/verdict.h"

#define TRUST_STORE_ROOTS_MAX 16
#define TRUST_STORE_AUTHORITIES_MAX 64
#define TRUST_STORE_REVOKED_MAX 4096

struct trust_store;

struct trust_store *trust_store_new(void);
void trust_store_destroy(struct trust_store *store); /* null is allowed */

/* Believes this key without limit of time or application. */
enum authority_result trust_store_add_root(struct trust_store *store, const uint8_t public_key[PRIMITIVES_KEY_SIZE]);
/* Believes a self-signed SignedCert, within its expiry and application ids. */
enum authority_result trust_store_add_root_certificate(struct trust_store *store, const uint8_t *bytes, size_t size);
/* Knows a SignedCert of an authority; it counts when its chain leads to a root, which may be added
 * later. */
enum authority_result trust_store_add_authority(struct trust_store *store, const uint8_t *bytes, size_t size);
/* All roots and authorities with this key id. False: there is none. */
bool trust_store_remove(struct trust_store *store, uint64_t key_id);

/* This key and what it signed count no longer. False: full. */
bool trust_store_revoke(struct trust_store *store, uint64_t key_id);
/* The whole list anew. False: too long, and nothing has changed. */
bool trust_store_set_revoked(struct trust_store *store, const uint64_t *key_ids, size_t count);
bool trust_store_is_revoked(const struct trust_store *store, uint64_t key_id);
size_t trust_store_revoked_count(const struct trust_store *store);
uint64_t trust_store_revoked_get(const struct trust_store *store, size_t index); /* below the count */

/* Is `certificate` signed by an authority we believe, directly or through the chain it brings along,
 * nobody above it expired or revoked? The certificate's own fields are the caller's to judge. Not
 * const: which of several certificates of an authority counts changes with the time. */
enum verdict_doubt trust_store_verify(struct trust_store *store, int64_t unix_time,
                                      const struct msg_signed_certificate *certificate, struct trust_limits *limits);

size_t trust_store_count(const struct trust_store *store);
/* `index` below the count; borrowed until the store changes. `*believed`: its chain leads to a root. */
const struct authority *trust_store_get(const struct trust_store *store, size_t index, bool *believed);

#endif
