#include "sim_queue.h"

#include <stdlib.h>
#include <string.h>

void sim_queue_init(struct sim_queue *queue)
{
	memset(queue, 0, sizeof *queue);
}

void sim_queue_free(struct sim_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		free(queue->items[i].bytes);
	free(queue->items);
	sim_queue_init(queue);
}

static bool earlier(const struct sim_item *a, const struct sim_item *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct sim_item *a, struct sim_item *b)
{
	struct sim_item other = *a;

	*a = *b;
	*b = other;
}

void sim_queue_add(struct sim_queue *queue, const struct sim_item *item, const uint8_t *bytes, size_t size)
{
	size_t at = queue->count;

	if (queue->count == queue->capacity) {
		queue->capacity = queue->capacity == 0 ? 64 : queue->capacity * 2;
		queue->items = realloc(queue->items, queue->capacity * sizeof *queue->items);
		if (queue->items == NULL)
			abort();
	}
	queue->count++;
	queue->items[at] = *item;
	queue->items[at].order = queue->next_order++;
	queue->items[at].size = size;
	queue->items[at].bytes = malloc(size + 1);
	if (size > 0)
		memcpy(queue->items[at].bytes, bytes, size);
	while (at > 0 && earlier(&queue->items[at], &queue->items[(at - 1) / 2])) {
		swap(&queue->items[at], &queue->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

usec_t sim_queue_next(const struct sim_queue *queue)
{
	return queue->count == 0 ? USEC_NEVER : queue->items[0].at;
}

bool sim_queue_take(struct sim_queue *queue, struct sim_item *out)
{
	size_t at = 0;

	if (queue->count == 0)
		return false;
	*out = queue->items[0];
	queue->items[0] = queue->items[--queue->count];
	for (;;) {
		size_t first = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
			if (child < queue->count && earlier(&queue->items[child], &queue->items[first]))
				first = child;
		}
		if (first == at)
			return true;
		swap(&queue->items[at], &queue->items[first]);
		at = first;
	}
}
