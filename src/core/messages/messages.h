/* messages: sending to an identity as with sendto, receiving on a channel as with recvfrom.
 *
 * Owns: the sessions, one for each identity, and the symmetric connections hidden behind them; the
 * channels. Commands answer KITH_OK or KITH_E_*; drain the core after each.
 * Does not know: handles, threads, the other connections.
 */
#ifndef MESSAGES_MESSAGES_H
#define MESSAGES_MESSAGES_H

#include <kith/errors.h>

#include "core/core.h"
#include "core/endpoint/endpoint.h"
#include "core/types/message.h"

struct messages;

#define MESSAGES_HEADER_SIZE 5
#define MESSAGES_SIZE_MAX 524283 /* of a payload: with its header it is the largest message there is */

struct messages *messages_new(struct endpoint *endpoint);
/* Sends nothing: messages_close_all first, if peers shall know. Before the endpoint goes. */
void messages_destroy(struct messages *messages);

usec_t messages_next_timeout(const struct messages *messages);
void messages_handle_timeout(struct messages *messages, usec_t now);

/* A message for messages_send: a header for `channel` and a copy of `size` bytes; one reference. */
struct message *messages_frame(struct messages *messages, int32_t channel, const void *data, size_t size);
/* Queues a framed message, with its flags (MESSAGE_*), for `peer`; takes the caller's reference on
 * success only. Makes the session if there is none, accepts it if it was asked for.
 * INVALID: nobody, or ourselves. TOO_LARGE. CLOSED: the session broke and AUTO_RESTART is not set.
 * AGAIN: the buffer is full, an EVENT_SESSION_WRITABLE will follow. LIMIT: no more connections, or a
 * message with NO_DELAY that would have been late and is dropped. */
int32_t messages_send(struct messages *messages, usec_t now, const struct identity *peer, struct message *message);
/* Takes up to `max` messages of a channel, of whichever session; the caller owns a reference of each. */
size_t messages_receive(struct messages *messages, usec_t now, int32_t channel, struct message **out, size_t max);

/* NOT_FOUND: no session. STATE: it broke. A session that is up already is fine. */
int32_t messages_accept(struct messages *messages, usec_t now, const struct identity *peer);
/* Ends a session, or refuses one that is asked for; what it received and nobody took is dropped. No
 * event will speak of it. `linger_limit` as in sockets_close. NOT_FOUND: no session. */
int32_t messages_close(struct messages *messages, usec_t now, const struct identity *peer, usec_t linger_limit);
/* Drops what the session received on a channel; with its last one the session closes, lingering.
 * NOT_FOUND: no session, or nothing was sent or received there. */
int32_t messages_close_channel(struct messages *messages, usec_t now, const struct identity *peer, int32_t channel);
void messages_close_all(struct messages *messages, usec_t now);
/* What Nagle held leaves. NOT_FOUND: no session. CLOSED: it broke. */
int32_t messages_flush(struct messages *messages, usec_t now, const struct identity *peer);

/* An option of the endpoint is another one: sessions take it, too. */
void messages_reconfigure(struct messages *messages, usec_t now, int32_t id);

/* What is known of a session. */
struct messages_info {
	struct conn *conn; /* valid until the next call into the core; null: it has none now */
	int32_t state;     /* without a connection: how the last one ended, or STATE_NONE */
	uint32_t end_reason;
	char text[EVENT_TEXT_MAX];
	const struct attempt *attempt; /* what was tried then; null unless it is broken. Valid as `conn` */
	int64_t unread_count, unread_bytes;
};

/* False: no session. */
bool messages_info(const struct messages *messages, const struct identity *peer, struct messages_info *out);
uint32_t messages_session_count(const struct messages *messages);

#endif
