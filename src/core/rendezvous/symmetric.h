/* symmetric: both sides called each other at the same time; who keeps the client role?
 *
 * Owns: the comparison both ends compute alike (docs/wire.md, "Symmetric connect").
 * Does not know: connections; endpoint finds the rival and acts on the answer.
 */
#ifndef RENDEZVOUS_SYMMETRIC_H
#define RENDEZVOUS_SYMMETRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symmetric_side {
	uint32_t connection_id;
	const uint8_t *certificate; /* the exact Cert bytes; only read when the ids are equal */
	size_t certificate_size;
};

/* True: we stay client and drop the peer's request. False: we become server for it. */
bool symmetric_stays_client(const struct symmetric_side *local, const struct symmetric_side *remote);

#endif
