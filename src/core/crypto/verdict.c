#include "core/crypto/verdict.h"

#include "core/wire/wire.h"

static const char *const texts[DOUBT_COUNT] = {
	[DOUBT_NONE] = "",
	[DOUBT_UNSIGNED] = "the certificate is not signed by an authority",
	[DOUBT_UNTRUSTED] = "the certificate is signed by an authority that is not trusted",
	[DOUBT_FORGED] = "the signature of the authority is broken",
	[DOUBT_EXPIRED] = "the certificate has expired",
	[DOUBT_NOT_YET_VALID] = "the certificate is not valid yet",
	[DOUBT_REVOKED] = "the key of the certificate is revoked",
	[DOUBT_AUTHORITY_EXPIRED] = "an authority above the certificate has expired",
	[DOUBT_AUTHORITY_NOT_YET] = "an authority above the certificate is not valid yet",
	[DOUBT_AUTHORITY_REVOKED] = "an authority above the certificate is revoked",
	[DOUBT_CHAIN_TOO_LONG] = "too many authorities are above the certificate",
	[DOUBT_WRONG_IDENTITY] = "the certificate is for another identity",
	[DOUBT_WRONG_KEY] = "the identity is a key, and the certificate has another",
	[DOUBT_WRONG_APP] = "the certificate is for another application",
	[DOUBT_AUTHORITY_WRONG_APP] = "an authority above the certificate may not vouch for this application",
	[DOUBT_NOT_A_KEY] = "the identity is not a key",
	[DOUBT_ANONYMOUS] = "the peer is anonymous",
	[DOUBT_NO_IDENTITY] = "the certificate is signed and names no identity",
	[DOUBT_NO_APP] = "the certificate lists no application",
	[DOUBT_MALFORMED] = "the certificate is malformed",
};

const char *verdict_text(enum verdict_doubt doubt)
{
	return doubt < DOUBT_COUNT ? texts[doubt] : "";
}

struct crypto_verdict verdict_refuse(enum verdict_doubt doubt)
{
	uint32_t reason = doubt == DOUBT_MALFORMED ? END_REASON_BAD_CRYPT : END_REASON_BAD_CERTIFICATE;

	return (struct crypto_verdict){ reason, verdict_text(doubt), doubt };
}
