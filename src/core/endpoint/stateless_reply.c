#include "core/endpoint/stateless_reply.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

#define ANSWER_INTERVAL (250 * USEC_PER_MSEC)

void stateless_reply_init(struct stateless_replies *replies)
{
	bytes_zero(replies, sizeof *replies);
}

void stateless_reply_free(struct stateless_replies *replies)
{
	alloc_free(replies->ring);
	stateless_reply_init(replies);
}

struct stateless_reply *stateless_reply_add(struct stateless_replies *replies, const struct datagram *to)
{
	struct stateless_reply *reply;

	if (replies->count == STATELESS_REPLY_COUNT) {
		replies->dropped_count++;
		return NULL;
	}
	if (replies->ring == NULL)
		replies->ring = alloc_array(STATELESS_REPLY_COUNT, sizeof *replies->ring);
	reply = &replies->ring[(replies->first + replies->count++) % STATELESS_REPLY_COUNT];
	reply->transport = to->transport;
	reply->remote = to->remote;
	reply->local = to->local;
	reply->size = 0;
	return reply;
}

void stateless_reply_cancel(struct stateless_replies *replies)
{
	replies->count--;
}

bool stateless_reply_may_answer(struct stateless_replies *replies, usec_t now)
{
	if (now < replies->limited_until)
		return false;
	replies->limited_until = now + ANSWER_INTERVAL;
	return true;
}

bool stateless_reply_transmit(struct stateless_replies *replies, struct datagram_burst *out)
{
	const struct stateless_reply *reply;

	if (replies->count == 0)
		return false;
	reply = &replies->ring[replies->first];
	replies->first = (replies->first + 1) % STATELESS_REPLY_COUNT;
	replies->count--;
	out->transport = reply->transport;
	out->remote = reply->remote;
	out->local = reply->local;
	out->size = reply->size;
	out->segment_size = reply->size;
	bytes_copy(out->bytes, reply->bytes, reply->size);
	return true;
}
