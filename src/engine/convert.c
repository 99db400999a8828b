#include "engine/convert.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/text.h"

void convert_address_in(struct address *out, const struct kith_address *address)
{
	bytes_zero(out, sizeof(*out));
	bytes_copy(out->ip, address->ip, sizeof(out->ip));
	out->port = address->port;
}

void convert_address_out(struct kith_address *out, const struct address *address)
{
	bytes_zero(out, sizeof(*out));
	bytes_copy(out->ip, address->ip, sizeof(out->ip));
	out->port = address->port;
}

bool convert_identity_in(struct identity *out, const struct kith_identity *identity)
{
	size_t size = strnlen(identity->text, sizeof(identity->text));

	bytes_zero(out, sizeof(*out));
	if (identity->kind == KITH_IDENTITY_NONE && size == 0)
		return true;
	return size < sizeof(identity->text) && identity_parse(out, identity->text, size);
}

void convert_identity_out(struct kith_identity *out, const struct identity *identity)
{
	struct text text;
	uint8_t key[IDENTITY_KEY_SIZE];

	bytes_zero(out, sizeof(*out));
	out->kind = identity->kind;
	text_init(&text, out->text, sizeof(out->text));
	text_add_bytes(&text, identity->text, identity->size);
	if (identity_get_key(identity, key))
		out->kind = KITH_IDENTITY_KEY;
}
