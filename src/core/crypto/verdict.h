/* verdict: what a check of a peer came to, what proves the peer's identity, and what speaks against.
 *
 * Owns: every doubt there can be about a certificate, and its text for people.
 * Does not know: how any of it is checked (certificate_check, trust_store).
 */
#ifndef CRYPTO_VERDICT_H
#define CRYPTO_VERDICT_H

#include <stdint.h>

/* Why a certificate is not believed, or its owner refused. Numbers are public: KITH_DOUBT_*. */
enum verdict_doubt {
	DOUBT_NONE = 0,
	DOUBT_UNSIGNED,            /* no authority has signed */
	DOUBT_UNTRUSTED,           /* its chain leads to no root of ours */
	DOUBT_FORGED,              /* the authority did not sign this */
	DOUBT_EXPIRED,             /* the certificate itself */
	DOUBT_NOT_YET_VALID,       /* likewise */
	DOUBT_REVOKED,             /* its key */
	DOUBT_AUTHORITY_EXPIRED,   /* anybody above it */
	DOUBT_AUTHORITY_NOT_YET,   /* likewise */
	DOUBT_AUTHORITY_REVOKED,   /* likewise */
	DOUBT_CHAIN_TOO_LONG,      /* too many authorities above it */
	DOUBT_WRONG_IDENTITY,      /* not the one we take the peer for */
	DOUBT_WRONG_KEY,           /* the identity is a key, and not this one */
	DOUBT_WRONG_APP,           /* it does not list our application */
	DOUBT_AUTHORITY_WRONG_APP, /* somebody above it may not vouch for our application */
	DOUBT_NOT_A_KEY,           /* a key was demanded as proof, and the identity is none */
	DOUBT_ANONYMOUS,           /* proof was demanded, and there is no identity */
	DOUBT_NO_IDENTITY,         /* signed, and says not for whom */
	DOUBT_NO_APP,              /* for somebody, and says not for which application */
	DOUBT_MALFORMED,
	DOUBT_COUNT,
};

/* Reason 0: all well. Else the end reason for the wire (docs/wire.md, "End reasons") and a text
 * for people; the text is a constant. */
struct crypto_verdict {
	uint32_t reason;
	const char *text;
	enum verdict_doubt doubt; /* NONE where it is not about the certificate */
};

/* Numbers are public: KITH_PROOF_*. */
enum crypto_proof {
	CRYPTO_PROOF_NOTHING = 0,     /* the peer says so */
	CRYPTO_PROOF_CERTIFICATE = 1, /* a trusted root says so */
	CRYPTO_PROOF_KEY = 2,         /* the identity is a key, and the peer has it */
};

static inline struct crypto_verdict crypto_verdict_fine(void)
{
	return (struct crypto_verdict){ 0, "", DOUBT_NONE };
}

static inline struct crypto_verdict crypto_verdict_fail(uint32_t reason, const char *text)
{
	return (struct crypto_verdict){ reason, text, DOUBT_NONE };
}

/* 4003, or 4002 when it is malformed. */
struct crypto_verdict verdict_refuse(enum verdict_doubt doubt);
/* One line for people, never null; empty for NONE. Static. */
const char *verdict_text(enum verdict_doubt doubt);

#endif
