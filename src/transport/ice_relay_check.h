/* ice_relay_check: asks a TURN server for a relay, to learn what it says to that. libnice keeps to itself why
 * a server gave it none.
 *
 * Owns: the question, over UDP or TCP, with name resolution and repetition; a relay that is given is
 * handed back at once.
 * Does not know: sessions. All on the thread of the default context at the time of the call.
 */
#ifndef TRANSPORT_ICE_RELAY_CHECK_H
#define TRANSPORT_ICE_RELAY_CHECK_H

#include <stdint.h>

#include "transport/ice_servers.h"

struct ice_relay_check;

/* Called once, unless the check is freed before. KITH_OK: it gives relays; KITH_E_AUTH: it refuses the
 * user or the password; KITH_E_TIMEOUT: it does not answer; another: it refuses, or cannot be reached.
 * `text` names the server and says it in words. */
typedef void ice_relay_answer_fn(void *owner, struct ice_relay_check *check, int32_t result, const char *text);

struct ice_relay_check *ice_relay_check_new(const struct ice_server *server, ice_relay_answer_fn *on_answer,
                                            void *owner);
void ice_relay_check_free(struct ice_relay_check *check); /* null is allowed */

#endif
