/* congestion_bbr: a model of the path (bandwidth and propagation time) instead of a reaction to
 * loss: the semantics of BBR version 1. Loss is a signal only above what random loss explains.
 *
 *   STARTUP --bandwidth stops growing--> DRAIN --queue gone--> PROBE_BANDWIDTH
 *   any --no smaller RTT for 10 s--> PROBE_RTT --200 ms--> PROBE_BANDWIDTH, or STARTUP if never full
 */
#include "core/reliability/congestion.h"

#define GAIN_ONE 256
#define GAIN_STARTUP 739 /* 2/ln 2: doubles the rate each round */
#define GAIN_DRAIN 89    /* its inverse */
#define GAIN_WINDOW 512
#define GAIN_WINDOW_LOSSY 320
#define CYCLE_LENGTH 8
#define FILTER_ROUNDS 10
#define RTT_MIN_LIFE (10 * USEC_PER_SEC)
#define RTT_NOISE (USEC_PER_MSEC / 2)
#define PROBE_RTT_TIME (200 * USEC_PER_MSEC)
#define PROBE_RTT_PACKETS 4
#define WINDOW_PACKETS_MIN 4
#define INITIAL_PACKETS 32
/* Used until there is a sample: a guess makes the first packets leave neither at once nor late. */
#define RTT_UNKNOWN (100 * USEC_PER_MSEC)
/* Bandwidth that grows by less than a quarter for three rounds is all there is. */
#define FULL_ROUNDS 3
/* Of 100. Above this, loss is the path's answer to our rate. */
#define LOSS_IS_A_SIGNAL 20
/* On very short paths the propagation time is less than the delays of threads and of
 * acknowledgements that wait for company: a window of it alone would stop the sender. */
#define RTT_FLOOR (USEC_PER_MSEC / 2)
#define WINDOW_FLOOR ((int64_t)64 * 1024)
#define WINDOW_FLOOR_RTT (2 * USEC_PER_MSEC) /* the floor is for paths shorter than this */
/* Acknowledgements that come in heaps must not stop the sender; a heap counts up to this time. */
#define EXTRA_TIME_MAX (100 * USEC_PER_MSEC)
#define EXTRA_ROUNDS 5

static const int32_t cycle_gains[CYCLE_LENGTH] = { 320, 192, 256, 256, 256, 256, 256, 256 };

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* --- the model */

/* The greatest value of the last FILTER_ROUNDS rounds, without keeping all of them: best, second
 * and third best of later stretches (Kathleen Nichols' algorithm). */
static void filter_update(struct bbr_filter_entry entries[BBR_FILTER], int64_t round, int64_t value)
{
	struct bbr_filter_entry sample = { value, round };
	if (value >= entries[0].value || round - entries[2].round > FILTER_ROUNDS) {
		entries[0] = entries[1] = entries[2] = sample;
		return;
	}
	if (value >= entries[1].value)
		entries[1] = entries[2] = sample;
	else if (value >= entries[2].value)
		entries[2] = sample;
	if (round - entries[0].round > FILTER_ROUNDS) {
		entries[0] = entries[1];
		entries[1] = entries[2];
		entries[2] = sample;
		if (round - entries[0].round > FILTER_ROUNDS) {
			entries[0] = entries[1];
			entries[1] = entries[2];
		}
	} else if (entries[1].round == entries[0].round && round - entries[1].round > FILTER_ROUNDS / 4) {
		entries[1] = entries[2] = sample;
	} else if (entries[2].round == entries[1].round && round - entries[2].round > FILTER_ROUNDS / 2) {
		entries[2] = sample;
	}
}

static int64_t bandwidth(const struct congestion *congestion)
{
	return congestion->bbr.bandwidth[0].value;
}

static int64_t bytes_in(int64_t rate, usec_t time)
{
	return rate / USEC_PER_SEC * time + rate % USEC_PER_SEC * time / USEC_PER_SEC;
}

/* What the path itself holds, times `gain`, and room for heaps. */
static int64_t target_in_flight(const struct congestion *congestion, int32_t gain)
{
	const struct congestion_bbr *bbr = &congestion->bbr;
	int64_t packet = congestion->limits.packet_size;
	if (bandwidth(congestion) == 0 || bbr->rtt_min < 0)
		return INITIAL_PACKETS * packet;
	int64_t product = bytes_in(bandwidth(congestion), usec_max(bbr->rtt_min, RTT_FLOOR));
	return product * gain / GAIN_ONE + 3 * packet;
}

/* Little enough that a queue is emptied, enough that the application notices little. */
static int64_t probe_rtt_window(const struct congestion *congestion)
{
	return max64(PROBE_RTT_PACKETS * congestion->limits.packet_size, target_in_flight(congestion, GAIN_ONE / 2));
}

static void update_round(struct congestion_bbr *bbr, const struct congestion_sample *sample)
{
	bbr->round_acked += sample->acked;
	bbr->round_lost += sample->lost;
	bbr->round_started = false;
	if (sample->prior_delivered < bbr->round_ends_at)
		return;
	bbr->round_ends_at = sample->delivered;
	bbr->round++;
	bbr->round_started = true;
	bbr->lossy = bbr->round_lost * 100 > (bbr->round_acked + bbr->round_lost) * LOSS_IS_A_SIGNAL;
	bbr->round_acked = 0;
	bbr->round_lost = 0;
}

static void update_bandwidth(struct congestion *congestion, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	if (sample->prior_delivered < 0 || sample->interval <= 0)
		return;
	int64_t rate = sample->interval_bytes * USEC_PER_SEC / sample->interval;
	if (!sample->app_limited || rate >= bandwidth(congestion))
		filter_update(bbr->bandwidth, bbr->round, rate);
}

/* How much more was acknowledged than the rate explains, since acknowledgements last lagged. */
static void update_extra(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	if (bbr->round - bbr->extra_round >= EXTRA_ROUNDS) {
		bbr->extra[1] = bbr->extra[0];
		bbr->extra[0] = 0;
		bbr->extra_round = bbr->round;
	}
	int64_t expected = bytes_in(bandwidth(congestion), min64(now - bbr->extra_since, USEC_PER_SEC));
	if (bbr->extra_acked <= expected) {
		bbr->extra_acked = 0;
		bbr->extra_since = now;
		expected = 0;
	}
	bbr->extra_acked += sample->acked;
	int64_t extra = min64(bbr->extra_acked - expected, congestion->window);
	bbr->extra[0] = max64(bbr->extra[0], extra);
}

/* --- the modes */

static void enter_probe_bandwidth(struct congestion_bbr *bbr, usec_t now)
{
	bbr->mode = BBR_PROBE_BANDWIDTH;
	bbr->window_gain = GAIN_WINDOW;
	/* Anywhere but in the draining phase; spread by the clock so that flows do not march in step. */
	bbr->cycle = 2 + (int)((uint64_t)now / 7 % (CYCLE_LENGTH - 2));
	bbr->cycle_at = now;
	bbr->pacing_gain = cycle_gains[bbr->cycle];
}

static void enter_startup(struct congestion_bbr *bbr)
{
	bbr->mode = BBR_STARTUP;
	bbr->pacing_gain = GAIN_STARTUP;
	bbr->window_gain = GAIN_STARTUP;
}

static void check_full(struct congestion *congestion, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	if (bbr->full || !bbr->round_started)
		return;
	if (bbr->lossy && bbr->round > 3) {
		bbr->full = true;
		return;
	}
	if (sample->app_limited)
		return;
	if (bandwidth(congestion) >= bbr->full_bandwidth + bbr->full_bandwidth / 4) {
		bbr->full_bandwidth = bandwidth(congestion);
		bbr->full_rounds = 0;
		return;
	}
	bbr->full = ++bbr->full_rounds >= FULL_ROUNDS;
}

static void advance_cycle(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	bool long_enough = now - bbr->cycle_at > usec_max(bbr->rtt_min, 1);
	bool next = long_enough;
	if (bbr->pacing_gain > GAIN_ONE)
		next = long_enough &&
		       (bbr->lossy || sample->in_flight + sample->acked >= target_in_flight(congestion, bbr->pacing_gain) ||
		        sample->app_limited);
	else if (bbr->pacing_gain < GAIN_ONE)
		next = long_enough || sample->in_flight <= target_in_flight(congestion, GAIN_ONE);
	if (!next)
		return;
	bbr->cycle = (bbr->cycle + 1) % CYCLE_LENGTH;
	bbr->cycle_at = now;
	bbr->pacing_gain = cycle_gains[bbr->cycle];
	if (bbr->lossy && bbr->pacing_gain > GAIN_ONE)
		bbr->pacing_gain = GAIN_ONE;
}

static usec_t recent_rtt(const struct congestion_bbr *bbr)
{
	return usec_min(bbr->rtt_recent[0], bbr->rtt_recent[1]);
}

/* A sender that leaves gaps, or whose probing drains the queue now and then, sees the propagation
 * time all the while: its least sample of late is almost that. Only if it is not must the queue be
 * emptied to look. */
static bool seen_lately(const struct congestion_bbr *bbr)
{
	return recent_rtt(bbr) <= bbr->rtt_min + bbr->rtt_min / 8 + RTT_NOISE;
}

static void update_rtt(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	if (sample->rtt < 0)
		return;
	bool expired = bbr->rtt_min >= 0 && now > bbr->rtt_min_at + RTT_MIN_LIFE;
	if (now > bbr->rtt_recent_at + RTT_MIN_LIFE / 2) {
		bbr->rtt_recent[1] = bbr->rtt_recent[0];
		bbr->rtt_recent[0] = sample->rtt;
		bbr->rtt_recent_at = now;
	}
	bbr->rtt_recent[0] = usec_min(bbr->rtt_recent[0], sample->rtt);
	if (bbr->rtt_min < 0 || sample->rtt <= bbr->rtt_min) {
		bbr->rtt_min = sample->rtt;
		bbr->rtt_min_at = now;
	} else if (expired && seen_lately(bbr)) {
		bbr->rtt_min = recent_rtt(bbr);
		bbr->rtt_min_at = now;
	} else if (expired) {
		bbr->rtt_min = sample->rtt;
		bbr->rtt_min_at = now;
		/* On a short path the queue that a probe would empty is smaller than the floor of the window. */
		if (bbr->mode != BBR_PROBE_RTT && bbr->rtt_min > WINDOW_FLOOR_RTT) {
			bbr->mode = BBR_PROBE_RTT;
			bbr->pacing_gain = GAIN_ONE;
			bbr->probe_rtt_done_at = USEC_NEVER;
			bbr->window_before = congestion->window;
		}
	}
}

static void leave_probe_rtt(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	if (bbr->probe_rtt_done_at == USEC_NEVER) {
		if (sample->in_flight <= probe_rtt_window(congestion)) {
			bbr->probe_rtt_done_at = now + PROBE_RTT_TIME;
			bbr->probe_rtt_round = bbr->round;
		}
		return;
	}
	if (now < bbr->probe_rtt_done_at || bbr->round == bbr->probe_rtt_round)
		return;
	bbr->rtt_min_at = now;
	congestion->window = max64(congestion->window, bbr->window_before);
	if (bbr->full)
		enter_probe_bandwidth(bbr, now);
	else
		enter_startup(bbr);
}

static void update_mode(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	check_full(congestion, sample);
	if (bbr->mode == BBR_STARTUP && bbr->full) {
		bbr->mode = BBR_DRAIN;
		bbr->pacing_gain = GAIN_DRAIN;
		bbr->window_gain = GAIN_STARTUP;
	}
	if (bbr->mode == BBR_DRAIN && sample->in_flight <= target_in_flight(congestion, GAIN_ONE))
		enter_probe_bandwidth(bbr, now);
	if (bbr->mode == BBR_PROBE_BANDWIDTH)
		advance_cycle(congestion, now, sample);
	update_rtt(congestion, now, sample);
	if (bbr->mode == BBR_PROBE_RTT)
		leave_probe_rtt(congestion, now, sample);
}

/* --- what follows from the model */

static void set_rate(struct congestion *congestion)
{
	const struct congestion_bbr *bbr = &congestion->bbr;
	const struct congestion_limits *limits = &congestion->limits;
	if (bandwidth(congestion) == 0)
		return;
	int64_t rate = bandwidth(congestion) / GAIN_ONE * bbr->pacing_gain +
	               bandwidth(congestion) % GAIN_ONE * bbr->pacing_gain / GAIN_ONE;
	rate = max64(limits->rate_min, min64(limits->rate_max, rate));
	/* Samples of a path not yet filled are low: they must not slow the search down. */
	if (bbr->full || rate > congestion->rate)
		congestion->rate = rate;
}

static void set_window(struct congestion *congestion, const struct congestion_sample *sample)
{
	const struct congestion_bbr *bbr = &congestion->bbr;
	int64_t packet = congestion->limits.packet_size;
	int64_t extra = min64(max64(bbr->extra[0], bbr->extra[1]), bytes_in(bandwidth(congestion), EXTRA_TIME_MAX));
	int32_t gain = bbr->lossy ? GAIN_WINDOW_LOSSY : bbr->window_gain;
	int64_t target = target_in_flight(congestion, gain) + extra;
	if (bbr->full)
		congestion->window = min64(congestion->window + sample->acked, target);
	else if (congestion->window < target || sample->delivered < INITIAL_PACKETS * packet)
		congestion->window += sample->acked;
	int64_t floor = WINDOW_PACKETS_MIN * packet;
	if (bbr->rtt_min >= 0 && bbr->rtt_min < WINDOW_FLOOR_RTT)
		floor = max64(floor, WINDOW_FLOOR);
	/* A minimum rate is a promise: the window lets it through. */
	if (bbr->rtt_min >= 0)
		floor = max64(floor, bytes_in(congestion->limits.rate_min, 2 * bbr->rtt_min));
	congestion->window = max64(congestion->window, floor);
	if (bbr->mode == BBR_PROBE_RTT)
		congestion->window = min64(congestion->window, probe_rtt_window(congestion));
}

static void bbr_init(struct congestion *congestion, usec_t now, usec_t rtt)
{
	const struct congestion_limits *limits = &congestion->limits;
	congestion->bbr = (struct congestion_bbr){
		.rtt_min = rtt,
		.rtt_recent = { USEC_NEVER, USEC_NEVER },
		.rtt_min_at = now,
		.probe_rtt_done_at = USEC_NEVER,
		.extra_since = now,
	};
	enter_startup(&congestion->bbr);
	congestion->window = INITIAL_PACKETS * limits->packet_size;
	int64_t rate = congestion->window * USEC_PER_SEC / usec_max(rtt < 0 ? RTT_UNKNOWN : rtt, RTT_FLOOR);
	rate = rate / GAIN_ONE * GAIN_STARTUP;
	congestion->rate = max64(limits->rate_min, min64(limits->rate_max, rate));
}

static void bbr_on_sample(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	update_round(&congestion->bbr, sample);
	update_bandwidth(congestion, sample);
	update_extra(congestion, now, sample);
	update_mode(congestion, now, sample);
	set_rate(congestion);
	set_window(congestion, sample);
}

static void bbr_on_silence(struct congestion *congestion, usec_t now)
{
	(void)now;
	/* One careful step: what comes back opens the window again byte by byte. */
	congestion->window = WINDOW_PACKETS_MIN * congestion->limits.packet_size;
}

static void bbr_on_restart(struct congestion *congestion, usec_t now)
{
	struct congestion_bbr *bbr = &congestion->bbr;
	bbr->extra_since = now;
	bbr->extra_acked = 0;
	if (bbr->mode == BBR_PROBE_BANDWIDTH) {
		/* The queue is empty after a pause: go on at the rate known, neither probe nor drain. */
		bbr->pacing_gain = GAIN_ONE;
		set_rate(congestion);
	}
}

const struct congestion_ops congestion_bbr_ops = {
	.init = bbr_init,
	.on_sample = bbr_on_sample,
	.on_silence = bbr_on_silence,
	.on_restart = bbr_on_restart,
};
