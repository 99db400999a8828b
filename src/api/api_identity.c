#include <string.h>

#include <kith/identity.h>

#include "api/out_text.h"
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "engine/convert.h"
#include "engine/failure.h"

kith_result kith_identity_parse(const char *text, struct kith_identity *out_identity)
{
	struct identity identity;

	if (out_identity == NULL)
		return failure_set(KITH_E_INVALID, "out_identity: null");
	bytes_zero(out_identity, sizeof(*out_identity));
	if (text == NULL)
		return failure_set(KITH_E_INVALID, "text: null");
	if (!identity_parse(&identity, text, strlen(text)) || identity_is_none(&identity))
		return failure_set(
			KITH_E_INVALID,
			"'%.130s' is not an identity: str:NAME, gen:HEX, key:HEX (64 digits), ip:ADDRESS... is expected", text);
	convert_identity_out(out_identity, &identity);
	return KITH_OK;
}

kith_result kith_identity_print(const struct kith_identity *identity, char *buffer, size_t capacity, size_t *out_size)
{
	struct identity own;
	struct text text;
	char printed[KITH_IDENTITY_TEXT_MAX];
	uint8_t key[IDENTITY_KEY_SIZE];

	if (out_size != NULL)
		*out_size = 0;
	if (identity == NULL)
		return failure_set(KITH_E_INVALID, "identity: null");
	if (!convert_identity_in(&own, identity))
		return failure_set(KITH_E_INVALID, "identity: not an identity");
	text_init(&text, printed, sizeof(printed));
	if (identity_get_key(&own, key)) {
		text_add(&text, "key:");
		text_add_hex_bytes(&text, key, sizeof(key));
	} else {
		text_add_bytes(&text, own.text, own.size);
	}
	return out_text(printed, buffer, capacity, out_size);
}

kith_result kith_identity_from_bytes(const void *data, size_t size, struct kith_identity *out_identity)
{
	struct identity identity;

	if (out_identity == NULL)
		return failure_set(KITH_E_INVALID, "out_identity: null");
	bytes_zero(out_identity, sizeof(*out_identity));
	if (data == NULL || !identity_set_generic(&identity, data, size))
		return failure_set(KITH_E_INVALID, "data: 1 to 32 bytes are expected, not %zu", size);
	convert_identity_out(out_identity, &identity);
	return KITH_OK;
}

kith_result kith_identity_from_address(const struct kith_address *address, struct kith_identity *out_identity)
{
	struct identity identity;
	struct address own;

	if (out_identity == NULL)
		return failure_set(KITH_E_INVALID, "out_identity: null");
	bytes_zero(out_identity, sizeof(*out_identity));
	if (address == NULL)
		return failure_set(KITH_E_INVALID, "address: null");
	convert_address_in(&own, address);
	identity_set_address(&identity, &own);
	convert_identity_out(out_identity, &identity);
	return KITH_OK;
}

kith_result kith_identity_bytes(const struct kith_identity *identity, void *buffer, size_t capacity, size_t *out_size)
{
	struct identity own;
	uint8_t bytes[IDENTITY_GENERIC_MAX];
	size_t size;

	if (out_size != NULL)
		*out_size = 0;
	if (identity == NULL)
		return failure_set(KITH_E_INVALID, "identity: null");
	size = convert_identity_in(&own, identity) ? identity_get_generic(&own, bytes) : 0;
	if (size == 0)
		return failure_set(KITH_E_INVALID, "identity: not of bytes");
	if (out_size != NULL)
		*out_size = size;
	if (buffer == NULL && capacity == 0 && out_size != NULL)
		return KITH_OK;
	if (buffer == NULL)
		return failure_set(KITH_E_INVALID, "buffer: null");
	if (capacity < size)
		return failure_set(KITH_E_TOO_LARGE, "capacity: %zu bytes are needed", size);
	bytes_copy(buffer, bytes, size);
	return KITH_OK;
}

int32_t kith_identity_equal(const struct kith_identity *identity, const struct kith_identity *other)
{
	return identity != NULL && other != NULL && strncmp(identity->text, other->text, sizeof(identity->text)) == 0;
}
