#include "core/rendezvous/symmetric.h"

static int compare_certificates(const struct symmetric_side *local, const struct symmetric_side *remote)
{
	size_t common =
		local->certificate_size < remote->certificate_size ? local->certificate_size : remote->certificate_size;

	for (size_t i = 0; i < common; i++) {
		if (local->certificate[i] != remote->certificate[i])
			return local->certificate[i] < remote->certificate[i] ? -1 : 1;
	}
	return 0;
}

bool symmetric_stays_client(const struct symmetric_side *local, const struct symmetric_side *remote)
{
	int order;

	if (local->connection_id < remote->connection_id)
		order = -1;
	else if (local->connection_id > remote->connection_id)
		order = 1;
	else
		order = compare_certificates(local, remote);
	/* The parity turns the order around, so that neither small nor large ids always win. */
	if (((local->connection_id ^ remote->connection_id) & 1) != 0)
		order = -order;
	return order <= 0;
}
