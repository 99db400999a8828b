#include "core/wire/msg_handshake.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

#define CLIENT_ID 0x3d48e0eeu
#define SERVER_ID 0x7e245d5du

static uint8_t out[1300];
static struct byte_writer writer;

static void start(void)
{
	byte_writer_init(&writer, out, sizeof(out));
}

static bool wrote(const struct wire_test_bytes *expected)
{
	return !byte_writer_failed(&writer) && wire_test_equal(expected, out, byte_writer_size(&writer));
}

Test(msg_handshake, the_recorded_challenge_request)
{
	struct wire_test_bytes datagram = wire_test_recorded("udp_session.txt", "C", "udp_out", 0);
	struct msg_challenge_request message;

	cr_assert(msg_challenge_request_read(&message, datagram.bytes, datagram.size));
	cr_assert_eq(message.connection_id, CLIENT_ID);
	cr_assert_eq(message.timestamp, UINT64_C(0x2ba7def38ca));
	cr_assert_eq(message.version, WIRE_VERSION);
	start();
	msg_challenge_request_write(&writer, &message);
	cr_assert(wrote(&datagram));
}

Test(msg_handshake, the_recorded_connect_request)
{
	struct wire_test_bytes datagram = wire_test_recorded("udp_session.txt", "C", "udp_out", 1);
	struct wire_test_bytes cert = wire_test_recorded("udp_session.txt", "C", "cert_local", 0);
	struct wire_test_bytes info = wire_test_recorded("udp_session.txt", "C", "crypt_local", 0);
	struct wire_test_bytes signature = wire_test_recorded("udp_session.txt", "C", "crypt_sig_local", 0);
	struct msg_connect_request message;

	cr_assert(msg_connect_request_read(&message, datagram.bytes, datagram.size));
	cr_assert_eq(message.connection_id, CLIENT_ID);
	cr_assert_eq(message.challenge, UINT64_C(0xbafc9eae875fa7de));
	cr_assert(message.has_ping && message.ping_ms == 0);
	cr_assert(message.has_timestamp);
	cr_assert(identity_is_none(&message.identity));
	cr_assert(message.has_certificate && message.certificate.signature == NULL);
	cr_assert(wire_test_equal(&cert, message.certificate.cert, message.certificate.cert_size));
	cr_assert(message.has_crypt && wire_test_equal(&info, message.crypt.info, message.crypt.info_size));
	cr_assert(wire_test_equal(&signature, message.crypt.signature, message.crypt.signature_size));
	start();
	msg_connect_request_write(&writer, &message);
	cr_assert(wrote(&datagram));
}

Test(msg_handshake, the_recorded_connect_ok)
{
	struct wire_test_bytes datagram = wire_test_recorded("udp_session.txt", "S", "udp_out", 0);
	struct wire_test_bytes cert = wire_test_recorded("udp_session.txt", "S", "cert_local", 0);
	struct wire_test_bytes info = wire_test_recorded("udp_session.txt", "S", "crypt_local", 0);
	struct msg_connect_ok message;

	cr_assert(msg_connect_ok_read(&message, datagram.bytes, datagram.size));
	cr_assert_eq(message.client_connection_id, CLIENT_ID);
	cr_assert_eq(message.server_connection_id, SERVER_ID);
	cr_assert(message.has_timestamp && message.delay_usec == 0xb9d);
	cr_assert(wire_test_equal(&cert, message.certificate.cert, message.certificate.cert_size));
	cr_assert(wire_test_equal(&info, message.crypt.info, message.crypt.info_size));
	start();
	msg_connect_ok_write(&writer, &message);
	cr_assert(wrote(&datagram));
}

Test(msg_handshake, challenge_replies_round_trip)
{
	struct msg_challenge_reply message = { CLIENT_ID, UINT64_C(0xffeeddccbbaa9988), 5, 13 }, back;
	struct wire_test_bytes expected = wire_test_hex("21 0d eee0483d 11 8899aabbccddeeff 19 0500000000000000 20 0d");

	start();
	msg_challenge_reply_write(&writer, &message);
	cr_assert(wrote(&expected));
	cr_assert(msg_challenge_reply_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.connection_id == CLIENT_ID && back.challenge == message.challenge);
	cr_assert(back.timestamp == 5 && back.version == 13);
}

Test(msg_handshake, the_worked_connection_closed)
{
	struct msg_connection_closed message = { "bye", 3, 1234, SERVER_ID, CLIENT_ID }, back;
	struct wire_test_bytes expected = wire_test_hex("24 1200 12 03 627965 18 d209 25 5d5d247e 2d eee0483d");

	start();
	msg_connection_closed_write(&writer, &message);
	cr_assert_eq(byte_writer_size(&writer), WIRE_PADDED_MIN);
	cr_assert(memcmp(out, expected.bytes, expected.size) == 0);
	for (size_t i = expected.size; i < WIRE_PADDED_MIN; i++)
		cr_assert_eq(out[i], 0);
	cr_assert(msg_connection_closed_read(&back, out, WIRE_PADDED_MIN));
	cr_assert(back.text_size == 3 && memcmp(back.text, "bye", 3) == 0 && back.reason == 1234);
	cr_assert(back.to_connection_id == SERVER_ID && back.from_connection_id == CLIENT_ID);
	cr_assert_not(msg_connection_closed_read(&back, out, WIRE_PADDED_MIN - 1));
}

Test(msg_handshake, an_unknown_peer_id_and_an_empty_text_are_left_out)
{
	struct msg_connection_closed message = { .reason = 5001, .from_connection_id = CLIENT_ID };

	start();
	msg_connection_closed_write(&writer, &message);
	cr_assert_eq(out[1], 8);
}

Test(msg_handshake, close_texts_are_cut_between_characters)
{
	char text[200];
	struct msg_connection_closed message = { text, sizeof(text), 1000, 0, 1 }, back;

	memset(text, 'x', sizeof(text));
	cr_assert_eq(msg_handshake_text_size(text, sizeof(text)), WIRE_DEBUG_TEXT_MAX);
	cr_assert_eq(msg_handshake_text_size(text, 127), 127);
	memcpy(text + 125, "\xe2\x82\xac", 3); /* a euro sign over the cut */
	cr_assert_eq(msg_handshake_text_size(text, sizeof(text)), 125);
	start();
	msg_connection_closed_write(&writer, &message);
	cr_assert(msg_connection_closed_read(&back, out, byte_writer_size(&writer)));
	cr_assert_eq(back.text_size, 125);
	memset(text, 0x80, sizeof(text));
	cr_assert_eq(msg_handshake_text_size(text, sizeof(text)), 0);
}

Test(msg_handshake, no_connection_is_short_and_round_trips)
{
	struct msg_no_connection message = { SERVER_ID, CLIENT_ID }, back;
	struct wire_test_bytes expected = wire_test_hex("25 15 5d5d247e 1d eee0483d");

	start();
	msg_no_connection_write(&writer, &message);
	cr_assert(wrote(&expected));
	cr_assert(msg_no_connection_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.from_connection_id == SERVER_ID && back.to_connection_id == CLIENT_ID);
	message.to_connection_id = 0;
	start();
	msg_no_connection_write(&writer, &message);
	cr_assert_eq(byte_writer_size(&writer), 6);
}

Test(msg_handshake, identities_outside_the_certificate_round_trip)
{
	struct msg_connect_request request = { .connection_id = 1 }, request_back;
	struct msg_connect_ok ok = { .client_connection_id = 1, .server_connection_id = 2 }, ok_back;

	identity_parse(&request.identity, "steamid:76561197960287930", 25);
	identity_parse(&ok.identity, "str:server", 10);
	start();
	msg_connect_request_write(&writer, &request);
	cr_assert(msg_connect_request_read(&request_back, out, byte_writer_size(&writer)));
	cr_assert(identity_equal(&request.identity, &request_back.identity));
	cr_assert_not(request_back.has_certificate || request_back.has_crypt);
	cr_assert_not(request_back.has_ping || request_back.has_timestamp);
	start();
	msg_connect_ok_write(&writer, &ok);
	cr_assert(msg_connect_ok_read(&ok_back, out, byte_writer_size(&writer)));
	cr_assert(identity_equal(&ok.identity, &ok_back.identity));
	cr_assert_not(ok_back.has_timestamp);
}

Test(msg_handshake, an_unreadable_identity_spoils_the_message)
{
	struct wire_test_bytes request = wire_test_hex("22 0d 01000000 52 00");
	struct msg_connect_request message;

	cr_assert_not(msg_connect_request_read(&message, request.bytes, request.size));
	cr_assert(msg_connect_request_read(&message, request.bytes, request.size - 2));
}

Test(msg_handshake, every_reader_insists_on_its_lead_byte)
{
	uint8_t datagram[WIRE_PADDED_MIN] = { 0, 2, 0, 0x18, 1 };

	for (unsigned lead = 0; lead < 256; lead++) {
		struct msg_challenge_request a;
		struct msg_challenge_reply b;
		struct msg_connect_request c;
		struct msg_connect_ok d;
		struct msg_connection_closed e;
		struct msg_no_connection f;
		datagram[0] = (uint8_t)lead;
		cr_assert_eq(msg_challenge_request_read(&a, datagram, sizeof(datagram)), lead == 0x20);
		cr_assert_eq(msg_challenge_reply_read(&b, datagram, 1), lead == 0x21);
		cr_assert_eq(msg_connect_request_read(&c, datagram, 1), lead == 0x22);
		cr_assert_eq(msg_connect_ok_read(&d, datagram, 1), lead == 0x23);
		cr_assert_eq(msg_connection_closed_read(&e, datagram, sizeof(datagram)), lead == 0x24);
		cr_assert_eq(msg_no_connection_read(&f, datagram, 1), lead == 0x25);
	}
}

Test(msg_handshake, truncations_never_read_beyond_the_datagram)
{
	struct wire_test_bytes request = wire_test_recorded("udp_session.txt", "C", "udp_out", 1);
	struct wire_test_bytes ok = wire_test_recorded("udp_session.txt", "S", "udp_out", 0);
	int whole = 0;

	for (size_t size = 0; size < request.size; size++) {
		struct msg_connect_request message;
		uint8_t *exact = wire_test_exact(request.bytes, size);
		whole += msg_connect_request_read(&message, exact, size);
		free(exact);
	}
	cr_assert_eq(whole, 6); /* after the lead byte and after each field but the last */
	whole = 0;
	for (size_t size = 0; size < ok.size; size++) {
		struct msg_connect_ok message;
		uint8_t *exact = wire_test_exact(ok.bytes, size);
		whole += msg_connect_ok_read(&message, exact, size);
		free(exact);
	}
	cr_assert_eq(whole, 6);
}

Test(msg_handshake, a_datagram_without_room_fails_the_writer)
{
	struct wire_test_bytes datagram = wire_test_recorded("udp_session.txt", "C", "udp_out", 1);
	struct msg_connect_request message;

	cr_assert(msg_connect_request_read(&message, datagram.bytes, datagram.size));
	for (size_t room = 0; room <= datagram.size; room++) {
		uint8_t *exact = wire_test_exact(out, room);
		byte_writer_init(&writer, exact, room);
		msg_connect_request_write(&writer, &message);
		cr_assert_eq(byte_writer_failed(&writer), room < datagram.size);
		free(exact);
	}
}
