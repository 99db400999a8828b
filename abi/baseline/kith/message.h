/* kith/message.h: the message object, which owns the bytes of one message.
 *
 * The one object that is a pointer: memory of the library, read without a copy. It counts its
 * references. A received message is the caller's until kith_message_release(); it does not depend on
 * its connection or endpoint, which may be gone by then. Every function takes null and answers with
 * 0 or null then. Distinct messages may be used in distinct threads; one message by one at a time,
 * except for taking and releasing references.
 */
#ifndef KITH_MESSAGE_H
#define KITH_MESSAGE_H

#include <kith/identity.h>

KITH_BEGIN_DECLS

/** The largest message, in bytes. */
#define KITH_MESSAGE_SIZE_MAX 524288

/* Every flag, once: X(name, number). */
#define KITH_SEND_MAP(X) \
	X(UNRELIABLE, 0) \
	X(NO_NAGLE, 1) \
	X(NO_DELAY, 4) \
	X(RELIABLE, 8)

/** How a message is sent; combined with |. */
enum {
	/** It may be lost, and may arrive before an older one; it never arrives twice or damaged. */
	KITH_SEND_UNRELIABLE = 0,
	/** It, and what waits before it in its lane, leaves without waiting for company. */
	KITH_SEND_NO_NAGLE = 1,
	/** Rather dropped than queued: an unreliable message that cannot leave at once is discarded. */
	KITH_SEND_NO_DELAY = 4,
	/** It arrives, once, after the reliable ones sent before it in the same lane. */
	KITH_SEND_RELIABLE = 8
};

/** A message. */
typedef struct kith_message kith_message;

/** Gives back the caller's buffer. Called once, from any thread, with no lock held. */
typedef void (*kith_message_release_fn)(void *user_data, void *data, size_t size);

/**
 * Makes a message with a buffer of its own for kith_connection_send_message().
 *
 * @param data         borrows; copied into the message. Null: the buffer starts as zeros
 * @param size         0 to KITH_MESSAGE_SIZE_MAX bytes
 * @param out_message  returns the message, with one reference; null on failure
 * @return KITH_OK; KITH_E_INVALID: `out_message` is null; KITH_E_TOO_LARGE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_message_new(const void *data, size_t size, kith_message **out_message);

/**
 * Makes a message around a buffer of the caller, without copying it.
 *
 * @param data         takes, when the call succeeds; must not change until it is released
 * @param size         0 to KITH_MESSAGE_SIZE_MAX bytes
 * @param release      called once with `user_data` when the last reference is gone; null: nobody is told
 * @param user_data    given to `release`
 * @param out_message  returns the message, with one reference; null on failure
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_TOO_LARGE. On failure the buffer stays the caller's.
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_message_wrap(void *data, size_t size, kith_message_release_fn release, void *user_data,
                                       kith_message **out_message);

/** Takes one more reference and returns the same message. Any thread. Since 1.0. */
KITH_API kith_message *kith_message_ref(kith_message *message);

/** Gives one reference back; with the last the message is gone. Any thread. Since 1.0. */
KITH_API void kith_message_release(kith_message *message);

/** Gives back `count` messages; those that are null are skipped. Any thread. Since 1.0. */
KITH_API void kith_messages_release(kith_message *const *messages, size_t count);

/** Its bytes; valid as long as the reference. Writable only before it is sent. Since 1.0. */
KITH_API void *kith_message_data(const kith_message *message);

/** How many bytes it has. Since 1.0. */
KITH_API size_t kith_message_size(const kith_message *message);

/** KITH_SEND_* flags: of a received one KITH_SEND_RELIABLE or not. Since 1.0. */
KITH_API uint32_t kith_message_flags(const kith_message *message);

/** Its lane, 0-255. Since 1.0. */
KITH_API int32_t kith_message_lane(const kith_message *message);

/** Its number: counted from 1 per lane, direction and reliability. 0 before it is sent. Since 1.0. */
KITH_API int64_t kith_message_number(const kith_message *message);

/** The connection it came through, by value; that may be closed by now. Since 1.0. */
KITH_API kith_connection kith_message_connection(const kith_message *message);

/** Its channel, of messages sent without a connection; else 0. Since 1.0. */
KITH_API int32_t kith_message_channel(const kith_message *message);

/** When it arrived complete, in microseconds of kith_now_us(). Since 1.0. */
KITH_API int64_t kith_message_time_us(const kith_message *message);

/** The user data of its connection when it arrived, or what was set. Since 1.0. */
KITH_API int64_t kith_message_user_data(const kith_message *message);

/**
 * Who sent it, of messages received without a connection; ask the connection otherwise.
 *
 * @param out_peer  gets the identity; KITH_IDENTITY_NONE when the message does not carry one
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_NOT_FOUND: none
 *
 * Since 1.0.
 */
KITH_API kith_result kith_message_peer(const kith_message *message, struct kith_identity *out_peer);

/** How the message shall be sent: KITH_SEND_* flags. Before sending only. Since 1.0. */
KITH_API void kith_message_set_flags(kith_message *message, uint32_t flags);

/** The lane it shall go by, 0-255. Before sending only. Since 1.0. */
KITH_API void kith_message_set_lane(kith_message *message, int32_t lane);

/** Any number of the application's. Since 1.0. */
KITH_API void kith_message_set_user_data(kith_message *message, int64_t user_data);

KITH_END_DECLS

#endif
