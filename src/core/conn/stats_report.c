#include "core/conn/stats_report.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* The protocol's intervals: from the first on a report rides along, at the second it leaves alone. */
#define RATES_AFTER (20 * USEC_PER_SEC)
#define RATES_DUE (30 * USEC_PER_SEC)
#define LIFETIME_AFTER (120 * USEC_PER_SEC)
#define LIFETIME_DUE (140 * USEC_PER_SEC)
/* Less traffic than a packet in this time is not worth a report of rates, */
#define ACTIVE_INTERVAL (3 * USEC_PER_SEC)
/* nor fewer packets one of the lifetime. */
#define LIFETIME_PACKETS 100u

void stats_report_init(struct stats_report *report, usec_t now)
{
	bytes_zero(report, sizeof *report);
	report->rates.told_at = now;
	report->lifetime.told_at = now;
}

void stats_report_free(struct stats_report *report)
{
	alloc_free(report->peer_lifetime);
	report->peer_lifetime = NULL;
}

/* --- when */

static bool is_worth(const struct stats_report_track *track, const struct link_counts *counts, uint64_t packets)
{
	return counts->packets_sent - track->packets_sent > packets ||
	       counts->packets_received - track->packets_received > packets;
}

static bool rates_are_worth(const struct stats_report *report, usec_t passed, const struct link_counts *counts)
{
	return is_worth(&report->rates, counts, (uint64_t)(usec_min(passed, RATES_DUE) / ACTIVE_INTERVAL));
}

unsigned stats_report_ready(const struct stats_report *report, usec_t now, const struct link_counts *counts)
{
	unsigned which = 0;

	if (report->under_way != 0)
		return 0;
	if (now - report->rates.told_at >= RATES_AFTER && rates_are_worth(report, now - report->rates.told_at, counts))
		which |= STATS_REPORT_RATES;
	if (now - report->lifetime.told_at >= LIFETIME_AFTER && is_worth(&report->lifetime, counts, LIFETIME_PACKETS))
		which |= STATS_REPORT_LIFETIME;
	return which;
}

usec_t stats_report_next_timeout(const struct stats_report *report, const struct link_counts *counts)
{
	usec_t at = USEC_NEVER;

	if (report->under_way != 0)
		return USEC_NEVER;
	if (rates_are_worth(report, RATES_DUE, counts))
		at = report->rates.told_at + RATES_DUE;
	if (is_worth(&report->lifetime, counts, LIFETIME_PACKETS))
		at = usec_min(at, report->lifetime.told_at + LIFETIME_DUE);
	return at;
}

static void set_told(struct stats_report_track *track, usec_t now, const struct link_counts *counts)
{
	track->told_at = now;
	track->packets_sent = counts->packets_sent;
	track->packets_received = counts->packets_received;
}

void stats_report_rest(struct stats_report *report, usec_t now, const struct link_counts *counts)
{
	if (report->under_way == 0 && now - report->rates.told_at >= RATES_DUE &&
	    !rates_are_worth(report, RATES_DUE, counts))
		set_told(&report->rates, now, counts);
}

void stats_report_skip(struct stats_report *report, usec_t now, unsigned which, const struct link_counts *counts)
{
	if ((which & STATS_REPORT_RATES) != 0)
		set_told(&report->rates, now, counts);
	if ((which & STATS_REPORT_LIFETIME) != 0)
		set_told(&report->lifetime, now, counts);
}

void stats_report_on_sent(struct stats_report *report, int64_t number, unsigned which)
{
	report->number = number;
	report->under_way = which;
}

void stats_report_on_decided(struct stats_report *report, usec_t now, bool arrived, const struct link_counts *counts)
{
	if (arrived)
		stats_report_skip(report, now, report->under_way, counts);
	report->number = 0;
	report->under_way = 0;
}

/* --- writing */

static uint64_t whole(double number)
{
	return number <= 0 ? 0 : number >= UINT32_MAX ? UINT32_MAX : (uint64_t)number;
}

void stats_report_write_rates(struct msg_stats *out, const struct link_rates *rates)
{
	struct msg_stats_items *items = &out->instantaneous;

	out->has_quality = true;
	out->has_instantaneous = true;
	msg_stats_set(items, MSG_INSTANTANEOUS_OUT_PACKETS, whole(rates->out_packets * 10));
	msg_stats_set(items, MSG_INSTANTANEOUS_OUT_BYTES, whole(rates->out_bytes));
	msg_stats_set(items, MSG_INSTANTANEOUS_IN_PACKETS, whole(rates->in_packets * 10));
	msg_stats_set(items, MSG_INSTANTANEOUS_IN_BYTES, whole(rates->in_bytes));
	if (rates->ping >= 0)
		msg_stats_set(items, MSG_INSTANTANEOUS_PING_MS, (uint64_t)((rates->ping + USEC_PER_MSEC / 2) / USEC_PER_MSEC));
	if (rates->lost >= 0)
		msg_stats_set(items, MSG_INSTANTANEOUS_DROPPED_PERCENT, whole(rates->lost * 100));
	if (rates->disordered >= 0)
		msg_stats_set(items, MSG_INSTANTANEOUS_UNORDERED_PERCENT, whole(rates->disordered * 100));
	if (rates->jitter >= 0)
		msg_stats_set(items, MSG_INSTANTANEOUS_JITTER_USEC, (uint64_t)rates->jitter);
}

static uint64_t kilobytes(uint64_t bytes)
{
	return (bytes + 512) / 1024;
}

/* Buckets without samples are left out. */
static void write_histogram(struct msg_stats_items *items, unsigned first, const uint32_t *buckets, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (buckets[i] > 0)
			msg_stats_set(items, first + i, buckets[i]);
	}
}

static void write_percentiles(struct msg_stats_items *items, unsigned first, const int32_t *values, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (values[i] >= 0)
			msg_stats_set(items, first + i, (uint64_t)values[i]);
	}
}

void stats_report_write_lifetime(struct msg_stats *out, const struct link_lifetime *lifetime)
{
	struct msg_stats_items *items = &out->lifetime;

	out->has_quality = true;
	out->has_lifetime = true;
	if (lifetime->connected_seconds >= 0)
		msg_stats_set(items, MSG_LIFETIME_CONNECTED_SECONDS, (uint64_t)lifetime->connected_seconds);
	msg_stats_set(items, MSG_LIFETIME_PACKETS_SENT, lifetime->packets_sent);
	msg_stats_set(items, MSG_LIFETIME_KILOBYTES_SENT, kilobytes(lifetime->bytes_sent));
	msg_stats_set(items, MSG_LIFETIME_PACKETS_RECEIVED, lifetime->packets_received);
	msg_stats_set(items, MSG_LIFETIME_KILOBYTES_RECEIVED, kilobytes(lifetime->bytes_received));
	msg_stats_set(items, MSG_LIFETIME_PACKETS_SEQUENCED, lifetime->sequenced);
	msg_stats_set(items, MSG_LIFETIME_PACKETS_DROPPED, lifetime->dropped);
	msg_stats_set(items, MSG_LIFETIME_PACKETS_OUT_OF_ORDER, lifetime->out_of_order);
	msg_stats_set(items, MSG_LIFETIME_PACKETS_OUT_OF_ORDER_CORRECTED, lifetime->out_of_order_corrected);
	msg_stats_set(items, MSG_LIFETIME_PACKETS_DUPLICATE, lifetime->duplicate);
	msg_stats_set(items, MSG_LIFETIME_PACKETS_LURCH, lifetime->lurch);
	write_histogram(items, MSG_LIFETIME_QUALITY_HISTOGRAM, lifetime->quality_histogram, LINK_QUALITY_BUCKETS);
	write_percentiles(items, MSG_LIFETIME_QUALITY_PERCENTILES, lifetime->quality_percentiles, LINK_QUALITY_PERCENTILES);
	write_histogram(items, MSG_LIFETIME_PING_HISTOGRAM, lifetime->ping_histogram, LINK_PING_BUCKETS);
	write_percentiles(items, MSG_LIFETIME_PING_PERCENTILES, lifetime->ping_percentiles, LINK_PING_PERCENTILES);
	write_histogram(items, MSG_LIFETIME_JITTER_HISTOGRAM, lifetime->jitter_histogram, LINK_JITTER_BUCKETS);
}

/* --- reading: any number may stand there */

static uint64_t at_most(const struct msg_stats_items *items, unsigned item, uint64_t limit)
{
	return items->value[item] < limit ? items->value[item] : limit;
}

static int64_t or_unknown(const struct msg_stats_items *items, unsigned item, uint64_t limit)
{
	return items->present[item] ? (int64_t)at_most(items, item, limit) : -1;
}

static double part(const struct msg_stats_items *items, unsigned item)
{
	return items->present[item] ? (double)at_most(items, item, 100) / 100 : -1;
}

static void read_rates(struct link_rates *out, const struct msg_stats_items *items)
{
	int64_t ping = or_unknown(items, MSG_INSTANTANEOUS_PING_MS, UINT32_MAX);

	out->out_packets = (double)at_most(items, MSG_INSTANTANEOUS_OUT_PACKETS, UINT32_MAX) / 10;
	out->out_bytes = (double)at_most(items, MSG_INSTANTANEOUS_OUT_BYTES, UINT32_MAX);
	out->in_packets = (double)at_most(items, MSG_INSTANTANEOUS_IN_PACKETS, UINT32_MAX) / 10;
	out->in_bytes = (double)at_most(items, MSG_INSTANTANEOUS_IN_BYTES, UINT32_MAX);
	out->ping = ping < 0 ? -1 : ping * USEC_PER_MSEC;
	out->lost = part(items, MSG_INSTANTANEOUS_DROPPED_PERCENT);
	out->disordered = part(items, MSG_INSTANTANEOUS_UNORDERED_PERCENT);
	out->jitter = or_unknown(items, MSG_INSTANTANEOUS_JITTER_USEC, UINT32_MAX);
}

static uint64_t bytes_of(const struct msg_stats_items *items, unsigned item)
{
	return at_most(items, item, UINT64_MAX / 1024) * 1024;
}

static void read_histogram(uint32_t *out, unsigned count, const struct msg_stats_items *items, unsigned first)
{
	for (unsigned i = 0; i < count; i++)
		out[i] = (uint32_t)at_most(items, first + i, UINT32_MAX);
}

static void read_percentiles(int32_t *out, unsigned count, const struct msg_stats_items *items, unsigned first,
                             int32_t limit)
{
	for (unsigned i = 0; i < count; i++)
		out[i] = (int32_t)or_unknown(items, first + i, (uint64_t)limit);
}

static void read_lifetime(struct link_lifetime *out, const struct msg_stats_items *items)
{
	out->connected_seconds = or_unknown(items, MSG_LIFETIME_CONNECTED_SECONDS, UINT32_MAX);
	out->packets_sent = items->value[MSG_LIFETIME_PACKETS_SENT];
	out->bytes_sent = bytes_of(items, MSG_LIFETIME_KILOBYTES_SENT);
	out->packets_received = items->value[MSG_LIFETIME_PACKETS_RECEIVED];
	out->bytes_received = bytes_of(items, MSG_LIFETIME_KILOBYTES_RECEIVED);
	out->sequenced = items->value[MSG_LIFETIME_PACKETS_SEQUENCED];
	out->dropped = items->value[MSG_LIFETIME_PACKETS_DROPPED];
	out->out_of_order = items->value[MSG_LIFETIME_PACKETS_OUT_OF_ORDER];
	out->out_of_order_corrected = items->value[MSG_LIFETIME_PACKETS_OUT_OF_ORDER_CORRECTED];
	out->duplicate = items->value[MSG_LIFETIME_PACKETS_DUPLICATE];
	out->lurch = items->value[MSG_LIFETIME_PACKETS_LURCH];
	read_histogram(out->quality_histogram, LINK_QUALITY_BUCKETS, items, MSG_LIFETIME_QUALITY_HISTOGRAM);
	read_percentiles(out->quality_percentiles, LINK_QUALITY_PERCENTILES, items, MSG_LIFETIME_QUALITY_PERCENTILES, 100);
	read_histogram(out->ping_histogram, LINK_PING_BUCKETS, items, MSG_LIFETIME_PING_HISTOGRAM);
	read_percentiles(out->ping_percentiles, LINK_PING_PERCENTILES, items, MSG_LIFETIME_PING_PERCENTILES, INT32_MAX);
	read_histogram(out->jitter_histogram, LINK_JITTER_BUCKETS, items, MSG_LIFETIME_JITTER_HISTOGRAM);
}

void stats_report_receive(struct stats_report *report, usec_t now, const struct msg_stats *stats)
{
	if (stats->has_instantaneous) {
		read_rates(&report->peer_rates, &stats->instantaneous);
		report->has_peer_rates = true;
		report->peer_rates_at = now;
	}
	if (stats->has_lifetime) {
		if (report->peer_lifetime == NULL)
			report->peer_lifetime = alloc_zeroed(sizeof *report->peer_lifetime);
		read_lifetime(report->peer_lifetime, &stats->lifetime);
		report->peer_lifetime_at = now;
	}
}
