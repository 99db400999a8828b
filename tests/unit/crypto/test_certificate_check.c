#include <criterion/criterion.h>

#include "core/crypto/certificate_check.h"

#include "certificate_maker.h"

#define NOW 1000
#define BAD_CRYPT 4002
#define BAD_CERTIFICATE 4003

static struct certificate_checked checked;
static enum verdict_doubt doubt; /* of the last check */

static uint32_t check(const struct certificate_policy *policy, const char *expected, const struct recipe *recipe)
{
	struct made made;
	struct identity identity = identity_of(expected);
	struct crypto_verdict verdict;

	make_certificate(&made, recipe);
	verdict = certificate_check(policy, &identity, &made.envelope, &checked);
	cr_assert(verdict.text != NULL);
	cr_assert((verdict.reason == 0) == (verdict.text[0] == '\0'));
	cr_assert((verdict.reason == 0) == (verdict.doubt == DOUBT_NONE));
	doubt = verdict.doubt;
	return verdict.reason;
}

/* Believes key 1. */
static struct trust_store *store_with_root(void)
{
	struct trust_store *store = trust_store_new();
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, 1);
	cr_assert_eq(trust_store_add_root(store, public_key), AUTHORITY_FINE);
	return store;
}

static const struct certificate_policy lenient = { .unix_time = NOW };
static const struct certificate_policy strict = { .unix_time = NOW, .demand = CERTIFICATE_DEMAND_CERTIFICATE };

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
	cr_assert_eq(checked.doubt, DOUBT_UNSIGNED);
	policy.demand = CERTIFICATE_DEMAND_ANY;
	cr_assert_eq(check(&policy, "str:a", &plain), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_UNSIGNED);
	policy.demand = CERTIFICATE_DEMAND_KEY;
	cr_assert_eq(check(&policy, "str:a", &plain), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_NOT_A_KEY);
	cr_assert_eq(check(&strict, "str:a", &plain), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_UNSIGNED);
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
	cr_assert_eq(doubt, DOUBT_WRONG_IDENTITY);
	cr_assert_eq(check(&lenient, "str:A", &plain), BAD_CERTIFICATE);
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &plain), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_WRONG_IDENTITY);
}

Test(certificate_check, demands_an_application_with_an_identity)
{
	struct recipe recipe = plain;

	recipe.app_id_count = 0;
	cr_assert_eq(check(&lenient, "str:a", &recipe), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_NO_APP);
	recipe.app_id_count = 2;
	recipe.app_ids[0] = 480;
	cr_assert_eq(check(&lenient, "str:a", &recipe), 0); /* the other is 0 */
	recipe.app_ids[1] = 481;
	cr_assert_eq(check(&lenient, "str:a", &recipe), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_WRONG_APP);
}

Test(certificate_check, takes_an_anonymous_one_for_whoever_it_is)
{
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &(struct recipe){ .key = 9, .app_id_count = 1 }), 0);
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &(struct recipe){ .key = 9 }), 0);
	cr_assert_eq(check(&lenient, "ip:1.2.3.4:5", &(struct recipe){ .key = 9, .identity = "ip:::1", .app_id_count = 1 }),
	             0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
	for (int demand = CERTIFICATE_DEMAND_ANY; demand <= CERTIFICATE_DEMAND_CERTIFICATE; demand++) {
		struct certificate_policy policy = { .unix_time = NOW, .demand = (enum certificate_demand)demand };
		cr_assert_eq(check(&policy, "ip:1.2.3.4:5", &(struct recipe){ .key = 9 }), BAD_CERTIFICATE);
		cr_assert_eq(doubt, demand == CERTIFICATE_DEMAND_KEY ? DOUBT_NOT_A_KEY : DOUBT_ANONYMOUS);
	}
}

Test(certificate_check, refuses_a_signature_over_an_anonymous_one)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = lenient;
	struct recipe recipe = vouched;

	policy.trust = store;
	recipe.identity = NULL;
	cr_assert_eq(check(&policy, "ip:1.2.3.4:5", &recipe), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_NO_IDENTITY);
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
	cr_assert(checked.was_signed && checked.believed);
	cr_assert_eq(checked.doubt, DOUBT_NONE);
	cr_assert_eq(checked.issuer, id_of_key(1));
	cr_assert(checked.authority_count == 1 && checked.authorities[0] == id_of_key(1));
	cr_assert_eq(checked.expiry, 2000);
	cr_assert_str_eq(checked.identity.text, "str:a");
	cr_assert_eq(check(&policy, "str:b", &vouched), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_WRONG_IDENTITY);
	trust_store_destroy(store);
}

/* Every way in which a signature can fail to count. */
static const struct {
	struct recipe recipe;
	enum verdict_doubt doubt;
} unbelieved[] = {
	{ { .key = 9, .identity = "str:a", .expiry = NOW - 1, .app_id_count = 1, .authority = 1 }, DOUBT_EXPIRED },
	{ { .key = 9, .identity = "str:a", .app_id_count = 1, .authority = 1 }, DOUBT_EXPIRED },
	{ { .key = 9,
	    .identity = "str:a",
	    .created = NOW + TRUST_CLOCK_TOLERANCE + 1,
	    .expiry = 9000,
	    .app_id_count = 1,
	    .authority = 1 },
	  DOUBT_NOT_YET_VALID },
	{ { .key = 9, .identity = "str:a", .expiry = 2000, .app_id_count = 1, .authority = 2 }, DOUBT_UNTRUSTED },
	{ { .key = 9, .identity = "str:a", .expiry = 2000, .app_id_count = 1, .authority = 3 }, DOUBT_AUTHORITY_EXPIRED },
	{ { .key = 9, .identity = "str:a", .expiry = 2000, .app_id_count = 1, .authority = 4 }, DOUBT_AUTHORITY_REVOKED },
	{ { .key = 9, .identity = "str:a", .expiry = 2000, .app_id_count = 1, .authority = 5 }, DOUBT_AUTHORITY_NOT_YET },
};

static void add_authority(struct trust_store *store, const struct recipe *recipe)
{
	struct made made;

	make_certificate(&made, recipe);
	cr_assert_eq(trust_store_add_authority(store, made.bytes, made.size), AUTHORITY_FINE);
}

Test(certificate_check, takes_a_signature_it_does_not_believe_for_none)
{
	struct trust_store *store = store_with_root();

	add_authority(store, &(struct recipe){ .key = 3, .expiry = NOW - 1, .authority = 1 });
	add_authority(store, &(struct recipe){ .key = 4, .expiry = 2000, .authority = 1 });
	cr_assert(trust_store_revoke(store, id_of_key(4)));
	add_authority(store, &(struct recipe){ .key = 5, .expiry = 9000, .created = NOW + 301, .authority = 1 });
	for (size_t i = 0; i < sizeof(unbelieved) / sizeof(unbelieved[0]); i++) {
		for (int demand = 0; demand <= CERTIFICATE_DEMAND_CERTIFICATE; demand++) {
			struct certificate_policy policy = { store, NOW, 0, (enum certificate_demand)demand };
			uint32_t expected = demand == CERTIFICATE_DEMAND_NOTHING ? 0 : BAD_CERTIFICATE;

			cr_assert_eq(check(&policy, "str:a", &unbelieved[i].recipe), expected, "%zu", i);
			cr_assert_eq(checked.doubt, unbelieved[i].doubt, "%zu: %d", i, checked.doubt);
			cr_assert_not(checked.believed);
			cr_assert_eq(checked.proof, CRYPTO_PROOF_NOTHING);
			cr_assert_eq(checked.authority_count, 0);
			if (demand == CERTIFICATE_DEMAND_ANY || demand == CERTIFICATE_DEMAND_CERTIFICATE)
				cr_assert_eq(doubt, unbelieved[i].doubt);
		}
	}
	trust_store_destroy(store);
}

Test(certificate_check, lets_a_certificate_count_in_its_last_second)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = strict;

	policy.trust = store;
	policy.unix_time = 2000;
	cr_assert_eq(check(&policy, "str:a", &vouched), 0);
	policy.unix_time = 2001;
	cr_assert_eq(check(&policy, "str:a", &vouched), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_EXPIRED);
	trust_store_destroy(store);
}

Test(certificate_check, lets_clocks_differ_by_five_minutes)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = strict;
	struct recipe recipe = vouched;

	policy.trust = store;
	recipe.created = 1500;
	policy.unix_time = 1200;
	cr_assert_eq(check(&policy, "str:a", &recipe), 0);
	policy.unix_time = 1199;
	cr_assert_eq(check(&policy, "str:a", &recipe), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_NOT_YET_VALID);
	trust_store_destroy(store);
}

Test(certificate_check, keeps_an_authority_within_its_applications)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW };
	struct recipe recipe = vouched;

	add_authority(store,
	              &(struct recipe){ .key = 2, .expiry = 4000, .app_ids = { 480 }, .app_id_count = 1, .authority = 1 });
	recipe.authority = 2;
	cr_assert_eq(check(&policy, "str:a", &recipe), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_AUTHORITY_WRONG_APP);
	recipe.app_ids[0] = 480;
	cr_assert_eq(check(&policy, "str:a", &recipe), BAD_CERTIFICATE);
	policy.app_id = 480;
	cr_assert_eq(check(&policy, "str:a", &recipe), 0);
	trust_store_destroy(store);
}

Test(certificate_check, refuses_a_revoked_key_signed_or_not)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW };

	cr_assert(trust_store_revoke(store, id_of_key(9)));
	cr_assert_eq(check(&policy, "str:a", &vouched), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_REVOKED);
	cr_assert_eq(check(&policy, "str:a", &plain), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_REVOKED);
	trust_store_destroy(store);
}

Test(certificate_check, notices_a_revocation_afterwards)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW };
	struct recipe recipe = vouched;

	add_authority(store, &(struct recipe){ .key = 2, .expiry = 4000, .authority = 1 });
	recipe.authority = 2;
	cr_assert_eq(check(&policy, "str:a", &recipe), 0);
	cr_assert_eq(certificate_check_revoked(store, &checked), DOUBT_NONE);
	cr_assert(trust_store_revoke(store, id_of_key(2)));
	cr_assert_eq(certificate_check_revoked(store, &checked), DOUBT_AUTHORITY_REVOKED);
	cr_assert(trust_store_set_revoked(store, NULL, 0));
	cr_assert_eq(certificate_check_revoked(store, &checked), DOUBT_NONE);
	cr_assert(trust_store_revoke(store, id_of_key(1)));
	cr_assert_eq(certificate_check_revoked(store, &checked), DOUBT_AUTHORITY_REVOKED);
	cr_assert(trust_store_revoke(store, id_of_key(9)));
	cr_assert_eq(certificate_check_revoked(store, &checked), DOUBT_REVOKED);
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
	cr_assert_eq(doubt, DOUBT_WRONG_KEY);
	recipe.identity = NULL; /* says nothing itself, and is taken for the other */
	cr_assert_eq(check(&lenient, other.text, &recipe), BAD_CERTIFICATE);
	cr_assert_eq(check(&lenient, own.text, &recipe), 0);
	recipe.identity = "ip:::1";
	cr_assert_eq(check(&lenient, other.text, &recipe), BAD_CERTIFICATE);
}

Test(certificate_check, demands_the_key_even_if_an_authority_vouches)
{
	struct trust_store *store = store_with_root();
	struct certificate_policy policy = { .trust = store, .unix_time = NOW };
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

Test(certificate_check, lets_a_proven_key_suffice_unless_a_certificate_is_demanded)
{
	struct trust_store *store = store_with_root();
	struct identity own = identity_of_key(9);
	struct recipe recipe = { .key = 9, .identity = own.text, .app_id_count = 1 };
	struct certificate_policy policy = strict;

	policy.trust = store;
	cr_assert_eq(check(&policy, own.text, &recipe), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_UNSIGNED);
	policy.demand = CERTIFICATE_DEMAND_ANY;
	cr_assert_eq(check(&policy, own.text, &recipe), 0);
	policy.demand = CERTIFICATE_DEMAND_KEY;
	cr_assert_eq(check(&policy, own.text, &recipe), 0);
	cr_assert_eq(check(&policy, "str:a", &plain), BAD_CERTIFICATE);
	cr_assert_eq(check(&policy, "str:a", &vouched), BAD_CERTIFICATE);
	cr_assert_eq(doubt, DOUBT_NOT_A_KEY);
	recipe.authority = 1;
	recipe.expiry = 2000;
	policy.demand = CERTIFICATE_DEMAND_CERTIFICATE;
	cr_assert_eq(check(&policy, own.text, &recipe), 0);
	cr_assert_eq(checked.proof, CRYPTO_PROOF_KEY);
	cr_assert(checked.believed);
	trust_store_destroy(store);
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
	struct certificate_policy policy = strict;
	struct identity identity = identity_of("str:a");
	struct made made;

	policy.trust = store;
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
