#include "core/wire/msg_certificate.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

static const struct {
	const char *file, *side, *what;
} certs[] = {
	{ "udp_session.txt", "C", "cert_local" },
	{ "udp_session.txt", "S", "cert_local" },
	{ "p2p_session.txt", "C", "cert_local" },
	{ "p2p_session.txt", "S", "cert_local" },
};

Test(msg_certificate, recorded_certificates_come_out_as_they_went_in)
{
	for (size_t i = 0; i < 4; i++) {
		struct wire_test_bytes bytes = wire_test_recorded(certs[i].file, certs[i].side, certs[i].what, 0);
		struct msg_certificate cert;
		struct byte_writer writer;
		uint8_t out[256];

		cr_assert(bytes.size > 0);
		cr_assert(msg_certificate_read(&cert, bytes.bytes, bytes.size));
		cr_assert_eq(cert.key_type, MSG_KEY_TYPE_ED25519);
		cr_assert_eq(cert.key_size, WIRE_KEY_SIZE);
		cr_assert(cert.app_id_count == 1 && cert.app_ids[0] == 0);
		cr_assert(strcmp(cert.identity.text, i < 2 ? "ip:::1" : i == 2 ? "str:peer_c" : "str:peer_s") == 0);
		byte_writer_init(&writer, out, sizeof(out));
		msg_certificate_write(&writer, &cert);
		cr_assert(wire_test_equal(&bytes, out, byte_writer_size(&writer)));
	}
}

Test(msg_certificate, recorded_session_infos_come_out_as_they_went_in)
{
	for (size_t i = 0; i < 4; i++) {
		struct wire_test_bytes bytes = wire_test_recorded(certs[i].file, certs[i].side, "crypt_local", 0);
		struct msg_session_crypt info;
		struct byte_writer writer;
		uint8_t out[256];

		cr_assert(msg_session_crypt_read(&info, bytes.bytes, bytes.size));
		cr_assert_eq(info.key_type, MSG_KEY_TYPE_X25519);
		cr_assert_eq(info.key_size, WIRE_KEY_SIZE);
		cr_assert_eq(info.version, WIRE_VERSION);
		cr_assert(info.cipher_count == 1 && info.ciphers[0] == WIRE_CIPHER_AES_256_GCM);
		cr_assert_eq(info.capabilities, 0);
		byte_writer_init(&writer, out, sizeof(out));
		msg_session_crypt_write(&writer, &info);
		cr_assert(wire_test_equal(&bytes, out, byte_writer_size(&writer)));
	}
}

Test(msg_certificate, all_fields_round_trip)
{
	uint8_t key[WIRE_KEY_SIZE] = { 1, 2, 3 };
	struct msg_certificate cert = { .key_type = 1,
		                            .key = key,
		                            .key_size = sizeof(key),
		                            .created = 5,
		                            .expiry = 6,
		                            .app_ids = { 1, 4000000000u },
		                            .app_id_count = 2 };
	struct msg_certificate back;
	struct byte_writer writer;
	uint8_t out[256];

	cr_assert(identity_parse(&cert.identity, "steamid:76561197960287930", 25));
	byte_writer_init(&writer, out, sizeof(out));
	msg_certificate_write(&writer, &cert);
	cr_assert(msg_certificate_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.created == 5 && back.expiry == 6 && back.app_id_count == 2 && back.app_ids[1] == 4000000000u);
	cr_assert(back.key_size == sizeof(key) && memcmp(back.key, key, sizeof(key)) == 0);
	cr_assert(identity_equal(&back.identity, &cert.identity));
}

Test(msg_certificate, application_ids_are_bounded)
{
	uint8_t out[256];
	struct byte_writer writer;
	struct msg_certificate cert;

	byte_writer_init(&writer, out, sizeof(out));
	for (int i = 0; i < MSG_CERTIFICATE_APP_IDS_MAX; i++)
		pb_write_varint(&writer, 10, 1);
	cr_assert(msg_certificate_read(&cert, out, byte_writer_size(&writer)));
	pb_write_varint(&writer, 10, 1);
	cr_assert_not(msg_certificate_read(&cert, out, byte_writer_size(&writer)));
}

Test(msg_certificate, an_unsigned_envelope_has_no_signature_field)
{
	struct wire_test_bytes expected = wire_test_hex("22 02 abcd");
	struct msg_signed_certificate envelope = { .cert = expected.bytes + 2, .cert_size = 2, .authority = 9 };
	struct byte_writer writer;
	uint8_t out[64];

	byte_writer_init(&writer, out, sizeof(out));
	msg_signed_certificate_write(&writer, &envelope);
	cr_assert(wire_test_equal(&expected, out, byte_writer_size(&writer)));
}

Test(msg_certificate, an_empty_signature_is_not_an_absent_one)
{
	struct wire_test_bytes bytes = wire_test_hex("22 02 abcd  32 00");
	struct msg_signed_certificate envelope;

	cr_assert(msg_signed_certificate_read(&envelope, bytes.bytes, bytes.size));
	cr_assert(envelope.signature != NULL && envelope.signature_size == 0);
	cr_assert(msg_signed_certificate_read(&envelope, bytes.bytes, 4));
	cr_assert(envelope.signature == NULL);
}

Test(msg_certificate, a_private_key_in_the_envelope_is_passed_over)
{
	struct wire_test_bytes bytes = wire_test_hex("0a 02 0102  22 01 ab  29 0807060504030201  32 01 cd");
	struct msg_signed_certificate envelope;

	cr_assert(msg_signed_certificate_read(&envelope, bytes.bytes, bytes.size));
	cr_assert(envelope.cert_size == 1 && envelope.cert[0] == 0xab);
	cr_assert_eq(envelope.authority, UINT64_C(0x0102030405060708));
}

Test(msg_certificate, a_chain_travels_as_field_1500_behind_a_signature)
{
	struct wire_test_bytes expected =
		wire_test_hex("22 01 ab  29 0807060504030201  32 01 cd  e2 5d 01 11  e2 5d 02 2233");
	struct msg_signed_certificate envelope, back;
	struct byte_writer writer;
	uint8_t out[64];

	cr_assert(msg_signed_certificate_read(&envelope, expected.bytes, expected.size));
	cr_assert_eq(envelope.chain_count, 2);
	cr_assert(envelope.chain[0].size == 1 && envelope.chain[0].bytes[0] == 0x11);
	cr_assert(envelope.chain[1].size == 2 && envelope.chain[1].bytes[1] == 0x33);
	byte_writer_init(&writer, out, sizeof(out));
	msg_signed_certificate_write(&writer, &envelope);
	cr_assert(wire_test_equal(&expected, out, byte_writer_size(&writer)));

	envelope.signature = NULL;
	byte_writer_init(&writer, out, sizeof(out));
	msg_signed_certificate_write(&writer, &envelope);
	cr_assert(msg_signed_certificate_read(&back, out, byte_writer_size(&writer)));
	cr_assert_eq(back.chain_count, 0);
}

Test(msg_certificate, a_long_chain_is_cut)
{
	uint8_t out[64];
	struct byte_writer writer;
	struct msg_signed_certificate envelope;

	byte_writer_init(&writer, out, sizeof(out));
	for (uint8_t i = 0; i < MSG_CERTIFICATE_CHAIN_MAX + 2; i++)
		pb_write_bytes(&writer, 1500, &i, 1);
	cr_assert(msg_signed_certificate_read(&envelope, out, byte_writer_size(&writer)));
	cr_assert_eq(envelope.chain_count, MSG_CERTIFICATE_CHAIN_MAX);
	cr_assert_eq(envelope.chain[MSG_CERTIFICATE_CHAIN_MAX - 1].bytes[0], MSG_CERTIFICATE_CHAIN_MAX - 1);
}

Test(msg_certificate, a_request_is_a_certificate_and_perhaps_a_signature)
{
	struct wire_test_bytes plain = wire_test_hex("0a 02 abcd");
	struct wire_test_bytes with_signature = wire_test_hex("0a 02 abcd  e2 5d 01 ef");
	struct msg_certificate_request request;
	struct byte_writer writer;
	uint8_t out[32];

	cr_assert(msg_certificate_request_read(&request, plain.bytes, plain.size));
	cr_assert(request.cert_size == 2 && request.signature == NULL);
	byte_writer_init(&writer, out, sizeof(out));
	msg_certificate_request_write(&writer, &request);
	cr_assert(wire_test_equal(&plain, out, byte_writer_size(&writer)));
	cr_assert(msg_certificate_request_read(&request, with_signature.bytes, with_signature.size));
	cr_assert(request.cert_size == 2 && request.signature_size == 1 && request.signature[0] == 0xef);
	byte_writer_init(&writer, out, sizeof(out));
	msg_certificate_request_write(&writer, &request);
	cr_assert(wire_test_equal(&with_signature, out, byte_writer_size(&writer)));
	cr_assert_not(msg_certificate_request_read(&request, plain.bytes, plain.size - 1));
}

Test(msg_certificate, capabilities_travel_as_field_1500)
{
	uint8_t key[WIRE_KEY_SIZE] = { 9 };
	struct msg_session_crypt info = { .key_type = 1,
		                              .key = key,
		                              .key_size = sizeof(key),
		                              .nonce = 7,
		                              .version = 13,
		                              .ciphers = { 2, 1 },
		                              .cipher_count = 2,
		                              .capabilities = UINT64_MAX };
	struct msg_session_crypt back;
	struct byte_writer writer;
	uint8_t out[128];

	byte_writer_init(&writer, out, sizeof(out));
	msg_session_crypt_write(&writer, &info);
	cr_assert(out[50] == 0x01 && out[51] == 0xe0 && out[52] == 0x5d);
	cr_assert(msg_session_crypt_read(&back, out, byte_writer_size(&writer)));
	cr_assert_eq(back.capabilities, UINT64_MAX);
	cr_assert(back.cipher_count == 2 && back.ciphers[0] == 2 && back.ciphers[1] == 1);
}

Test(msg_certificate, ciphers_may_be_packed_and_are_bounded)
{
	struct wire_test_bytes packed = wire_test_hex("20 0d 2a 02 0201");
	struct wire_test_bytes many = wire_test_hex("2a 11 0202020202020202020202020202020202");
	struct msg_session_crypt info;

	cr_assert(msg_session_crypt_read(&info, packed.bytes, packed.size));
	cr_assert(info.cipher_count == 2 && info.ciphers[0] == 2 && info.ciphers[1] == 1);
	cr_assert(info.key == NULL);
	cr_assert_not(msg_session_crypt_read(&info, many.bytes, many.size));
}

Test(msg_certificate, truncations_are_refused_or_end_between_fields)
{
	struct wire_test_bytes bytes = wire_test_recorded("udp_session.txt", "C", "cert_local", 0);
	int whole = 0;

	for (size_t size = 0; size < bytes.size; size++) {
		struct msg_certificate cert;
		uint8_t *exact = wire_test_exact(bytes.bytes, size);
		whole += msg_certificate_read(&cert, exact, size);
		free(exact);
	}
	cr_assert_eq(whole, 5); /* nothing, key type, key, application, legacy identity */
}
