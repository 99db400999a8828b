/* message_queue: messages in order, linked through themselves.
 *
 * Owns: one reference of each message in it, and the sum of their sizes.
 * Does not know: why they wait.
 */
#ifndef RELIABILITY_MESSAGE_QUEUE_H
#define RELIABILITY_MESSAGE_QUEUE_H

#include <stdint.h>

#include "core/types/message.h"

/* Zeroed is empty. */
struct message_queue {
	struct message *head;
	struct message *tail;
	int64_t bytes;
	int64_t count;
};

void message_queue_push(struct message_queue *queue, struct message *message);
/* The first message, whose reference is now the caller's, or null. */
struct message *message_queue_pop(struct message_queue *queue);
/* The one behind `before` (null: the first), which must be there. */
struct message *message_queue_take_next(struct message_queue *queue, struct message *before);
void message_queue_clear(struct message_queue *queue);

#endif
