/* stats_report: our statistics on their way to the peer, and what the peer told of its own.
 *
 * Owns: when a report is due, whether one is under way, the peer's last ones (docs/wire.md, "Stats").
 * Does not know: how anything is measured (link_quality), packets. What the peer says is bounded
 * here and believed no further.
 */
#ifndef CONN_STATS_REPORT_H
#define CONN_STATS_REPORT_H

#include "core/conn/link_quality.h"
#include "core/wire/msg_stats.h"

#define STATS_REPORT_RATES 1u
#define STATS_REPORT_LIFETIME 2u
/* Encoded at most, with the flags: every number at its longest. */
#define STATS_REPORT_SIZE_MAX 512

struct stats_report_track {
	usec_t told_at;                          /* the peer acknowledged the last one, or we began */
	uint64_t packets_sent, packets_received; /* then */
};

struct stats_report {
	struct stats_report_track rates, lifetime;
	int64_t number;     /* of the packet that carries a report; 0: none is under way */
	unsigned under_way; /* STATS_REPORT_* */
	bool has_peer_rates;
	struct link_rates peer_rates;
	usec_t peer_rates_at;
	struct link_lifetime *peer_lifetime; /* null: not told yet */
	usec_t peer_lifetime_at;
};

void stats_report_init(struct stats_report *report, usec_t now);
void stats_report_free(struct stats_report *report);

/* Which reports a packet that leaves anyway should take along; 0: none. */
unsigned stats_report_ready(const struct stats_report *report, usec_t now, const struct link_counts *counts);
/* When a packet should leave for the sake of a report. Only packets make a report worth sending, so
 * a quiet connection has no time-out here. */
usec_t stats_report_next_timeout(const struct stats_report *report, const struct link_counts *counts);

/* If too little happened to report it, the time begins anew.. */
void stats_report_rest(struct stats_report *report, usec_t now, const struct link_counts *counts);
/* Not now: their time begins anew. */
void stats_report_skip(struct stats_report *report, usec_t now, unsigned which, const struct link_counts *counts);
/* Packet `number` carries `which`. */
void stats_report_on_sent(struct stats_report *report, int64_t number, unsigned which);
/* It has arrived, or it has not. */
void stats_report_on_decided(struct stats_report *report, usec_t now, bool arrived, const struct link_counts *counts);

void stats_report_write_rates(struct msg_stats *out, const struct link_rates *rates);
void stats_report_write_lifetime(struct msg_stats *out, const struct link_lifetime *lifetime);
/* Of a packet that was opened. */
void stats_report_receive(struct stats_report *report, usec_t now, const struct msg_stats *stats);

#endif
