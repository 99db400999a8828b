#include "core/base/timer_queue.h"

#include "core/base/alloc.h"

void timer_init(struct timer *timer, void *owner)
{
	*timer = (struct timer){ USEC_NEVER, 0, 0, owner };
}

void timer_queue_init(struct timer_queue *queue)
{
	*queue = (struct timer_queue){ NULL, 0, 0, 0 };
}

void timer_queue_free(struct timer_queue *queue)
{
	for (size_t i = 1; i <= queue->count; i++)
		queue->heap[i]->index = 0;
	alloc_free(queue->heap);
	timer_queue_init(queue);
}

static bool is_earlier(const struct timer *a, const struct timer *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void place(struct timer_queue *queue, struct timer *timer, size_t index)
{
	queue->heap[index] = timer;
	timer->index = index;
}

static void sift_up(struct timer_queue *queue, struct timer *timer, size_t index)
{
	while (index > 1 && is_earlier(timer, queue->heap[index / 2])) {
		place(queue, queue->heap[index / 2], index);
		index /= 2;
	}
	place(queue, timer, index);
}

static void sift_down(struct timer_queue *queue, struct timer *timer, size_t index)
{
	for (;;) {
		size_t child = index * 2;
		if (child < queue->count && is_earlier(queue->heap[child + 1], queue->heap[child]))
			child++;
		if (child > queue->count || !is_earlier(queue->heap[child], timer))
			break;
		place(queue, queue->heap[child], index);
		index = child;
	}
	place(queue, timer, index);
}

static void settle(struct timer_queue *queue, struct timer *timer, size_t index)
{
	if (index > 1 && is_earlier(timer, queue->heap[index / 2]))
		sift_up(queue, timer, index);
	else
		sift_down(queue, timer, index);
}

void timer_queue_remove(struct timer_queue *queue, struct timer *timer)
{
	size_t index = timer->index;
	timer->at = USEC_NEVER;
	if (index == 0)
		return;
	timer->index = 0;
	struct timer *last = queue->heap[queue->count--];
	if (last != timer)
		settle(queue, last, index);
}

void timer_queue_set(struct timer_queue *queue, struct timer *timer, usec_t at)
{
	if (at == USEC_NEVER) {
		timer_queue_remove(queue, timer);
		return;
	}
	if (timer->index != 0 && timer->at == at)
		return;
	timer->at = at;
	timer->order = queue->next_order++;
	if (timer->index != 0) {
		settle(queue, timer, timer->index);
		return;
	}
	queue->count++;
	if (queue->count >= queue->capacity) {
		queue->capacity = queue->capacity < 8 ? 16 : queue->capacity * 2;
		queue->heap = alloc_resize(queue->heap, queue->capacity, sizeof(struct timer *));
	}
	sift_up(queue, timer, queue->count);
}

usec_t timer_queue_next_timeout(const struct timer_queue *queue)
{
	return queue->count > 0 ? queue->heap[1]->at : USEC_NEVER;
}

struct timer *timer_queue_peek(const struct timer_queue *queue)
{
	return queue->count > 0 ? queue->heap[1] : NULL;
}

struct timer *timer_queue_pop(struct timer_queue *queue, usec_t now)
{
	struct timer *first = timer_queue_peek(queue);
	if (first == NULL || first->at > now)
		return NULL;
	timer_queue_remove(queue, first);
	return first;
}
