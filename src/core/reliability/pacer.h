/* pacer: spreads packets over time: a bucket of bytes that fills at the rate.
 *
 * Owns: the bucket, and how many packets may leave in one burst. Rates are exact to the byte and
 * microsecond; nothing is rounded to the timers of anybody.
 * Does not know: what the rate should be (congestion), what is sent.
 */
#ifndef RELIABILITY_PACER_H
#define RELIABILITY_PACER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/usec.h"

struct pacer {
	int64_t rate;        /* bytes per second */
	int64_t tokens;      /* millionths of a byte; may be negative */
	usec_t at;           /* when `tokens` was right */
	usec_t open_at;      /* packets may leave from this time on */
	int64_t packet_size; /* of a full datagram */
	bool strict;         /* a bucket of one packet, as the original has */
};

/* Starts full. */
void pacer_init(struct pacer *pacer, usec_t now, int64_t rate, int64_t packet_size);
void pacer_set_rate(struct pacer *pacer, usec_t now, int64_t rate);
bool pacer_may_send(const struct pacer *pacer, usec_t now);
/* When pacer_may_send will be true; in the past or present if it is. */
usec_t pacer_next_send(const struct pacer *pacer);
void pacer_spend(struct pacer *pacer, usec_t now, int64_t bytes);

#endif
