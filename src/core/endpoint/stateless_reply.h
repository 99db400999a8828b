/* stateless_reply: short answers to addresses we know nothing about: challenges, "no connection".
 *
 * Owns: a bounded queue of them and the limit on the ones that an impostor could provoke.
 * Does not know: what they say.
 */
#ifndef ENDPOINT_STATELESS_REPLY_H
#define ENDPOINT_STATELESS_REPLY_H

#include "core/base/usec.h"
#include "core/types/datagram.h"

#define STATELESS_REPLY_SIZE_MAX 512
#define STATELESS_REPLY_COUNT 64 /* more at once are dropped: the asker repeats */

struct stateless_reply {
	uint32_t transport;
	struct address remote;
	struct address local;
	uint16_t size;
	uint8_t bytes[STATELESS_REPLY_SIZE_MAX];
};

struct stateless_replies {
	struct stateless_reply *ring; /* allocated on first use */
	uint32_t first, count;
	uint64_t dropped_count;
	usec_t limited_until;
};

void stateless_reply_init(struct stateless_replies *replies);
void stateless_reply_free(struct stateless_replies *replies);
/* Room for one reply to where `to` came from, or null. Fill bytes and size (0 takes it back). */
struct stateless_reply *stateless_reply_add(struct stateless_replies *replies, const struct datagram *to);
void stateless_reply_cancel(struct stateless_replies *replies);
/* True at most once per 250 ms: for answers to packets that prove nothing about their sender. */
bool stateless_reply_may_answer(struct stateless_replies *replies, usec_t now);
bool stateless_reply_transmit(struct stateless_replies *replies, struct datagram_burst *out);

#endif
