#include "core/wire/msg_rendezvous.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

static uint8_t out[8192];
static struct byte_writer writer;

static void start(void)
{
	byte_writer_init(&writer, out, sizeof(out));
}

static bool is_text(const uint8_t *bytes, size_t size, const char *text)
{
	return size == strlen(text) && memcmp(bytes, text, size) == 0;
}

static struct msg_rendezvous_entry entry_of(enum msg_rendezvous_entry_kind kind, const char *text)
{
	struct msg_rendezvous_entry entry = { kind, (const uint8_t *)text, strlen(text), 0 };
	return entry;
}

Test(msg_rendezvous, reads_the_recorded_connect_request)
{
	struct wire_test_bytes bytes = wire_test_recorded_hex("p2p_connect_request.hex");
	struct msg_rendezvous message;
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry;

	cr_assert(msg_rendezvous_read(&message, bytes.bytes, bytes.size));
	cr_assert_eq(message.to_connection_id, 0);
	cr_assert(message.has_request && !message.has_ok && !message.has_closed);
	cr_assert(message.request.to_port == 7 && message.request.from_port == 7);
	cr_assert(message.request.crypt.info != NULL && message.request.certificate.cert != NULL);
	cr_assert(message.ice_enabled);
	cr_assert(strcmp(message.from.text, "str:peer_t") == 0 && strcmp(message.to.text, "str:tap") == 0);
	cr_assert_eq(message.from_connection_id, 0xa96978d7);
	cr_assert(message.has_ack && message.ack == 0);
	cr_assert(message.has_first && message.first == 1);
	cr_assert_eq(message.entry_count, 3);
	msg_rendezvous_iterate(&iterator, &message);
	cr_assert(msg_rendezvous_next_entry(&iterator, &entry));
	cr_assert(entry.kind == MSG_RENDEZVOUS_PASSWORD && is_text(entry.text, entry.size, "PBhKL"));
	cr_assert(msg_rendezvous_next_entry(&iterator, &entry));
	cr_assert(entry.kind == MSG_RENDEZVOUS_CANDIDATE);
	cr_assert(is_text(entry.text, entry.size, "candidate:39886604 0 udp 2130706431 192.0.2.2 40715 typ host"));
	cr_assert(msg_rendezvous_next_entry(&iterator, &entry));
	cr_assert(is_text(entry.text, entry.size, "candidate:25114006 0 udp 2130706175 fd00::2 46485 typ host"));
	cr_assert_not(msg_rendezvous_next_entry(&iterator, &entry));
}

Test(msg_rendezvous, writes_the_recorded_connect_request)
{
	struct wire_test_bytes bytes = wire_test_recorded_hex("p2p_connect_request.hex");
	struct msg_rendezvous message;
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry;

	cr_assert(msg_rendezvous_read(&message, bytes.bytes, bytes.size));
	start();
	msg_rendezvous_write(&writer, &message);
	msg_rendezvous_iterate(&iterator, &message);
	while (msg_rendezvous_next_entry(&iterator, &entry))
		cr_assert(msg_rendezvous_add_entry(&writer, &entry));
	cr_assert(wire_test_equal(&bytes, out, byte_writer_size(&writer)));
}

Test(msg_rendezvous, an_answer_round_trips)
{
	struct msg_rendezvous message = {
		.to_connection_id = 5, .from_connection_id = 6, .has_ok = true, .ice_enabled = true, .has_ack = true, .ack = 3
	};
	struct msg_rendezvous back;
	uint8_t bytes[] = "certinfosign";

	message.ok.crypt.info = bytes + 4;
	message.ok.crypt.info_size = 4;
	message.ok.crypt.signature = bytes + 8;
	message.ok.crypt.signature_size = 4;
	message.ok.certificate.cert = bytes;
	message.ok.certificate.cert_size = 4;
	identity_parse(&message.from, "str:a", 5);
	start();
	msg_rendezvous_write(&writer, &message);
	cr_assert(msg_rendezvous_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.has_ok && !back.has_request && back.ice_enabled && !back.has_first);
	cr_assert(back.to_connection_id == 5 && back.from_connection_id == 6 && back.ack == 3);
	cr_assert(is_text(back.ok.crypt.info, back.ok.crypt.info_size, "info"));
	cr_assert(is_text(back.ok.crypt.signature, back.ok.crypt.signature_size, "sign"));
	cr_assert(is_text(back.ok.certificate.cert, back.ok.certificate.cert_size, "cert"));
	cr_assert(identity_is_none(&back.to));
}

Test(msg_rendezvous, a_close_round_trips)
{
	struct msg_rendezvous message = { .from_connection_id = 6,
		                              .has_closed = true,
		                              .closed = { "gone", 4, END_REASON_SIGNAL_NO_CONNECTION } };
	struct msg_rendezvous back;

	start();
	msg_rendezvous_write(&writer, &message);
	cr_assert(msg_rendezvous_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.has_closed && back.closed.reason == 9999);
	cr_assert(is_text((const uint8_t *)back.closed.text, back.closed.text_size, "gone"));
	cr_assert_not(back.has_ack || back.ice_enabled);
}

Test(msg_rendezvous, absent_ports_are_not_port_zero)
{
	struct msg_rendezvous message = { .has_request = true, .request = { .to_port = 0, .from_port = -1 } };
	struct wire_test_bytes huge = wire_test_hex("22 06 48 ffffffff0f");
	struct msg_rendezvous back;

	start();
	msg_rendezvous_write(&writer, &message);
	cr_assert(msg_rendezvous_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.request.to_port == 0 && back.request.from_port == WIRE_PORT_NONE);
	cr_assert(back.request.crypt.info == NULL && back.request.certificate.cert == NULL);
	cr_assert(msg_rendezvous_read(&back, huge.bytes, huge.size));
	cr_assert_eq(back.request.to_port, WIRE_PORT_NONE);
}

Test(msg_rendezvous, entries_are_added_while_there_is_room)
{
	struct msg_rendezvous message = { .from_connection_id = 1, .has_first = true, .first = 1 };
	struct msg_rendezvous_entry entry = entry_of(MSG_RENDEZVOUS_CANDIDATE, "candidate:1 1 udp 1 1.2.3.4 5 typ host");
	struct msg_rendezvous back;
	uint32_t count = 0;

	byte_writer_init(&writer, out, 300);
	msg_rendezvous_write(&writer, &message);
	while (msg_rendezvous_add_entry(&writer, &entry))
		count++;
	cr_assert_eq(count, 6);
	cr_assert_not(byte_writer_failed(&writer));
	cr_assert(msg_rendezvous_read(&back, out, byte_writer_size(&writer)));
	cr_assert_eq(back.entry_count, count);
}

Test(msg_rendezvous, entries_of_unknown_kind_count)
{
	struct wire_test_bytes bytes = wire_test_hex("60 05  6a 00  6a 02 1201  6a 02 0a00  6a 04 0a020a00");
	struct msg_rendezvous message;
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry = entry_of(MSG_RENDEZVOUS_EMPTY, "");

	cr_assert_not(msg_rendezvous_read(&message, bytes.bytes, bytes.size)); /* the second is cut */
	bytes = wire_test_hex("60 05  6a 00  6a 02 1801  6a 02 0a00  6a 04 0a020a00");
	cr_assert(msg_rendezvous_read(&message, bytes.bytes, bytes.size));
	cr_assert_eq(message.entry_count, 4);
	msg_rendezvous_iterate(&iterator, &message);
	for (int i = 0; i < 4; i++) {
		entry.kind = MSG_RENDEZVOUS_PASSWORD;
		cr_assert(msg_rendezvous_next_entry(&iterator, &entry) && entry.kind == MSG_RENDEZVOUS_EMPTY);
	}
	start();
	cr_assert(msg_rendezvous_add_entry(&writer, &entry));
	cr_assert(byte_writer_size(&writer) == 2 && out[0] == 0x6a && out[1] == 0);
}

Test(msg_rendezvous, entries_and_messages_are_bounded)
{
	struct msg_rendezvous_entry entry = entry_of(MSG_RENDEZVOUS_EMPTY, "");
	struct msg_rendezvous message;

	start();
	for (int i = 0; i < WIRE_RENDEZVOUS_ENTRIES_MAX; i++)
		msg_rendezvous_add_entry(&writer, &entry);
	cr_assert(msg_rendezvous_read(&message, out, byte_writer_size(&writer)));
	msg_rendezvous_add_entry(&writer, &entry);
	cr_assert_not(msg_rendezvous_read(&message, out, byte_writer_size(&writer)));
	start();
	for (int i = 0; i < WIRE_RENDEZVOUS_APPS_MAX; i++)
		pb_write_bytes(&writer, 15, "", 0);
	cr_assert(msg_rendezvous_read(&message, out, byte_writer_size(&writer)));
	pb_write_bytes(&writer, 15, "", 0);
	cr_assert_not(msg_rendezvous_read(&message, out, byte_writer_size(&writer)));
}

Test(msg_rendezvous, messages_of_the_application_can_be_pulled)
{
	struct wire_test_bytes bytes = wire_test_hex("7a 0a 0a 02 6869 10 05 18 08 20 03  6a 00  7a 02 1009");
	struct msg_rendezvous message;
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_app app;

	cr_assert(msg_rendezvous_read(&message, bytes.bytes, bytes.size));
	cr_assert(message.app_count == 2 && message.entry_count == 1);
	msg_rendezvous_iterate(&iterator, &message);
	cr_assert(msg_rendezvous_next_app(&iterator, &app));
	cr_assert(is_text(app.bytes, app.size, "hi") && app.number == 5 && app.flags == 8 && app.lane == 3);
	cr_assert(msg_rendezvous_next_app(&iterator, &app));
	cr_assert(app.size == 0 && app.number == 9);
	cr_assert_not(msg_rendezvous_next_app(&iterator, &app));
}

Test(msg_rendezvous, unreadable_identities_spoil_the_signal_and_absent_ones_do_not)
{
	struct wire_test_bytes bytes = wire_test_hex("42 03 616263");
	struct msg_rendezvous message;

	cr_assert_not(msg_rendezvous_read(&message, bytes.bytes, bytes.size));
	cr_assert(msg_rendezvous_read(&message, NULL, 0));
	cr_assert(identity_is_none(&message.from));
}

Test(msg_rendezvous, fields_of_other_networks_are_passed_over)
{
	struct wire_test_bytes bytes = wire_test_hex("12 02 ffff  18 07  72 01 ff  38 01  e25d 01 00");
	struct msg_rendezvous message;

	cr_assert(msg_rendezvous_read(&message, bytes.bytes, bytes.size));
	cr_assert(message.ice_enabled);
}

Test(msg_rendezvous, truncations_never_read_beyond_the_signal)
{
	struct wire_test_bytes bytes = wire_test_recorded_hex("p2p_connect_request.hex");
	int whole = 0;

	for (size_t size = 0; size < bytes.size; size++) {
		struct msg_rendezvous message;
		uint8_t *exact = wire_test_exact(bytes.bytes, size);
		whole += msg_rendezvous_read(&message, exact, size);
		free(exact);
	}
	cr_assert_eq(whole, 10); /* nothing, and after each field but the last */
}

Test(msg_rendezvous, a_password_says_of_which_session_it_is)
{
	uint8_t bytes[256];
	struct byte_writer writing;
	struct msg_rendezvous message;
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry = entry_of(MSG_RENDEZVOUS_PASSWORD, "secret"), read;

	byte_writer_init(&writing, bytes, sizeof bytes);
	cr_assert(msg_rendezvous_add_entry(&writing, &entry));
	entry.generation = 70000;
	cr_assert(msg_rendezvous_add_entry(&writing, &entry));
	cr_assert(msg_rendezvous_read(&message, bytes, byte_writer_size(&writing)));
	msg_rendezvous_iterate(&iterator, &message);
	cr_assert(msg_rendezvous_next_entry(&iterator, &read));
	cr_assert_eq(read.generation, 0);
	cr_assert(msg_rendezvous_next_entry(&iterator, &read));
	cr_assert_eq(read.generation, 70000);
	cr_assert_eq(read.kind, MSG_RENDEZVOUS_PASSWORD);
}
