#include "engine/certificate_info.h"

#include "core/base/bytes.h"
#include "core/base/usec.h"
#include "core/crypto/certificate_issue.h"
#include "engine/convert.h"

_Static_assert(KITH_APP_IDS_MAX == MSG_CERTIFICATE_APP_IDS_MAX, "certificate.h and msg_certificate.h differ");

int64_t certificate_info_time(int64_t seconds)
{
	return seconds > INT64_MAX / USEC_PER_SEC ? 0 : seconds * USEC_PER_SEC;
}

/* All but kind and signature. */
static void fill(struct kith_certificate *out, const struct msg_certificate *cert)
{
	out->key_id = certificate_key_id(cert->key);
	out->created_unix_us = certificate_info_time(cert->created);
	out->expires_unix_us = certificate_info_time(cert->expiry);
	bytes_copy(out->key, cert->key, sizeof(out->key));
	convert_identity_out(&out->identity, &cert->identity);
	out->app_id_count = (uint32_t)cert->app_id_count;
	bytes_copy(out->app_ids, cert->app_ids, cert->app_id_count * sizeof(cert->app_ids[0]));
}

static bool fill_request(struct kith_certificate *out, const struct msg_bytes *item)
{
	struct certificate_request request;

	if (!certificate_issue_read_request(&request, item->bytes, item->size))
		return false;
	fill(out, &request.cert);
	out->kind = KITH_CERTIFICATE_REQUEST;
	out->is_signed = request.has_proof;
	return true;
}

static int32_t kind_of(const struct msg_signed_certificate *envelope, const struct msg_certificate *cert)
{
	if (!identity_is_none(&cert->identity))
		return KITH_CERTIFICATE_PEER;
	return envelope->authority == certificate_key_id(cert->key) ? KITH_CERTIFICATE_ROOT : KITH_CERTIFICATE_AUTHORITY;
}

static bool fill_certificate(struct kith_certificate *out, const uint8_t *bytes, size_t size)
{
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;

	if (!msg_signed_certificate_read(&envelope, bytes, size) || envelope.cert == NULL ||
	    !certificate_read(&cert, envelope.cert, envelope.cert_size))
		return false;
	fill(out, &cert);
	out->kind = kind_of(&envelope, &cert);
	out->is_signed = certificate_is_signed(&envelope);
	out->issuer = out->is_signed ? envelope.authority : 0;
	return true;
}

bool certificate_info_of_item(struct kith_certificate *out, const struct msg_bytes *item,
                              enum certificate_text_kind kind)
{
	return kind == CERTIFICATE_TEXT_REQUEST ? fill_request(out, item) : fill_certificate(out, item->bytes, item->size);
}

void certificate_info_of_own(struct kith_certificate *out, const struct certificate_own *own)
{
	struct msg_certificate cert;

	if (!certificate_read(&cert, own->cert, own->cert_size))
		return;
	fill(out, &cert);
	out->kind = KITH_CERTIFICATE_PEER;
	out->is_signed = own->is_signed;
	out->issuer = own->authority;
}

void certificate_info_of_authority(struct kith_certificate *out, const struct authority *authority)
{
	out->kind = authority->is_root ? KITH_CERTIFICATE_ROOT : KITH_CERTIFICATE_AUTHORITY;
	out->is_signed = authority->cert_size > 0;
	out->key_id = authority->id;
	out->issuer = authority->issuer;
	bytes_copy(out->key, authority->key, sizeof(out->key));
	out->created_unix_us = certificate_info_time(authority->limits.created);
	out->expires_unix_us = certificate_info_time(authority->limits.expiry);
	out->app_id_count = (uint32_t)authority->limits.app_id_count;
	bytes_copy(out->app_ids, authority->limits.app_ids, sizeof(out->app_ids));
}
