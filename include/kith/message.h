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
	X(RELIABLE, 8) \
	X(AUTO_RESTART, 32) \
	X(SEQUENCED, 64)

/**
 * How a message is sent; combined with |. No message ever arrives twice, damaged, in part, or in
 * another lane; what two lanes carry has no order. Within a lane:
 *
 *     mode                 may be lost    order of arrival
 *     UNRELIABLE           yes            any, before and after those of every mode
 *     SEQUENCED            yes            never after a newer one with this flag: late ones are dropped
 *     RELIABLE             no             as sent, among those with this flag
 *     RELIABLE|SEQUENCED   only if late   as sent, among RELIABLE ones; dropped when a newer SEQUENCED
 *                                         one has arrived before
 *
 * With a time to live (kith_message_set_ttl_us(), kith_outgoing) a message of any mode is dropped when
 * that is over before its first byte has left; what has begun to leave goes on, reliable messages
 * until they have arrived. The sender learns of it by KITH_EVENT_EXPIRED and the count in kith_status;
 * those behind it do not wait for it. Of reliable messages that expire one behind the other, one in
 * 8,000 is sent nevertheless: the numbering of the protocol has no larger gaps.
 *
 * Unreliable and sequenced messages larger than 16,500 bytes, and one in 8,000 of a lane without
 * reliable messages, travel as reliable ones. A GNS peer does not know sequenced messages: it gets
 * them as unreliable (or reliable) ones, and delivers late ones too.
 */
enum {
	/** It may be lost, and may arrive before an older one. */
	KITH_SEND_UNRELIABLE = 0,
	/** It, and what waits before it in its lane, leaves without waiting for company. */
	KITH_SEND_NO_NAGLE = 1,
	/** Rather dropped than queued: an unreliable message that cannot leave at once is discarded. */
	KITH_SEND_NO_DELAY = 4,
	/** It arrives, once, after the reliable ones sent before it in the same lane. */
	KITH_SEND_RELIABLE = 8,
	/** Of kith_messages_send() only: a session that is broken starts anew with it. */
	KITH_SEND_AUTO_RESTART = 32,
	/** It does not arrive after a newer one with this flag in the same lane. Not with kith_messages_send(). */
	KITH_SEND_SEQUENCED = 64
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
KITH_API void kith_message_release_batch(kith_message *const *messages, size_t count);

/** Its bytes; valid as long as the reference. Writable only before it is sent. Since 1.0. */
KITH_API void *kith_message_data(const kith_message *message);

/** How many bytes it has. Since 1.0. */
KITH_API size_t kith_message_size(const kith_message *message);

/** KITH_SEND_* flags: of a received one, KITH_SEND_RELIABLE and KITH_SEND_SEQUENCED as it travelled. Since 1.0. */
KITH_API uint32_t kith_message_flags(const kith_message *message);

/** Its lane, 0-254. Since 1.0. */
KITH_API int32_t kith_message_lane(const kith_message *message);

/** Its number: counted from 1 per lane and direction. 0 before it is sent. Since 1.0. */
KITH_API int64_t kith_message_number(const kith_message *message);

/** The connection it came through, by value; that may be closed by now. 0: a session. Since 1.0. */
KITH_API kith_connection kith_message_connection(const kith_message *message);

/** Its channel, of messages received by kith_messages_receive(); else 0. Since 1.0. */
KITH_API int32_t kith_message_channel(const kith_message *message);

/** When it arrived complete, in microseconds of kith_now_us(). Since 1.0. */
KITH_API int64_t kith_message_time_us(const kith_message *message);

/** The user data of its connection when it arrived, or what was set. Since 1.0. */
KITH_API int64_t kith_message_user_data(const kith_message *message);

/**
 * Who sent it, of messages received by kith_messages_receive(); ask the connection otherwise.
 *
 * @param out_peer  gets the identity; KITH_IDENTITY_NONE when the message does not carry one
 * @return KITH_OK; KITH_E_INVALID: null; KITH_E_NOT_FOUND: none
 *
 * Since 1.0.
 */
KITH_API kith_result kith_message_peer(const kith_message *message, struct kith_identity *out_peer);

/** How the message shall be sent: KITH_SEND_* flags. Before sending only. Since 1.0. */
KITH_API void kith_message_set_flags(kith_message *message, uint32_t flags);

/** Its time to live in microseconds, as it was set; 0: for ever. Since 1.0. */
KITH_API int64_t kith_message_ttl_us(const kith_message *message);

/**
 * How long the message may wait to be sent, in microseconds from the call that sends it: if nothing of
 * it has left by then it is dropped, see KITH_SEND_UNRELIABLE and following. 0: for ever. A negative
 * number is refused when it is sent. Before sending only. Since 1.0.
 */
KITH_API void kith_message_set_ttl_us(kith_message *message, int64_t ttl_us);

/** The lane it shall go by, 0-254. Before sending only. Since 1.0. */
KITH_API void kith_message_set_lane(kith_message *message, int32_t lane);

/** Any number of the application's. Since 1.0. */
KITH_API void kith_message_set_user_data(kith_message *message, int64_t user_data);

KITH_END_DECLS

#endif
