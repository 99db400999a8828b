#include "core/reliability/rtt.h"

#define SAMPLE_MAX (2 * USEC_PER_SEC)
#define SAMPLE_MIN (-USEC_PER_MSEC)
#define RECENT_APART (100 * USEC_PER_MSEC)
#define MIN_STRETCH (5 * USEC_PER_SEC)
/* Nothing is known: a second, as RFC 6298 begins. */
#define TIMEOUT_UNKNOWN USEC_PER_SEC
/* Covers the 50 ms that a peer may hold an acknowledgement back, and timers. */
#define TIMEOUT_SLACK (60 * USEC_PER_MSEC)
/* A deviation that was measured as nothing is not nothing: timers and schedulers add to it. */
#define DEVIATION_MIN (USEC_PER_MSEC / 2)

void rtt_init(struct rtt *rtt)
{
	*rtt = (struct rtt){
		.smoothed = -1, .sampled_at = -1, .untaken = -1, .min_now = USEC_NEVER, .min_before = USEC_NEVER
	};
}

static void add_recent(struct rtt *rtt, usec_t now, usec_t sample)
{
	if (rtt->recent_count == RTT_RECENT && now - rtt->recent_at < RECENT_APART) {
		if (sample < rtt->recent[0])
			rtt->recent[0] = sample;
		return;
	}
	for (int i = RTT_RECENT - 1; i > 0; i--)
		rtt->recent[i] = rtt->recent[i - 1];
	rtt->recent[0] = sample;
	rtt->recent_at = now;
	if (rtt->recent_count < RTT_RECENT)
		rtt->recent_count++;
}

static void add_min(struct rtt *rtt, usec_t now, usec_t sample)
{
	if (rtt->min_now == USEC_NEVER || now - rtt->min_since > MIN_STRETCH) {
		rtt->min_before = rtt->min_now;
		rtt->min_now = sample;
		rtt->min_since = now;
	}
	rtt->min_now = usec_min(rtt->min_now, sample);
}

usec_t rtt_add_sample(struct rtt *rtt, usec_t now, usec_t sample)
{
	if (sample < SAMPLE_MIN || sample > SAMPLE_MAX)
		return -1;
	sample = usec_max(sample, 1);
	if (rtt->smoothed < 0) {
		rtt->smoothed = sample;
		rtt->deviation = sample / 2;
	} else {
		usec_t off = sample > rtt->smoothed ? sample - rtt->smoothed : rtt->smoothed - sample;
		rtt->deviation += (off - rtt->deviation) / 4;
		rtt->smoothed = usec_max(rtt->smoothed + (sample - rtt->smoothed) / 8, 1);
	}
	rtt->sampled_at = now;
	rtt->untaken = sample;
	add_recent(rtt, now, sample);
	add_min(rtt, now, sample);
	return sample;
}

usec_t rtt_take(struct rtt *rtt)
{
	usec_t sample = rtt->untaken;
	rtt->untaken = -1;
	return sample;
}

usec_t rtt_min(const struct rtt *rtt)
{
	usec_t min = usec_min(rtt->min_now, rtt->min_before);
	return min == USEC_NEVER ? -1 : min;
}

usec_t rtt_worst(const struct rtt *rtt)
{
	usec_t worst = -1;
	for (int i = 0; i < rtt->recent_count; i++)
		worst = usec_max(worst, rtt->recent[i]);
	return worst;
}

usec_t rtt_retransmission_timeout(const struct rtt *rtt)
{
	return rtt->smoothed < 0 ? TIMEOUT_UNKNOWN : 3 * rtt->smoothed + TIMEOUT_SLACK;
}

usec_t rtt_probe_timeout(const struct rtt *rtt, usec_t ack_delay)
{
	if (rtt->smoothed < 0)
		return TIMEOUT_UNKNOWN / 2;
	return rtt->smoothed + 4 * usec_max(rtt->deviation, DEVIATION_MIN) + ack_delay;
}
