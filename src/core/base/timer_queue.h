/* timer_queue: who is due next, as a binary heap of times.
 *
 * Owns: the order. Embed a struct timer in what has a deadline; setting it is O(log n).
 * Does not know: the clock, what to do when a timer is due. Equal times leave in an order that
 * depends only on the calls made, never on addresses.
 */
#ifndef BASE_TIMER_QUEUE_H
#define BASE_TIMER_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/usec.h"

/* Zeroed means: in no queue. */
struct timer {
	usec_t at;
	uint64_t order; /* of being set: breaks ties */
	size_t index;   /* place in the heap, from 1; 0 = not queued */
	void *owner;
};

struct timer_queue {
	struct timer **heap; /* from 1; [0] is unused */
	size_t count;
	size_t capacity;
	uint64_t next_order;
};

/* The struct the timer is embedded in is told once; the timer starts unqueued. */
void timer_init(struct timer *timer, void *owner);

void timer_queue_init(struct timer_queue *queue);
/* Timers still queued are forgotten. */
void timer_queue_free(struct timer_queue *queue);

/* Queues or moves; USEC_NEVER takes it out. Setting the time it has already keeps its turn. */
void timer_queue_set(struct timer_queue *queue, struct timer *timer, usec_t at);
void timer_queue_remove(struct timer_queue *queue, struct timer *timer); /* unqueued is allowed */

/* USEC_NEVER when empty. */
usec_t timer_queue_next_timeout(const struct timer_queue *queue);
/* Takes out the first timer with at <= now and returns it, or null. */
struct timer *timer_queue_pop(struct timer_queue *queue, usec_t now);
/* The first one without taking it, or null. */
struct timer *timer_queue_peek(const struct timer_queue *queue);

#endif
