#include "core/wire/msg_identity.h"

#include <criterion/criterion.h>
#include <string.h>

#include "unit/wire/wire_test.h"

static struct identity identity_of(const char *text)
{
	struct identity identity;

	cr_assert(identity_parse(&identity, text, strlen(text)), "%s", text);
	return identity;
}

/* Text in field 12, legacy in 11, Steam id in 4, as certificates have them. */
static bool read_forms(struct identity *out, const uint8_t *bytes, size_t size)
{
	struct msg_identity_forms forms = { 0 };
	struct pb_reader reader;
	struct pb_field field;

	pb_reader_init(&reader, bytes, size);
	while (pb_next(&reader, &field)) {
		if (field.tag == PB_BYTES(12))
			forms.text = field;
		else if (field.tag == PB_BYTES(11))
			forms.legacy = field;
		else if (field.tag == PB_FIXED64(4))
			forms.has_steam_id = true, forms.steam_id = field.value;
	}
	return !pb_reader_failed(&reader) && msg_identity_resolve(out, &forms);
}

static bool read_hex(struct identity *out, const char *hex)
{
	struct wire_test_bytes bytes = wire_test_hex(hex);

	return read_forms(out, bytes.bytes, bytes.size);
}

Test(msg_identity, absent_is_none)
{
	struct identity identity;

	cr_assert(read_hex(&identity, ""));
	cr_assert(identity_is_none(&identity));
}

Test(msg_identity, each_legacy_form_means_the_same_as_its_text)
{
	static const char *const texts[] = { "str:alice",         "gen:0102ff",         "ip:::1",
		                                 "ip:10.1.2.3:27015", "ip:[2001:db8::5]:9", "steamid:76561197960287930" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct identity identity = identity_of(texts[i]), back;
		struct byte_writer writer;
		uint8_t out[128];

		byte_writer_init(&writer, out, sizeof(out));
		msg_identity_write_legacy(&writer, 11, &identity);
		cr_assert(byte_writer_size(&writer) > 0, "%s", texts[i]);
		cr_assert(read_forms(&back, out, byte_writer_size(&writer)));
		cr_assert(identity_equal(&identity, &back), "%s: %s", texts[i], back.text);
		byte_writer_init(&writer, out, sizeof(out));
		msg_identity_write_text(&writer, 12, &identity);
		cr_assert(read_forms(&back, out, byte_writer_size(&writer)));
		cr_assert(identity_equal(&identity, &back));
	}
}

Test(msg_identity, the_recorded_legacy_forms)
{
	struct identity identity = identity_of("ip:::1");
	struct wire_test_bytes expected = wire_test_hex("5a14 2212 00000000000000000000000000000001 0000");
	struct byte_writer writer;
	uint8_t out[64];

	byte_writer_init(&writer, out, sizeof(out));
	msg_identity_write_legacy(&writer, 11, &identity);
	cr_assert(wire_test_equal(&expected, out, byte_writer_size(&writer)));
}

Test(msg_identity, a_steam_id_has_a_field_of_its_own)
{
	struct identity identity = identity_of("steamid:76561197960287930"), back;
	struct byte_writer writer;
	uint8_t out[64];

	byte_writer_init(&writer, out, sizeof(out));
	msg_identity_write_steam_id(&writer, 4, &identity);
	cr_assert_eq(byte_writer_size(&writer), 9);
	cr_assert(read_forms(&back, out, 9));
	cr_assert(identity_equal(&identity, &back));
	identity = identity_of("str:alice");
	msg_identity_write_steam_id(&writer, 4, &identity);
	cr_assert_eq(byte_writer_size(&writer), 9);
}

Test(msg_identity, kinds_without_a_legacy_form_write_none)
{
	struct identity identity = identity_of("xboxpwid:abc");
	struct byte_writer writer;
	uint8_t out[64];

	byte_writer_init(&writer, out, sizeof(out));
	msg_identity_write_legacy(&writer, 11, &identity);
	cr_assert_eq(byte_writer_size(&writer), 0);
}

Test(msg_identity, the_first_form_that_is_there_decides)
{
	struct identity identity;

	/* text "str:b" against legacy "a" */
	cr_assert(read_hex(&identity, "5a03 1a0161  6205 7374723a62"));
	cr_assert(strcmp(identity.text, "str:b") == 0);
	/* a text that cannot be read is not made good by the legacy form */
	cr_assert_not(read_hex(&identity, "5a03 1a0161  6200"));
	/* nor an empty legacy form by the Steam id */
	cr_assert_not(read_hex(&identity, "21 0100000001001001  5a00"));
}

Test(msg_identity, malformed_legacy_forms_are_refused)
{
	struct identity identity;

	cr_assert_not(read_hex(&identity, "5a13 2211 0000000000000000000000000000000100"));
	cr_assert_not(read_hex(&identity, "5a02 1200"));
	cr_assert_not(read_hex(&identity, "5a02 1a00"));
	cr_assert_not(read_hex(&identity, "5a02 1a05"));
}
