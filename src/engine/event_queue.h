/* event_queue: what waits for the application, and the descriptor that tells it.
 *
 * Owns: the order, the descriptor's state. Nodes are embedded in what they tell of, so an object
 * stands here once per kind of event and the queue cannot grow without bound. Guarded by the
 * engine's lock, except for event_queue_count.
 * Does not know: what events mean.
 */
#ifndef ENGINE_EVENT_QUEUE_H
#define ENGINE_EVENT_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <kith/events.h>

struct event_node {
	struct event_node *next, *prev; /* prev: null while not queued */
	/* Says what happened, in the zeroed event. The node is not queued any more, and may go. */
	void (*take)(struct event_node *self, struct kith_event *out);
	/* The node is dropped unread; null when it needs nothing. */
	void (*drop)(struct event_node *self);
};

struct event_queue {
	struct event_node *first;
	_Atomic int32_t count;
	int fd;      /* an eventfd, readable while `marked` */
	bool marked; /* it is, or will be in a moment, written */
};

/* False: no descriptor, errno says why. */
bool event_queue_init(struct event_queue *queue);
/* Drops what is left. */
void event_queue_free(struct event_queue *queue);

/* Nothing happens when it is queued already. */
void event_queue_add(struct event_queue *queue, struct event_node *node);
void event_queue_remove(struct event_queue *queue, struct event_node *node);
/* False: empty. */
bool event_queue_take(struct event_queue *queue, struct kith_event *out);
/* Makes the descriptor unreadable if it is for nothing. */
void event_queue_settle(struct event_queue *queue);
int32_t event_queue_count(struct event_queue *queue);

/* True when the descriptor has to be written now, by event_queue_signal, after the lock is left:
 * who wakes up must not run into it. */
bool event_queue_must_signal(struct event_queue *queue);
/* Any thread, with or without the lock. */
void event_queue_signal(struct event_queue *queue);

/* Keeps bytes that an event refers to until this thread gives the next ones, or ends. */
void event_queue_keep(void *bytes);

#endif
