/* message: one application message, on its way out or in. The public kith_message is this struct.
 *
 * Owns: the bytes (one block with the header, or the caller's with a release function), the
 * reference count, which is atomic because applications release on their own threads.
 * Does not know: segments, lanes' queues.
 */
#ifndef TYPES_MESSAGE_H
#define TYPES_MESSAGE_H

#include <stdatomic.h>
#include <stddef.h>

#include "core/base/usec.h"
#include "core/types/identity.h"

/* Bits equal the public KITH_SEND_* values. */
#define MESSAGE_RELIABLE 8u
#define MESSAGE_NO_NAGLE 1u
#define MESSAGE_NO_DELAY 4u
#define MESSAGE_AUTO_RESTART 32u
#define MESSAGE_SEQUENCED 64u

typedef void message_release_fn(void *user_data, void *data, size_t size);

/* Who sent messages: one for all that came through one session, as they may outlive it. */
struct message_peer {
	_Atomic uint32_t references;
	struct identity identity;
};

struct message {
	struct message *next; /* for whichever queue holds it */
	_Atomic uint32_t references;
	uint32_t flags; /* MESSAGE_* */
	uint8_t *data;
	size_t size;
	int64_t number; /* per lane and direction, from 1; set on enqueue or arrival */
	uint16_t lane;
	int32_t channel;     /* messages interface; 0 otherwise */
	uint32_t connection; /* public handle, filled by the engine */
	usec_t at;           /* received, or enqueued */
	usec_t ttl;          /* may wait so long to be sent; 0: for ever. Set before it is enqueued */
	usec_t expires_at;   /* set on enqueue; USEC_NEVER: not */
	int64_t user_data;
	struct message_peer *peer;   /* messages interface; null otherwise. One reference */
	message_release_fn *release; /* null: the bytes follow the struct */
	void *release_data;
	struct message_pool *pool; /* where the block goes back to; null: to the allocator */
	uint8_t pool_shelf;
};

/* A message with room for `size` bytes in the same allocation; one reference. */
struct message *message_new(size_t size);
/* Takes the caller's bytes; `release` is called once when the last reference goes. */
struct message *message_new_external(void *data, size_t size, message_release_fn *release, void *user_data);
struct message *message_ref(struct message *message);
void message_unref(struct message *message); /* null is allowed */
/* The same for many, in less time. */
void message_unref_all(struct message *const *messages, size_t count);

/* One reference. */
struct message_peer *message_peer_new(const struct identity *identity);
struct message_peer *message_peer_ref(struct message_peer *peer);
void message_peer_unref(struct message_peer *peer); /* null is allowed */

#endif
