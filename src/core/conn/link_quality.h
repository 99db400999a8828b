/* link_quality: what the packets that leave and arrive tell about the way they take.
 *
 * Owns: counts and rates, the gaps and disorder in the peer's packet numbers, ping and jitter, and
 * how all of it was distributed so far (docs/wire.md, "Stats").
 * Does not know: packets' contents, the replay window, when any of it is told to whom.
 */
#ifndef CONN_LINK_QUALITY_H
#define CONN_LINK_QUALITY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/usec.h"
#include "core/conn/percentiles.h"

#define LINK_PING_BUCKETS 9    /* up to 25 50 75 100 125 150 200 300 ms, and more */
#define LINK_QUALITY_BUCKETS 9 /* 100, at least 99 97 95 90 75 50 1 %, and nothing at all */
#define LINK_JITTER_BUCKETS 6  /* below 1 2 5 10 20 ms, and more */
#define LINK_PING_PERCENTILES 5
#define LINK_QUALITY_PERCENTILES 4

/* Which percentiles, as both sides of the protocol have them. */
extern const uint8_t link_quality_ping_percents[LINK_PING_PERCENTILES];
extern const uint8_t link_quality_percents[LINK_QUALITY_PERCENTILES];

/* The last seconds. */
struct link_rates {
	double out_packets, out_bytes, in_packets, in_bytes; /* a second */
	usec_t ping;                                         /* -1: unknown, as all below */
	double lost, disordered;                             /* parts of the other side's packets, 0-1 */
	usec_t jitter;                                       /* the peak */
};

/* Since the beginning. */
struct link_lifetime {
	int64_t connected_seconds; /* -1: unknown */
	uint64_t packets_sent, bytes_sent, packets_received, bytes_received;
	uint64_t sequenced, dropped, out_of_order, out_of_order_corrected, duplicate, lurch;
	uint32_t ping_histogram[LINK_PING_BUCKETS];
	uint32_t quality_histogram[LINK_QUALITY_BUCKETS];
	uint32_t jitter_histogram[LINK_JITTER_BUCKETS];
	int32_t ping_percentiles[LINK_PING_PERCENTILES];       /* ms; -1: not enough samples */
	int32_t quality_percentiles[LINK_QUALITY_PERCENTILES]; /* percent; -1 */
};

struct link_counts {
	uint64_t packets_sent, bytes_sent, packets_received, bytes_received;
	uint64_t dropped, out_of_order, duplicate, lurch;
};

struct link_quality {
	struct link_counts all;
	struct link_counts before; /* as they were when the running interval began */
	usec_t since;              /* then it began */
	bool complete;             /* one interval is over */
	struct link_rates rates;   /* of the last one */
	usec_t received_at;        /* the newest packet; -1: none yet */
	usec_t ping_at;            /* the last ping that was counted; -1: none */
	usec_t jitter_interval;    /* peaks: of the running interval, */
	usec_t jitter_asked;       /* and since somebody asked; -1: none */
	uint32_t ping_histogram[LINK_PING_BUCKETS];
	uint32_t quality_histogram[LINK_QUALITY_BUCKETS];
	uint32_t jitter_histogram[LINK_JITTER_BUCKETS];
	struct percentiles pings, qualities;
};

void link_quality_init(struct link_quality *quality, usec_t now);
void link_quality_free(struct link_quality *quality);

/* A packet left. */
void link_quality_on_sent(struct link_quality *quality, size_t size);

#define LINK_QUALITY_NO_SPACING ((usec_t)-1)

/* An authentic packet arrived. `gap`: its number less the highest before it. `spacing`: how long
 * after the one before it was sent, as the peer says, or LINK_QUALITY_NO_SPACING. */
void link_quality_on_received(struct link_quality *quality, usec_t now, size_t size, int64_t gap, usec_t spacing);
void link_quality_on_duplicate(struct link_quality *quality);
/* So old that nobody knows whether it came before. */
void link_quality_on_too_old(struct link_quality *quality);
/* A round trip was measured. Samples closer together than 10 ms are not counted: acknowledgements
 * of a bulk transfer would drown all others. */
void link_quality_on_ping(struct link_quality *quality, usec_t now, struct rng *rng, usec_t ping);

/* Ends the interval if it is old enough; to be called whenever something arrives, leaves or is
 * asked for. `unanswered`: we ask, and nothing comes back. */
void link_quality_roll(struct link_quality *quality, usec_t now, struct rng *rng, bool unanswered);

/* All but `ping`. In the first interval: so far. */
void link_quality_rates(const struct link_quality *quality, usec_t now, struct link_rates *out);
/* All but `connected_seconds`. */
void link_quality_lifetime(struct link_quality *quality, struct link_lifetime *out);
/* The highest jitter since this was last called; -1: none was measured. */
usec_t link_quality_take_jitter(struct link_quality *quality);

#endif
