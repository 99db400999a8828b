#include <stdio.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/crypto/key_text.h"
#include "core/crypto/revocation_list.h"
#include "core/endpoint/endpoint_trust.h"
#include "engine/certificate_info.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"

_Static_assert(DOUBT_COUNT == KITH_DOUBT_MALFORMED + 1, "stats.h and verdict.h differ");

usec_t engine_now(struct engine *engine)
{
	usec_t now = clock_now();

	core_set_unix_time(engine->core, now, clock_unix_seconds());
	return now;
}

/* --- what we present */

static int32_t read_certificates(struct certificate_text *out, const void *data, size_t size, const char *what)
{
	const char *wrong = certificate_text_read(out, data, size);

	return wrong == NULL ? KITH_OK : failure_set(KITH_E_INVALID, "%s: %s", what, wrong);
}

static int32_t result_of_certificate(enum certificate_result why)
{
	int32_t result = why == CERTIFICATE_OTHER_KEY   ? KITH_E_AUTH
	                 : why == CERTIFICATE_TOO_LARGE ? KITH_E_TOO_LARGE
	                                                : KITH_E_INVALID;

	return failure_set(result, "certificate: %s", certificate_result_text(why));
}

static int32_t result_of_trust(enum endpoint_trust_result result, enum certificate_result why)
{
	switch (result) {
	case ENDPOINT_TRUST_FINE:
		return KITH_OK;
	case ENDPOINT_TRUST_BAD_CERTIFICATE:
		return result_of_certificate(why);
	case ENDPOINT_TRUST_OTHER_IDENTITY:
		return failure_set(KITH_E_AUTH, "certificate: it is for another identity than the endpoint's");
	case ENDPOINT_TRUST_OTHER_APP:
		return failure_set(KITH_E_AUTH, "certificate: it is not for the application of this endpoint");
	case ENDPOINT_TRUST_EXPIRED:
		return failure_set(KITH_E_AUTH, "certificate: it has expired");
	case ENDPOINT_TRUST_NOT_YET_VALID:
		return failure_set(KITH_E_AUTH, "certificate: it is not valid yet");
	}
	return KITH_E_INVALID;
}

static int32_t set_certificate(struct core *core, usec_t now, const uint8_t *private_key, const void *data, size_t size)
{
	enum certificate_result why = CERTIFICATE_FINE;
	struct certificate_text text = { 0 };
	enum endpoint_trust_result result;
	int32_t read = data == NULL ? KITH_OK : read_certificates(&text, data, size, "certificate");

	if (read != KITH_OK)
		return read;
	result = endpoint_set_certificate(core_endpoint(core), now, private_key, text.items, text.count, &why);
	certificate_text_free(&text);
	return result_of_trust(result, why);
}

int32_t engine_set_certificate(struct engine *engine, const uint8_t *private_key, const void *data, size_t size)
{
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	result = set_certificate(engine->core, engine_now(engine), private_key, data, size);
	engine_unlock(engine);
	return result;
}

int32_t engine_certificate(struct engine *engine, struct kith_certificate *out)
{
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	certificate_info_of_own(out, endpoint_certificate(core_endpoint(engine->core)));
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_public_key(struct engine *engine, uint8_t out[KITH_KEY_SIZE])
{
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	bytes_copy(out, endpoint_certificate(core_endpoint(engine->core))->public_key, KITH_KEY_SIZE);
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_trust_identity(const void *data, size_t size, struct identity *out)
{
	struct certificate_text text;
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	int32_t result = read_certificates(&text, data, size, "certificate");

	bytes_zero(out, sizeof(*out));
	if (result != KITH_OK)
		return result;
	for (size_t i = 0; i < text.count && identity_is_none(out); i++) {
		if (certificate_info_of_item(&info, &text.items[i], text.kinds[i]) && info.kind == KITH_CERTIFICATE_PEER)
			convert_identity_in(out, &info.identity);
	}
	certificate_text_free(&text);
	return KITH_OK;
}

/* --- whom we believe */

static int32_t result_of_authority(enum authority_result result, size_t index)
{
	if (result == AUTHORITY_FINE)
		return KITH_OK;
	return failure_set(result == AUTHORITY_FULL ? KITH_E_LIMIT : KITH_E_INVALID, "trust: number %zu: %s", index + 1,
	                   authority_result_text(result));
}

static int32_t add_item(struct trust_store *trust, const struct certificate_text *text, size_t index)
{
	const struct msg_bytes *item = &text->items[index];
	struct kith_certificate info = KITH_CERTIFICATE_INIT;

	if (text->kinds[index] == CERTIFICATE_TEXT_REQUEST)
		return failure_set(KITH_E_INVALID, "trust: number %zu: it is a request, not a certificate", index + 1);
	if (certificate_info_of_item(&info, item, text->kinds[index]) && info.kind == KITH_CERTIFICATE_ROOT)
		return result_of_authority(trust_store_add_root_certificate(trust, item->bytes, item->size), index);
	return result_of_authority(trust_store_add_authority(trust, item->bytes, item->size), index);
}

static int32_t add_key(struct trust_store *trust, const void *data, size_t size)
{
	uint8_t key[KITH_KEY_SIZE];
	enum key_text_result result = key_text_read_public(data, size, key);

	if (result != KEY_TEXT_FINE)
		return failure_set(KITH_E_INVALID, "trust: neither certificates nor a public key: %s",
		                   key_text_result_text(result, false));
	return result_of_authority(trust_store_add_root(trust, key), 0);
}

static int32_t add_trust(struct trust_store *trust, const void *data, size_t size)
{
	struct certificate_text text;
	int32_t result;

	/* 32 bytes are too few for a certificate. A private key of OpenSSH is a block too, and no certificate. */
	if (size == KITH_KEY_SIZE || !certificate_text_is_one(data, size))
		return add_key(trust, data, size);
	result = read_certificates(&text, data, size, "trust");
	for (size_t i = 0; i < text.count && result == KITH_OK; i++)
		result = add_item(trust, &text, i);
	certificate_text_free(&text);
	return result;
}

int32_t engine_add_trust(struct engine *engine, const void *data, size_t size)
{
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	result = add_trust(endpoint_trust(core_endpoint(engine->core)), data, size);
	engine_unlock(engine);
	return result;
}

int32_t engine_remove_trust(struct engine *engine, uint64_t key_id)
{
	int32_t result = engine_lock(engine);
	bool removed;

	if (result != KITH_OK)
		return result;
	removed = trust_store_remove(endpoint_trust(core_endpoint(engine->core)), key_id);
	engine_unlock(engine);
	return removed
	           ? KITH_OK
	           : failure_set(KITH_E_NOT_FOUND, "no root or authority has the key id %llu", (unsigned long long)key_id);
}

int32_t engine_trust_at(struct engine *engine, uint32_t index, struct kith_certificate *out, int32_t *out_believed)
{
	const struct trust_store *trust;
	bool believed = false;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	trust = endpoint_trust(core_endpoint(engine->core));
	if (index < trust_store_count(trust))
		certificate_info_of_authority(out, trust_store_get(trust, index, &believed));
	else
		result = failure_set(KITH_E_NOT_FOUND, "index: there are %zu roots and authorities", trust_store_count(trust));
	engine_unlock(engine);
	*out_believed = believed;
	return result;
}

/* --- revocation */

int32_t engine_trust_read_revoked(const void *data, size_t size, uint64_t *key_ids, size_t *count)
{
	size_t bad_line;

	if (revocation_list_read(data, size, key_ids, TRUST_STORE_REVOKED_MAX, count, &bad_line))
		return KITH_OK;
	if (*count == TRUST_STORE_REVOKED_MAX)
		return failure_set(KITH_E_LIMIT, "revoked keys: more than %d", TRUST_STORE_REVOKED_MAX);
	return failure_set(KITH_E_INVALID, "revoked keys: line %zu is neither a key id nor a public key", bad_line);
}

static int32_t set_revoked(struct core *core, usec_t now, const void *data, size_t size)
{
	uint64_t *key_ids = alloc_array(TRUST_STORE_REVOKED_MAX, sizeof(*key_ids));
	size_t count = 0;
	int32_t result = engine_trust_read_revoked(data, size, key_ids, &count);

	if (result == KITH_OK) {
		trust_store_set_revoked(endpoint_trust(core_endpoint(core)), key_ids, count);
		endpoint_check_revoked(core_endpoint(core), now);
	}
	alloc_free(key_ids);
	return result;
}

int32_t engine_set_revoked(struct engine *engine, const void *data, size_t size)
{
	usec_t now;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	now = engine_now(engine);
	result = set_revoked(engine->core, now, data, size);
	service_flush(engine, now);
	engine_unlock(engine);
	return result;
}

int32_t engine_revoke(struct engine *engine, uint64_t key_id)
{
	usec_t now;
	bool revoked;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	now = engine_now(engine);
	revoked = trust_store_revoke(endpoint_trust(core_endpoint(engine->core)), key_id);
	endpoint_check_revoked(core_endpoint(engine->core), now);
	service_flush(engine, now);
	engine_unlock(engine);
	return revoked ? KITH_OK : failure_set(KITH_E_LIMIT, "revoked keys: more than %d", TRUST_STORE_REVOKED_MAX);
}

int32_t engine_revoked_at(struct engine *engine, uint32_t index, uint64_t *out)
{
	const struct trust_store *trust;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	trust = endpoint_trust(core_endpoint(engine->core));
	if (index < trust_store_revoked_count(trust))
		*out = trust_store_revoked_get(trust, index);
	else
		result = failure_set(KITH_E_NOT_FOUND, "index: %zu keys are revoked", trust_store_revoked_count(trust));
	engine_unlock(engine);
	return result;
}

/* --- asking */

int32_t engine_check_certificate(struct engine *engine, const void *data, size_t size, const struct identity *expected,
                                 int32_t *out_doubt)
{
	struct certificate_text text;
	enum verdict_doubt doubt = DOUBT_NONE;
	enum certificate_result why;
	int32_t result = read_certificates(&text, data, size, "certificate");

	if (result != KITH_OK)
		return result;
	result = engine_lock(engine);
	if (result == KITH_OK) {
		engine_now(engine);
		why = endpoint_check_certificate(core_endpoint(engine->core), text.items, text.count, expected, &doubt);
		result = why == CERTIFICATE_FINE ? KITH_OK : result_of_certificate(why);
		engine_unlock(engine);
	}
	certificate_text_free(&text);
	*out_doubt = (int32_t)doubt;
	return result;
}

/* --- at the beginning */

int32_t engine_trust_set_up(struct core *core, const struct kith_endpoint_options *options)
{
	usec_t now = clock_now();
	int32_t result = KITH_OK;

	if (options->certificate != NULL)
		result = set_certificate(core, now, NULL, options->certificate, options->certificate_size);
	if (result == KITH_OK && options->trust != NULL)
		result = add_trust(endpoint_trust(core_endpoint(core)), options->trust, options->trust_size);
	if (result == KITH_OK && options->revoked != NULL)
		result = set_revoked(core, now, options->revoked, options->revoked_size);
	return result;
}
