/* direct_identity: who is at the other end of a handshake by address (docs/wire.md, "Handshake").
 *
 * Owns: certificate first, then what stands beside it; the anonymous become their address.
 * Does not know: whether it is proven, and whether anonymous ones are welcome (crypto).
 */
#ifndef DIRECT_DIRECT_IDENTITY_H
#define DIRECT_DIRECT_IDENTITY_H

#include "core/conn/conn.h"
#include "core/wire/msg_handshake.h"

struct direct_identity_source {
	const struct msg_signed_certificate *certificate;
	const struct identity *beside; /* IDENTITY_NONE: nothing stood there */
	const struct address *remote;
};

/* DOUBT_NONE, or why it is nobody we talk to; `*out` is then IDENTITY_NONE. */
enum verdict_doubt direct_identity_resolve(const struct direct_identity_source *source, struct identity *out);

#endif
