/* Who is let in, by the public interface over real sockets: what can be wrong with a certificate, and what
 * is demanded. */
#include "party.h"

#include <string.h>

TestSuite(trust, .init = party_set_up);

/* Bob turned Alice away: she is told, and his application has heard of nothing. */
static void refused_by_bob(int32_t doubt)
{
	struct kith_event event;

	party_call(NULL);
	event = pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE, "%d", event.reason);
	cr_assert_eq(event.result, KITH_E_AUTH);
	cr_assert_str_eq(event.text, kith_doubt_text(doubt));
	kith_event_init(&event);
	cr_assert_eq(kith_endpoint_next_event(party_bob.endpoint, &event), KITH_E_AGAIN, "event %d", event.type);
	party_tear_down();
}

/* Alice does not take Bob for who he says: she knows why, and so does he. */
static void refused_by_alice(int32_t doubt)
{
	kith_connection connection = party_call(NULL);
	struct kith_event event;

	party_accept();
	event = pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE, "%d", event.reason);
	cr_assert_str_eq(event.text, kith_doubt_text(doubt));
	cr_assert_eq(party_security(connection).doubt, doubt);
	event = pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE);
	cr_assert_str_eq(event.text, kith_doubt_text(doubt));
	party_tear_down();
}

static void refused_both_ways(void (*spoil)(struct party *party), void (*prepare)(kith_endpoint strict), int32_t doubt)
{
	spoil(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	if (prepare != NULL)
		prepare(party_bob.endpoint);
	refused_by_bob(doubt);

	party_set_up();
	spoil(&party_bob);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_alice, KITH_REQUIRE_CERTIFICATE);
	if (prepare != NULL)
		prepare(party_alice.endpoint);
	refused_by_alice(doubt);
}

/* --- what can be wrong */

static void has_nothing(struct party *party)
{
	(void)party;
}

Test(trust, unsigned_is_refused_where_a_certificate_is_demanded)
{
	refused_both_ways(has_nothing, NULL, KITH_DOUBT_UNSIGNED);
}

static void has_another_root(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 66, .identity = party->identity });
}

Test(trust, another_root_is_refused)
{
	refused_both_ways(has_another_root, NULL, KITH_DOUBT_UNTRUSTED);
}

static void has_a_broken_signature(struct party *party)
{
	struct party_bundle text = { .size = 0 };

	party_add(&text, &(struct party_recipe){ .key = party->key, .issuer = PARTY_ROOT, .identity = party->identity });
	cr_assert_eq(kith_certificate_convert(text.text, text.size, KITH_FORM_BINARY, party->certificate.text,
	                                      sizeof(party->certificate.text), &party->certificate.size),
	             KITH_OK);
	party->certificate.text[party->certificate.size - 10] ^= 1;
}

Test(trust, a_broken_signature_is_refused)
{
	refused_both_ways(has_a_broken_signature, NULL, KITH_DOUBT_FORGED);
}

static void has_a_good_one(struct party *party)
{
	party_give_good_certificate(party);
}

static void revoke_both(kith_endpoint strict)
{
	cr_assert_eq(kith_endpoint_revoke(strict, party_id(10)), KITH_OK);
	cr_assert_eq(kith_endpoint_revoke(strict, party_id(11)), KITH_OK);
}

Test(trust, a_revoked_key_is_refused)
{
	refused_both_ways(has_a_good_one, revoke_both, KITH_DOUBT_REVOKED);
}

static void revoke_the_authority(kith_endpoint strict)
{
	cr_assert_eq(kith_endpoint_revoke(strict, party_id(5)), KITH_OK);
}

Test(trust, what_a_revoked_authority_signed_is_refused)
{
	refused_both_ways(party_put_below_another, revoke_the_authority, KITH_DOUBT_AUTHORITY_REVOKED);
}

static void is_below_an_expired_one(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 5, .identity = party->identity });
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = 5, .issuer = PARTY_ROOT, .from = -PARTY_HOUR, .until = -PARTY_SECOND });
}

Test(trust, what_an_expired_authority_signed_is_refused)
{
	refused_both_ways(is_below_an_expired_one, NULL, KITH_DOUBT_AUTHORITY_EXPIRED);
}

static void is_below_a_premature_one(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 5, .identity = party->identity });
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = 5, .issuer = PARTY_ROOT, .from = PARTY_HOUR, .until = 2 * PARTY_HOUR });
}

Test(trust, what_an_authority_to_be_signed_is_refused)
{
	refused_both_ways(is_below_a_premature_one, NULL, KITH_DOUBT_AUTHORITY_NOT_YET);
}

static void is_below_one_for_another_app(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 5, .identity = party->identity });
	party_add(&party->certificate, &(struct party_recipe){ .key = 5, .issuer = PARTY_ROOT, .app_id = 480 });
}

Test(trust, an_authority_vouches_for_its_applications_only)
{
	refused_both_ways(is_below_one_for_another_app, NULL, KITH_DOUBT_AUTHORITY_WRONG_APP);
}

static void is_of_another_app(struct party *party)
{
	party->app_id = 480;
	party_add(
		&party->certificate,
		&(struct party_recipe){ .key = party->key, .issuer = PARTY_ROOT, .identity = party->identity, .app_id = 480 });
}

Test(trust, a_certificate_for_another_application_is_refused)
{
	/* The other way round it is Bob, of application 480, who turns Alice away: hers says 0. */
	is_of_another_app(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	refused_by_bob(KITH_DOUBT_WRONG_APP);
	party_set_up();
	is_of_another_app(&party_bob);
	party_create(&party_alice);
	party_create(&party_bob);
	refused_by_bob(KITH_DOUBT_WRONG_APP);
}

static void is_far_below(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 5, .identity = party->identity });
	for (uint8_t i = 5; i > 3; i--)
		party_add(&party->certificate, &(struct party_recipe){ .key = i, .issuer = (uint8_t)(i - 1) });
}

/* Root 1, 2 and 3 are known here, 4 and 5 come along, and that is five; 20 is between 1 and 2. */
static void know_a_detour(kith_endpoint strict)
{
	struct party_bundle bundle = { .size = 0 };

	party_add(&bundle, &(struct party_recipe){ .key = 3, .issuer = 2 });
	party_add(&bundle, &(struct party_recipe){ .key = 2, .issuer = 20 });
	party_add(&bundle, &(struct party_recipe){ .key = 20, .issuer = PARTY_ROOT });
	cr_assert_eq(kith_endpoint_add_trust(strict, bundle.text, bundle.size), KITH_OK, "%s", kith_last_error());
}

Test(trust, a_chain_of_six_authorities_is_refused)
{
	refused_both_ways(is_far_below, know_a_detour, KITH_DOUBT_CHAIN_TOO_LONG);
}

Test(trust, a_certificate_that_has_expired_meanwhile_is_refused)
{
	struct party_bundle *bundle = &party_alice.certificate;
	int32_t doubt = KITH_DOUBT_NONE;

	party_add(bundle, &(struct party_recipe){ .key = party_alice.key,
	                                          .issuer = PARTY_ROOT,
	                                          .identity = party_alice.identity,
	                                          .until = 2 * PARTY_SECOND });
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	for (int64_t until = kith_now_us() + PAIR_PATIENCE_US; doubt == KITH_DOUBT_NONE;) {
		cr_assert(kith_now_us() < until);
		kith_endpoint_wait(party_alice.endpoint, 50 * 1000);
		cr_assert_eq(kith_endpoint_check_certificate(party_bob.endpoint, bundle->text, bundle->size, NULL, &doubt),
		             KITH_OK);
	}
	cr_assert_eq(doubt, KITH_DOUBT_EXPIRED);
	refused_by_bob(KITH_DOUBT_EXPIRED);
}

/* --- demands */

Test(trust, a_key_does_for_proof_but_not_for_a_certificate)
{
	kith_connection connection;

	party_alice.identity = NULL; /* her key's own */
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_PROOF);
	connection = party_call(NULL);
	cr_assert_eq(party_security(party_accept()).proof, KITH_PROOF_KEY);
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	cr_assert_eq(kith_connection_close(connection, 0, NULL, 0), KITH_OK);
	pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);

	cr_assert_eq(kith_config_set_int(party_bob.endpoint, KITH_CONFIG_REQUIRE_PROOF, KITH_REQUIRE_KEY), KITH_OK);
	connection = party_call(NULL);
	party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	cr_assert_eq(kith_connection_close(connection, 0, NULL, 0), KITH_OK);
	pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);

	cr_assert_eq(kith_config_set_int(party_bob.endpoint, KITH_CONFIG_REQUIRE_PROOF, KITH_REQUIRE_CERTIFICATE), KITH_OK);
	refused_by_bob(KITH_DOUBT_UNSIGNED);
}

Test(trust, a_certificate_does_for_proof_but_not_for_a_key)
{
	kith_connection connection;

	party_give_good_certificate(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_PROOF);
	connection = party_call(NULL);
	cr_assert_eq(party_security(party_accept()).proof, KITH_PROOF_CERTIFICATE);
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	cr_assert_eq(kith_connection_close(connection, 0, NULL, 0), KITH_OK);
	pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(kith_config_set_int(party_bob.endpoint, KITH_CONFIG_REQUIRE_PROOF, KITH_REQUIRE_KEY), KITH_OK);
	refused_by_bob(KITH_DOUBT_NOT_A_KEY);
}

Test(trust, the_anonymous_are_refused_where_proof_is_demanded)
{
	party_alice.identity = "ip:::1";
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_PROOF);
	refused_by_bob(KITH_DOUBT_ANONYMOUS);
}

Test(trust, listeners_and_connections_have_demands_of_their_own)
{
	struct kith_config_entry entry = { .id = KITH_CONFIG_REQUIRE_PROOF, .type = KITH_TYPE_INT32 };
	struct kith_listener_options listener_options = KITH_LISTENER_OPTIONS_INIT;
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_address open, strict;
	kith_connection connection;
	struct kith_event event;

	party_create(&party_alice);
	party_create(&party_bob);
	entry.integer = KITH_REQUIRE_CERTIFICATE;
	listener_options.config = options.config = &entry;
	listener_options.config_count = options.config_count = 1;
	pair_listen(party_bob.endpoint, NULL, &open);
	pair_listen(party_bob.endpoint, &listener_options, &strict);

	cr_assert_eq(kith_endpoint_connect_address(party_alice.endpoint, &strict, NULL, &connection), KITH_OK);
	event = pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_str_eq(event.text, kith_doubt_text(KITH_DOUBT_UNSIGNED));

	cr_assert_eq(kith_endpoint_connect_address(party_alice.endpoint, &open, &options, &connection), KITH_OK);
	party_accept();
	event = pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_str_eq(event.text, kith_doubt_text(KITH_DOUBT_UNSIGNED));
	pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);

	cr_assert_eq(kith_endpoint_connect_address(party_alice.endpoint, &open, NULL, &connection), KITH_OK);
	party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	party_tear_down();
}

/* --- dialled by key */

Test(trust, a_key_is_dialled_by_address_and_its_owner_answers)
{
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_security security;
	struct kith_identity key;
	kith_connection connection;

	party_bob.identity = NULL;
	party_create(&party_alice);
	party_create(&party_bob);
	cr_assert_eq(kith_identity_from_bytes(party_public(party_bob.key), KITH_KEY_SIZE, &key), KITH_OK);
	options.peer = &key;
	connection = party_call(&options);
	party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	security = party_security(connection);
	cr_assert_eq(security.proof, KITH_PROOF_KEY);
	cr_assert(memcmp(security.peer_key, party_public(party_bob.key), KITH_KEY_SIZE) == 0);
	cr_assert_eq(security.certified, 0);
	cr_assert_eq(security.doubt, KITH_DOUBT_UNSIGNED);
	party_tear_down();
}

static void another_answers(const char *who)
{
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_identity expected;
	kith_connection connection;
	struct kith_event event;

	party_create(&party_alice);
	party_create(&party_bob);
	if (who != NULL)
		cr_assert_eq(kith_identity_parse(who, &expected), KITH_OK);
	else
		cr_assert_eq(kith_identity_from_bytes(party_public(77), KITH_KEY_SIZE, &expected), KITH_OK);
	options.peer = &expected;
	connection = party_call(&options);
	party_accept();
	event = pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE);
	cr_assert_str_eq(event.text, kith_doubt_text(KITH_DOUBT_WRONG_IDENTITY));
	cr_assert_eq(party_security(connection).doubt, KITH_DOUBT_WRONG_IDENTITY);
	party_tear_down();
}

Test(trust, a_key_is_dialled_by_address_and_another_answers)
{
	party_bob.identity = NULL;
	another_answers(NULL);
}

Test(trust, a_name_is_dialled_by_address_and_another_answers)
{
	another_answers("str:carol");
}
