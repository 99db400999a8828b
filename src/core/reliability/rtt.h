/* rtt: how long a round trip takes.
 *
 * Owns: the smoothed value and deviation (RFC 6298), the recent minimum, the recent worst, and the
 * timeouts that follow from them.
 * Does not know: where samples come from.
 */
#ifndef RELIABILITY_RTT_H
#define RELIABILITY_RTT_H

#include "core/base/usec.h"

#define RTT_RECENT 3

struct rtt {
	usec_t smoothed; /* -1 before the first sample */
	usec_t deviation;
	usec_t sampled_at;         /* -1 before the first sample */
	usec_t recent[RTT_RECENT]; /* newest first, at least 100 ms apart */
	usec_t recent_at;
	int recent_count;
	usec_t min_now, min_before; /* of this and the previous stretch of time; USEC_NEVER: none */
	usec_t min_since;
	usec_t untaken; /* the last sample, if rtt_take has not had it; -1 */
};

void rtt_init(struct rtt *rtt);
/* Samples above 2 s are taken for accidents and ignored, as are those below -1 ms; what lies
 * between -1 ms and 1 us counts as 1 us. Returns the value counted, or -1. */
usec_t rtt_add_sample(struct rtt *rtt, usec_t now, usec_t sample);

/* The least of the last 5-10 s with samples; -1 unknown. */
usec_t rtt_min(const struct rtt *rtt);
/* The greatest of the recent samples; -1 unknown. */
usec_t rtt_worst(const struct rtt *rtt);
/* The last sample, once; -1: there is no new one. */
usec_t rtt_take(struct rtt *rtt);
/* After this long without a word about it, a packet counts as lost. */
usec_t rtt_retransmission_timeout(const struct rtt *rtt);
/* After this long without an acknowledgement a probe is worth sending, when the peer may delay its
 * acknowledgements by `ack_delay`. */
usec_t rtt_probe_timeout(const struct rtt *rtt, usec_t ack_delay);

#endif
