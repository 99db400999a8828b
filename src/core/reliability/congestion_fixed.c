/* congestion_fixed: the rate is what the application says, and nothing the network does changes
 * it: the original's way. Only the window reacts, so that a dead path is not flooded. */
#include "core/reliability/congestion.h"

/* Bandwidth times this much time may be in flight; it bounds memory, not the rate. */
#define WINDOW_TIME 4
#define WINDOW_PACKETS_MIN 64
#define WINDOW_PACKETS_SILENCE 8

static int64_t window_max(const struct congestion *congestion)
{
	return congestion->limits.rate_max * WINDOW_TIME + WINDOW_PACKETS_MIN * congestion->limits.packet_size;
}

static void fixed_init(struct congestion *congestion, usec_t now, usec_t rtt)
{
	(void)now;
	(void)rtt;
	congestion->rate = congestion->limits.rate_max;
	congestion->window = window_max(congestion);
}

static void fixed_on_sample(struct congestion *congestion, usec_t now, const struct congestion_sample *sample)
{
	(void)now;
	/* After silence the window opens again as fast as packets arrive. */
	congestion->window += 2 * sample->acked;
	if (congestion->window > window_max(congestion))
		congestion->window = window_max(congestion);
}

static void fixed_on_silence(struct congestion *congestion, usec_t now)
{
	(void)now;
	congestion->window = WINDOW_PACKETS_SILENCE * congestion->limits.packet_size;
}

static void fixed_on_restart(struct congestion *congestion, usec_t now)
{
	(void)congestion;
	(void)now;
}

const struct congestion_ops congestion_fixed_ops = {
	.init = fixed_init,
	.on_sample = fixed_on_sample,
	.on_silence = fixed_on_silence,
	.on_restart = fixed_on_restart,
};
