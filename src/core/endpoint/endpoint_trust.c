#include "core/endpoint/endpoint_trust.h"

#include "core/base/bytes.h"
#include "core/endpoint/endpoint_internal.h"

int64_t endpoint_unix_time(const struct endpoint *endpoint)
{
	return endpoint->unix_time + (endpoint->now - endpoint->unix_time_at) / USEC_PER_SEC;
}

void endpoint_set_unix_time(struct endpoint *endpoint, usec_t now, int64_t unix_time)
{
	endpoint->unix_time = unix_time;
	endpoint->unix_time_at = now;
	endpoint->now = now;
}

static bool lists_app(const struct msg_certificate *cert, uint32_t app_id)
{
	for (size_t i = 0; i < cert->app_id_count; i++) {
		if (cert->app_ids[i] == app_id)
			return true;
	}
	return false;
}

/* What every peer would refuse. */
static enum endpoint_trust_result check(const struct endpoint *endpoint, const struct certificate_own *own)
{
	struct msg_certificate cert;

	if (!identity_equal(&own->identity, &endpoint->identity))
		return ENDPOINT_TRUST_OTHER_IDENTITY;
	if (!own->is_signed || !certificate_read(&cert, own->cert, own->cert_size))
		return ENDPOINT_TRUST_FINE;
	if (!lists_app(&cert, endpoint->app_id))
		return ENDPOINT_TRUST_OTHER_APP;
	switch (trust_limits_doubt_time(cert.created, cert.expiry, endpoint_unix_time(endpoint))) {
	case DOUBT_NONE:
		return ENDPOINT_TRUST_FINE;
	case DOUBT_EXPIRED:
		return ENDPOINT_TRUST_EXPIRED;
	default:
		return ENDPOINT_TRUST_NOT_YET_VALID;
	}
}

static enum endpoint_trust_result make(const struct endpoint *endpoint, struct certificate_own *out,
                                       const uint8_t *private_key, const struct msg_bytes *certificates, size_t count,
                                       enum certificate_result *why)
{
	*why = CERTIFICATE_FINE;
	if (count > 0)
		*why = certificate_load_own(out, private_key, certificates, count);
	else if (!certificate_make_own(out, private_key, &endpoint->identity, endpoint->app_id))
		return ENDPOINT_TRUST_OTHER_IDENTITY; /* it is another key */
	return *why == CERTIFICATE_FINE ? check(endpoint, out) : ENDPOINT_TRUST_BAD_CERTIFICATE;
}

enum endpoint_trust_result endpoint_set_certificate(struct endpoint *endpoint, usec_t now, const uint8_t *private_key,
                                                    const struct msg_bytes *certificates, size_t count,
                                                    enum certificate_result *why)
{
	struct certificate_own *own = certificate_shared_new();
	enum endpoint_trust_result result;

	endpoint->now = now;
	result = make(endpoint, own, private_key != NULL ? private_key : endpoint->certificate->private_key, certificates,
	              count, why);
	if (result != ENDPOINT_TRUST_FINE) {
		certificate_shared_unref(own);
		return result;
	}
	certificate_shared_unref(endpoint->certificate);
	endpoint->certificate = own;
	return ENDPOINT_TRUST_FINE;
}

const struct certificate_own *endpoint_certificate(const struct endpoint *endpoint)
{
	return endpoint->certificate;
}

struct trust_store *endpoint_trust(struct endpoint *endpoint)
{
	return endpoint->trust;
}

/* The one that names an identity, with the others as its chain. */
static enum certificate_result assemble(const struct msg_bytes *certificates, size_t count,
                                        struct msg_signed_certificate *out, struct identity *identity)
{
	struct msg_bytes chain[MSG_CERTIFICATE_CHAIN_MAX];
	size_t chain_count = 0;

	bytes_zero(identity, sizeof *identity);
	for (size_t i = 0; i < count; i++) {
		struct msg_signed_certificate envelope;
		struct msg_certificate cert;

		if (!msg_signed_certificate_read(&envelope, certificates[i].bytes, certificates[i].size) ||
		    envelope.cert == NULL || !certificate_read(&cert, envelope.cert, envelope.cert_size))
			return CERTIFICATE_MALFORMED;
		if (identity_is_none(&cert.identity)) {
			if (chain_count == MSG_CERTIFICATE_CHAIN_MAX)
				return CERTIFICATE_TOO_LARGE;
			chain[chain_count++] = certificates[i];
			continue;
		}
		if (!identity_is_none(identity))
			return CERTIFICATE_SEVERAL;
		*identity = cert.identity;
		*out = envelope;
	}
	if (identity_is_none(identity))
		return CERTIFICATE_NOBODYS;
	for (size_t i = 0; i < chain_count && out->chain_count < MSG_CERTIFICATE_CHAIN_MAX; i++)
		out->chain[out->chain_count++] = chain[i];
	return CERTIFICATE_FINE;
}

enum certificate_result endpoint_check_certificate(struct endpoint *endpoint, const struct msg_bytes *certificates,
                                                   size_t count, const struct identity *expected,
                                                   enum verdict_doubt *doubt)
{
	struct certificate_policy policy = { endpoint->trust, endpoint_unix_time(endpoint), endpoint->app_id,
		                                 CERTIFICATE_DEMAND_CERTIFICATE };
	struct msg_signed_certificate envelope;
	struct certificate_checked checked;
	struct identity identity;
	enum certificate_result result = assemble(certificates, count, &envelope, &identity);

	if (result == CERTIFICATE_FINE)
		*doubt = certificate_check(&policy, expected != NULL ? expected : &identity, &envelope, &checked).doubt;
	return result;
}

void endpoint_check_revoked(struct endpoint *endpoint, usec_t now)
{
	struct link *link, *next;

	endpoint->now = now;
	HASH_ITER (hh_id, endpoint->by_id, link, next) {
		conn_check_revoked(link->conn, now);
		endpoint_settle(link, now);
	}
}
