#include "core/direct/direct_identity.h"

#include "core/base/bytes.h"

static enum verdict_doubt resolve(const struct direct_identity_source *source, struct identity *out)
{
	bool from_certificate = true;

	if (source->certificate->cert == NULL ||
	    !certificate_peek_identity(source->certificate->cert, source->certificate->cert_size, out))
		return DOUBT_MALFORMED;
	if (identity_is_none(out)) {
		from_certificate = false;
		*out = *source->beside;
	}
	if (identity_is_none(out) || identity_is_localhost(out)) {
		identity_set_address(out, source->remote);
		return DOUBT_NONE;
	}
	/* Who claims an address has to have it in a certificate. */
	return out->kind != IDENTITY_IP || from_certificate ? DOUBT_NONE : DOUBT_WRONG_IDENTITY;
}

enum verdict_doubt direct_identity_resolve(const struct direct_identity_source *source, struct identity *out)
{
	enum verdict_doubt doubt = resolve(source, out);

	if (doubt != DOUBT_NONE)
		bytes_zero(out, sizeof *out);
	return doubt;
}
