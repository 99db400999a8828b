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

static enum certificate_result load(struct certificate_own *own, const struct made *made)
{
	struct msg_bytes bytes = bytes_of(made);

	return certificate_load_own(own, made->seed, &bytes, 1);
}

Test(certificate, is_loaded_as_an_authority_gave_it)
{
	struct made made;
	struct certificate_own own;
	struct msg_signed_certificate envelope;

	make_certificate(
		&made, &(struct recipe){ .key = 1, .identity = "str:a", .expiry = 99, .app_id_count = 1, .authority = 7 });
	cr_assert_eq(load(&own, &made), CERTIFICATE_FINE);
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
	struct msg_bytes bytes;

	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1, .authority = 7 });
	bytes = bytes_of(&made);
	cr_assert_eq(certificate_load_own(&own, other, &bytes, 1), CERTIFICATE_OTHER_KEY);
	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1 });
	cr_assert_eq(load(&own, &made), CERTIFICATE_UNSIGNED);
	make_certificate(&made, &(struct recipe){ .key = 1, .app_id_count = 1, .authority = 7 });
	cr_assert_eq(load(&own, &made), CERTIFICATE_NOBODYS);
	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "ip:::1", .app_id_count = 1, .authority = 7 });
	cr_assert_eq(load(&own, &made), CERTIFICATE_NOBODYS);
	cr_assert_eq(own.cert_size, 0);
	cr_assert_eq(certificate_load_own(&own, made.seed, NULL, 0), CERTIFICATE_NOBODYS);
}

Test(certificate, is_not_loaded_if_its_identity_is_another_key)
{
	struct identity key8 = identity_of_key(8), key1 = identity_of_key(1);
	struct made made;
	struct certificate_own own;

	make_certificate(&made, &(struct recipe){ .key = 1, .identity = key8.text, .app_id_count = 1, .authority = 7 });
	cr_assert_eq(load(&own, &made), CERTIFICATE_OTHER_KEY);
	make_certificate(&made, &(struct recipe){ .key = 1, .identity = key1.text, .app_id_count = 1, .authority = 7 });
	cr_assert_eq(load(&own, &made), CERTIFICATE_FINE);
}

Test(certificate, is_not_loaded_when_cut_anywhere)
{
	struct made made;
	struct certificate_own own;

	make_certificate(&made, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1, .authority = 7 });
	for (size_t size = 0; size < made.size; size++) {
		struct msg_bytes bytes = { made.bytes, size };
		cr_assert_neq(certificate_load_own(&own, made.seed, &bytes, 1), CERTIFICATE_FINE, "size %zu", size);
	}
}

/* --- with authorities above it */

static struct made ours, middle, upper, root;

static void make_chain(void)
{
	make_certificate(&ours, &(struct recipe){ .key = 1, .identity = "str:a", .app_id_count = 1, .authority = 7 });
	make_certificate(&middle, &(struct recipe){ .key = 7, .expiry = 99, .authority = 8 });
	make_certificate(&upper, &(struct recipe){ .key = 8, .expiry = 99, .authority = 9 });
	make_certificate(&root, &(struct recipe){ .key = 9, .expiry = 99, .authority = 9 });
}

static bool chain_is(const struct msg_signed_certificate *envelope, size_t index, const struct made *made)
{
	return envelope->chain_count > index && envelope->chain[index].size == made->size &&
	       memcmp(envelope->chain[index].bytes, made->bytes, made->size) == 0;
}

Test(certificate, takes_its_chain_along_in_order_and_without_the_root)
{
	struct certificate_own own;
	struct msg_signed_certificate envelope;

	make_chain();
	for (unsigned order = 0; order < 24; order++) {
		struct msg_bytes left[4] = { bytes_of(&ours), bytes_of(&middle), bytes_of(&upper), bytes_of(&root) };
		struct msg_bytes given[4];
		unsigned rest = order;

		for (unsigned i = 0; i < 4; i++) {
			unsigned take = rest % (4 - i);
			rest /= 4 - i;
			given[i] = left[take];
			left[take] = left[3 - i];
		}
		cr_assert_eq(certificate_load_own(&own, ours.seed, given, 4), CERTIFICATE_FINE);
		certificate_get_message(&own, &envelope);
		cr_assert_eq(envelope.authority, id_of_key(7));
		cr_assert_eq(envelope.chain_count, 2);
		cr_assert(chain_is(&envelope, 0, &middle));
		cr_assert(chain_is(&envelope, 1, &upper));
	}
}

Test(certificate, is_one_only_and_has_no_strangers_above_it)
{
	struct certificate_own own;
	struct msg_bytes given[3];
	struct made other;

	make_chain();
	make_certificate(&other, &(struct recipe){ .key = 1, .identity = "str:b", .app_id_count = 1, .authority = 7 });
	given[0] = bytes_of(&ours);
	given[1] = bytes_of(&other);
	cr_assert_eq(certificate_load_own(&own, ours.seed, given, 2), CERTIFICATE_SEVERAL);
	given[1] = bytes_of(&upper); /* what is between is missing */
	cr_assert_eq(certificate_load_own(&own, ours.seed, given, 2), CERTIFICATE_STRAY);
	given[2] = bytes_of(&middle);
	cr_assert_eq(certificate_load_own(&own, ours.seed, given, 3), CERTIFICATE_FINE);
	given[1] = given[2];
	cr_assert_eq(certificate_load_own(&own, ours.seed, given, 3), CERTIFICATE_STRAY); /* twice the same */
}

Test(certificate, has_a_chain_that_fits_into_a_handshake)
{
	struct certificate_own own;
	struct made made[7];
	struct msg_bytes given[7];

	for (uint8_t i = 0; i < 7; i++) {
		struct recipe recipe = { .key = (uint8_t)(i + 1), .expiry = 99, .authority = (uint8_t)(i + 2) };

		if (i == 0)
			recipe.identity = "str:a";
		recipe.app_id_count = i == 0 ? 1 : 0;
		make_certificate(&made[i], &recipe);
		given[i] = bytes_of(&made[i]);
	}
	cr_assert_eq(certificate_load_own(&own, made[0].seed, given, 1 + MSG_CERTIFICATE_CHAIN_MAX), CERTIFICATE_FINE);
	cr_assert_eq(certificate_load_own(&own, made[0].seed, given, 2 + MSG_CERTIFICATE_CHAIN_MAX), CERTIFICATE_TOO_LARGE);
}

Test(certificate, is_too_large_with_too_many_bytes_above_it)
{
	struct certificate_own own;
	struct made made[4];
	struct msg_bytes given[4];
	struct msg_certificate cert;
	struct byte_writer writer;
	static uint8_t large[4][1200];

	/* Each lists as many application ids as may be. */
	for (uint8_t i = 0; i < 4; i++) {
		make_key(made[i].seed, made[i].public_key, (uint8_t)(i + 1));
		memset(&cert, 0, sizeof(cert));
		cert.key_type = 1;
		cert.key = made[i].public_key;
		cert.key_size = 32;
		cert.expiry = 99;
		cert.app_id_count = MSG_CERTIFICATE_APP_IDS_MAX;
		memset(cert.app_ids, 0xFF, sizeof(cert.app_ids));
		if (i == 0)
			cert.identity = identity_of("str:a");
		memset(made[i].authority_seed, i + 2, 32);
		byte_writer_init(&writer, made[i].cert, sizeof(made[i].cert));
		msg_certificate_write(&writer, &cert);
		certificate_sign(&made[i].envelope, made[i].signature, made[i].authority_seed, made[i].cert,
		                 byte_writer_size(&writer));
		byte_writer_init(&writer, large[i], sizeof(large[i]));
		msg_signed_certificate_write(&writer, &made[i].envelope);
		cr_assert_not(byte_writer_failed(&writer));
		given[i] = (struct msg_bytes){ large[i], byte_writer_size(&writer) };
	}
	cr_assert_eq(certificate_load_own(&own, made[0].seed, given, 2), CERTIFICATE_FINE);
	cr_assert_eq(certificate_load_own(&own, made[0].seed, given, 4), CERTIFICATE_TOO_LARGE);
	cr_assert_eq(own.cert_size, 0);
}

Test(certificate, is_shared_until_the_last_one_lets_go)
{
	struct certificate_own *own = certificate_shared_new();

	certificate_shared_ref(own);
	own->private_key[0] = 1;
	certificate_shared_unref(own);
	cr_assert_eq(own->private_key[0], 1);
	certificate_shared_unref(own);
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
