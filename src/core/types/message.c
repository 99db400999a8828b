#include "core/types/message.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/types/message_pool.h"

struct message *message_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct message))
		abort();
	struct message *message = alloc_bytes(sizeof(*message) + size);
	bytes_zero(message, sizeof(*message));
	message->references = 1;
	message->expires_at = USEC_NEVER;
	message->data = (uint8_t *)(message + 1);
	message->size = size;
	return message;
}

struct message *message_new_external(void *data, size_t size, message_release_fn *release, void *user_data)
{
	struct message *message = message_new(0);
	message->data = data;
	message->size = size;
	message->release = release;
	message->release_data = user_data;
	return message;
}

struct message *message_ref(struct message *message)
{
	atomic_fetch_add_explicit(&message->references, 1, memory_order_relaxed);
	return message;
}

/* True: nobody has it any more, and its block may go. */
static bool drop(struct message *message)
{
	/* Whoever drops the last reference must see what the others wrote before they dropped theirs; who
	 * has the only one need not be told. */
	if (atomic_load_explicit(&message->references, memory_order_acquire) != 1 &&
	    atomic_fetch_sub_explicit(&message->references, 1, memory_order_acq_rel) != 1)
		return false;
	if (message->release != NULL)
		message->release(message->release_data, message->data, message->size);
	message_peer_unref(message->peer);
	return true;
}

void message_unref(struct message *message)
{
	if (message == NULL || !drop(message))
		return;
	if (message->pool != NULL)
		message_pool_give(message->pool, message, message);
	else
		alloc_free(message);
}

void message_unref_all(struct message *const *messages, size_t count)
{
	struct message *first = NULL, *last = NULL;

	for (size_t i = 0; i < count; i++) {
		struct message *message = messages[i];
		if (message == NULL || !drop(message))
			continue;
		if (message->pool == NULL) {
			alloc_free(message);
			continue;
		}
		if (first != NULL && first->pool != message->pool) {
			message_pool_give(first->pool, first, last);
			first = NULL;
		}
		if (first == NULL)
			first = message;
		else
			last->next = message;
		last = message;
	}
	if (first != NULL)
		message_pool_give(first->pool, first, last);
}

struct message_peer *message_peer_new(const struct identity *identity)
{
	struct message_peer *peer = alloc_zeroed(sizeof(*peer));
	peer->references = 1;
	peer->identity = *identity;
	return peer;
}

struct message_peer *message_peer_ref(struct message_peer *peer)
{
	atomic_fetch_add_explicit(&peer->references, 1, memory_order_relaxed);
	return peer;
}

void message_peer_unref(struct message_peer *peer)
{
	if (peer != NULL && atomic_fetch_sub_explicit(&peer->references, 1, memory_order_acq_rel) == 1)
		alloc_free(peer);
}
