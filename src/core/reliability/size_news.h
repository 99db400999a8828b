/* size_news: what acknowledgements tell about the sizes that the path takes.
 *
 * Owns: what became of the last probe, how many large packets were lost in a row.
 * Does not know: which sizes are tried and when (conn_mtu).
 */
#ifndef RELIABILITY_SIZE_NEWS_H
#define RELIABILITY_SIZE_NEWS_H

#include "core/reliability/sent_packets.h"

/* Datagrams up to this size pass everywhere: with what IP adds they are no larger than what every host has
 * to take (RFC 1122, 3.3.2). Only larger ones tell anything when they are lost. */
#define SIZE_NEWS_SMALL 512

struct size_news {
	size_t arrived, lost; /* the size of a probe that did so; 0: none since this was heeded */
	unsigned large_lost;  /* packets of data, since one arrived */
};

static inline void size_news_on_acked(struct size_news *news, const struct sent_packet *packet)
{
	if (packet->size <= SIZE_NEWS_SMALL)
		return;
	news->large_lost = 0;
	if (packet->is_size_probe)
		news->arrived = packet->size;
}

/* `told`: the peer has told of later packets and not of this; otherwise time decides. */
static inline void size_news_on_lost(struct size_news *news, const struct sent_packet *packet, bool told)
{
	if (packet->size <= SIZE_NEWS_SMALL)
		return;
	if (packet->is_size_probe && told)
		news->lost = packet->size;
	else if (!packet->is_size_probe && packet->state == SENT_IN_FLIGHT)
		news->large_lost++;
}

#endif
