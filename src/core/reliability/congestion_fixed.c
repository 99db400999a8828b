/* congestion_fixed: the rate is what the application says, and nothing the network does changes
 * it: the original's way. Only the window reacts, so that a dead path is not flooded. */
#include "core/reliability/congestion.h"

/* Bandwidth times this much time may be in flight; it bounds memory, not the rate. */
#define WINDOW_TIME (4 * USEC_PER_SEC)
#define WINDOW_PACKETS_MIN 64

static void fixed_init(struct congestion *congestion, usec_t now, usec_t rtt)
{
	(void)now;
	(void)rtt;
	const struct congestion_limits *limits = &congestion->limits;
	int64_t floor = WINDOW_PACKETS_MIN * limits->packet_size;
	congestion->rate = limits->rate_max;
	congestion->window = limits->rate_max / USEC_PER_SEC * WINDOW_TIME + floor;
}

static void fixed_on_sample(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	(void)congestion;
	(void)now;
	(void)sample;
}

static void fixed_on_moment(struct congestion *congestion, usec_t now)
{
	(void)congestion;
	(void)now;
}

const struct congestion_ops congestion_fixed_ops = {
	.init = fixed_init,
	.on_sample = fixed_on_sample,
	.on_silence = fixed_on_moment,
	.on_restart = fixed_on_moment,
};
