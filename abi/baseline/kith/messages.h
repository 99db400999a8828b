/* kith/messages.h: messages to an identity, as with sendto, without connections to look after.
 *
 * Set identity and signaling, then send: a session with the peer appears on demand, and goes away
 * when it is not used. Messages carry a channel, a number that programs agree on; who receives asks
 * for those of one channel, from whomever they are.
 *
 * A peer that sends first is a stranger, which KITH_EVENT_SESSION_REQUEST tells: accept it, or just
 * send to it. Whom nobody answers hears nothing. When both send first, one session comes of it.
 *
 * A session is one connection, which has no handle, between virtual ports that nothing else uses;
 * its options are those of the endpoint. It ends
 *   - here, by kith_messages_close(), or unused for KITH_CONFIG_MESSAGES_IDLE_TIMEOUT;
 *   - because the peer closed it, or the network did, while nothing was under way: KITH_EVENT_SESSION_ENDED,
 *     and the next message starts it anew;
 *   - in any other way: KITH_EVENT_SESSION_FAILED. It is broken then, what was under way may be lost,
 *     and sending answers KITH_E_CLOSED until the application says that it knows, by
 *     kith_messages_close() or KITH_SEND_AUTO_RESTART.
 */
#ifndef KITH_MESSAGES_H
#define KITH_MESSAGES_H

#include <kith/endpoint.h>
#include <kith/message.h>
#include <kith/stats.h>

KITH_BEGIN_DECLS

/** The largest message of this interface, in bytes. */
#define KITH_MESSAGES_SIZE_MAX 524283

/** Why a session was closed: the reason of its event. */
enum {
	/** By the application, or as its endpoint was destroyed. */
	KITH_MESSAGES_REASON_CLOSED = 1001,
	/** It was idle for too long. */
	KITH_MESSAGES_REASON_IDLE = 1002
};

/**
 * Sends a copy of some bytes to a peer.
 *
 * @param peer     borrows; anybody but this endpoint itself
 * @param channel  where the peer receives it: any number
 * @param data     borrows; may be null when `size` is 0
 * @param size     0 to KITH_MESSAGES_SIZE_MAX bytes
 * @param flags    KITH_SEND_*, KITH_SEND_AUTO_RESTART among them; as long as the session is not connected every
 *                 message is sent as if with KITH_SEND_RELIABLE alone
 * @return KITH_OK; KITH_E_AGAIN: the session's send buffer is full, wait for KITH_EVENT_SESSION_WRITABLE;
 *         KITH_E_CLOSED: the session is broken, kith_messages_info() says why; KITH_E_TOO_LARGE;
 *         KITH_E_INVALID: null, nobody or ourselves, KITH_SEND_SEQUENCED; KITH_E_LIMIT: too many
 *         connections, or an unreliable message with KITH_SEND_NO_DELAY could not have left soon;
 *         KITH_E_HANDLE
 *
 * Makes the session if there is none, and accepts the one that the peer asks for. Reliable messages
 * of a session arrive in the order they were sent, on whichever channels. Any thread. Since 1.0.
 * Example:
 *
 *     kith_messages_send(endpoint, &bob, 0, "hello", 5, KITH_SEND_RELIABLE);
 */
KITH_API kith_result kith_messages_send(kith_endpoint endpoint, const struct kith_identity *peer, int32_t channel,
                                        const void *data, size_t size, uint32_t flags);

/**
 * Takes messages that arrived on a channel, from all peers, in order of arrival.
 *
 * @param out_messages  returns up to `max` messages, each with one reference of the caller's: give
 *                      them back with kith_message_release_batch(). kith_message_peer() says whose they are,
 *                      kith_message_connection() is 0. Those not filled are left alone
 * @param max           1 and more
 * @return how many, 0: none now; KITH_E_INVALID; KITH_E_HANDLE
 *
 * KITH_EVENT_CHANNEL_READABLE tells when there is something. Any thread. Since 1.0.
 */
KITH_API int32_t kith_messages_receive(kith_endpoint endpoint, int32_t channel, kith_message **out_messages,
                                       int32_t max);

/**
 * Accepts the session that a peer asks for. Nothing changes if there is one already.
 *
 * @param peer  borrows
 * @return KITH_OK; KITH_E_NOT_FOUND: there is no session (any more), the peer may ask again; KITH_E_STATE:
 *         it is broken, or over and only kept for its unread messages; KITH_E_INVALID: null; KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_messages_accept(kith_endpoint endpoint, const struct kith_identity *peer);

/**
 * Ends the session with a peer, refuses the one that it asks for, or forgets one that broke. The peer
 * is told; what arrived and was not received is dropped; no event of the session follows. When the
 * peer sends again, it asks again.
 *
 * @param peer       borrows
 * @param linger_us  microseconds in which what was sent may still leave, bounded by
 *                   KITH_CONFIG_LINGER_TIMEOUT; 0: it is discarded; negative: the whole bound
 * @return KITH_OK; KITH_E_NOT_FOUND: there is no session; KITH_E_INVALID: null; KITH_E_HANDLE
 *
 * Any thread, callbacks included. Never waits. Since 1.0.
 */
KITH_API kith_result kith_messages_close(kith_endpoint endpoint, const struct kith_identity *peer, int64_t linger_us);

/**
 * Ends the use of one channel with a peer: what arrived there from it is dropped. A channel is in use
 * once something was sent or received on it; with the last one the session closes as by
 * kith_messages_close() with the longest linger.
 *
 * @param peer  borrows
 * @return KITH_OK; KITH_E_NOT_FOUND: there is no session, or the channel is not in use with it;
 *         KITH_E_INVALID: null; KITH_E_HANDLE
 *
 * Any thread, callbacks included. Since 1.0.
 */
KITH_API kith_result kith_messages_close_channel(kith_endpoint endpoint, const struct kith_identity *peer,
                                                 int32_t channel);

/**
 * Lets small messages to a peer leave that wait for company.
 *
 * @param peer  borrows
 * @return KITH_OK; KITH_E_NOT_FOUND: there is no session; KITH_E_CLOSED: it is broken; KITH_E_INVALID: null;
 *         KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_messages_flush(kith_endpoint endpoint, const struct kith_identity *peer);

/**
 * What the session with a peer is. Of a broken one how it broke: state, reason and text.
 *
 * @param peer      borrows
 * @param out_info  struct_size set by the caller; the rest is zero on failure. The state of a session
 *                  that waits to be accepted is KITH_STATE_CONNECTING with `incoming` 1. There is no
 *                  listener, poll group, virtual port (-1) or user data
 * @return KITH_OK; KITH_E_NOT_FOUND: there is no session; KITH_E_INVALID: null or struct_size too small;
 *         KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_messages_info(kith_endpoint endpoint, const struct kith_identity *peer,
                                        struct kith_info *out_info);

/**
 * How the session with a peer fares now; as kith_messages_info(). Without a connection only the state
 * is known. Since 1.0.
 */
KITH_API kith_result kith_messages_status(kith_endpoint endpoint, const struct kith_identity *peer,
                                          struct kith_status *out_status);

/**
 * What protects the session with a peer; as kith_messages_info(). KITH_E_STATE: it has no connection
 * now. Since 1.0.
 */
KITH_API kith_result kith_messages_security(kith_endpoint endpoint, const struct kith_identity *peer,
                                            struct kith_security *out_security);

KITH_END_DECLS

#endif
