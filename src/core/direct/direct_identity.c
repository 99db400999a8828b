#include "core/direct/direct_identity.h"

bool direct_identity_config_allows(const struct config *config, const struct address *remote)
{
	int32_t allowed = config_get_int(config, CONFIG_IP_ALLOW_WITHOUT_AUTH);

	if (allowed == 0 && address_is_loopback(remote))
		allowed = config_get_int(config, CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH);
	return allowed > 0;
}

bool direct_identity_allows_anonymous(struct conn *conn, const struct address *remote)
{
	return direct_identity_config_allows(conn_config(conn), remote);
}

bool direct_identity_resolve(const struct direct_identity_source *source, struct identity *out)
{
	bool from_certificate = true;

	if (source->certificate->cert == NULL ||
	    !certificate_peek_identity(source->certificate->cert, source->certificate->cert_size, out))
		return false;
	if (identity_is_none(out)) {
		from_certificate = false;
		*out = *source->beside;
	}
	if (identity_is_none(out) || identity_is_localhost(out)) {
		if (!source->allow_anonymous)
			return false;
		identity_set_address(out, source->remote);
		return true;
	}
	/* Who claims an address has to have it in a certificate. */
	return out->kind != IDENTITY_IP || from_certificate;
}
