#include "core/reliability/message_queue.h"

void message_queue_push(struct message_queue *queue, struct message *message)
{
	message->next = NULL;
	if (queue->tail == NULL)
		queue->head = message;
	else
		queue->tail->next = message;
	queue->tail = message;
	queue->bytes += (int64_t)message->size;
	queue->count++;
}

struct message *message_queue_take_next(struct message_queue *queue, struct message *before)
{
	struct message **link = before == NULL ? &queue->head : &before->next;
	struct message *message = *link;
	*link = message->next;
	if (queue->tail == message)
		queue->tail = before;
	queue->bytes -= (int64_t)message->size;
	queue->count--;
	message->next = NULL;
	return message;
}

struct message *message_queue_pop(struct message_queue *queue)
{
	return queue->head == NULL ? NULL : message_queue_take_next(queue, NULL);
}

void message_queue_clear(struct message_queue *queue)
{
	struct message *message;
	while ((message = message_queue_pop(queue)) != NULL)
		message_unref(message);
}
