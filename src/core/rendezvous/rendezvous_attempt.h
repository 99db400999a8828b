/* rendezvous_attempt: keeping count of what was tried, for who asks why it does not work.
 *
 * Owns: what a candidate's line and a server's answer count as.
 */
#ifndef RENDEZVOUS_RENDEZVOUS_ATTEMPT_H
#define RENDEZVOUS_RENDEZVOUS_ATTEMPT_H

#include "core/rendezvous/rendezvous.h"

/* By its "typ"; the line may be anything. */
enum candidate_kind rendezvous_attempt_kind(const char *line);
/* A server gave no candidate. The text is kept. */
void rendezvous_attempt_on_server(struct rendezvous_tally *tally, int32_t result, const char *text);

#endif
