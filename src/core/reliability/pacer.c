#include "core/reliability/pacer.h"

/* The bucket holds this much time, so that a service thread that comes late loses no rate. */
#define BUCKET_TIME (4 * USEC_PER_MSEC)
#define BUCKET_MAX ((int64_t)1024 * 1024)
/* Once empty it fills for this long before packets leave again: they leave as a burst, which one
 * system call carries. At low rates this is less than a packet and changes nothing. */
#define BURST_TIME (USEC_PER_MSEC / 2)
#define BURST_PACKETS 32

static int64_t at_most(int64_t value, int64_t limit)
{
	return value < limit ? value : limit;
}

static int64_t bucket_size(const struct pacer *pacer)
{
	if (pacer->strict)
		return pacer->packet_size * USEC_PER_SEC;
	int64_t size = at_most(pacer->rate * BUCKET_TIME, BUCKET_MAX * USEC_PER_SEC);
	int64_t floor = 2 * pacer->packet_size * USEC_PER_SEC;
	return size > floor ? size : floor;
}

static void fill(struct pacer *pacer, usec_t now)
{
	usec_t elapsed = now - pacer->at;
	if (elapsed <= 0)
		return;
	int64_t size = bucket_size(pacer);
	/* The division keeps the product in range after long silence. */
	if (pacer->tokens >= size || elapsed > (size - pacer->tokens) / pacer->rate)
		pacer->tokens = size;
	else
		pacer->tokens += elapsed * pacer->rate;
	pacer->at = now;
}

static void schedule(struct pacer *pacer)
{
	if (pacer->tokens >= 0) {
		pacer->open_at = pacer->at;
		return;
	}
	int64_t burst = 0;
	if (!pacer->strict)
		burst = at_most(pacer->rate * BURST_TIME, BURST_PACKETS * pacer->packet_size * USEC_PER_SEC);
	if (burst < pacer->packet_size * USEC_PER_SEC)
		burst = 0;
	pacer->open_at = usec_add(pacer->at, (burst - pacer->tokens + pacer->rate - 1) / pacer->rate);
}

void pacer_init(struct pacer *pacer, usec_t now, int64_t rate, int64_t packet_size)
{
	*pacer = (struct pacer){ .rate = rate, .at = now, .open_at = now, .packet_size = packet_size };
	pacer->tokens = bucket_size(pacer);
}

void pacer_set_rate(struct pacer *pacer, usec_t now, int64_t rate)
{
	if (rate == pacer->rate)
		return;
	bool was_open = pacer_may_send(pacer, now);
	fill(pacer, now);
	pacer->rate = rate;
	if (!was_open)
		schedule(pacer);
}

bool pacer_may_send(const struct pacer *pacer, usec_t now)
{
	return now >= pacer->open_at;
}

usec_t pacer_next_send(const struct pacer *pacer)
{
	return pacer->open_at;
}

void pacer_spend(struct pacer *pacer, usec_t now, int64_t bytes)
{
	fill(pacer, now);
	pacer->tokens -= bytes * USEC_PER_SEC;
	if (pacer->tokens < 0)
		schedule(pacer);
}
