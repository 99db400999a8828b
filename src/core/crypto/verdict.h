/* verdict: what a check of a peer came to, and what proves the peer's identity. */
#ifndef CRYPTO_VERDICT_H
#define CRYPTO_VERDICT_H

#include <stdint.h>

/* Reason 0: all well. Else the end reason for the wire (docs/wire.md, "End reasons") and a text
 * for people; the text is a constant. */
struct crypto_verdict {
	uint32_t reason;
	const char *text;
};

/* Values equal those of enum identity_proof in core/sockets/sockets.h. */
enum crypto_proof {
	CRYPTO_PROOF_NOTHING = 0,     /* the peer says so */
	CRYPTO_PROOF_CERTIFICATE = 1, /* a trusted root says so */
	CRYPTO_PROOF_KEY = 2,         /* the identity is a key, and the peer has it */
};

static inline struct crypto_verdict crypto_verdict_fine(void)
{
	return (struct crypto_verdict){ 0, "" };
}

static inline struct crypto_verdict crypto_verdict_fail(uint32_t reason, const char *text)
{
	return (struct crypto_verdict){ reason, text };
}

#endif
