#include "core/crypto/trust_limits.h"

#include "core/base/bytes.h"

void trust_limits_init(struct trust_limits *limits)
{
	bytes_zero(limits, sizeof(*limits));
	limits->expiry = INT64_MAX;
	limits->any_app = true;
}

void trust_limits_of_certificate(struct trust_limits *out, const struct msg_certificate *cert, uint64_t key_id)
{
	trust_limits_init(out);
	out->created = cert->created;
	out->expiry = cert->expiry;
	out->any_app = cert->app_id_count == 0;
	out->app_id_count = cert->app_id_count;
	bytes_copy(out->app_ids, cert->app_ids, cert->app_id_count * sizeof(out->app_ids[0]));
	out->authorities[0] = key_id;
	out->authority_count = 1;
}

bool trust_limits_allow_app(const struct trust_limits *limits, uint32_t app_id)
{
	for (size_t i = 0; i < limits->app_id_count; i++) {
		if (limits->app_ids[i] == app_id)
			return true;
	}
	return limits->any_app;
}

static void intersect_apps(struct trust_limits *limits, const struct trust_limits *above)
{
	size_t kept = 0;

	if (above->any_app)
		return;
	if (limits->any_app) {
		limits->any_app = false;
		limits->app_id_count = above->app_id_count;
		bytes_copy(limits->app_ids, above->app_ids, sizeof(limits->app_ids));
		return;
	}
	for (size_t i = 0; i < limits->app_id_count; i++) {
		if (trust_limits_allow_app(above, limits->app_ids[i]))
			limits->app_ids[kept++] = limits->app_ids[i];
	}
	limits->app_id_count = kept;
}

bool trust_limits_intersect(struct trust_limits *limits, const struct trust_limits *above)
{
	if (limits->authority_count + above->authority_count > TRUST_CHAIN_MAX)
		return false;
	for (size_t i = 0; i < above->authority_count; i++)
		limits->authorities[limits->authority_count++] = above->authorities[i];
	if (above->expiry < limits->expiry)
		limits->expiry = above->expiry;
	if (above->created > limits->created)
		limits->created = above->created;
	intersect_apps(limits, above);
	return true;
}

enum verdict_doubt trust_limits_doubt_time(int64_t created, int64_t expiry, int64_t unix_time)
{
	if (expiry < unix_time)
		return DOUBT_EXPIRED;
	return created - TRUST_CLOCK_TOLERANCE > unix_time ? DOUBT_NOT_YET_VALID : DOUBT_NONE;
}
