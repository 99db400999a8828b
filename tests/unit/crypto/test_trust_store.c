#include <criterion/criterion.h>

#include "core/crypto/trust_store.h"

#include "certificate_maker.h"

#define NOW 1000

static const char *why;
static struct trust_limits limits;

static bool verifies(const struct trust_store *store, const struct made *made)
{
	return trust_store_verify(store, NOW, &made->envelope, &limits, &why);
}

static void make_end(struct made *out, uint8_t authority)
{
	make_certificate(
		out,
		&(struct recipe){ .key = 50, .identity = "str:a", .expiry = 5000, .app_id_count = 1, .authority = authority });
}

static bool add_root(struct trust_store *store, uint8_t name)
{
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, name);
	return trust_store_add_root(store, public_key);
}

static bool add_authority(struct trust_store *store, uint8_t key, uint8_t issuer, uint32_t expiry)
{
	struct made made;

	make_certificate(&made, &(struct recipe){ .key = key, .expiry = expiry, .authority = issuer });
	return trust_store_add_authority(store, made.bytes, made.size);
}

Test(trust_store, believes_nobody_at_first)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	make_end(&end, 1);
	cr_assert_not(verifies(store, &end));
	cr_assert_str_eq(why, "signed by an unknown authority");
	cr_assert_not(verifies(NULL, &end));
	trust_store_destroy(store);
	trust_store_destroy(NULL);
}

Test(trust_store, believes_what_a_root_signed)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	cr_assert(add_root(store, 1));
	make_end(&end, 1);
	cr_assert(verifies(store, &end));
	cr_assert(limits.any_app);
	make_end(&end, 2);
	cr_assert_not(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, refuses_every_flipped_bit)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	cr_assert(add_root(store, 1));
	make_end(&end, 1);
	for (size_t bit = 0; bit < end.envelope.cert_size * 8; bit += 7) {
		end.cert[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert_not(verifies(store, &end));
		end.cert[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	end.signature[10] ^= 4;
	cr_assert_not(verifies(store, &end));
	cr_assert_str_eq(why, "bad signature of the authority");
	end.signature[10] ^= 4;
	end.envelope.signature_size = 63;
	cr_assert_not(verifies(store, &end));
	cr_assert_str_eq(why, "malformed signature");
	end.envelope.signature_size = 64;
	cr_assert(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, follows_chains_added_in_any_order)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	make_end(&end, 4);
	cr_assert(add_authority(store, 4, 3, 3000));
	cr_assert(add_authority(store, 2, 1, 2000));
	cr_assert_not(verifies(store, &end));
	cr_assert(add_authority(store, 3, 2, 4000));
	cr_assert_not(verifies(store, &end));
	cr_assert(add_root(store, 1));
	cr_assert(verifies(store, &end));
	cr_assert_eq(limits.expiry, 2000);
	trust_store_destroy(store);
}

Test(trust_store, refuses_a_chain_of_which_a_part_has_expired)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	make_end(&end, 3);
	cr_assert(add_root(store, 1));
	cr_assert(add_authority(store, 2, 1, NOW - 1));
	cr_assert(add_authority(store, 3, 2, 4000));
	cr_assert_not(verifies(store, &end));
	cr_assert_str_eq(why, "authority expired");
	cr_assert(add_authority(store, 2, 1, NOW)); /* renewed: the longer one counts, to its last second */
	cr_assert(verifies(store, &end));
	cr_assert_eq(limits.expiry, NOW);
	trust_store_destroy(store);
}

Test(trust_store, does_not_believe_a_circle)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	make_end(&end, 2);
	cr_assert(add_authority(store, 2, 3, 4000));
	cr_assert(add_authority(store, 3, 2, 4000));
	cr_assert(add_authority(store, 4, 4, 4000)); /* self-signed is no root here */
	cr_assert_not(verifies(store, &end));
	make_end(&end, 4);
	cr_assert_not(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, does_not_believe_an_authority_with_a_forged_issuer)
{
	struct trust_store *store = trust_store_new();
	struct made end, authority;
	struct byte_writer writer;

	cr_assert(add_root(store, 1));
	make_certificate(&authority, &(struct recipe){ .key = 2, .expiry = 4000, .authority = 9 });
	authority.envelope.authority = id_of_key(1);
	byte_writer_init(&writer, authority.bytes, sizeof(authority.bytes));
	msg_signed_certificate_write(&writer, &authority.envelope);
	cr_assert(trust_store_add_authority(store, authority.bytes, byte_writer_size(&writer)));
	make_end(&end, 2);
	cr_assert_not(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, limits_applications_all_the_way_down)
{
	struct trust_store *store = trust_store_new();
	struct made end, authority;

	make_end(&end, 3);
	cr_assert(add_root(store, 1));
	make_certificate(
		&authority,
		&(struct recipe){ .key = 2, .expiry = 4000, .app_ids = { 5, 6, 7 }, .app_id_count = 3, .authority = 1 });
	cr_assert(trust_store_add_authority(store, authority.bytes, authority.size));
	make_certificate(
		&authority,
		&(struct recipe){ .key = 3, .expiry = 4000, .app_ids = { 6, 8 }, .app_id_count = 2, .authority = 2 });
	cr_assert(trust_store_add_authority(store, authority.bytes, authority.size));
	cr_assert(verifies(store, &end));
	cr_assert(trust_limits_allow_app(&limits, 6));
	cr_assert_not(trust_limits_allow_app(&limits, 5));
	cr_assert_not(trust_limits_allow_app(&limits, 8));
	cr_assert_not(trust_limits_allow_app(&limits, 0));

	cr_assert(add_authority(store, 4, 3, 4000)); /* itself without a list: inherits */
	make_end(&end, 4);
	cr_assert(verifies(store, &end));
	cr_assert(trust_limits_allow_app(&limits, 6));
	cr_assert_not(trust_limits_allow_app(&limits, 7));
	trust_store_destroy(store);
}

Test(trust_store, revokes_a_key_and_all_below_it)
{
	struct trust_store *store = trust_store_new();
	struct made end, direct;

	cr_assert(add_root(store, 1));
	cr_assert(add_authority(store, 2, 1, 4000));
	cr_assert(add_authority(store, 3, 2, 4000));
	make_end(&end, 3);
	make_end(&direct, 1);
	cr_assert(verifies(store, &end));
	cr_assert(trust_store_revoke(store, id_of_key(2)));
	cr_assert(trust_store_is_revoked(store, id_of_key(2)));
	cr_assert_not(verifies(store, &end));
	cr_assert(verifies(store, &direct));
	cr_assert(trust_store_revoke(store, id_of_key(1)));
	cr_assert_not(verifies(store, &direct));
	trust_store_destroy(store);
}

Test(trust_store, takes_self_signed_roots_within_their_limits)
{
	struct trust_store *store = trust_store_new();
	struct made root, end;

	make_certificate(&root,
	                 &(struct recipe){ .key = 1, .expiry = 3000, .app_ids = { 5 }, .app_id_count = 1, .authority = 1 });
	root.bytes[root.size - 1] ^= 1;
	cr_assert_not(trust_store_add_root_certificate(store, root.bytes, root.size));
	root.bytes[root.size - 1] ^= 1;
	cr_assert(trust_store_add_root_certificate(store, root.bytes, root.size));
	make_end(&end, 1);
	cr_assert(verifies(store, &end));
	cr_assert_eq(limits.expiry, 3000);
	cr_assert_not(trust_limits_allow_app(&limits, 0));

	make_certificate(&root, &(struct recipe){ .key = 2, .expiry = 3000, .authority = 1 });
	cr_assert_not(trust_store_add_root_certificate(store, root.bytes, root.size));
	trust_store_destroy(store);
}

Test(trust_store, refuses_authorities_without_expiry_signature_or_with_an_identity)
{
	struct trust_store *store = trust_store_new();
	struct made made;

	cr_assert_not(add_authority(store, 2, 1, 0));
	make_certificate(&made, &(struct recipe){ .key = 2, .expiry = 4000 });
	cr_assert_not(trust_store_add_authority(store, made.bytes, made.size));
	make_certificate(&made, &(struct recipe){ .key = 2, .identity = "str:a", .expiry = 4000, .authority = 1 });
	cr_assert_not(trust_store_add_authority(store, made.bytes, made.size));
	make_certificate(&made, &(struct recipe){ .key = 2, .expiry = 4000, .authority = 1 });
	for (size_t size = 0; size < made.size; size++)
		cr_assert_not(trust_store_add_authority(store, made.bytes, size));
	trust_store_destroy(store);
}

Test(trust_store, is_bounded_and_takes_the_same_twice_for_free)
{
	struct trust_store *store = trust_store_new();

	for (int round = 0; round < 2; round++) {
		for (uint8_t i = 0; i < TRUST_STORE_ROOTS_MAX; i++)
			cr_assert(add_root(store, (uint8_t)(i + 1)));
	}
	cr_assert_not(add_root(store, 200));
	for (int round = 0; round < 2; round++) {
		for (uint8_t i = 0; i < TRUST_STORE_AUTHORITIES_MAX; i++)
			cr_assert(add_authority(store, (uint8_t)(i + 100), 1, 4000));
	}
	cr_assert_not(add_authority(store, 99, 1, 4000));
	for (uint64_t i = 0; i < TRUST_STORE_REVOKED_MAX; i += 64)
		cr_assert(trust_store_revoke(store, i));
	cr_assert(trust_store_revoke(store, 64));
	trust_store_destroy(store);
}
