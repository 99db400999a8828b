#include "core/wire/msg_identity.h"

#include "core/base/bytes.h"

#define STEAM_TEXT_MAX 32
#define LEGACY_ADDRESS_SIZE 18

static bool from_steam_id(uint64_t value, struct identity *out)
{
	static const char prefix[] = "steamid:";
	char text[STEAM_TEXT_MAX];
	size_t at = sizeof text;

	do {
		text[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	at -= sizeof prefix - 1;
	bytes_copy(text + at, prefix, sizeof prefix - 1);
	return identity_parse(out, text + at, sizeof text - at);
}

static bool from_string(const struct pb_view *view, struct identity *out)
{
	char text[4 + IDENTITY_STRING_MAX] = "str:";

	if (view->size == 0 || view->size > IDENTITY_STRING_MAX)
		return false;
	bytes_copy(text + 4, view->bytes, view->size);
	return identity_parse(out, text, 4 + view->size);
}

static bool from_address(const struct pb_view *view, struct identity *out)
{
	struct address address;

	if (view->size != LEGACY_ADDRESS_SIZE)
		return false;
	bytes_copy(address.ip, view->bytes, sizeof address.ip);
	address.port = (uint16_t)(view->bytes[16] << 8 | view->bytes[17]);
	identity_set_address(out, &address);
	return true;
}

static bool from_binary(const struct pb_view *view, struct identity *out)
{
	struct byte_reader reader;
	struct pb_field field;

	byte_reader_init(&reader, view->bytes, view->size);
	while (pb_next(&reader, &field)) {
		if (pb_is(&field, 2, PB_BYTES))
			return identity_set_generic(out, field.view.bytes, field.view.size);
		if (pb_is(&field, 3, PB_BYTES))
			return from_string(&field.view, out);
		if (pb_is(&field, 4, PB_BYTES))
			return from_address(&field.view, out);
		if (pb_is(&field, 16, PB_FIXED64))
			return from_steam_id(field.value, out);
	}
	return false;
}

bool msg_identity_resolve(const struct msg_identity *from, struct identity *out)
{
	bytes_zero(out, sizeof *out);
	if (from->text.bytes != NULL)
		return identity_parse(out, (const char *)from->text.bytes, from->text.size);
	if (from->binary.bytes != NULL)
		return from_binary(&from->binary, out);
	return from->steam_id == 0 || from_steam_id(from->steam_id, out);
}
