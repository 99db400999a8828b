/* sent_packets: what was in each packet, from its sending until it is acknowledged or forgotten.
 *
 * Owns: a ring of packets indexed by number, and a ring of the stream pieces they carried. Nothing
 * is allocated per packet.
 * Does not know: why a packet counts as acknowledged or lost, what stream bytes mean.
 */
#ifndef RELIABILITY_SENT_PACKETS_H
#define RELIABILITY_SENT_PACKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/usec.h"

/* Packets remembered at most. The peer must see numbers that jump by less than 16,384. */
#define SENT_PACKETS_MAX 16384

enum sent_packet_state {
	SENT_NOTHING, /* acknowledged, forgotten or never sent */
	SENT_IN_FLIGHT,
	SENT_LOST, /* given up, but an acknowledgement may still come */
};

struct sent_packet {
	usec_t sent_at;
	int64_t delivered;    /* bytes acknowledged in all when it was sent, */
	usec_t delivered_at;  /* when that was, */
	usec_t first_sent_at; /* and the sending time of the packet acknowledged then */
	uint32_t first_piece; /* pieces are counted for ever, modulo 2^32 */
	uint16_t piece_count;
	uint16_t size;  /* of the datagram */
	uint8_t state;  /* enum sent_packet_state */
	bool wants_ack; /* it carries messages: the peer acknowledges without delay */
	bool app_limited;
	uint8_t path; /* low bits of the count of path changes */
	bool is_size_probe;
};

/* A stretch of a lane's reliable stream. */
struct sent_piece {
	int64_t begin;
	uint16_t size;
	uint16_t lane;
};

struct sent_packets {
	struct sent_packet *packets;
	uint32_t packet_capacity; /* a power of two */
	int64_t oldest;           /* lowest number remembered */
	int64_t next;             /* one above the highest sent */
	struct sent_piece *pieces;
	uint32_t piece_capacity;
	uint32_t piece_first; /* the oldest that may be needed */
	uint32_t piece_next;
};

/* The first packet to be added is number 2. */
void sent_packets_init(struct sent_packets *sent);
void sent_packets_free(struct sent_packets *sent);

/* Remembers packet `number`, higher than any before; numbers left out count as never sent. The
 * oldest is forgotten if there are too many. Pieces added from now on are in it. */
struct sent_packet *sent_packets_add(struct sent_packets *sent, int64_t number);
void sent_packets_add_piece(struct sent_packets *sent, uint16_t lane, int64_t begin, uint16_t size);

/* The packet added last. */
struct sent_packet *sent_packets_last(const struct sent_packets *sent);
/* Null when it is not remembered or SENT_NOTHING. */
struct sent_packet *sent_packets_find(const struct sent_packets *sent, int64_t number);
const struct sent_piece *sent_packets_piece(const struct sent_packets *sent, const struct sent_packet *packet,
                                            uint16_t index);
/* Forgets the oldest packets as far as they are SENT_NOTHING; those sent before `lost_before` also when
 * they are lost, or want no ack. */
void sent_packets_forget(struct sent_packets *sent, usec_t lost_before);
/* Gives memory back when nothing is remembered. */
void sent_packets_shrink(struct sent_packets *sent);

#endif
