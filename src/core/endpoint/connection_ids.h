/* connection_ids: the 32-bit numbers by which peers name our connections.
 *
 * Owns: drawing one that no live or lately ended connection of this endpoint resembles.
 * Does not know: connections. Some peers compare only the low 16 bits, so those are unique.
 */
#ifndef ENDPOINT_CONNECTION_IDS_H
#define ENDPOINT_CONNECTION_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/rng.h"

#define CONNECTION_IDS_RECENT 256 /* ended ones that keep their number, as the wire asks */

struct connection_ids {
	uint8_t used[65536 / 8]; /* low 16 bits of live connections and recent ones */
	uint16_t recent[CONNECTION_IDS_RECENT];
	uint32_t recent_count; /* ever released */
	uint32_t live_count;
};

void connection_ids_init(struct connection_ids *ids);
/* 0: all are in use. */
uint32_t connection_ids_draw(struct connection_ids *ids, struct rng *rng);
void connection_ids_release(struct connection_ids *ids, uint32_t id);

#endif
