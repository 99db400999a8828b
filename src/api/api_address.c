#include <kith/address.h>

#include "api/out_text.h"
#include "core/base/bytes.h"
#include "engine/convert.h"
#include "engine/failure.h"

kith_result kith_address_parse(const char *text, struct kith_address *out_address)
{
	struct address address;

	if (out_address == NULL)
		return failure_set(KITH_E_INVALID, "out_address: null");
	bytes_zero(out_address, sizeof(*out_address));
	if (text == NULL)
		return failure_set(KITH_E_INVALID, "text: null");
	if (!address_parse(&address, text))
		return failure_set(KITH_E_INVALID, "'%.100s' is not an address", text);
	convert_address_out(out_address, &address);
	return KITH_OK;
}

kith_result kith_address_print(const struct kith_address *address, char *buffer, size_t capacity, size_t *out_size)
{
	struct address own;
	char text[ADDRESS_TEXT_MAX];

	if (out_size != NULL)
		*out_size = 0;
	if (address == NULL)
		return failure_set(KITH_E_INVALID, "address: null");
	convert_address_in(&own, address);
	address_print(&own, text);
	return out_text(text, buffer, capacity, out_size);
}

int32_t kith_address_equal(const struct kith_address *address, const struct kith_address *other)
{
	return address != NULL && other != NULL && bytes_equal(address->ip, other->ip, sizeof(address->ip)) &&
	       address->port == other->port && address->scope == other->scope;
}
