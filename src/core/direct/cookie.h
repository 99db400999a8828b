/* cookie: a challenge that proves an address, without state for those who did not answer it.
 *
 * Owns: the key, the binding to address, port and time (docs/wire.md, "Challenge").
 * Does not know: connections.
 */
#ifndef DIRECT_COOKIE_H
#define DIRECT_COOKIE_H

#include "core/base/rng.h"
#include "core/base/usec.h"
#include "core/types/address.h"

struct cookie {
	uint64_t key;
};

void cookie_init(struct cookie *cookie, struct rng *rng);
uint64_t cookie_make(const struct cookie *cookie, usec_t now, const struct address *remote);
/* Fresh (3 to 4 s) and for this address? */
bool cookie_check(const struct cookie *cookie, usec_t now, const struct address *remote, uint64_t value);

#endif
