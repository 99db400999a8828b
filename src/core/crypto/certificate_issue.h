/* certificate_issue: certificates as they come to be: somebody asks, an authority signs.
 *
 * Owns: requests, with the proof that who asks has the key; what an authority signs.
 * Does not know: whether to sign (whoever has the authority's key), files.
 */
#ifndef CRYPTO_CERTIFICATE_ISSUE_H
#define CRYPTO_CERTIFICATE_ISSUE_H

#include "core/base/byte_writer.h"
#include "core/crypto/certificate.h"

/* Longest request we read. */
#define CERTIFICATE_REQUEST_SIZE_MAX (CERTIFICATE_SIZE_MAX + 128)

/* Appends a request for a certificate with this content; its key becomes that of `private_key`. */
void certificate_issue_request(struct byte_writer *writer, const uint8_t private_key[PRIMITIVES_KEY_SIZE],
                               const struct msg_certificate *cert);

struct certificate_request {
	struct msg_certificate cert; /* borrows from the request */
	bool has_proof;              /* signed by its key; GNS's are not */
};

/* False: malformed, too large, or signed by another key than its own. */
bool certificate_issue_read_request(struct certificate_request *out, const uint8_t *bytes, size_t size);

/* Appends the SignedCert of this content. */
void certificate_issue_signed(struct byte_writer *writer, const uint8_t authority_private_key[PRIMITIVES_KEY_SIZE],
                              const struct msg_certificate *cert);

#endif
