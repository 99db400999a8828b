#include <kith/certificate.h>

#include "api/find.h"
#include "api/structs.h"
#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/crypto/trust_store.h"
#include "engine/convert.h"
#include "engine/failure.h"

kith_result kith_endpoint_set_certificate(kith_endpoint endpoint, const void *private_key, const void *data,
                                          size_t size)
{
	struct engine *engine = find_endpoint(endpoint);
	kith_result result;

	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_set_certificate(engine, private_key, data, size);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_certificate(kith_endpoint endpoint, struct kith_certificate *out_certificate)
{
	struct kith_certificate own = KITH_CERTIFICATE_INIT;
	struct engine *engine;
	kith_result result = structs_check(out_certificate, "out_certificate");

	if (result != KITH_OK)
		return result;
	structs_clear(out_certificate);
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_certificate(engine, &own);
	find_done(endpoint);
	if (result == KITH_OK)
		structs_write(out_certificate, &own, sizeof(own));
	return result;
}

kith_result kith_endpoint_add_trust(kith_endpoint endpoint, const void *data, size_t size)
{
	struct engine *engine;
	kith_result result;

	if (data == NULL)
		return failure_set(KITH_E_INVALID, "data: null");
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_add_trust(engine, data, size);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_remove_trust(kith_endpoint endpoint, uint64_t key_id)
{
	struct engine *engine = find_endpoint(endpoint);
	kith_result result;

	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_remove_trust(engine, key_id);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_trust_at(kith_endpoint endpoint, uint32_t index, struct kith_certificate *out_certificate,
                                   int32_t *out_believed)
{
	struct kith_certificate own = KITH_CERTIFICATE_INIT;
	struct engine *engine;
	int32_t believed = 0;
	kith_result result = structs_check(out_certificate, "out_certificate");

	if (out_believed != NULL)
		*out_believed = 0;
	if (result != KITH_OK)
		return result;
	structs_clear(out_certificate);
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_trust_at(engine, index, &own, &believed);
	find_done(endpoint);
	if (result != KITH_OK)
		return result;
	structs_write(out_certificate, &own, sizeof(own));
	if (out_believed != NULL)
		*out_believed = believed;
	return KITH_OK;
}

kith_result kith_endpoint_set_revoked(kith_endpoint endpoint, const void *data, size_t size)
{
	struct engine *engine;
	kith_result result;

	if (data == NULL && size > 0)
		return failure_set(KITH_E_INVALID, "data: null");
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_set_revoked(engine, data, size);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_revoke(kith_endpoint endpoint, uint64_t key_id)
{
	struct engine *engine = find_endpoint(endpoint);
	kith_result result;

	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_revoke(engine, key_id);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_revoked_at(kith_endpoint endpoint, uint32_t index, uint64_t *out_key_id)
{
	struct engine *engine;
	kith_result result;

	if (out_key_id == NULL)
		return failure_set(KITH_E_INVALID, "out_key_id: null");
	*out_key_id = 0;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_revoked_at(engine, index, out_key_id);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_check_certificate(kith_endpoint endpoint, const void *data, size_t size,
                                            const struct kith_identity *identity, int32_t *out_doubt)
{
	struct identity expected;
	struct engine *engine;
	kith_result result;

	if (out_doubt == NULL)
		return failure_set(KITH_E_INVALID, "out_doubt: null");
	*out_doubt = KITH_DOUBT_NONE;
	if (data == NULL)
		return failure_set(KITH_E_INVALID, "data: null");
	if (identity != NULL && !convert_identity_in(&expected, identity))
		return failure_set(KITH_E_INVALID, "identity: not an identity");
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_check_certificate(engine, data, size, identity != NULL ? &expected : NULL, out_doubt);
	find_done(endpoint);
	return result;
}

kith_result kith_revoked_parse(const void *data, size_t size, uint64_t *out_key_ids, size_t capacity, size_t *out_count)
{
	uint64_t *key_ids;
	size_t count = 0;
	kith_result result;

	if (out_count != NULL)
		*out_count = 0;
	if ((data == NULL && size > 0) || (out_key_ids == NULL && capacity > 0))
		return failure_set(KITH_E_INVALID, "%s: null", data == NULL ? "data" : "out_key_ids");
	key_ids = alloc_array(TRUST_STORE_REVOKED_MAX, sizeof(*key_ids));
	result = engine_trust_read_revoked(data, size, key_ids, &count);
	if (result == KITH_OK && out_count != NULL)
		*out_count = count;
	if (result == KITH_OK && capacity >= count)
		bytes_copy(out_key_ids, key_ids, count * sizeof(*key_ids));
	else if (result == KITH_OK && (out_key_ids != NULL || out_count == NULL))
		result = failure_set(KITH_E_TOO_LARGE, "capacity: there are %zu keys", count);
	alloc_free(key_ids);
	return result;
}

const char *kith_doubt_name(int32_t doubt)
{
	switch (doubt) {
#define NAME_CASE(name, number) \
	case number: \
		return #name;
		KITH_DOUBT_MAP(NAME_CASE)
#undef NAME_CASE
	default:
		return "UNKNOWN";
	}
}

const char *kith_doubt_text(int32_t doubt)
{
	return doubt > 0 ? verdict_text((enum verdict_doubt)doubt) : "";
}
