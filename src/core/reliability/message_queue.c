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

struct message *message_queue_pop(struct message_queue *queue)
{
	struct message *message = queue->head;
	if (message == NULL)
		return NULL;
	queue->head = message->next;
	if (queue->head == NULL)
		queue->tail = NULL;
	queue->bytes -= (int64_t)message->size;
	queue->count--;
	message->next = NULL;
	return message;
}

void message_queue_clear(struct message_queue *queue)
{
	struct message *message;
	while ((message = message_queue_pop(queue)) != NULL)
		message_unref(message);
}
