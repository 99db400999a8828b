/* direct_identity: who is at the other end of a handshake by address (docs/wire.md, "Handshake").
 *
 * Owns: certificate first, then what stands beside it; the anonymous become their address.
 * Does not know: whether it is proven (crypto).
 */
#ifndef DIRECT_DIRECT_IDENTITY_H
#define DIRECT_DIRECT_IDENTITY_H

#include "core/conn/conn.h"
#include "core/wire/msg_handshake.h"

struct direct_identity_source {
	const struct msg_signed_certificate *certificate;
	const struct identity *beside; /* IDENTITY_NONE: nothing stood there */
	const struct address *remote;
	bool allow_anonymous;
};

/* False: nobody we talk to; ignore the packet. */
bool direct_identity_resolve(const struct direct_identity_source *source, struct identity *out);
/* The option that applies to a peer at this address. */
bool direct_identity_allows_anonymous(struct conn *conn, const struct address *remote);
bool direct_identity_config_allows(const struct config *config, const struct address *remote);

#endif
