#include "party.h"

#include <string.h>
#include <time.h>

/* --- certificates by name of key */

const void *party_seed(uint8_t name)
{
	static uint8_t seeds[256][KITH_KEY_SIZE];

	memset(seeds[name], name, KITH_KEY_SIZE);
	return seeds[name];
}

const uint8_t *party_public(uint8_t name)
{
	static uint8_t keys[256][KITH_KEY_SIZE];

	cr_assert_eq(kith_key_public(party_seed(name), keys[name]), KITH_OK);
	return keys[name];
}

uint64_t party_id(uint8_t name)
{
	uint64_t id;

	cr_assert_eq(kith_key_id(party_public(name), &id), KITH_OK);
	return id;
}

int64_t party_unix_now(void)
{
	return (int64_t)time(NULL) * PARTY_SECOND;
}

/* Appends a certificate. */
void party_add(struct party_bundle *bundle, const struct party_recipe *recipe)
{
	struct kith_certificate_options options = KITH_CERTIFICATE_OPTIONS_INIT;
	struct kith_identity identity;
	size_t size;

	options.signing_key = party_seed(recipe->issuer);
	options.public_key = party_public(recipe->key);
	options.kind = KITH_CERTIFICATE_AUTHORITY;
	if (recipe->identity != NULL) {
		cr_assert_eq(kith_identity_parse(recipe->identity, &identity), KITH_OK);
		options.identity = &identity;
		options.kind = KITH_CERTIFICATE_PEER;
	}
	options.created_unix_us = party_unix_now() + recipe->from;
	options.expires_unix_us = party_unix_now() + (recipe->until != 0 ? recipe->until : PARTY_HOUR);
	if (recipe->app_id != 0) {
		options.app_ids = &recipe->app_id;
		options.app_id_count = 1;
	}
	cr_assert_eq(
		kith_certificate_sign(&options, bundle->text + bundle->size, sizeof(bundle->text) - bundle->size, &size),
		KITH_OK, "%s", kith_last_error());
	bundle->size += size;
}

/* --- two parties, of which one is strict and the other has something wrong about it */

struct party party_alice, party_bob;

void party_set_up(void)
{
	memset(&party_alice, 0, sizeof(party_alice));
	memset(&party_bob, 0, sizeof(party_bob));
	party_alice.identity = "str:alice";
	party_alice.key = 10;
	party_bob.identity = "str:bob";
	party_bob.key = 11;
}

void party_create(struct party *party)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity;

	if (party->identity != NULL) {
		cr_assert_eq(kith_identity_parse(party->identity, &identity), KITH_OK);
		options.identity = &identity;
	}
	options.private_key = party_seed(party->key);
	options.app_id = party->app_id;
	if (party->certificate.size > 0) {
		options.certificate = party->certificate.text;
		options.certificate_size = party->certificate.size;
	}
	cr_assert_eq(kith_endpoint_create(&options, &party->endpoint), KITH_OK, "%s", kith_last_error());
}

void party_give_good_certificate(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = PARTY_ROOT, .identity = party->identity });
}

void party_make_strict(struct party *party, int32_t proof)
{
	cr_assert_eq(kith_endpoint_add_trust(party->endpoint, party_public(PARTY_ROOT), KITH_KEY_SIZE), KITH_OK, "%s",
	             kith_last_error());
	cr_assert_eq(kith_config_set_int(party->endpoint, KITH_CONFIG_REQUIRE_PROOF, proof), KITH_OK);
}

void party_tear_down(void)
{
	cr_assert_eq(kith_endpoint_destroy(party_alice.endpoint), KITH_OK);
	cr_assert_eq(kith_endpoint_destroy(party_bob.endpoint), KITH_OK);
}

/* Alice calls Bob by address. */
kith_connection party_call(const struct kith_connection_options *options)
{
	struct kith_address address;
	kith_connection connection;

	pair_listen(party_bob.endpoint, NULL, &address);
	cr_assert_eq(kith_endpoint_connect_address(party_alice.endpoint, &address, options, &connection), KITH_OK, "%s",
	             kith_last_error());
	return connection;
}

kith_connection party_accept(void)
{
	struct kith_event event = pair_await(party_bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTING);

	cr_assert_eq(kith_connection_accept(event.connection), KITH_OK, "%s", kith_last_error());
	return event.connection;
}

struct kith_security party_security(kith_connection connection)
{
	struct kith_security security = KITH_SECURITY_INIT;

	cr_assert_eq(kith_connection_security(connection, &security), KITH_OK, "%s", kith_last_error());
	return security;
}

void party_put_below_another(struct party *party)
{
	party_add(&party->certificate,
	          &(struct party_recipe){ .key = party->key, .issuer = 5, .identity = party->identity });
	party_add(&party->certificate, &(struct party_recipe){ .key = 5, .issuer = PARTY_ROOT });
}
