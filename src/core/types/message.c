#include "core/types/message.h"

#include <stdlib.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

struct message *message_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct message))
		abort();
	struct message *message = alloc_bytes(sizeof(*message) + size);
	bytes_zero(message, sizeof(*message));
	message->references = 1;
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

void message_unref(struct message *message)
{
	if (message == NULL)
		return;
	/* Whoever drops the last reference must see what the others wrote before they dropped theirs. */
	if (atomic_fetch_sub_explicit(&message->references, 1, memory_order_acq_rel) != 1)
		return;
	if (message->release != NULL)
		message->release(message->release_data, message->data, message->size);
	message_peer_unref(message->peer);
	alloc_free(message);
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
