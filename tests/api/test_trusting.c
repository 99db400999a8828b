/* Trust while things run: what is known of a peer, certificates that are replaced, keys that are revoked,
 * lists of roots, calls by signals. */
#include "party.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

TestSuite(trusting, .init = party_set_up);

static void has_another_root(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 66, .identity = party->identity });
}

/* --- what is known afterwards */

Test(trusting, both_know_what_proves_the_other)
{
	struct kith_identity identity;
	struct kith_security security;
	kith_connection called, accepted;
	struct kith_certificate own = KITH_CERTIFICATE_INIT;

	party_put_below_another(&party_alice);
	party_give_good_certificate(&party_bob);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_alice, KITH_REQUIRE_CERTIFICATE);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	called = party_call(NULL);
	accepted = party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);

	security = party_security(accepted);
	cr_assert_eq(kith_endpoint_certificate(party_alice.endpoint, &own), KITH_OK);
	cr_assert_eq(security.proof, KITH_PROOF_CERTIFICATE);
	cr_assert(security.certified == 1 && security.doubt == KITH_DOUBT_NONE);
	cr_assert(security.issuer == party_id(5) && security.root == party_id(PARTY_ROOT));
	cr_assert(security.expires_unix_us == own.expires_unix_us && security.created_unix_us == own.created_unix_us);
	cr_assert_eq(kith_identity_parse(party_alice.identity, &identity), KITH_OK);
	cr_assert(kith_identity_equal(&security.certificate_identity, &identity));
	cr_assert(memcmp(security.peer_key, party_public(party_alice.key), KITH_KEY_SIZE) == 0);
	cr_assert_str_eq(security.cipher, "AES-256-GCM");
	security = party_security(called);
	cr_assert(security.issuer == party_id(PARTY_ROOT) && security.root == party_id(PARTY_ROOT) &&
	          security.certified == 1);
	party_tear_down();
}

Test(trusting, a_certificate_that_is_not_believed_is_told_where_it_does_not_matter)
{
	struct kith_security security;

	has_another_root(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_call(NULL);
	security = party_security(party_accept());
	cr_assert(security.proof == KITH_PROOF_NOTHING && security.certified == 0);
	cr_assert(security.doubt == KITH_DOUBT_UNTRUSTED && security.issuer == party_id(66) && security.root == 0);
	party_tear_down();
}

Test(trusting, a_key_may_be_certified_besides)
{
	struct kith_identity identity;
	struct kith_security security;
	char text[KITH_IDENTITY_TEXT_MAX];

	cr_assert_eq(kith_identity_from_bytes(party_public(party_alice.key), KITH_KEY_SIZE, &identity), KITH_OK);
	cr_assert_eq(kith_identity_print(&identity, text, sizeof(text), NULL), KITH_OK);
	party_alice.identity = text;
	party_give_good_certificate(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	party_call(NULL);
	security = party_security(party_accept());
	cr_assert(security.proof == KITH_PROOF_KEY && security.certified == 1);
	party_tear_down();
}

/* --- while it runs */

Test(trusting, a_certificate_and_its_key_are_replaced_without_a_restart)
{
	struct kith_certificate own = KITH_CERTIFICATE_INIT;
	struct party_recipe recipe = { .key = 33, .issuer = PARTY_ROOT, .identity = "str:bob", .until = 5 * PARTY_HOUR };
	struct party_bundle renewed = { .size = 0 };
	kith_connection first, second, accepted;
	kith_message *message;
	uint8_t key[KITH_KEY_SIZE];

	party_give_good_certificate(&party_bob);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_alice, KITH_REQUIRE_CERTIFICATE);
	first = party_call(NULL);
	accepted = party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);

	party_add(&renewed, &recipe);
	cr_assert_eq(kith_endpoint_set_certificate(party_bob.endpoint, party_seed(33), renewed.text, renewed.size), KITH_OK,
	             "%s", kith_last_error());
	cr_assert_eq(kith_endpoint_certificate(party_bob.endpoint, &own), KITH_OK);
	cr_assert(own.kind == KITH_CERTIFICATE_PEER && own.is_signed == 1 && own.key_id == party_id(33));
	cr_assert_eq(kith_endpoint_public_key(party_bob.endpoint, key), KITH_OK);
	cr_assert(memcmp(key, party_public(33), sizeof(key)) == 0);

	second = party_call(NULL);
	party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	cr_assert(memcmp(party_security(first).peer_key, party_public(party_bob.key), KITH_KEY_SIZE) == 0);
	cr_assert(memcmp(party_security(second).peer_key, party_public(33), KITH_KEY_SIZE) == 0);
	pair_send(party_alice.endpoint, first, "still here", 10, KITH_SEND_RELIABLE, 0);
	message = pair_receive(party_bob.endpoint, accepted);
	cr_assert_eq(kith_message_size(message), 10);
	kith_message_release(message);

	/* And back to none. */
	cr_assert_eq(kith_endpoint_set_certificate(party_bob.endpoint, NULL, NULL, 0), KITH_OK);
	cr_assert_eq(kith_endpoint_certificate(party_bob.endpoint, &own), KITH_OK);
	cr_assert(own.is_signed == 0 && own.key_id == party_id(33) && own.issuer == 0);
	party_tear_down();
}

static void revoked_meanwhile(uint8_t key, int32_t doubt)
{
	kith_connection called, accepted;
	struct kith_event event;
	char list[128];

	party_put_below_another(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	called = party_call(NULL);
	accepted = party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	snprintf(list, sizeof(list), "# gone\nID%llu\n", (unsigned long long)party_id(key));
	cr_assert_eq(kith_endpoint_set_revoked(party_bob.endpoint, list, strlen(list)), KITH_OK, "%s", kith_last_error());
	event = pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.connection, accepted);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE);
	cr_assert_str_eq(event.text, kith_doubt_text(doubt));
	event = pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.connection, called);
	cr_assert_str_eq(event.text, kith_doubt_text(doubt));
	party_tear_down();
}

Test(trusting, a_revocation_ends_what_is_there)
{
	revoked_meanwhile(10, KITH_DOUBT_REVOKED);
	party_set_up();
	revoked_meanwhile(5, KITH_DOUBT_AUTHORITY_REVOKED);
}

Test(trusting, a_revocation_of_others_ends_nothing)
{
	struct kith_info info = KITH_INFO_INIT;
	kith_connection called;
	uint64_t id;

	party_give_good_certificate(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	called = party_call(NULL);
	party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	cr_assert_eq(kith_endpoint_revoke(party_bob.endpoint, party_id(99)), KITH_OK);
	cr_assert_eq(kith_endpoint_revoked_at(party_bob.endpoint, 0, &id), KITH_OK);
	cr_assert_eq(id, party_id(99));
	cr_assert_eq(kith_endpoint_revoked_at(party_bob.endpoint, 1, &id), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_endpoint_set_revoked(party_bob.endpoint, "nonsense", 8), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_revoked_at(party_bob.endpoint, 0, &id), KITH_OK); /* nothing has changed */
	cr_assert_eq(kith_endpoint_set_revoked(party_bob.endpoint, NULL, 0), KITH_OK);
	cr_assert_eq(kith_endpoint_revoked_at(party_bob.endpoint, 0, &id), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_connection_info(called, &info), KITH_OK);
	cr_assert_eq(info.state, KITH_STATE_CONNECTED);
	party_tear_down();
}

/* --- the log */

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char log_line[256]; /* the last that matters */

static void keep_line(void *user_data, int32_t subject, int32_t level, const char *text)
{
	(void)user_data;
	(void)subject;
	if (level > KITH_LOG_WARNING && strncmp(text, "refused", 7) != 0)
		return;
	pthread_mutex_lock(&log_lock);
	snprintf(log_line, sizeof(log_line), "%s", text);
	pthread_mutex_unlock(&log_lock);
}

/* Lines come from the endpoint's thread, soon after what they tell. */
static void await_line(const char *begin, const char *words)
{
	int64_t until = kith_now_us() + PAIR_PATIENCE_US;
	bool there = false;

	while (!there) {
		pthread_mutex_lock(&log_lock);
		there = strncmp(log_line, begin, strlen(begin)) == 0 && strstr(log_line, words) != NULL;
		pthread_mutex_unlock(&log_lock);
		cr_assert(there || kith_now_us() < until, "no line '%s ... %s'", begin, words);
		if (!there)
			kith_endpoint_wait(party_alice.endpoint, 5000);
	}
}

Test(trusting, the_log_tells_who_was_refused_and_who_is_not_proven)
{
	party_create(&party_alice);
	party_create(&party_bob);
	cr_assert_eq(kith_endpoint_set_log(party_bob.endpoint, KITH_LOG_INFO, keep_line, NULL, NULL), KITH_OK);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	party_call(NULL);
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	await_line("refused str:alice at 127.0.0.1:", kith_doubt_text(KITH_DOUBT_UNSIGNED));

	cr_assert_eq(kith_config_reset(party_bob.endpoint, KITH_CONFIG_REQUIRE_PROOF), KITH_OK);
	cr_assert_eq(kith_config_set_int(party_bob.endpoint, KITH_CONFIG_IP_ALLOW_WITHOUT_AUTH, 1), KITH_OK);
	cr_assert_eq(kith_config_set_int(party_bob.endpoint, KITH_CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH, 0), KITH_OK);
	party_call(NULL);
	party_accept();
	await_line("connection ", "nothing proves that the peer is str:alice");
	party_tear_down();
}

Test(trusting, what_ip_allow_without_auth_asks_for_a_key_answers)
{
	party_bob.identity = NULL;
	party_create(&party_alice);
	party_create(&party_bob);
	cr_assert_eq(kith_config_set_int(party_alice.endpoint, KITH_CONFIG_IP_ALLOW_WITHOUT_AUTH, 0), KITH_OK);
	cr_assert_eq(kith_config_set_int(party_alice.endpoint, KITH_CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH, 0), KITH_OK);
	party_call(NULL);
	party_accept();
	pair_await(party_alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	party_tear_down();
}

/* --- the list of roots */

Test(trusting, roots_are_added_listed_and_removed)
{
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	struct party_bundle bundle = { .size = 0 };
	int32_t believed;

	party_create(&party_alice);
	party_create(&party_bob);
	party_add(&bundle, &(struct party_recipe){ .key = 5, .issuer = PARTY_ROOT });
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, bundle.text, bundle.size), KITH_OK);
	cr_assert_eq(kith_endpoint_trust_at(party_bob.endpoint, 0, &info, &believed), KITH_OK);
	cr_assert(info.kind == KITH_CERTIFICATE_AUTHORITY && info.key_id == party_id(5) && believed == 0);
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, party_public(PARTY_ROOT), KITH_KEY_SIZE), KITH_OK);
	cr_assert_eq(kith_endpoint_trust_at(party_bob.endpoint, 0, &info, &believed), KITH_OK);
	cr_assert_eq(believed, 1);
	cr_assert_eq(kith_endpoint_trust_at(party_bob.endpoint, 1, &info, NULL), KITH_OK);
	cr_assert(info.kind == KITH_CERTIFICATE_ROOT && info.is_signed == 0 && info.expires_unix_us == 0);
	cr_assert_eq(kith_endpoint_trust_at(party_bob.endpoint, 2, &info, &believed), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_endpoint_remove_trust(party_bob.endpoint, party_id(PARTY_ROOT)), KITH_OK);
	cr_assert_eq(kith_endpoint_remove_trust(party_bob.endpoint, party_id(PARTY_ROOT)), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_endpoint_trust_at(party_bob.endpoint, 0, &info, &believed), KITH_OK);
	cr_assert_eq(believed, 0);
	party_tear_down();
}

Test(trusting, a_root_is_given_in_every_form)
{
	static const char *const bad[] = {
		"", "nonsense", "-----BEGIN OPENSSH PRIVATE KEY-----\n",
		"kith-key ed25519 0101010101010101010101010101010101010101010101010101010101010101"
	};
	struct kith_certificate_options options = KITH_CERTIFICATE_OPTIONS_INIT;
	struct party_bundle bundle = { .size = 0 };
	char text[1024];
	size_t size;

	party_create(&party_alice);
	party_create(&party_bob);
	cr_assert_eq(kith_key_print_public(party_public(1), KITH_KEY_FORM_SSH, text, sizeof(text), NULL), KITH_OK);
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, text, strlen(text)), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_key_print_public(party_public(2), KITH_KEY_FORM_FILE, text, sizeof(text), NULL), KITH_OK);
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, text, strlen(text)), KITH_OK, "%s", kith_last_error());
	options.kind = KITH_CERTIFICATE_ROOT;
	options.signing_key = party_seed(3);
	options.expires_unix_us = party_unix_now() + PARTY_HOUR;
	cr_assert_eq(kith_certificate_sign(&options, text, sizeof(text), &size), KITH_OK);
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, text, size), KITH_OK, "%s", kith_last_error());
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, bad[i], strlen(bad[i])), KITH_E_INVALID, "%s", bad[i]);
	party_give_good_certificate(&party_alice);
	cr_assert_eq(
		kith_endpoint_add_trust(party_bob.endpoint, party_alice.certificate.text, party_alice.certificate.size),
		KITH_E_INVALID);
	cr_assert_not_null(strstr(kith_last_error(), "names an identity"), "%s", kith_last_error());
	for (uint8_t i = 4; i <= 16; i++)
		cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, party_public(i), KITH_KEY_SIZE), KITH_OK);
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, party_public(17), KITH_KEY_SIZE), KITH_E_LIMIT);
	party_add(&bundle, &(struct party_recipe){ .key = 5, .issuer = PARTY_ROOT });
	cr_assert_eq(kith_endpoint_add_trust(party_bob.endpoint, bundle.text, bundle.size), KITH_OK);
	party_tear_down();
}

/* --- asking */

Test(trusting, a_certificate_is_checked_before_it_is_used)
{
	static const struct {
		struct party_recipe recipe;
		int32_t doubt;
	} cases[] = {
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice" }, KITH_DOUBT_NONE },
		{ { .key = 10, .issuer = 66, .identity = "str:alice" }, KITH_DOUBT_UNTRUSTED },
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice", .from = -PARTY_HOUR, .until = -PARTY_SECOND },
		  KITH_DOUBT_EXPIRED },
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice", .from = PARTY_HOUR, .until = 2 * PARTY_HOUR },
		  KITH_DOUBT_NOT_YET_VALID },
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice", .from = 290 * PARTY_SECOND }, KITH_DOUBT_NONE },
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:mallory" }, KITH_DOUBT_WRONG_IDENTITY },
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice", .app_id = 480 }, KITH_DOUBT_WRONG_APP },
		{ { .key = 99, .issuer = PARTY_ROOT, .identity = "str:alice" }, KITH_DOUBT_REVOKED },
	};
	struct kith_identity identity;
	int32_t doubt;

	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_NOTHING);
	cr_assert_eq(kith_endpoint_revoke(party_bob.endpoint, party_id(99)), KITH_OK);
	cr_assert_eq(kith_identity_parse("str:alice", &identity), KITH_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct party_bundle bundle = { .size = 0 };

		party_add(&bundle, &cases[i].recipe);
		cr_assert_eq(kith_endpoint_check_certificate(party_bob.endpoint, bundle.text, bundle.size, &identity, &doubt),
		             KITH_OK, "%s", kith_last_error());
		cr_assert_eq(doubt, cases[i].doubt, "%zu: %s", i, kith_doubt_name(doubt));
	}
	party_put_below_another(&party_alice);
	cr_assert_eq(kith_endpoint_check_certificate(party_bob.endpoint, party_alice.certificate.text,
	                                             party_alice.certificate.size, NULL, &doubt),
	             KITH_OK);
	cr_assert_eq(doubt, KITH_DOUBT_NONE);
	cr_assert_eq(kith_endpoint_check_certificate(party_bob.endpoint, "x", 1, NULL, &doubt), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_check_certificate(party_bob.endpoint, NULL, 1, NULL, &doubt), KITH_E_INVALID);
	party_tear_down();
}

/* --- making an endpoint */

static kith_result try_to_create(struct party *party, const char *identity)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity parsed;
	kith_result result;

	if (identity != NULL) {
		cr_assert_eq(kith_identity_parse(identity, &parsed), KITH_OK);
		options.identity = &parsed;
	}
	options.private_key = party_seed(party->key);
	options.app_id = party->app_id;
	options.certificate = party->certificate.text;
	options.certificate_size = party->certificate.size;
	result = kith_endpoint_create(&options, &party->endpoint);
	cr_assert_eq(result == KITH_OK, party->endpoint != KITH_NO_HANDLE);
	return result;
}

Test(trusting, an_endpoint_is_who_its_certificate_says)
{
	struct kith_identity identity;

	party_give_good_certificate(&party_alice);
	cr_assert_eq(try_to_create(&party_alice, NULL), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_endpoint_identity(party_alice.endpoint, &identity), KITH_OK);
	cr_assert_str_eq(identity.text, "str:alice");
	cr_assert_eq(kith_endpoint_destroy(party_alice.endpoint), KITH_OK);
	cr_assert_eq(try_to_create(&party_alice, "str:alice"), KITH_OK);
	cr_assert_eq(kith_endpoint_destroy(party_alice.endpoint), KITH_OK);
	cr_assert_eq(try_to_create(&party_alice, "str:bob"), KITH_E_AUTH);
	cr_assert_not_null(strstr(kith_last_error(), "another identity"), "%s", kith_last_error());
	party_alice.key = 12;
	cr_assert_eq(try_to_create(&party_alice, NULL), KITH_E_AUTH);
	cr_assert_not_null(strstr(kith_last_error(), "another key"), "%s", kith_last_error());
	party_alice.key = 10;
	party_alice.app_id = 480;
	cr_assert_eq(try_to_create(&party_alice, NULL), KITH_E_AUTH);
	cr_assert_not_null(strstr(kith_last_error(), "application"), "%s", kith_last_error());
}

Test(trusting, an_endpoint_is_not_made_with_a_certificate_that_does_not_count)
{
	static const struct {
		struct party_recipe recipe;
		kith_result result;
		const char *words;
	} bad[] = {
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice", .from = -PARTY_HOUR, .until = -PARTY_SECOND },
		  KITH_E_AUTH,
		  "expired" },
		{ { .key = 10, .issuer = PARTY_ROOT, .identity = "str:alice", .from = PARTY_HOUR, .until = 2 * PARTY_HOUR },
		  KITH_E_AUTH,
		  "not valid yet" },
		{ { .key = 10, .issuer = PARTY_ROOT }, KITH_E_INVALID, "none names an identity" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		party_alice.certificate.size = 0;
		party_add(&party_alice.certificate, &bad[i].recipe);
		cr_assert_eq(try_to_create(&party_alice, NULL), bad[i].result, "%zu: %s", i, kith_last_error());
		cr_assert_not_null(strstr(kith_last_error(), bad[i].words), "%s", kith_last_error());
	}
	party_alice.certificate.size = 5;
	cr_assert_eq(try_to_create(&party_alice, NULL), KITH_E_INVALID);
	/* An authority that has nothing to do with it. */
	party_alice.certificate.size = 0;
	party_give_good_certificate(&party_alice);
	party_add(&party_alice.certificate, &(struct party_recipe){ .key = 44, .issuer = 45 });
	cr_assert_eq(try_to_create(&party_alice, NULL), KITH_E_INVALID);
	cr_assert_not_null(strstr(kith_last_error(), "not above"), "%s", kith_last_error());
}

Test(trusting, everything_can_be_given_at_the_beginning)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	uint64_t id;

	party_give_good_certificate(&party_bob);
	options.private_key = party_seed(party_bob.key);
	options.certificate = party_bob.certificate.text;
	options.certificate_size = party_bob.certificate.size;
	options.trust = party_public(PARTY_ROOT);
	options.trust_size = KITH_KEY_SIZE;
	options.revoked = "17\n18\n";
	options.revoked_size = 6;
	cr_assert_eq(kith_endpoint_create(&options, &party_bob.endpoint), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_endpoint_trust_at(party_bob.endpoint, 0, &info, NULL), KITH_OK);
	cr_assert_eq(info.key_id, party_id(PARTY_ROOT));
	cr_assert_eq(kith_endpoint_revoked_at(party_bob.endpoint, 1, &id), KITH_OK);
	cr_assert_eq(id, 18);
	cr_assert_eq(kith_endpoint_destroy(party_bob.endpoint), KITH_OK);
	options.revoked_size = 1;
	options.revoked = "x";
	cr_assert_eq(kith_endpoint_create(&options, &party_bob.endpoint), KITH_E_INVALID);
	options.revoked = NULL;
	options.trust_size = 7;
	cr_assert_eq(kith_endpoint_create(&options, &party_bob.endpoint), KITH_E_INVALID);
}

/* --- by signals */

/* Carries signals until `endpoint` has the state wanted; the other party's own events are kept out of it. */
static struct kith_event carry_until(struct party *party, struct party *other, int32_t state)
{
	int64_t until = kith_now_us() + PAIR_PATIENCE_US;

	for (;;) {
		struct party *both[] = { party, other };

		for (int i = 0; i < 2; i++) {
			struct kith_event event = KITH_EVENT_INIT;

			while (kith_endpoint_next_event(both[i]->endpoint, &event) == KITH_OK) {
				if (event.type == KITH_EVENT_SIGNAL)
					cr_assert_eq(kith_endpoint_receive_signal(both[1 - i]->endpoint, KITH_NO_HANDLE, event.data,
					                                          event.data_size),
					             KITH_OK);
				if (event.type != KITH_EVENT_STATE)
					continue;
				if (i == 0 && event.state == state)
					return event;
				if (event.state == KITH_STATE_CONNECTING && event.listener != KITH_NO_HANDLE)
					kith_connection_accept(event.connection);
			}
		}
		cr_assert(kith_now_us() < until, "state %d did not come", (int)state);
		kith_endpoint_wait(party->endpoint, 5000);
	}
}

static kith_connection call_by_signals(const struct kith_identity *who)
{
	kith_connection connection;
	kith_listener listener;

	cr_assert_eq(kith_endpoint_listen_port(party_bob.endpoint, 0, NULL, &listener), KITH_OK);
	cr_assert_eq(kith_endpoint_connect_identity(party_alice.endpoint, who, NULL, &connection), KITH_OK);
	return connection;
}

Test(trusting, one_who_calls_by_signals_is_refused_and_told_why)
{
	struct kith_identity who;
	struct kith_event event;

	has_another_root(&party_alice);
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_bob, KITH_REQUIRE_CERTIFICATE);
	cr_assert_eq(kith_endpoint_identity(party_bob.endpoint, &who), KITH_OK);
	call_by_signals(&who);
	event = carry_until(&party_alice, &party_bob, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE);
	cr_assert_str_eq(event.text, kith_doubt_text(KITH_DOUBT_UNTRUSTED));
	party_tear_down();
}

Test(trusting, one_who_answers_signals_is_refused)
{
	struct kith_identity who;
	struct kith_event event;
	kith_connection connection;

	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_alice, KITH_REQUIRE_PROOF);
	cr_assert_eq(kith_endpoint_identity(party_bob.endpoint, &who), KITH_OK);
	connection = call_by_signals(&who);
	event = carry_until(&party_alice, &party_bob, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.reason, KITH_REASON_REMOTE_BAD_CERTIFICATE);
	cr_assert_eq(party_security(connection).doubt, KITH_DOUBT_UNSIGNED);
	event = carry_until(&party_bob, &party_alice, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_str_eq(event.text, kith_doubt_text(KITH_DOUBT_UNSIGNED));
	party_tear_down();
}

Test(trusting, a_key_is_dialled_by_signals_and_its_owner_answers)
{
	struct kith_identity who;
	kith_connection connection;

	party_alice.identity = party_bob.identity = NULL;
	party_create(&party_alice);
	party_create(&party_bob);
	party_make_strict(&party_alice, KITH_REQUIRE_KEY);
	party_make_strict(&party_bob, KITH_REQUIRE_KEY);
	cr_assert_eq(kith_identity_from_bytes(party_public(party_bob.key), KITH_KEY_SIZE, &who), KITH_OK);
	connection = call_by_signals(&who);
	carry_until(&party_alice, &party_bob, KITH_STATE_CONNECTED);
	cr_assert_eq(party_security(connection).proof, KITH_PROOF_KEY);
	cr_assert(memcmp(party_security(connection).peer_key, party_public(party_bob.key), KITH_KEY_SIZE) == 0);
	party_tear_down();
}

/* --- words */

Test(trusting, every_doubt_has_a_name_and_a_text)
{
	for (int32_t doubt = KITH_DOUBT_UNSIGNED; doubt <= KITH_DOUBT_MALFORMED; doubt++) {
		cr_assert_str_neq(kith_doubt_name(doubt), "UNKNOWN");
		cr_assert(strlen(kith_doubt_text(doubt)) > 8);
	}
	cr_assert_str_eq(kith_doubt_name(KITH_DOUBT_EXPIRED), "EXPIRED");
	cr_assert_str_eq(kith_doubt_name(-1), "UNKNOWN");
	cr_assert_str_eq(kith_doubt_name(KITH_DOUBT_MALFORMED + 1), "UNKNOWN");
	cr_assert_str_eq(kith_doubt_text(KITH_DOUBT_NONE), "");
	cr_assert_str_eq(kith_doubt_text(-5), "");
	cr_assert_str_eq(kith_doubt_text(99), "");
}
