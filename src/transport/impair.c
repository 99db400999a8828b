#include "transport/impair.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/rng.h"
#include "core/base/timer_queue.h"

/* What may be late at once; more is lost. */
#define HELD_MAX ((size_t)64 * 1024 * 1024)
#define MILLION 1000000

struct held {
	struct timer timer;
	enum impair_direction direction;
	struct datagram datagram;
	uint8_t bytes[];
};

struct impair {
	struct rng rng;
	struct timer_queue queue;
	size_t held_bytes;
	struct held *given; /* by the last impair_next */
};

struct impair *impair_new(uint64_t seed)
{
	struct impair *impair = alloc_zeroed(sizeof(*impair));
	uint8_t bytes[RNG_SEED_SIZE] = { 0 };

	bytes_copy(bytes, &seed, sizeof(seed));
	rng_init(&impair->rng, bytes);
	timer_queue_init(&impair->queue);
	return impair;
}

void impair_free(struct impair *impair)
{
	struct timer *timer;

	if (impair == NULL)
		return;
	while ((timer = timer_queue_pop(&impair->queue, USEC_NEVER - 1)) != NULL)
		alloc_free(timer->owner);
	timer_queue_free(&impair->queue);
	alloc_free(impair->given);
	alloc_free(impair);
}

/* --- chance */

static bool happens(struct impair *impair, double percent)
{
	return percent > 0 && (double)rng_below(&impair->rng, 100 * MILLION) < percent * MILLION;
}

/* An exponentially distributed number with mean 1, by comparing uniform ones alone (von Neumann). */
static double exponential(struct impair *impair)
{
	for (unsigned whole = 0;; whole++) {
		uint64_t first = rng_u64(&impair->rng);
		uint64_t before = first, next;
		unsigned run = 1;
		while ((next = rng_u64(&impair->rng)) < before) {
			before = next;
			run++;
		}
		if (run % 2 == 1)
			return whole + (double)first / 18446744073709551616.0;
	}
}

static usec_t draw_jitter(struct impair *impair, const struct impair_rules *rules)
{
	double jitter;

	if (rules->jitter_average <= 0 || rules->jitter_max <= 0 || !happens(impair, rules->jitter_share))
		return 0;
	jitter = exponential(impair) * (double)rules->jitter_average;
	return jitter < (double)rules->jitter_max ? (usec_t)jitter : rules->jitter_max;
}

/* --- the rate */

static void refill(struct impair_flow *flow, usec_t now, const struct impair_rules *rules)
{
	int64_t full = rules->burst * MILLION;
	usec_t passed = now - flow->tokens_at;

	/* Divided rather than multiplied, a long pause overflows nothing. */
	if (!flow->has_tokens || flow->tokens > full || passed >= (full - flow->tokens) / rules->rate)
		flow->tokens = full;
	else
		flow->tokens += passed * rules->rate;
	flow->has_tokens = true;
	flow->tokens_at = now;
}

static bool is_within_rate(struct impair_flow *flow, usec_t now, const struct impair_rules *rules, size_t size)
{
	if (rules->rate <= 0) {
		flow->has_tokens = false;
		return true;
	}
	refill(flow, now, rules);
	/* The last one may take more than there is: the rest is a debt. Without a burst there is never more
	 * than no debt. */
	if (flow->tokens < 0 || (flow->tokens == 0 && rules->burst > 0))
		return false;
	flow->tokens -= (int64_t)size * MILLION;
	return true;
}

/* --- time */

static void hold(struct impair *impair, usec_t at, enum impair_direction direction, const struct datagram *datagram)
{
	size_t size = sizeof(struct held) + datagram->size;
	struct held *held;

	if (impair->held_bytes + size > HELD_MAX)
		return;
	held = alloc_zeroed(size);
	held->direction = direction;
	held->datagram = *datagram;
	held->datagram.bytes = held->bytes;
	bytes_copy(held->bytes, datagram->bytes, datagram->size);
	timer_init(&held->timer, held);
	timer_queue_set(&impair->queue, &held->timer, at);
	impair->held_bytes += size;
}

bool impair_is_active(const struct impair_rules *rules, const struct impair_flow *flow, usec_t now)
{
	return rules->rate > 0 || rules->loss > 0 || rules->lag > 0 || rules->jitter_average > 0 || rules->reorder > 0 ||
	       rules->duplicate > 0 || flow->last_at > now;
}

usec_t impair_next_timeout(const struct impair *impair)
{
	return timer_queue_next_timeout(&impair->queue);
}

bool impair_pass(struct impair *impair, usec_t now, const struct impair_rules *rules, struct impair_flow *flow,
                 enum impair_direction direction, const struct datagram *datagram)
{
	usec_t at = now + rules->lag;

	if (!is_within_rate(flow, now, rules, datagram->size) || happens(impair, rules->loss))
		return false;
	/* Nothing but reordering overtakes, not even when the lag is lowered. */
	at = usec_max(at + draw_jitter(impair, rules), flow->last_at);
	flow->last_at = at;
	if (happens(impair, rules->reorder))
		at += rules->reorder_time;
	if (happens(impair, rules->duplicate))
		hold(impair, at + 1 + (usec_t)rng_below(&impair->rng, (uint64_t)rules->duplicate_time_max + 1), direction,
		     datagram);
	/* Nor what should have left by now, and will in a moment. */
	if (at <= now && impair_next_timeout(impair) > now)
		return true;
	hold(impair, at, direction, datagram);
	return false;
}

bool impair_next(struct impair *impair, usec_t now, enum impair_direction *direction, struct datagram *out)
{
	struct timer *timer = timer_queue_pop(&impair->queue, now);

	alloc_free(impair->given);
	impair->given = timer != NULL ? timer->owner : NULL;
	if (timer == NULL)
		return false;
	impair->held_bytes -= sizeof(struct held) + impair->given->datagram.size;
	*direction = impair->given->direction;
	*out = impair->given->datagram;
	return true;
}
