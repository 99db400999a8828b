#include <criterion/criterion.h>

#include "certificate_maker.h"
#include "hex.h"
#include "recorded_sessions.h"

Test(certificate, names_a_key_by_the_start_of_its_hash)
{
	const uint8_t key[32] = { 0 }; /* SHA-256 of 32 zeros starts 66687aadf862bd77 */

	cr_assert_eq(certificate_key_id(key), UINT64_C(0x77bd62f8ad7a6866));
}

Test(certificate, is_made_for_an_identity_and_a_key)
{
	struct identity identity = identity_of("str:alice"), found;
	struct certificate_own own;
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, 1);
	cr_assert(certificate_make_own(&own, seed, &identity, 0));
	certificate_get_message(&own, &envelope);
	cr_assert(envelope.cert == own.cert);
	cr_assert(envelope.signature == NULL);
	cr_assert_not(certificate_is_signed(&envelope));
	cr_assert(certificate_read(&cert, envelope.cert, envelope.cert_size));
	cr_assert(memcmp(cert.key, public_key, 32) == 0);
	cr_assert_eq(cert.app_id_count, 1);
	cr_assert_eq(cert.app_ids[0], 0);
	cr_assert(certificate_peek_identity(envelope.cert, envelope.cert_size, &found));
	cr_assert(identity_equal(&found, &identity));
	certificate_wipe_own(&own);
	cr_assert_eq(own.cert_size, 0);
	cr_assert_eq(own.private_key[0], 0);
}

Test(certificate, is_the_same_bytes_for_the_same_input)
{
	struct identity identity = identity_of("gen:0102");
	struct certificate_own a, b;
	uint8_t seed[32] = { 4 };

	cr_assert(certificate_make_own(&a, seed, &identity, 480));
	cr_assert(certificate_make_own(&b, seed, &identity, 480));
	cr_assert_eq(a.cert_size, b.cert_size);
	cr_assert(memcmp(a.cert, b.cert, a.cert_size) == 0);
}

Test(certificate, is_made_for_an_identity_of_the_largest_size)
{
	char text[IDENTITY_TEXT_MAX];
	struct identity identity;
	struct certificate_own own;
	uint8_t seed[32] = { 4 };

	memset(text, 'x', sizeof(text));
	memcpy(text, "something:", 10);
	cr_assert(identity_parse(&identity, text, IDENTITY_TEXT_MAX - 1));
	cr_assert(certificate_make_own(&own, seed, &identity, UINT32_MAX));
	cr_assert(own.cert_size > 128 && own.cert_size < CERTIFICATE_SIZE_MAX);
}

Test(certificate, is_not_made_for_somebody_elses_key)
{
	struct identity own_key = identity_of_key(1), other_key = identity_of_key(2), none = { 0 };
	struct certificate_own own;
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, 1);
	cr_assert(certificate_make_own(&own, seed, &own_key, 0));
	cr_assert_not(certificate_make_own(&own, seed, &other_key, 0));
	cr_assert_eq(own.private_key[0], 0);
	cr_assert_not(certificate_make_own(&own, seed, &none, 0));
}

Test(certificate, is_loaded_as_an_authority_gave_it)
{
	struct made made;
	struct certificate_own own;
	struct msg_signed_certificate envelope;

	make_certificate(
		&made, &(struct recipe){ .key = 1, .identity = "str:a", .expiry = 99, .app_id_count = 1, .authority = 7 });
	cr_assert(certificate_load_own(&own, made.seed, made.bytes, made.size));
	certificate_get_message(&own, &envelope);
	cr_assert(certificate_is_signed(&envelope));
	cr_assert_eq(envelope.authority, id_of_key(7));
	cr_assert_eq(envelope.cert_size, made.envelope.cert_size);
	cr_assert(memcmp(envelope.cert, made.cert, envelope.cert_size) == 0);
	cr_assert(memcmp(envelope.signature, made.signature, 64) == 0);
	cr_assert_str_eq(own.identity.text, "str:a");
}

Test(certificate, is_not_loaded_with_another_key_unsigned_or_anonymous)
{
	struct made made;
	struct certificate_own own;
	uint8_t other[32] = { 9 };

	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1, .authority = 7 });
	cr_assert_not(certificate_load_own(&own, other, made.bytes, made.size));
	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1 });
	cr_assert_not(certificate_load_own(&own, made.seed, made.bytes, made.size));
	make_certificate(&made, &(struct recipe){ .key = 1, .app_id_count = 1, .authority = 7 });
	cr_assert_not(certificate_load_own(&own, made.seed, made.bytes, made.size));
	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "ip:::1", .app_id_count = 1, .authority = 7 });
	cr_assert_not(certificate_load_own(&own, made.seed, made.bytes, made.size));
	cr_assert_eq(own.cert_size, 0);
}

Test(certificate, is_not_loaded_when_cut_anywhere)
{
	struct made made;
	struct certificate_own own;

	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1, .authority = 7 });
	for (size_t size = 0; size < made.size; size++)
		cr_assert_not(certificate_load_own(&own, made.seed, made.bytes, size), "size %zu", size);
}

Test(certificate, of_the_original_is_understood)
{
	struct identity identity;
	uint8_t cert[128];
	size_t size = hex_read(cert, sizeof(cert), recorded_p2p.client.cert);

	cr_assert(certificate_peek_identity(cert, size, &identity));
	cr_assert_str_eq(identity.text, "str:peer_c");
	size = hex_read(cert, sizeof(cert), recorded_udp.client.cert);
	cr_assert(certificate_peek_identity(cert, size, &identity));
	cr_assert(identity_is_localhost(&identity));
}

Test(certificate, without_an_identity_is_no_error_and_garbage_is)
{
	struct made made;
	struct identity identity;

	make_certificate(&made, &(struct recipe){ .key = 1 });
	cr_assert(certificate_peek_identity(made.cert, made.envelope.cert_size, &identity));
	cr_assert(identity_is_none(&identity));
	cr_assert_not(certificate_peek_identity((const uint8_t *)"\x12\xff", 2, &identity));
	cr_assert_not(certificate_peek_identity((const uint8_t *)"\x62\x03zzz", 5, &identity));
}
