#include "core/conn/link_quality.h"

#include "core/base/bytes.h"

/* Rates and quality are those of an interval; the protocol's other implementation has the same. */
#define INTERVAL (5 * USEC_PER_SEC)
/* With fewer packets an interval says nothing about quality. */
#define QUALITY_PACKETS_MIN 6u
/* Between packets further apart the senders' and our clocks measure scheduling, not the way. */
#define SPACING_MAX (250 * USEC_PER_MSEC)
#define PINGS_APART (10 * USEC_PER_MSEC)
/* Shorter ones make rates of a single packet absurd. */
#define RATES_MIN (100 * USEC_PER_MSEC)

const uint8_t link_quality_ping_percents[LINK_PING_PERCENTILES] = { 5, 50, 75, 95, 98 };
const uint8_t link_quality_percents[LINK_QUALITY_PERCENTILES] = { 2, 5, 25, 50 };

/* As many samples as make the percentile of that place worth telling. */
static const uint8_t ping_needed[LINK_PING_PERCENTILES] = { 20, 2, 4, 20, 50 };
static const uint8_t quality_needed[LINK_QUALITY_PERCENTILES] = { 50, 20, 4, 2 };

void link_quality_init(struct link_quality *quality, usec_t now)
{
	bytes_zero(quality, sizeof *quality);
	quality->since = now;
	quality->received_at = -1;
	quality->ping_at = -1;
	quality->jitter_interval = -1;
	quality->jitter_asked = -1;
}

void link_quality_free(struct link_quality *quality)
{
	percentiles_free(&quality->pings);
	percentiles_free(&quality->qualities);
}

/* --- packets */

void link_quality_on_sent(struct link_quality *quality, size_t size)
{
	quality->all.packets_sent++;
	quality->all.bytes_sent += size;
}

static void add_jitter(struct link_quality *quality, usec_t jitter)
{
	static const usec_t below[LINK_JITTER_BUCKETS - 1] = { 1000, 2000, 5000, 10000, 20000 };
	unsigned bucket = 0;

	while (bucket < LINK_JITTER_BUCKETS - 1 && jitter >= below[bucket])
		bucket++;
	quality->jitter_histogram[bucket]++;
	quality->jitter_interval = usec_max(quality->jitter_interval, jitter);
	quality->jitter_asked = usec_max(quality->jitter_asked, jitter);
}

static void measure_jitter(struct link_quality *quality, usec_t now, usec_t spacing)
{
	usec_t ours = now - quality->received_at;

	if (spacing < 0 || spacing >= SPACING_MAX || quality->received_at < 0 || ours >= SPACING_MAX)
		return;
	add_jitter(quality, ours > spacing ? ours - spacing : spacing - ours);
}

void link_quality_on_received(struct link_quality *quality, usec_t now, size_t size, int64_t gap, usec_t spacing)
{
	struct link_counts *all = &quality->all;

	all->packets_received++;
	all->bytes_received += size;
	if (gap <= 0) {
		all->out_of_order++;
		/* It counted as lost until now; perhaps in the interval before this one. */
		if (all->dropped > 0)
			all->dropped--;
		return;
	}
	if (gap == 1)
		measure_jitter(quality, now, spacing);
	all->dropped += (uint64_t)gap - 1;
	quality->received_at = now;
}

void link_quality_on_duplicate(struct link_quality *quality)
{
	quality->all.duplicate++;
}

void link_quality_on_too_old(struct link_quality *quality)
{
	quality->all.lurch++;
}

void link_quality_on_ping(struct link_quality *quality, usec_t now, struct rng *rng, usec_t ping)
{
	static const uint16_t up_to[LINK_PING_BUCKETS - 1] = { 25, 50, 75, 100, 125, 150, 200, 300 };
	usec_t milliseconds = (ping + USEC_PER_MSEC / 2) / USEC_PER_MSEC;
	unsigned bucket = 0;

	if (quality->ping_at >= 0 && now - quality->ping_at < PINGS_APART)
		return;
	quality->ping_at = now;
	while (bucket < LINK_PING_BUCKETS - 1 && milliseconds > up_to[bucket])
		bucket++;
	quality->ping_histogram[bucket]++;
	percentiles_add(&quality->pings, rng, (uint16_t)usec_min(milliseconds, UINT16_MAX));
}

/* --- intervals */

/* What happened since the running one began. Counts that were taken back may be below zero then. */
static struct link_counts since(const struct link_quality *quality)
{
	const struct link_counts *all = &quality->all, *before = &quality->before;

	return (struct link_counts){
		.packets_sent = all->packets_sent - before->packets_sent,
		.bytes_sent = all->bytes_sent - before->bytes_sent,
		.packets_received = all->packets_received - before->packets_received,
		.bytes_received = all->bytes_received - before->bytes_received,
		.dropped = all->dropped > before->dropped ? all->dropped - before->dropped : 0,
		.out_of_order = all->out_of_order - before->out_of_order,
		.duplicate = all->duplicate - before->duplicate,
		.lurch = all->lurch - before->lurch,
	};
}

static uint64_t sequenced(const struct link_counts *counts)
{
	return counts->packets_received + counts->duplicate + counts->lurch;
}

static uint64_t disordered(const struct link_counts *counts)
{
	return counts->out_of_order + counts->duplicate + counts->lurch;
}

static void measure(const struct link_quality *quality, usec_t passed, struct link_rates *out)
{
	struct link_counts counts = since(quality);
	double seconds = (double)passed / USEC_PER_SEC;
	uint64_t of_all = sequenced(&counts) + counts.dropped;

	out->out_packets = (double)counts.packets_sent / seconds;
	out->out_bytes = (double)counts.bytes_sent / seconds;
	out->in_packets = (double)counts.packets_received / seconds;
	out->in_bytes = (double)counts.bytes_received / seconds;
	out->ping = -1;
	out->lost = -1;
	out->disordered = -1;
	out->jitter = quality->jitter_interval;
	if (sequenced(&counts) == 0)
		return;
	out->lost = (double)counts.dropped / (double)of_all;
	out->disordered = (double)disordered(&counts) / (double)of_all;
}

/* 0-100; 100 only when nothing was amiss. */
static uint16_t quality_percent(const struct link_counts *counts)
{
	uint64_t bad = disordered(counts);
	uint64_t percent;

	if (bad + counts->dropped == 0)
		return 100;
	percent = (sequenced(counts) - bad) * 100 / (sequenced(counts) + counts->dropped);
	return percent > 99 ? 99 : percent < 1 ? 1 : (uint16_t)percent;
}

static void add_quality(struct link_quality *quality, struct rng *rng, uint16_t percent)
{
	static const uint8_t at_least[LINK_QUALITY_BUCKETS - 1] = { 100, 99, 97, 95, 90, 75, 50, 1 };
	unsigned bucket = 0;

	while (bucket < LINK_QUALITY_BUCKETS - 1 && percent < at_least[bucket])
		bucket++;
	quality->quality_histogram[bucket]++;
	percentiles_add(&quality->qualities, rng, percent);
}

void link_quality_roll(struct link_quality *quality, usec_t now, struct rng *rng, bool unanswered)
{
	usec_t passed = now - quality->since;
	struct link_counts counts;

	if (passed < INTERVAL)
		return;
	counts = since(quality);
	measure(quality, passed, &quality->rates);
	if (sequenced(&counts) >= QUALITY_PACKETS_MIN)
		add_quality(quality, rng, quality_percent(&counts));
	else if (unanswered && counts.packets_received == 0 && counts.packets_sent > 0)
		add_quality(quality, rng, 0);
	quality->complete = true;
	quality->before = quality->all;
	quality->since = now;
	quality->jitter_interval = -1;
}

/* --- what is known */

void link_quality_rates(const struct link_quality *quality, usec_t now, struct link_rates *out)
{
	if (quality->complete)
		*out = quality->rates;
	else
		measure(quality, usec_max(now - quality->since, RATES_MIN), out);
}

void link_quality_lifetime(struct link_quality *quality, struct link_lifetime *out)
{
	const struct link_counts *all = &quality->all;

	bytes_zero(out, sizeof *out);
	out->connected_seconds = -1;
	out->packets_sent = all->packets_sent;
	out->bytes_sent = all->bytes_sent;
	out->packets_received = all->packets_received;
	out->bytes_received = all->bytes_received;
	out->sequenced = sequenced(all);
	out->dropped = all->dropped;
	out->out_of_order = all->out_of_order;
	out->duplicate = all->duplicate;
	out->lurch = all->lurch;
	bytes_copy(out->ping_histogram, quality->ping_histogram, sizeof out->ping_histogram);
	bytes_copy(out->quality_histogram, quality->quality_histogram, sizeof out->quality_histogram);
	bytes_copy(out->jitter_histogram, quality->jitter_histogram, sizeof out->jitter_histogram);
	for (unsigned i = 0; i < LINK_PING_PERCENTILES; i++)
		out->ping_percentiles[i] = percentiles_get(&quality->pings, link_quality_ping_percents[i], ping_needed[i]);
	for (unsigned i = 0; i < LINK_QUALITY_PERCENTILES; i++)
		out->quality_percentiles[i] = percentiles_get(&quality->qualities, link_quality_percents[i], quality_needed[i]);
}

usec_t link_quality_take_jitter(struct link_quality *quality)
{
	usec_t jitter = quality->jitter_asked;

	quality->jitter_asked = -1;
	return jitter;
}
