#include "signaling/tcp/tcp_queue.h"

#include <stdlib.h>

struct tcp_queue_line *tcp_queue_line_new(size_t size)
{
	struct tcp_queue_line *line = malloc(sizeof(*line) + size);

	if (line != NULL)
		*line = (struct tcp_queue_line){ .size = size };
	return line;
}

void tcp_queue_line_free(struct tcp_queue_line *line)
{
	free(line);
}

static struct tcp_queue_line *take_first(struct tcp_queue *queue)
{
	struct tcp_queue_line *line = queue->first;

	if (line == NULL)
		return NULL;
	queue->first = line->next;
	if (queue->first == NULL)
		queue->last = NULL;
	queue->count--;
	queue->bytes -= line->size;
	return line;
}

static void drop_first(struct tcp_queue *queue)
{
	tcp_queue_line_free(take_first(queue));
	queue->dropped++;
}

void tcp_queue_add(struct tcp_queue *queue, struct tcp_queue_line *line, int64_t now)
{
	while (queue->count > 0 && (queue->count >= TCP_QUEUE_LINES_MAX || queue->bytes + line->size > TCP_QUEUE_BYTES_MAX))
		drop_first(queue);
	line->next = NULL;
	line->added_usec = now;
	if (queue->last != NULL)
		queue->last->next = line;
	else
		queue->first = line;
	queue->last = line;
	queue->count++;
	queue->bytes += line->size;
}

struct tcp_queue_line *tcp_queue_take(struct tcp_queue *queue, int64_t now)
{
	while (queue->first != NULL && now - queue->first->added_usec > TCP_QUEUE_AGE_MAX_USEC)
		drop_first(queue);
	return take_first(queue);
}

bool tcp_queue_is_empty(const struct tcp_queue *queue)
{
	return queue->first == NULL;
}

void tcp_queue_free(struct tcp_queue *queue)
{
	while (queue->first != NULL)
		tcp_queue_line_free(take_first(queue));
}
