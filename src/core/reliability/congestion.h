/* congestion: how fast and how much may be sent; one of several ways behind a small vtable.
 *
 * Owns: the slots, and what a way is told about each acknowledgement.
 * Does not know: packets one by one, timers, what is waiting to be sent.
 */
#ifndef RELIABILITY_CONGESTION_H
#define RELIABILITY_CONGESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/usec.h"

/* What one acknowledgement frame, or one timeout, has told. Bytes are of whole datagrams. */
struct congestion_sample {
	int64_t acked;           /* newly acknowledged */
	int64_t lost;            /* newly taken for lost */
	int64_t in_flight;       /* after both */
	int64_t delivered;       /* all ever acknowledged */
	int64_t prior_delivered; /* that, when the newest of the packets acknowledged now was sent; -1: no sample */
	int64_t interval_bytes;  /* delivered within `interval` */
	usec_t interval;
	usec_t rtt;       /* -1: no sample */
	bool app_limited; /* the interval includes time without data to send */
};

struct congestion_limits {
	int64_t rate_min; /* bytes per second */
	int64_t rate_max;
	int64_t packet_size; /* of a full datagram */
};

struct congestion;

struct congestion_ops {
	/* Fresh: the path is unknown, `rtt` is -1 or a first idea of it. */
	void (*init)(struct congestion *congestion, usec_t now, usec_t rtt);
	void (*on_sample)(struct congestion *congestion, usec_t now, const struct congestion_sample *sample);
	/* Nothing was heard for several round trips: all in flight is taken for lost. */
	void (*on_silence)(struct congestion *congestion, usec_t now);
	/* Sending starts after nothing was in flight. */
	void (*on_restart)(struct congestion *congestion, usec_t now);
};

/* --- by delivery rate and round-trip time */

#define BBR_FILTER 3

struct bbr_filter_entry {
	int64_t value;
	int64_t round;
};

enum bbr_mode { BBR_STARTUP, BBR_DRAIN, BBR_PROBE_BANDWIDTH, BBR_PROBE_RTT };

struct congestion_bbr {
	enum bbr_mode mode;
	int32_t pacing_gain; /* of 256, as all gains */
	int32_t window_gain;
	struct bbr_filter_entry bandwidth[BBR_FILTER]; /* the greatest of the last rounds, best first */
	int64_t round;
	int64_t round_ends_at; /* when a packet sent after this many delivered bytes is acknowledged */
	int64_t round_acked, round_lost;
	bool round_started;
	bool lossy; /* the last round lost more than the path's own loss explains */
	bool full;  /* the path's bandwidth has been reached once */
	int64_t full_bandwidth;
	int full_rounds;
	usec_t rtt_min; /* -1 unknown */
	usec_t rtt_min_at;
	usec_t rtt_recent[2]; /* least sample since rtt_recent_at, and of the stretch before */
	usec_t rtt_recent_at;
	int64_t window_before;    /* PROBE_RTT */
	usec_t probe_rtt_done_at; /* USEC_NEVER: not yet drained */
	int64_t probe_rtt_round;
	int cycle;
	usec_t cycle_at;
	int64_t extra[2]; /* most bytes acknowledged beyond the rate's due: this and the previous stretch */
	int64_t extra_round;
	int64_t extra_acked;
	usec_t extra_since;
};

struct congestion {
	const struct congestion_ops *ops;
	struct congestion_limits limits;
	int64_t rate;   /* bytes per second to pace at */
	int64_t window; /* bytes that may be in flight */
	struct congestion_bbr bbr;
};

extern const struct congestion_ops congestion_bbr_ops;
extern const struct congestion_ops congestion_fixed_ops;

static inline void congestion_init(struct congestion *congestion, const struct congestion_ops *ops,
                                   const struct congestion_limits *limits)
{
	*congestion = (struct congestion){ .ops = ops, .limits = *limits };
}

#endif
