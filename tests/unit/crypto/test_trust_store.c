#include <criterion/criterion.h>

#include "core/crypto/trust_store.h"

#include "certificate_maker.h"

#define NOW 1000

static enum verdict_doubt why;
static struct trust_limits limits;

static bool verifies_at(struct trust_store *store, int64_t unix_time, const struct made *made)
{
	why = trust_store_verify(store, unix_time, &made->envelope, &limits);
	return why == DOUBT_NONE;
}

static bool verifies(struct trust_store *store, const struct made *made)
{
	return verifies_at(store, NOW, made);
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
	return trust_store_add_root(store, public_key) == AUTHORITY_FINE;
}

static bool add_authority(struct trust_store *store, uint8_t key, uint8_t issuer, uint32_t expiry)
{
	struct made made;

	make_certificate(&made, &(struct recipe){ .key = key, .expiry = expiry, .authority = issuer });
	return trust_store_add_authority(store, made.bytes, made.size) == AUTHORITY_FINE;
}

Test(trust_store, believes_nobody_at_first)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	make_end(&end, 1);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_UNTRUSTED);
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
	cr_assert_eq(why, DOUBT_FORGED);
	end.signature[10] ^= 4;
	end.envelope.signature_size = 63;
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_FORGED);
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
	cr_assert_eq(why, DOUBT_AUTHORITY_EXPIRED);
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
	cr_assert_eq(trust_store_add_authority(store, authority.bytes, byte_writer_size(&writer)), AUTHORITY_FINE);
	make_end(&end, 2);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_FORGED);
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
	cr_assert_eq(trust_store_add_authority(store, authority.bytes, authority.size), AUTHORITY_FINE);
	make_certificate(
		&authority,
		&(struct recipe){ .key = 3, .expiry = 4000, .app_ids = { 6, 8 }, .app_id_count = 2, .authority = 2 });
	cr_assert_eq(trust_store_add_authority(store, authority.bytes, authority.size), AUTHORITY_FINE);
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
	cr_assert_eq(why, DOUBT_AUTHORITY_REVOKED);
	cr_assert(verifies(store, &direct));
	cr_assert(trust_store_revoke(store, id_of_key(1)));
	cr_assert_not(verifies(store, &direct));
	cr_assert_eq(why, DOUBT_AUTHORITY_REVOKED);
	cr_assert(trust_store_set_revoked(store, NULL, 0));
	cr_assert(verifies(store, &end));
	cr_assert(trust_store_set_revoked(store, (uint64_t[]){ 1, 2, id_of_key(3) }, 3));
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(trust_store_revoked_count(store), 3);
	cr_assert_eq(trust_store_revoked_get(store, 2), id_of_key(3));
	trust_store_destroy(store);
}

Test(trust_store, takes_self_signed_roots_within_their_limits)
{
	struct trust_store *store = trust_store_new();
	struct made root, end;

	make_certificate(&root,
	                 &(struct recipe){ .key = 1, .expiry = 3000, .app_ids = { 5 }, .app_id_count = 1, .authority = 1 });
	root.bytes[root.size - 1] ^= 1;
	cr_assert_eq(trust_store_add_root_certificate(store, root.bytes, root.size), AUTHORITY_FORGED);
	root.bytes[root.size - 1] ^= 1;
	cr_assert_eq(trust_store_add_root_certificate(store, root.bytes, root.size), AUTHORITY_FINE);
	make_end(&end, 1);
	cr_assert(verifies(store, &end));
	cr_assert_eq(limits.expiry, 3000);
	cr_assert_not(trust_limits_allow_app(&limits, 0));

	make_certificate(&root, &(struct recipe){ .key = 2, .expiry = 3000, .authority = 1 });
	cr_assert_eq(trust_store_add_root_certificate(store, root.bytes, root.size), AUTHORITY_FORGED);
	trust_store_destroy(store);
}

Test(trust_store, refuses_authorities_without_expiry_signature_or_with_an_identity)
{
	struct trust_store *store = trust_store_new();
	struct made made;

	make_certificate(&made, &(struct recipe){ .key = 2, .authority = 1 });
	cr_assert_eq(trust_store_add_authority(store, made.bytes, made.size), AUTHORITY_NO_EXPIRY);
	make_certificate(&made, &(struct recipe){ .key = 2, .expiry = 4000 });
	cr_assert_eq(trust_store_add_authority(store, made.bytes, made.size), AUTHORITY_UNSIGNED);
	make_certificate(&made, &(struct recipe){ .key = 2, .identity = "str:a", .expiry = 4000, .authority = 1 });
	cr_assert_eq(trust_store_add_authority(store, made.bytes, made.size), AUTHORITY_HAS_IDENTITY);
	make_certificate(&made, &(struct recipe){ .key = 2, .expiry = 4000, .authority = 1 });
	for (size_t size = 0; size < made.size; size++)
		cr_assert_neq(trust_store_add_authority(store, made.bytes, size), AUTHORITY_FINE);
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

/* --- what a peer brings along */

static void make_authority(struct made *out, uint8_t key, uint8_t issuer)
{
	make_certificate(out, &(struct recipe){ .key = key, .expiry = 4000, .authority = issuer });
}

Test(trust_store, climbs_the_chain_that_a_certificate_brings)
{
	struct trust_store *store = trust_store_new();
	struct made end, middle, upper;

	cr_assert(add_root(store, 1));
	make_end(&end, 3);
	make_authority(&middle, 3, 2);
	make_authority(&upper, 2, 1);
	cr_assert_not(verifies(store, &end));
	attach(&end, &upper); /* the order does not matter */
	cr_assert_not(verifies(store, &end));
	attach(&end, &middle);
	cr_assert(verifies(store, &end));
	cr_assert_eq(limits.authority_count, 3);
	cr_assert_eq(limits.authorities[0], id_of_key(3));
	cr_assert_eq(limits.authorities[1], id_of_key(2));
	cr_assert_eq(limits.authorities[2], id_of_key(1));
	cr_assert_eq(limits.expiry, 4000);
	make_end(&end, 3);
	cr_assert_not(verifies(store, &end)); /* nothing was remembered */
	trust_store_destroy(store);
}

Test(trust_store, does_not_believe_what_leads_to_no_root)
{
	struct trust_store *store = trust_store_new();
	struct made end, middle, root;

	cr_assert(add_root(store, 1));
	make_end(&end, 3);
	make_authority(&middle, 3, 9);
	make_authority(&root, 9, 9);
	attach(&end, &middle);
	attach(&end, &root);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_UNTRUSTED);
	trust_store_destroy(store);
}

Test(trust_store, checks_every_signature_of_a_chain)
{
	struct trust_store *store = trust_store_new();
	struct made end, middle;

	cr_assert(add_root(store, 1));
	make_end(&end, 3);
	make_authority(&middle, 3, 1);
	for (size_t at = 0; at < middle.size; at += 5) {
		struct made copy = middle, with = end;

		copy.bytes[at] ^= 0x10;
		attach(&with, &copy);
		cr_assert_not(verifies(store, &with), "byte %zu", at);
	}
	attach(&end, &middle);
	cr_assert(verifies(store, &end));
	end.signature[3] ^= 1;
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_FORGED);
	trust_store_destroy(store);
}

Test(trust_store, does_not_let_a_peer_vouch_for_others)
{
	struct trust_store *store = trust_store_new();
	struct recipe recipe = { .key = 3, .identity = "str:b", .expiry = 4000, .app_id_count = 1, .authority = 1 };
	struct made end, somebody;

	/* A certificate with an identity is no authority's, whatever it signs. */
	cr_assert(add_root(store, 1));
	make_certificate(&somebody, &recipe);
	make_end(&end, 3);
	attach(&end, &somebody);
	cr_assert_not(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, refuses_an_expired_premature_or_revoked_part_of_a_chain)
{
	struct trust_store *store = trust_store_new();
	struct made end, middle;

	cr_assert(add_root(store, 1));
	make_end(&end, 3);
	make_certificate(&middle, &(struct recipe){ .key = 3, .expiry = NOW - 1, .authority = 1 });
	attach(&end, &middle);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_AUTHORITY_EXPIRED);

	make_end(&end, 3);
	make_certificate(&middle, &(struct recipe){ .key = 3, .expiry = 9000, .created = 5000, .authority = 1 });
	attach(&end, &middle);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_AUTHORITY_NOT_YET);

	make_end(&end, 3);
	make_authority(&middle, 3, 1);
	attach(&end, &middle);
	cr_assert(verifies(store, &end));
	cr_assert(trust_store_revoke(store, id_of_key(3)));
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_AUTHORITY_REVOKED);
	trust_store_destroy(store);
}

Test(trust_store, goes_up_five_authorities_and_no_further)
{
	struct trust_store *store = trust_store_new();
	struct made end, low, high;

	/* Root 1; 2 to 5 below it: five in all. 6 is one too many. */
	cr_assert(add_root(store, 1));
	for (uint8_t i = 2; i <= 6; i++)
		cr_assert(add_authority(store, i, (uint8_t)(i - 1), 4000));
	make_end(&end, 5);
	cr_assert(verifies(store, &end));
	cr_assert_eq(limits.authority_count, TRUST_CHAIN_MAX);
	make_end(&end, 6);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_CHAIN_TOO_LONG);
	cr_assert(add_authority(store, 7, 6, 4000));
	make_end(&end, 7);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_CHAIN_TOO_LONG);

	/* The same when the last ones are brought along. */
	make_end(&end, 21);
	make_authority(&low, 21, 20);
	attach(&end, &low);
	make_authority(&high, 20, 4);
	attach(&end, &high);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_CHAIN_TOO_LONG);
	trust_store_destroy(store);
}

Test(trust_store, is_not_caught_in_a_circle_that_a_peer_brings)
{
	struct trust_store *store = trust_store_new();
	struct made end, one, other;

	cr_assert(add_root(store, 1));
	make_end(&end, 3);
	make_authority(&one, 3, 4);
	make_authority(&other, 4, 3);
	attach(&end, &one);
	attach(&end, &other);
	attach(&end, &one);
	attach(&end, &other);
	cr_assert_not(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, limits_the_applications_of_a_chain_that_is_brought)
{
	struct trust_store *store = trust_store_new();
	struct made end, middle;

	cr_assert(add_root(store, 1));
	make_end(&end, 3);
	make_certificate(&middle,
	                 &(struct recipe){ .key = 3, .expiry = 4000, .app_ids = { 7 }, .app_id_count = 1, .authority = 1 });
	attach(&end, &middle);
	cr_assert(verifies(store, &end));
	cr_assert(trust_limits_allow_app(&limits, 7));
	cr_assert_not(trust_limits_allow_app(&limits, 0));
	trust_store_destroy(store);
}

/* --- time */

Test(trust_store, takes_the_newer_certificate_a_peer_brings_for_one_that_expired_here)
{
	struct trust_store *store = trust_store_new();
	struct made end, renewed;

	cr_assert(add_root(store, 1));
	cr_assert(add_authority(store, 3, 1, NOW - 1));
	make_end(&end, 3);
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_AUTHORITY_EXPIRED);
	make_authority(&renewed, 3, 1);
	attach(&end, &renewed);
	cr_assert(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, uses_of_several_certificates_the_one_that_counts_now)
{
	struct trust_store *store = trust_store_new();
	struct made end, now, later;

	/* 2 was renewed in advance: the certificate that lasts longer does not count yet. */
	cr_assert(add_root(store, 1));
	make_certificate(&now, &(struct recipe){ .key = 2, .created = 1000, .expiry = 3000, .authority = 1 });
	make_certificate(&later, &(struct recipe){ .key = 2, .created = 2500, .expiry = 9000, .authority = 1 });
	cr_assert_eq(trust_store_add_authority(store, now.bytes, now.size), AUTHORITY_FINE);
	cr_assert_eq(trust_store_add_authority(store, later.bytes, later.size), AUTHORITY_FINE);
	cr_assert(add_authority(store, 3, 2, 9000));
	make_end(&end, 3);
	cr_assert_not(verifies_at(store, 600, &end));
	cr_assert_eq(why, DOUBT_AUTHORITY_NOT_YET);
	cr_assert(verifies_at(store, 1000, &end));
	cr_assert_eq(limits.expiry, 3000);
	cr_assert(verifies_at(store, 3000, &end));
	cr_assert(verifies_at(store, 3001, &end));
	cr_assert_eq(limits.expiry, 9000);
	cr_assert(verifies_at(store, 9000, &end));
	cr_assert_not(verifies_at(store, 9001, &end));
	cr_assert_eq(why, DOUBT_AUTHORITY_EXPIRED);
	cr_assert(verifies_at(store, 1000, &end)); /* clocks are put back */
	trust_store_destroy(store);
}

/* --- removing and listing */

Test(trust_store, forgets_a_root_and_all_that_hung_on_it)
{
	struct trust_store *store = trust_store_new();
	struct made end;

	cr_assert(add_root(store, 1));
	cr_assert(add_root(store, 5));
	cr_assert(add_authority(store, 2, 1, 4000));
	make_end(&end, 2);
	cr_assert(verifies(store, &end));
	cr_assert(trust_store_remove(store, id_of_key(1)));
	cr_assert_not(verifies(store, &end));
	cr_assert_eq(why, DOUBT_UNTRUSTED);
	cr_assert_not(trust_store_remove(store, id_of_key(1)));
	cr_assert_eq(trust_store_count(store), 2);
	cr_assert(add_root(store, 1));
	cr_assert(verifies(store, &end));
	trust_store_destroy(store);
}

Test(trust_store, lists_what_it_has)
{
	struct trust_store *store = trust_store_new();
	const struct authority *entry;
	bool believed;

	cr_assert(add_root(store, 1));
	cr_assert(add_authority(store, 3, 2, 4000));
	cr_assert_eq(trust_store_count(store), 2);
	entry = trust_store_get(store, 0, &believed);
	cr_assert(entry->is_root && believed && entry->id == id_of_key(1));
	entry = trust_store_get(store, 1, &believed);
	cr_assert(!entry->is_root && !believed && entry->issuer == id_of_key(2) && entry->limits.expiry == 4000);
	cr_assert(add_authority(store, 2, 1, 4000));
	trust_store_get(store, 1, &believed);
	cr_assert(believed);
	trust_store_destroy(store);
}

Test(trust_store, takes_a_list_of_revoked_keys_whole_or_not_at_all)
{
	static uint64_t ids[TRUST_STORE_REVOKED_MAX + 1];
	struct trust_store *store = trust_store_new();

	for (size_t i = 0; i <= TRUST_STORE_REVOKED_MAX; i++)
		ids[i] = i + 1;
	cr_assert_not(trust_store_set_revoked(store, ids, TRUST_STORE_REVOKED_MAX + 1));
	cr_assert_eq(trust_store_revoked_count(store), 0);
	cr_assert(trust_store_set_revoked(store, ids, TRUST_STORE_REVOKED_MAX));
	cr_assert_not(trust_store_revoke(store, 999999));
	cr_assert(trust_store_revoke(store, 5));
	trust_store_destroy(store);
}
