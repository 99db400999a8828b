#include <kith/sockets.h>

#include "api/find.h"
#include "api/structs.h"
#include "core/base/bytes.h"
#include "engine/failure.h"

static kith_result make_pair(kith_endpoint first, kith_endpoint second, struct engine_pair_end ends[2], bool network,
                             kith_connection out[2])
{
	kith_result result = KITH_E_HANDLE;

	ends[0].engine = find_endpoint(first);
	if (ends[0].engine == NULL)
		return KITH_E_HANDLE;
	ends[1].engine = find_endpoint(second);
	if (ends[1].engine != NULL) {
		result = engine_pair(ends, network, out);
		find_done(second);
	}
	find_done(first);
	return result;
}

kith_result kith_endpoint_pair(kith_endpoint first, kith_endpoint second, const struct kith_pair_options *options,
                               kith_connection *out_first, kith_connection *out_second)
{
	kith_connection connections[2] = { KITH_NO_HANDLE, KITH_NO_HANDLE };
	struct engine_pair_end ends[2];
	struct kith_pair_options own;
	kith_result result;

	bytes_zero(ends, sizeof(ends));
	if (out_first != NULL)
		*out_first = KITH_NO_HANDLE;
	if (out_second != NULL)
		*out_second = KITH_NO_HANDLE;
	if (out_first == NULL || out_second == NULL)
		return failure_set(KITH_E_INVALID, "%s: null", out_first == NULL ? "out_first" : "out_second");
	result = structs_read(&own, sizeof(own), options);
	if (result == KITH_OK)
		result = structs_read(&ends[0].options, sizeof(ends[0].options), own.first);
	if (result == KITH_OK)
		result = structs_read(&ends[1].options, sizeof(ends[1].options), own.second);
	if (result == KITH_OK && own.network != 0 && own.network != 1)
		result = failure_set(KITH_E_INVALID, "network: %d is not in 0 to 1", (int)own.network);
	if (result != KITH_OK)
		return result;
	ends[0].identity = own.first_identity;
	ends[1].identity = own.second_identity;
	result = make_pair(first, second, ends, own.network != 0, connections);
	*out_first = connections[0];
	*out_second = connections[1];
	return result;
}
