/* Who is let in. Alice calls Bob, by address and by signals; one of them is strict, the other has
 * something wrong about it. The strict one's application never hears of it; both learn why it failed. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/endpoint/endpoint_trust.h"
#include "story.h"
#include "unit/crypto/certificate_maker.h"

enum { ALICE = 0, BOB = 1 };

#define NOW 1700000000u /* in these worlds */
#define ROOT 1          /* the key that is believed */

static struct story story;

static struct endpoint *endpoint_of(unsigned side)
{
	return core_endpoint(story.world.peers[side].core);
}

static struct trust_store *trust_of(unsigned side)
{
	return endpoint_trust(endpoint_of(side));
}

static void believe(unsigned side, uint8_t key)
{
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, key);
	cr_assert_eq(trust_store_add_root(trust_of(side), public_key), AUTHORITY_FINE);
}

static void demand(unsigned side, int32_t proof)
{
	story.app.options.require_proof[side] = proof;
}

/* An endpoint does not take a certificate that nobody would; so first one that is good, and then what a
 * broken or hostile program has. */
static void force(unsigned side, const struct made *made)
{
	struct certificate_own *own = (struct certificate_own *)(uintptr_t)endpoint_certificate(endpoint_of(side));

	memcpy(own->private_key, made->seed, 32);
	memcpy(own->public_key, made->public_key, 32);
	memcpy(own->cert, made->envelope.cert, made->envelope.cert_size);
	own->cert_size = made->envelope.cert_size;
	own->is_signed = made->envelope.signature != NULL;
	own->authority = made->envelope.authority;
	if (own->is_signed)
		memcpy(own->signature, made->envelope.signature, 64);
	own->chain_count = 0;
	for (size_t i = 0, used = 0; i < made->envelope.chain_count; i++) {
		memcpy(own->chain + used, made->envelope.chain[i].bytes, made->envelope.chain[i].size);
		own->chain_sizes[own->chain_count++] = made->envelope.chain[i].size;
		used += made->envelope.chain[i].size;
	}
}

static const char *name_of(unsigned side)
{
	return side == ALICE ? "str:alice" : "str:bob";
}

static struct recipe good(unsigned side)
{
	return (struct recipe){ .key = (uint8_t)(10 + side),
		                    .identity = name_of(side),
		                    .created = NOW - 1000,
		                    .expiry = NOW + 1000,
		                    .app_id_count = 1,
		                    .authority = ROOT };
}

/* --- what can be wrong; `side` is the one it is wrong with, the other is strict */

static void wrong_unsigned(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	recipe.authority = 0;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_expired(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	recipe.expiry = NOW - 1;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_early(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	recipe.created = NOW + 301;
	recipe.expiry = NOW + 1000;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_root(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	recipe.authority = 66;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_signature(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	make_certificate(&made, &recipe);
	made.signature[0] ^= 1;
	force(side, &made);
}

static void wrong_revoked(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	make_certificate(&made, &recipe);
	force(side, &made);
	cr_assert(trust_store_revoke(trust_of(1 - side), id_of_key(recipe.key)));
}

/* Signed by key 5, which the root signed, and which comes along. */
static void below_another(unsigned side, const struct recipe *authority, struct made *with)
{
	static struct made above;
	struct recipe recipe = good(side);

	recipe.authority = 5;
	make_certificate(with, &recipe);
	make_certificate(&above, authority);
	attach(with, &above);
	force(side, with);
}

static void wrong_authority_revoked(unsigned side)
{
	struct made made;

	below_another(side, &(struct recipe){ .key = 5, .expiry = NOW + 10, .authority = ROOT }, &made);
	cr_assert(trust_store_revoke(trust_of(1 - side), id_of_key(5)));
}

static void wrong_authority_expired(unsigned side)
{
	struct made made;

	below_another(side, &(struct recipe){ .key = 5, .expiry = NOW - 1, .authority = ROOT }, &made);
}

static void wrong_authority_app(unsigned side)
{
	struct recipe recipe = { .key = 5, .expiry = NOW + 10, .app_ids = { 480 }, .app_id_count = 1, .authority = ROOT };
	struct made made;

	below_another(side, &recipe, &made);
}

static void wrong_long_chain(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made, above;

	for (uint8_t key = 2; key <= 6; key++) {
		make_certificate(&above, &(struct recipe){ .key = key, .expiry = NOW + 10, .authority = (uint8_t)(key - 1) });
		cr_assert_eq(trust_store_add_authority(trust_of(1 - side), above.bytes, above.size), AUTHORITY_FINE);
	}
	recipe.authority = 6;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_app(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	recipe.app_ids[0] = 480;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_no_app(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	recipe.app_id_count = 0;
	make_certificate(&made, &recipe);
	force(side, &made);
}

static void wrong_not_a_key(unsigned side)
{
	struct recipe recipe = good(side);
	struct made made;

	make_certificate(&made, &recipe);
	force(side, &made);
	demand(1 - side, CERTIFICATE_DEMAND_KEY);
}

static const struct {
	void (*spoil)(unsigned side);
	enum verdict_doubt doubt;
} wrongs[] = {
	{ wrong_unsigned, DOUBT_UNSIGNED },
	{ wrong_expired, DOUBT_EXPIRED },
	{ wrong_early, DOUBT_NOT_YET_VALID },
	{ wrong_root, DOUBT_UNTRUSTED },
	{ wrong_signature, DOUBT_FORGED },
	{ wrong_revoked, DOUBT_REVOKED },
	{ wrong_authority_revoked, DOUBT_AUTHORITY_REVOKED },
	{ wrong_authority_expired, DOUBT_AUTHORITY_EXPIRED },
	{ wrong_authority_app, DOUBT_AUTHORITY_WRONG_APP },
	{ wrong_long_chain, DOUBT_CHAIN_TOO_LONG },
	{ wrong_app, DOUBT_WRONG_APP },
	{ wrong_no_app, DOUBT_NO_APP },
	{ wrong_not_a_key, DOUBT_NOT_A_KEY },
};

/* The strict one refuses within the time of a handshake; the other is told. */
static void refused(enum sim_app_mode mode, unsigned wrong_side, size_t which)
{
	const struct sim_app_side *alice = &story.app.sides[ALICE], *bob = &story.app.sides[BOB];
	const char *text = verdict_text(wrongs[which].doubt);

	story_begin(&story, mode, 1);
	believe(1 - wrong_side, ROOT);
	demand(1 - wrong_side, CERTIFICATE_DEMAND_CERTIFICATE);
	wrongs[which].spoil(wrong_side);
	sim_app_start(&story.app);
	story_wait(&story, 500 * USEC_PER_MSEC);
	cr_assert(alice->closed, "%s", text);
	cr_assert_eq(alice->end_reason, 4003, "%s: %u", text, alice->end_reason);
	cr_assert_str_eq(alice->text, text);
	if (wrong_side == ALICE) {
		cr_assert_null(bob->conn, "%s", text);
		cr_assert_eq(alice->last_state, STATE_CLOSED_BY_PEER);
	} else {
		cr_assert(bob->closed, "%s", text);
		cr_assert_eq(bob->end_reason, 4003, "%s: %u", text, bob->end_reason);
		cr_assert_str_eq(bob->text, text);
		cr_assert_eq(alice->last_state, STATE_PROBLEM_DETECTED_LOCALLY);
	}
	story_end(&story);
}

static void refused_each(enum sim_app_mode mode, unsigned wrong_side)
{
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++)
		refused(mode, wrong_side, i);
}

Test(story_trust, a_caller_by_address_is_refused_and_told_why)
{
	refused_each(SIM_APP_UDP, ALICE);
}

Test(story_trust, a_caller_by_signals_is_refused_and_told_why)
{
	refused_each(SIM_APP_P2P, ALICE);
}

Test(story_trust, one_who_answers_by_address_is_refused)
{
	refused_each(SIM_APP_UDP, BOB);
}

Test(story_trust, one_who_answers_by_signals_is_refused)
{
	refused_each(SIM_APP_P2P, BOB);
}

/* --- identities */

static void poses_as(enum sim_app_mode mode, const char *identity)
{
	/* Whoever answers has a good certificate of a trusted root, for somebody else. */
	struct recipe recipe = good(BOB);
	struct made made;

	story_begin(&story, mode, 1);
	believe(ALICE, ROOT);
	recipe.identity = identity;
	make_certificate(&made, &recipe);
	force(BOB, &made);
	sim_app_start(&story.app);
	story_wait(&story, 500 * USEC_PER_MSEC);
	cr_assert(story.app.sides[ALICE].closed);
	cr_assert_eq(story.app.sides[ALICE].end_reason, 4003);
	cr_assert_str_eq(story.app.sides[ALICE].text, verdict_text(DOUBT_WRONG_IDENTITY));
	story_end(&story);
}

Test(story_trust, another_one_answers_at_the_address)
{
	poses_as(SIM_APP_UDP, "str:mallory");
}

Test(story_trust, another_one_answers_the_signal)
{
	poses_as(SIM_APP_P2P, "str:mallory");
}

/* Bob is called by his key; who answers has another, and a certificate that says it is his. */
static void has_another_key(enum sim_app_mode mode)
{
	struct identity key = identity_of_key(77);
	struct recipe recipe = good(BOB);
	struct made made;

	story_begin(&story, mode, 1);
	believe(ALICE, ROOT);
	story.world.peers[BOB].identity = key;
	*(struct identity *)(uintptr_t)endpoint_identity(endpoint_of(BOB)) = key; /* so his program says */
	recipe.identity = key.text;
	make_certificate(&made, &recipe);
	force(BOB, &made);
	sim_app_start(&story.app);
	story_wait(&story, 500 * USEC_PER_MSEC);
	cr_assert_not(story.app.sides[ALICE].connected);
	cr_assert(story.app.sides[ALICE].closed);
	cr_assert_eq(story.app.sides[ALICE].end_reason, 4003);
	cr_assert_str_eq(story.app.sides[ALICE].text, verdict_text(DOUBT_WRONG_KEY));
	story_end(&story);
}

Test(story_trust, a_key_is_called_by_address_and_another_answers)
{
	has_another_key(SIM_APP_UDP);
}

Test(story_trust, a_key_is_called_by_signals_and_another_answers)
{
	has_another_key(SIM_APP_P2P);
}

Test(story_trust, nobody_is_anonymous_where_proof_is_demanded)
{
	struct made made;

	story_begin(&story, SIM_APP_UDP, 1);
	demand(BOB, CERTIFICATE_DEMAND_ANY);
	make_certificate(&made, &(struct recipe){ .key = 10, .identity = "ip:::1", .app_id_count = 1 });
	force(ALICE, &made);
	sim_app_start(&story.app);
	story_wait(&story, 500 * USEC_PER_MSEC);
	cr_assert(story.app.sides[ALICE].closed);
	cr_assert_str_eq(story.app.sides[ALICE].text, verdict_text(DOUBT_ANONYMOUS));
	cr_assert_null(story.app.sides[BOB].conn);
	story_end(&story);
}

/* --- all is well */

static void is_let_in(enum sim_app_mode mode, bool with_chain)
{
	struct sockets_info info;
	struct made made[2], above;

	story_begin(&story, mode, 3);
	for (unsigned side = 0; side < 2; side++) {
		struct recipe recipe = good(side);
		struct msg_bytes certificates[2];
		enum certificate_result why;

		recipe.authority = with_chain ? 5 : ROOT;
		make_certificate(&made[side], &recipe);
		make_certificate(&above, &(struct recipe){ .key = 5, .expiry = NOW + 10, .authority = ROOT });
		certificates[0] = bytes_of(&made[side]);
		certificates[1] = bytes_of(&above);
		believe(side, ROOT);
		demand(side, CERTIFICATE_DEMAND_CERTIFICATE);
		cr_assert_eq(endpoint_set_certificate(endpoint_of(side), story.world.now, made[side].seed, certificates,
		                                      with_chain ? 2 : 1, &why),
		             ENDPOINT_TRUST_FINE);
	}
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	for (unsigned side = 0; side < 2; side++) {
		sockets_info(story.app.sides[side].conn, &info);
		cr_assert(info.has_certificate && info.certificate.believed);
		cr_assert_eq(info.certificate.proof, CRYPTO_PROOF_CERTIFICATE);
		cr_assert_eq(info.doubt, DOUBT_NONE);
		cr_assert_eq(info.certificate.issuer, id_of_key(with_chain ? 5 : ROOT));
		cr_assert_eq(info.certificate.authority_count, with_chain ? 2 : 1);
		cr_assert_eq(info.certificate.expiry, (int64_t)NOW + 1000);
	}
	story_end(&story);
}

Test(story_trust, both_have_certificates_and_demand_them)
{
	is_let_in(SIM_APP_UDP, false);
	is_let_in(SIM_APP_P2P, false);
}

Test(story_trust, authorities_between_come_along)
{
	is_let_in(SIM_APP_UDP, true);
	is_let_in(SIM_APP_P2P, true);
}

Test(story_trust, both_call_each_other_and_demand_certificates)
{
	is_let_in(SIM_APP_SYMMETRIC, true);
}

/* --- while it runs */

Test(story_trust, a_certificate_is_renewed_between_two_calls)
{
	struct recipe recipe = good(ALICE);
	enum certificate_result why;
	struct msg_bytes bytes;
	struct made made;

	story_begin(&story, SIM_APP_P2P, 2);
	believe(BOB, ROOT);
	demand(BOB, CERTIFICATE_DEMAND_CERTIFICATE);
	recipe.expiry = NOW + 2;
	make_certificate(&made, &recipe);
	bytes = bytes_of(&made);
	cr_assert_eq(endpoint_set_certificate(endpoint_of(ALICE), story.world.now, made.seed, &bytes, 1, &why),
	             ENDPOINT_TRUST_FINE);
	sim_app_start(&story.app);
	/* Another key and certificate while the first call is under way: it goes on with what it began. */
	recipe.expiry = NOW + 1000;
	recipe.key = 30;
	make_certificate(&made, &recipe);
	bytes = bytes_of(&made);
	cr_assert_eq(endpoint_set_certificate(endpoint_of(ALICE), story.world.now, made.seed, &bytes, 1, &why),
	             ENDPOINT_TRUST_FINE);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	cr_assert_eq(story.app.sides[BOB].connections_made, 1);
	/* The old one has expired by now, which ends nothing; a new call needs the new one. */
	story_wait(&story, 5 * USEC_PER_SEC);
	cr_assert_not(story.app.sides[ALICE].closed);
	cr_assert(memcmp(endpoint_certificate(endpoint_of(ALICE))->public_key, made.public_key, 32) == 0);
	story_end(&story);
}

Test(story_trust, an_endpoint_takes_no_certificate_that_every_peer_would_refuse)
{
	static const struct {
		struct recipe recipe;
		enum endpoint_trust_result result;
	} bad[] = {
		{ { .key = 9, .identity = "str:bob", .expiry = NOW + 9, .app_id_count = 1, .authority = 1 },
		  ENDPOINT_TRUST_OTHER_IDENTITY },
		{ { .key = 9, .identity = "str:alice", .expiry = NOW - 1, .app_id_count = 1, .authority = 1 },
		  ENDPOINT_TRUST_EXPIRED },
		{ { .key = 9,
		    .identity = "str:alice",
		    .created = NOW + 1000,
		    .expiry = NOW + 2000,
		    .app_id_count = 1,
		    .authority = 1 },
		  ENDPOINT_TRUST_NOT_YET_VALID },
		{ { .key = 9, .identity = "str:alice", .expiry = NOW + 9, .app_ids = { 7 }, .app_id_count = 1, .authority = 1 },
		  ENDPOINT_TRUST_OTHER_APP },
		{ { .key = 9, .identity = "str:alice", .expiry = NOW + 9, .authority = 1 }, ENDPOINT_TRUST_OTHER_APP },
		{ { .key = 9, .expiry = NOW + 9, .authority = 1 }, ENDPOINT_TRUST_BAD_CERTIFICATE },
	};
	uint8_t before[32];
	enum certificate_result why;

	story_begin(&story, SIM_APP_UDP, 1);
	memcpy(before, endpoint_certificate(endpoint_of(ALICE))->public_key, 32);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct made made;
		struct msg_bytes bytes;

		make_certificate(&made, &bad[i].recipe);
		bytes = bytes_of(&made);
		cr_assert_eq(endpoint_set_certificate(endpoint_of(ALICE), story.world.now, made.seed, &bytes, 1, &why),
		             bad[i].result, "%zu", i);
		/* Our own key is another one. */
		cr_assert_eq(endpoint_set_certificate(endpoint_of(ALICE), story.world.now, NULL, &bytes, 1, &why),
		             ENDPOINT_TRUST_BAD_CERTIFICATE);
		cr_assert(memcmp(endpoint_certificate(endpoint_of(ALICE))->public_key, before, 32) == 0);
	}
	story_end(&story);
}

static void revoked_meanwhile(enum sim_app_mode mode, bool authority)
{
	struct recipe recipe = good(ALICE);
	struct made made;

	story_begin(&story, mode, 2);
	believe(BOB, ROOT);
	make_certificate(&made, &recipe);
	force(ALICE, &made);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	cr_assert(trust_store_revoke(trust_of(BOB), id_of_key(99)));
	endpoint_check_revoked(endpoint_of(BOB), story.world.now);
	sim_world_drain(&story.world, BOB);
	story_wait(&story, 200 * USEC_PER_MSEC);
	cr_assert_not(story.app.sides[ALICE].closed);
	cr_assert(trust_store_revoke(trust_of(BOB), id_of_key(authority ? ROOT : recipe.key)));
	endpoint_check_revoked(endpoint_of(BOB), story.world.now);
	sim_world_drain(&story.world, BOB);
	story_wait(&story, 200 * USEC_PER_MSEC);
	for (unsigned side = 0; side < 2; side++) {
		cr_assert(story.app.sides[side].closed);
		cr_assert_eq(story.app.sides[side].end_reason, 4003);
		cr_assert_str_eq(story.app.sides[side].text, verdict_text(authority ? DOUBT_AUTHORITY_REVOKED : DOUBT_REVOKED));
	}
	story_end(&story);
}

Test(story_trust, a_revocation_ends_connections_that_are_there)
{
	revoked_meanwhile(SIM_APP_UDP, false);
	revoked_meanwhile(SIM_APP_UDP, true);
	revoked_meanwhile(SIM_APP_P2P, false);
}

Test(story_trust, the_clock_is_put_right)
{
	struct recipe recipe = good(ALICE);
	struct made made;

	/* Bob's clock is an hour fast: the certificate has expired for him, until he looks again. */
	story_begin(&story, SIM_APP_UDP, 1);
	believe(BOB, ROOT);
	demand(BOB, CERTIFICATE_DEMAND_CERTIFICATE);
	make_certificate(&made, &recipe);
	force(ALICE, &made);
	core_set_unix_time(story.world.peers[BOB].core, story.world.now, (int64_t)NOW + 3600);
	sim_app_start(&story.app);
	story_wait(&story, 500 * USEC_PER_MSEC);
	cr_assert(story.app.sides[ALICE].closed);
	cr_assert_str_eq(story.app.sides[ALICE].text, verdict_text(DOUBT_EXPIRED));
	story_end(&story);

	story_begin(&story, SIM_APP_UDP, 1);
	believe(BOB, ROOT);
	demand(BOB, CERTIFICATE_DEMAND_CERTIFICATE);
	force(ALICE, &made);
	core_set_unix_time(story.world.peers[BOB].core, story.world.now, (int64_t)NOW + 3600);
	core_set_unix_time(story.world.peers[BOB].core, story.world.now, NOW);
	sim_app_start(&story.app);
	cr_assert(sim_app_run(&story.app, USEC_PER_SEC));
	story_end(&story);
}
