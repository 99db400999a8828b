#include "core/crypto/certificate_check.h"

#include "core/base/bytes.h"
#include "core/wire/wire.h"

static struct crypto_verdict bad(const char *text)
{
	return crypto_verdict_fail(END_REASON_BAD_CERTIFICATE, text);
}

/* Everything an authority's signature needs to count. */
static bool is_believed(const struct certificate_policy *policy, const struct msg_signed_certificate *envelope,
                        const struct msg_certificate *cert, struct trust_limits *limits, const char **why)
{
	if (!trust_store_verify(policy->trust, policy->unix_time, envelope, limits, why))
		return false;
	if ((int64_t)cert->expiry < policy->unix_time) {
		*why = "certificate expired";
		return false;
	}
	return true;
}

static bool lists_app(const struct msg_certificate *cert, uint32_t app_id)
{
	for (size_t i = 0; i < cert->app_id_count; i++) {
		if (cert->app_ids[i] == app_id)
			return true;
	}
	return cert->app_id_count == 0;
}

static struct crypto_verdict check_identity(const struct identity *expected, const struct msg_certificate *cert,
                                            bool was_signed)
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (identity_is_none(&cert->identity) || identity_is_localhost(&cert->identity)) {
		if (was_signed)
			return bad("signed certificate without an identity");
	} else {
		if (!identity_equal(&cert->identity, expected))
			return bad("certificate is for another identity");
		if (cert->app_id_count == 0)
			return bad("certificate lists no application");
	}
	/* Kith's own rule: who presents 32 generic bytes claims to be that key. */
	if (identity_get_key(expected, key) && !bytes_equal(key, cert->key, sizeof(key)))
		return bad("identity is a key, and the certificate has another");
	return crypto_verdict_fine();
}

/* May a certificate that no authority vouches for pass? */
static bool may_be_unsigned(const struct certificate_policy *policy, const struct identity *expected)
{
	uint8_t key[IDENTITY_KEY_SIZE];

	return policy->unsigned_allowed > 0 || (policy->key_suffices && identity_get_key(expected, key));
}

static enum crypto_proof proof_of(const struct identity *expected, bool believed)
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (identity_get_key(expected, key))
		return CRYPTO_PROOF_KEY;
	return believed ? CRYPTO_PROOF_CERTIFICATE : CRYPTO_PROOF_NOTHING;
}

struct crypto_verdict certificate_check(const struct certificate_policy *policy, const struct identity *expected,
                                        const struct msg_signed_certificate *certificate,
                                        struct certificate_checked *out)
{
	struct trust_limits limits = { .any_app = true };
	struct msg_certificate cert;
	struct crypto_verdict verdict;
	bool believed = false;
	bool parsed;

	bytes_zero(out, sizeof(*out));
	out->why_not = "unsigned";
	if (!certificate->cert)
		return crypto_verdict_fail(END_REASON_BAD_CRYPT, "certificate missing");
	parsed = certificate_read(&cert, certificate->cert, certificate->cert_size);
	out->was_signed = certificate->signature != NULL;
	if (out->was_signed && parsed)
		believed = is_believed(policy, certificate, &cert, &limits, &out->why_not);
	if (out->was_signed && !believed && !may_be_unsigned(policy, expected))
		return bad(parsed ? out->why_not : "certificate malformed");
	if (!parsed)
		return crypto_verdict_fail(END_REASON_BAD_CRYPT, "certificate malformed");
	if (policy->trust && trust_store_is_revoked(policy->trust, certificate_key_id(cert.key)))
		return bad("certificate's key is revoked");

	verdict = check_identity(expected, &cert, out->was_signed);
	if (verdict.reason != 0)
		return verdict;
	if (!lists_app(&cert, policy->app_id) || (believed && !trust_limits_allow_app(&limits, policy->app_id)))
		return bad("certificate is for another application");
	if (!believed && !may_be_unsigned(policy, expected))
		return bad("certificate is not signed by an authority");
	bytes_copy(out->key, cert.key, sizeof(out->key));
	out->proof = proof_of(expected, believed);
	return crypto_verdict_fine();
}
