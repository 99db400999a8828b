#include "core/wire/msg_identity.h"

#include "core/base/byte_reader.h"
#include "core/base/text.h"

#define LEGACY_IP_SIZE 18 /* 16 bytes of IPv6, and the port in network order */
#define LEGACY_GENERIC 2
#define LEGACY_STRING 3
#define LEGACY_IP 4
#define LEGACY_STEAM_ID 16

#define STEAM_PREFIX "steamid:"
#define STRING_PREFIX "str:"
#define PREFIX_SIZE(prefix) (sizeof(prefix) - 1)

/* --- reading */

static bool set_prefixed(struct identity *out, const char *prefix, const char *rest, size_t size)
{
	char buffer[IDENTITY_TEXT_MAX];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, prefix);
	text_add_bytes(&text, rest, size);
	return !text.cut && identity_parse(out, text.start, text.size);
}

static bool set_steam_id(struct identity *out, uint64_t steam_id)
{
	char buffer[24];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	text_add_u64(&text, steam_id);
	return set_prefixed(out, STEAM_PREFIX, text.start, text.size);
}

static bool set_ip(struct identity *out, const struct pb_field *field)
{
	struct byte_reader reader;
	struct address address;

	if (field->size != LEGACY_IP_SIZE)
		return false;
	byte_reader_init(&reader, field->bytes, field->size);
	byte_reader_copy(&reader, address.ip, sizeof(address.ip));
	address.port = byte_reader_be16(&reader);
	identity_set_address(out, &address);
	return true;
}

static bool read_legacy(struct identity *out, const struct pb_field *legacy)
{
	struct pb_reader reader;
	struct pb_field field;
	bool good = false;

	pb_reader_init(&reader, legacy->bytes, legacy->size);
	while (pb_next(&reader, &field)) {
		switch (field.tag) {
		case PB_BYTES(LEGACY_GENERIC):
			good = identity_set_generic(out, field.bytes, field.size);
			break;
		case PB_BYTES(LEGACY_STRING):
			good = set_prefixed(out, STRING_PREFIX, (const char *)field.bytes, field.size);
			break;
		case PB_BYTES(LEGACY_IP):
			good = set_ip(out, &field);
			break;
		case PB_FIXED64(LEGACY_STEAM_ID):
			good = set_steam_id(out, field.value);
			break;
		default:
			break;
		}
	}
	return good && !pb_reader_failed(&reader);
}

bool msg_identity_read_text(struct identity *out, const struct pb_field *field)
{
	return identity_parse(out, (const char *)field->bytes, field->size);
}

bool msg_identity_resolve(struct identity *out, const struct msg_identity_forms *forms)
{
	out->kind = IDENTITY_NONE;
	out->size = 0;
	out->text[0] = '\0';
	if (forms->text.bytes != NULL)
		return msg_identity_read_text(out, &forms->text);
	if (forms->legacy.bytes != NULL)
		return read_legacy(out, &forms->legacy);
	return !forms->has_steam_id || set_steam_id(out, forms->steam_id);
}

/* --- writing */

static uint64_t steam_id_of(const struct identity *identity)
{
	uint64_t steam_id = 0;

	text_read_u64(identity->text + PREFIX_SIZE(STEAM_PREFIX), identity->size - PREFIX_SIZE(STEAM_PREFIX), &steam_id);
	return steam_id;
}

void msg_identity_write_text(struct byte_writer *writer, uint32_t number, const struct identity *identity)
{
	if (!identity_is_none(identity))
		pb_write_bytes(writer, number, identity->text, identity->size);
}

static void write_legacy_ip(struct byte_writer *writer, const struct identity *identity)
{
	struct byte_writer ip;
	struct address address;
	uint8_t bytes[LEGACY_IP_SIZE];

	if (!identity_get_address(identity, &address))
		return;
	byte_writer_init(&ip, bytes, sizeof(bytes));
	byte_writer_bytes(&ip, address.ip, sizeof(address.ip));
	byte_writer_be16(&ip, address.port);
	pb_write_bytes(writer, LEGACY_IP, bytes, sizeof(bytes));
}

static void write_legacy_form(struct byte_writer *writer, const struct identity *identity)
{
	uint8_t generic[IDENTITY_GENERIC_MAX];

	switch (identity->kind) {
	case IDENTITY_GENERIC:
		pb_write_bytes(writer, LEGACY_GENERIC, generic, identity_get_generic(identity, generic));
		break;
	case IDENTITY_STRING:
		pb_write_bytes(writer, LEGACY_STRING, identity->text + PREFIX_SIZE(STRING_PREFIX),
		               identity->size - PREFIX_SIZE(STRING_PREFIX));
		break;
	case IDENTITY_IP:
		write_legacy_ip(writer, identity);
		break;
	case IDENTITY_STEAM_ID:
		pb_write_fixed64(writer, LEGACY_STEAM_ID, steam_id_of(identity));
		break;
	default:
		break;
	}
}

void msg_identity_write_legacy(struct byte_writer *writer, uint32_t number, const struct identity *identity)
{
	if (identity->kind != IDENTITY_GENERIC && identity->kind != IDENTITY_STRING && identity->kind != IDENTITY_IP &&
	    identity->kind != IDENTITY_STEAM_ID)
		return;
	size_t mark = pb_begin(writer, number);
	write_legacy_form(writer, identity);
	pb_end(writer, mark);
}

void msg_identity_write_steam_id(struct byte_writer *writer, uint32_t number, const struct identity *identity)
{
	if (identity->kind == IDENTITY_STEAM_ID)
		pb_write_fixed64(writer, number, steam_id_of(identity));
}
