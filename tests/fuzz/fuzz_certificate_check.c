/* Bytes as a peer's certificate and session info: nothing may crash, and what is accepted must have
 * been proved. The first byte chooses the policy and the identity expected, the second how much of
 * the rest is the certificate. An odd first byte has us sign the session info, so that what lies
 * behind the signature is reached. */
#include <stdlib.h>
#include <string.h>

#include "core/crypto/key_exchange.h"

static const char *const identities[] = {
	"str:a",
	"ip:1.2.3.4:5",
	"gen:fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618",
	"gen:0102",
};

static struct trust_store *make_store(void)
{
	struct trust_store *store = trust_store_new();
	uint8_t seed[32], public_key[32];

	memset(seed, 1, sizeof(seed));
	primitives_ed25519_public(public_key, seed);
	trust_store_add_root(store, public_key);
	return store;
}

/* A signature over the info that holds whenever the certificate has the key of seed 9, 9, 9... */
static void sign(struct msg_signed_session_crypt *session, uint8_t signature[64])
{
	uint8_t seed[32], public_key[32];

	memset(seed, 9, sizeof(seed));
	primitives_ed25519_public(public_key, seed);
	primitives_ed25519_sign(signature, seed, public_key, session->info, session->info_size);
	session->signature = signature;
	session->signature_size = 64;
}

static void check(const struct key_exchange_received *received, const struct certificate_policy *policy)
{
	static struct key_exchange_peer peer;
	uint8_t key[32];
	struct crypto_verdict verdict = key_exchange_check(policy, received, &peer);

	if (!verdict.text)
		abort();
	if (verdict.reason != 0)
		return;
	if (peer.version < 8 || peer.cert_size > sizeof(peer.cert) || peer.info_size > sizeof(peer.info))
		abort();
	if (identity_get_key(received->identity, key) && memcmp(key, peer.certificate.key, 32) != 0)
		abort();
	if (policy->demand != CERTIFICATE_DEMAND_NOTHING && peer.certificate.proof == CRYPTO_PROOF_NOTHING)
		abort();
	if (policy->demand == CERTIFICATE_DEMAND_CERTIFICATE && !peer.certificate.believed)
		abort();
	if (policy->demand == CERTIFICATE_DEMAND_KEY && peer.certificate.proof != CRYPTO_PROOF_KEY)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust_store *store;
	struct certificate_policy policy = { .unix_time = 1000 };
	struct msg_signed_certificate certificate;
	struct msg_signed_session_crypt session;
	struct key_exchange_received received = { .certificate = &certificate, .session = &session };
	struct identity expected;
	uint8_t signature[64] = { 0 };

	if (size < 3)
		return 0;
	store = store ? store : make_store();
	policy.trust = store;
	policy.demand = (enum certificate_demand)(data[0] >> 1 & 3);
	policy.app_id = data[0] >> 3 & 1;
	identity_parse(&expected, identities[data[0] >> 4 & 3], strlen(identities[data[0] >> 4 & 3]));
	received.identity = &expected;
	received.uses_lanes = data[0] >> 6 & 1;

	size_t certificate_size = data[1] < size - 2 ? data[1] : size - 2;
	memset(&session, 0, sizeof(session));
	if (!msg_signed_certificate_read(&certificate, data + 2, certificate_size))
		return 0;
	session.info = data + 2 + certificate_size;
	session.info_size = size - 2 - certificate_size;
	session.signature = signature;
	session.signature_size = sizeof(signature);
	if (data[0] & 1)
		sign(&session, signature);
	check(&received, &policy);
	return 0;
}
