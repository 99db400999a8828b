/* message_pool: messages that were released, for the next ones, so that a steady flow allocates nothing.
 *
 * Owns: released messages by size, up to a limit. One user takes messages, or several under one lock;
 * any thread releases them, and may do so after the pool was closed.
 * Does not know: what messages are for.
 */
#ifndef TYPES_MESSAGE_POOL_H
#define TYPES_MESSAGE_POOL_H

#include "core/types/message.h"

struct message_pool;

struct message_pool *message_pool_new(void);
/* Its user takes no more. It is gone when its last message is. */
void message_pool_close(struct message_pool *pool);
/* A message with room for `size` bytes and one reference; message_unref() brings it back. A null pool
 * is the allocator. */
struct message *message_pool_take(struct message_pool *pool, size_t size);
/* Gives back what was not needed since the call before. */
void message_pool_relax(struct message_pool *pool);
/* Bytes kept for the next messages. */
size_t message_pool_kept(const struct message_pool *pool);
/* Gives back all of them. */
void message_pool_trim(struct message_pool *pool);

/* For message.c: the chain from `first` by `next` to `last`, all of this pool, has no references left. */
void message_pool_give(struct message_pool *pool, struct message *first, struct message *last);

#endif
