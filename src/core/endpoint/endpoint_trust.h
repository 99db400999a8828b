/* endpoint_trust: what an endpoint presents to its peers, and whom it believes, while it runs.
 *
 * Owns: replacing its certificate and key, its trust store, what a revocation does to connections.
 * Does not know: files and their forms (crypto/certificate_text), how anything is checked (crypto).
 */
#ifndef ENDPOINT_ENDPOINT_TRUST_H
#define ENDPOINT_ENDPOINT_TRUST_H

#include "core/endpoint/endpoint.h"

/* Unix seconds at the endpoint's last input. */
int64_t endpoint_unix_time(const struct endpoint *endpoint);
/* The world's clock, which may have been put right: the one that counts from now on. */
void endpoint_set_unix_time(struct endpoint *endpoint, usec_t now, int64_t unix_time);

enum endpoint_trust_result {
	ENDPOINT_TRUST_FINE,
	ENDPOINT_TRUST_BAD_CERTIFICATE, /* `*why` tells */
	ENDPOINT_TRUST_OTHER_IDENTITY,
	ENDPOINT_TRUST_EXPIRED,
	ENDPOINT_TRUST_NOT_YET_VALID,
	ENDPOINT_TRUST_OTHER_APP,
};

/* New connections present this from now on; those that are there keep what they began with.
 * `private_key` null: the one we have. No certificate at all: an unsigned one is made. */
enum endpoint_trust_result endpoint_set_certificate(struct endpoint *endpoint, usec_t now, const uint8_t *private_key,
                                                    const struct msg_bytes *certificates, size_t count,
                                                    enum certificate_result *why);
/* Borrowed until it is replaced. */
const struct certificate_own *endpoint_certificate(const struct endpoint *endpoint);

struct trust_store *endpoint_trust(struct endpoint *endpoint);
/* What a peer with this certificate, among them those of authorities that come with it, would hear if a
 * certificate were demanded. `expected` null: whoever it says. The result tells whether it is one. */
enum certificate_result endpoint_check_certificate(struct endpoint *endpoint, const struct msg_bytes *certificates,
                                                   size_t count, const struct identity *expected,
                                                   enum verdict_doubt *doubt);
/* More keys are revoked than before: connections with their owners end. */
void endpoint_check_revoked(struct endpoint *endpoint, usec_t now);

#endif
