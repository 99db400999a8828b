#include "core/endpoint/endpoint_internal.h"

static unsigned hash_transport(const struct endpoint *endpoint, uint32_t transport)
{
	return hash_value(hash_u64(endpoint->hash_key, transport));
}

struct carrier *carrier_find(struct endpoint *endpoint, uint32_t transport)
{
	struct carrier *carrier;

	HASH_FIND_BYHASHVALUE(hh, endpoint->carriers, &transport, sizeof transport, hash_transport(endpoint, transport),
	                      carrier);
	return carrier;
}

struct carrier *carrier_add(struct endpoint *endpoint, uint32_t transport)
{
	struct carrier *carrier = alloc_zeroed(sizeof *carrier);

	carrier->transport = transport;
	HASH_ADD_BYHASHVALUE(hh, endpoint->carriers, transport, sizeof transport, hash_transport(endpoint, transport),
	                     carrier);
	return carrier;
}

void carrier_remove(struct endpoint *endpoint, uint32_t transport)
{
	struct carrier *carrier = carrier_find(endpoint, transport);

	if (carrier == NULL)
		return;
	HASH_DEL(endpoint->carriers, carrier);
	alloc_free(carrier);
}

void carrier_close(struct endpoint *endpoint, uint32_t transport)
{
	carrier_remove(endpoint, transport);
	if (endpoint->closing_count == endpoint->closing_capacity) {
		endpoint->closing_capacity = endpoint->closing_capacity * 2 + 8;
		endpoint->closing = alloc_resize(endpoint->closing, endpoint->closing_capacity, sizeof *endpoint->closing);
	}
	endpoint->closing[endpoint->closing_count++] = transport;
}
