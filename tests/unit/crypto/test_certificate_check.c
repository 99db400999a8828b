#include <criterion/criterion.h>

#include "core/crypto/certificate_check.h"

#include "certificate_maker.h"

#define NOW 1000
#define BAD_CRYPT 4002
#define BAD_CERTIFICATE 4003

static struct certificate_checked checked;

static uint32_t check(const struct certificate_policy *policy, const char *expected, const struct recipe *recipe)
{
	struct made made;
	struct identity identity = identity_of(expected);
	struct crypto_verdict verdict;

	make_certificate(&made, recipe);
	verdict = certificate_check(policy, &identity, &made.envelope, &checked);
	cr_assert(verdict.text != NULL);
	cr_assert((verdict.reason == 0) == (verdict.text[0] == '\0'));
	return verdict.reason;
}

/* Believes key 1. */
static struct trust_store *store_with_root(void)
{
	struct trust_store *store = trust_store_new();
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, 1);
	cr_assert(trust_store_add_root(store, public_key));
	return store;
}

static const struct certificate_policy lenient = { .unix_time = NOW, .unsigned_allowed = 2 };
static const struct certificate_policy strict = { .unix_time = NOW };

static const struct recipe plain = { .key = 9, .identity = "str:a", .app_id_count = 1 };
static const struct recipe vouched = {
	.key = 9, .identity = "str:a", .expiry = 2000, .app_id_count = 1, .authority = 1
};

Test(certificate_check, takes_an_unsigned_one_only_where_allowed)
{
	struct certificate_policy policy = lenient;

	cr_assert_eq(check(&policy, "str:a", &plain), 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
	cr_assert_not(checked.was_signed);
	policy.unsigned_allowed = 1;
	cr_assert_eq(check(&policy, "str:a", &plain), 0);
	cr_assert_eq(check(&strict, "str:a", &plain), BAD_CERTIFICATE);
}

Test(certificate_check, hands_out_the_key)
{
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, 9);
	cr_assert_eq(check(&lenient, "str:a", &plain), 0);
	cr_assert(memcmp(checked.key, public_key, 32) == 0);
}

Test(certificate_check, demands_the_expected_identity)
{
	cr_assert_eq(check(&lenient, "str:b", &plain), BAD_CERTIFICATE);
	cr_assert_eq(check(&lenient, "str:A", &plain), BAD_CERTIFICATE);
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &plain), BAD_CERTIFICATE);
}

Test(certificate_check, demands_an_application_with_an_identity)
{
	struct recipe recipe = plain;

	recipe.app_id_count = 0;
	cr_assert_eq(check(&lenient, "str:a", &recipe), BAD_CERTIFICATE);
	recipe.app_id_count = 2;
	recipe.app_ids[0] = 480;
	cr_assert_eq(check(&lenient, "str:a", &recipe), 0); /* the other is 0 */
	recipe.app_ids[1] = 481;
	cr_assert_eq(check(&lenient, "str:a", &recipe), BAD_CERTIFICATE);
}

Test(certificate_check, takes_an_anonymous_one_for_whoever_it_is)
{
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &(struct recipe){ .key = 9, .app_id_count = 1 }), 0);
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &(struct recipe){ .key = 9 }), 0);
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &(struct recipe){ .key = 9, .identity = "ip:::1", .app_id_count = 1 }),
	             0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
	cr_assert_eq(check(&strict, "ip:1.2.3.4:5", &(struct recipe){ .key = 9 }), BAD_CERTIFICATE);
}

Test(certificate_check, refuses_a_signature_over_an_anonymous_one)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = lenient;
	struct recipe recipe = vouched;

	policy.trust = store;
	recipe.identity = NULL;
	cr_assert_eq(check(&policy, "ip:1.2.3.4:5", &recipe), BAD_CERTIFICATE);
	recipe.identity = "ip:::1";
	cr_assert_eq(check(&policy, "ip:1.2.3.4:5", &recipe), BAD_CERTIFICATE);
	trust_store_destroy(store);
}

Test(certificate_check, believes_an_authority)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = strict;

	policy.trust = store;
	cr_assert_eq(check(&policy, "str:a", &vouched), 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_CERTIFICATE);
	cr_assert(checked.was_signed);
	cr_assert_eq(check(&policy, "str:b", &vouched), BAD_CERTIFICATE);
	trust_store_destroy(store);
}

Test(certificate_check, takes_a_signature_it_does_not_believe_for_none)
{
	struct recipe expired = vouched, unknown = vouched;

	expired.expiry = NOW - 1;
	unknown.authority = 2;
	for (int allowed = 0; allowed <= 2; allowed++) {
		struct trust_store *store = store_with_root();
		struct certificate_policy policy = { .trust = store, .unix_time = NOW, .unsigned_allowed = allowed };
		uint32_t expected = allowed > 0 ? 0 : BAD_CERTIFICATE;

		cr_assert_eq(check(&policy, "str:a", &expired), expected);
		cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
		cr_assert_str_eq(checked.why_not, "certificate expired");
		cr_assert_eq(check(&policy, "str:a", &unknown), expected);
		cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
		cr_assert_str_eq(checked.why_not, "signed by an unknown authority");
		trust_store_destroy(store);
	}
}

Test(certificate_check, lets_a_certificate_count_in_its_last_second)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = 2000 };

	cr_assert_eq(check(&policy, "str:a", &vouched), 0);
	policy.unix_time = 2001;
	cr_assert_eq(check(&policy, "str:a", &vouched), BAD_CERTIFICATE);
	trust_store_destroy(store);
}

Test(certificate_check, keeps_an_authority_within_its_applications)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW, .unsigned_allowed = 2 };
	struct recipe recipe = vouched;
	struct recipe own = { .key = 2, .expiry = 4000, .app_ids = { 480 }, .app_id_count = 1, .authority = 1 };
	struct made authority;

	make_certificate(&authority, &own);
	cr_assert(trust_store_add_authority(store, authority.bytes, authority.size));
	recipe.authority = 2;
	cr_assert_eq(check(&policy, "str:a", &recipe), BAD_CERTIFICATE);
	recipe.app_ids[0] = 480;
	cr_assert_eq(check(&policy, "str:a", &recipe), BAD_CERTIFICATE);
	policy.app_id = 480;
	cr_assert_eq(check(&policy, "str:a", &recipe), 0);
	trust_store_destroy(store);
}

Test(certificate_check, refuses_a_revoked_key_signed_or_not)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW, .unsigned_allowed = 2 };

	cr_assert(trust_store_revoke(store, id_of_key(9)));
	cr_assert_eq(check(&policy, "str:a", &vouched), BAD_CERTIFICATE);
	cr_assert_eq(check(&policy, "str:a", &plain), BAD_CERTIFICATE);
	trust_store_destroy(store);
}

Test(certificate_check, demands_the_key_of_an_identity_that_is_one)
{
	struct identity own = identity_of_key(9), other = identity_of_key(8);
	struct recipe recipe = { .key = 9, .identity = own.text, .app_id_count = 1 };

	cr_assert_eq(check(&lenient, own.text, &recipe), 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_KEY);
	recipe.identity = other.text;
	cr_assert_eq(check(&lenient, other.text, &recipe), BAD_CERTIFICATE);
	recipe.identity = NULL; /* says nothing itself, and is taken for the other */
	cr_assert_eq(check(&lenient, other.text, &recipe), BAD_CERTIFICATE);
	cr_assert_eq(check(&lenient, own.text, &recipe), 0);
	recipe.identity = "ip:::1";
	cr_assert_eq(check(&lenient, other.text, &recipe), BAD_CERTIFICATE);
}

Test(certificate_check, demands_the_key_even_if_an_authority_vouches)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW, .unsigned_allowed = 2 };
	struct identity own = identity_of_key(9), other = identity_of_key(8);
	struct recipe recipe = { .key = 9, .identity = other.text, .expiry = 2000, .app_id_count = 1, .authority = 1 };

	cr_assert_eq(check(&policy, other.text, &recipe), BAD_CERTIFICATE);
	recipe.identity = own.text;
	cr_assert_eq(check(&policy, own.text, &recipe), 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_KEY);
	trust_store_destroy(store);
}

Test(certificate_check, takes_shorter_generic_identities_as_they_are)
{
	const char *text = "gen:00112233445566778899aabbccddeeff00112233445566778899aabbccddee"; /* 31 bytes */

	cr_assert_eq(check(&lenient, text, &(struct recipe){ .key = 9, .identity = text, .app_id_count = 1 }), 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
}

Test(certificate_check, lets_a_proven_key_suffice_if_the_policy_says_so)
{
	struct identity own = identity_of_key(9);
	struct recipe recipe = { .key = 9, .identity = own.text, .app_id_count = 1 };
	struct certificate_policy policy = { .unix_time = NOW };

	cr_assert_eq(check(&policy, own.text, &recipe), BAD_CERTIFICATE);
	policy.key_suffices = true;
	cr_assert_eq(check(&policy, own.text, &recipe), 0);
	cr_assert_eq(check(&policy, "str:a", &plain), BAD_CERTIFICATE);
}

Test(certificate_check, tells_missing_and_malformed_from_unacceptable)
{
	struct identity identity = identity_of("str:a");
	struct msg_signed_certificate envelope;
	struct made made;

	memset(&envelope, 0, sizeof(envelope));
	cr_assert_eq(certificate_check(&lenient, &identity, &envelope, &checked).reason, BAD_CRYPT);
	make_certificate(&made, &plain);
	for (size_t size = 0; size < made.envelope.cert_size; size++) {
		envelope.cert = made.cert;
		envelope.cert_size = size;
		uint32_t reason = certificate_check(&lenient, &identity, &envelope, &checked).reason;
		/* Cut between two fields it is well-formed, but says less. */
		cr_assert(reason == BAD_CRYPT || (size >= 36 && (reason == 0 || reason == BAD_CERTIFICATE)));
	}
	make_certificate(&made, &plain);
	made.cert[1] = 2; /* another type of key */
	cr_assert_eq(certificate_check(&lenient, &identity, &made.envelope, &checked).reason, BAD_CRYPT);
}

Test(certificate_check, never_believes_what_was_changed_under_a_signature)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW };
	struct identity identity = identity_of("str:a");
	struct made made;

	make_certificate(&made, &vouched);
	for (size_t bit = 0; bit < made.envelope.cert_size * 8; bit += 3) {
		made.cert[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_neq(certificate_check(&policy, &identity, &made.envelope, &checked).reason, 0);
		made.cert[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	cr_assert_eq(certificate_check(&policy, &identity, &made.envelope, &checked).reason, 0);
	made.envelope.signature_size = 0; /* present and empty */
	cr_assert_eq(certificate_check(&policy, &identity, &made.envelope, &checked).reason, BAD_CERTIFICATE);
	trust_store_destroy(store);
}
