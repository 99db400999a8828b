/* Identities from users and peers: the canonical text is one and reads as itself. */
#include <stdlib.h>
#include <string.h>

#include "core/types/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[IDENTITY_GENERIC_MAX];
	struct address address;
	struct identity identity, again;
	if (!identity_parse(&identity, (const char *)data, size)) {
		if (!identity_is_none(&identity))
			abort();
		return 0;
	}
	if (identity.size != strlen(identity.text))
		abort();
	if (!identity_parse(&again, identity.text, identity.size) || !identity_equal(&identity, &again))
		abort();
	if (identity.kind == IDENTITY_IP && !identity_get_address(&identity, &address))
		abort();
	if (identity.kind == IDENTITY_GENERIC && identity_get_generic(&identity, bytes) == 0)
		abort();
	return 0;
}
