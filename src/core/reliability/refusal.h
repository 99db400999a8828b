/* refusal: a peer that tells no window does not acknowledge what it has no room for, and to us that
 * looks like loss: sending it again at once would flood the path for as long as nobody reads there.
 *
 * Owns: telling refusal from loss, how much of streams may be in flight after it, when to ask again.
 * Does not know: packets, lanes, the congestion window beyond its size.
 */
#ifndef RELIABILITY_REFUSAL_H
#define RELIABILITY_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/usec.h"

struct refusal {
	uint32_t run;  /* packets with stream bytes lost since one of them was acknowledged */
	usec_t since;  /* when the run was first seen; USEC_NEVER: there is none */
	bool refuses;  /* streams wait, but for a question now and then */
	int64_t room;  /* bytes in flight beyond which streams wait; INT64_MAX: no limit */
	usec_t ask_at; /* while it refuses */
	unsigned asked_count;
};

void refusal_init(struct refusal *refusal);
/* A packet with stream bytes was acknowledged, or lost. */
void refusal_on_acked(struct refusal *refusal);
void refusal_on_lost(struct refusal *refusal);
/* After acks and timeouts: so many bytes are known to have arrived, or not; `window` may be in flight
 * by the path. */
struct refusal_news {
	usec_t rtt;
	int64_t acked, lost, window;
};
void refusal_update(struct refusal *refusal, usec_t now, const struct refusal_news *news);
/* The oldest bytes of a stream go again. */
void refusal_on_asked(struct refusal *refusal, usec_t now, usec_t rtt);
bool refusal_holds(const struct refusal *refusal, int64_t in_flight);

#endif
