/* session_trust: the options about keys, certificates and whom to believe, for a session's endpoint.
 *
 * Owns: reading their files, at the beginning and again on SIGHUP.
 * Does not know: what certificates say (the library).
 */
#ifndef CLI_SESSION_TRUST_H
#define CLI_SESSION_TRUST_H

#include "cli/document.h"
#include "cli/session.h"

/* All return -1 to go on, or the exit status after a complaint. */

/* The files of --cert, one behind the other, as the library reads them; freed by the caller. */
int session_trust_read_certificate(const struct options *options, struct document *out);
/* --trust, --revoked and --require. */
int session_trust_configure(const struct options *options, kith_endpoint endpoint);

/* Whether there is anything that can be read again while it runs. */
bool session_trust_can_reload(const struct options *options);
/* Reads --key, --cert, --trust and --revoked again. What cannot be used stays as it was, and is told. */
void session_trust_reload(struct session *session);

#endif
