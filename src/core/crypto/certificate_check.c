#include "core/crypto/certificate_check.h"

#include "core/base/bytes.h"

/* Everything an authority's signature needs to count. */
static enum verdict_doubt doubt_signature(const struct certificate_policy *policy,
                                          const struct msg_signed_certificate *envelope,
                                          const struct msg_certificate *cert, struct trust_limits *limits)
{
	enum verdict_doubt doubt = trust_store_verify(policy->trust, policy->unix_time, envelope, limits);

	if (doubt != DOUBT_NONE)
		return doubt;
	return trust_limits_doubt_time(cert->created, cert->expiry, policy->unix_time);
}

static bool lists_app(const struct msg_certificate *cert, uint32_t app_id)
{
	for (size_t i = 0; i < cert->app_id_count; i++) {
		if (cert->app_ids[i] == app_id)
			return true;
	}
	return cert->app_id_count == 0;
}

static bool is_nobody(const struct identity *identity)
{
	return identity_is_none(identity) || identity_is_localhost(identity);
}

static enum verdict_doubt doubt_identity(const struct identity *expected, const struct msg_certificate *cert,
                                         bool was_signed)
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (is_nobody(&cert->identity)) {
		if (was_signed)
			return DOUBT_NO_IDENTITY;
	} else {
		if (!identity_equal(&cert->identity, expected))
			return DOUBT_WRONG_IDENTITY;
		if (cert->app_id_count == 0)
			return DOUBT_NO_APP;
	}
	/* Kith's own rule: who presents 32 generic bytes claims to be that key. */
	if (identity_get_key(expected, key) && !bytes_equal(key, cert->key, sizeof(key)))
		return DOUBT_WRONG_KEY;
	return DOUBT_NONE;
}

/* Does what we know about the peer suffice? The key was compared by then. */
static enum verdict_doubt doubt_proof(enum certificate_demand demand, const struct identity *expected,
                                      const struct certificate_checked *checked)
{
	uint8_t key[IDENTITY_KEY_SIZE];
	bool has_key = identity_get_key(expected, key);

	switch (demand) {
	case CERTIFICATE_DEMAND_NOTHING:
		return DOUBT_NONE;
	case CERTIFICATE_DEMAND_KEY:
		return has_key ? DOUBT_NONE : DOUBT_NOT_A_KEY;
	case CERTIFICATE_DEMAND_ANY:
		if (has_key)
			return DOUBT_NONE;
		break;
	case CERTIFICATE_DEMAND_CERTIFICATE:
		break;
	}
	if (!checked->was_signed && is_nobody(&checked->identity) && !has_key)
		return DOUBT_ANONYMOUS;
	return checked->doubt;
}

static enum crypto_proof proof_of(const struct identity *expected, bool believed)
{
	uint8_t key[IDENTITY_KEY_SIZE];

	if (identity_get_key(expected, key))
		return CRYPTO_PROOF_KEY;
	return believed ? CRYPTO_PROOF_CERTIFICATE : CRYPTO_PROOF_NOTHING;
}

static void note(struct certificate_checked *out, const struct msg_certificate *cert, const struct trust_limits *limits)
{
	bytes_copy(out->key, cert->key, sizeof(out->key));
	out->identity = cert->identity;
	out->created = cert->created;
	out->expiry = cert->expiry;
	out->believed = out->doubt == DOUBT_NONE;
	if (!out->believed)
		return;
	out->authority_count = limits->authority_count;
	bytes_copy(out->authorities, limits->authorities, sizeof(out->authorities));
}

struct crypto_verdict certificate_check(const struct certificate_policy *policy, const struct identity *expected,
                                        const struct msg_signed_certificate *certificate,
                                        struct certificate_checked *out)
{
	struct trust_limits limits;
	struct msg_certificate cert;
	enum verdict_doubt doubt;

	bytes_zero(out, sizeof(*out));
	trust_limits_init(&limits);
	if (!certificate->cert || !certificate_read(&cert, certificate->cert, certificate->cert_size))
		return verdict_refuse(DOUBT_MALFORMED);
	out->was_signed = certificate->signature != NULL;
	out->issuer = out->was_signed ? certificate->authority : 0;
	out->doubt = out->was_signed ? doubt_signature(policy, certificate, &cert, &limits) : DOUBT_UNSIGNED;
	note(out, &cert, &limits);
	if (policy->trust && trust_store_is_revoked(policy->trust, certificate_key_id(cert.key)))
		return verdict_refuse(DOUBT_REVOKED);

	doubt = doubt_identity(expected, &cert, out->was_signed);
	if (doubt == DOUBT_NONE && !lists_app(&cert, policy->app_id))
		doubt = DOUBT_WRONG_APP;
	if (doubt == DOUBT_NONE && out->believed && !trust_limits_allow_app(&limits, policy->app_id))
		doubt = DOUBT_AUTHORITY_WRONG_APP;
	if (doubt == DOUBT_NONE)
		doubt = doubt_proof(policy->demand, expected, out);
	if (doubt != DOUBT_NONE)
		return verdict_refuse(doubt);
	out->proof = proof_of(expected, out->believed);
	return crypto_verdict_fine();
}

enum verdict_doubt certificate_check_revoked(const struct trust_store *trust, const struct certificate_checked *checked)
{
	if (trust_store_is_revoked(trust, certificate_key_id(checked->key)))
		return DOUBT_REVOKED;
	for (size_t i = 0; i < checked->authority_count; i++) {
		if (trust_store_is_revoked(trust, checked->authorities[i]))
			return DOUBT_AUTHORITY_REVOKED;
	}
	return DOUBT_NONE;
}
