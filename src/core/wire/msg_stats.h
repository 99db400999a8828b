/* msg_stats: the blob of link statistics in packet headers.
 *
 * Owns: its encoding and the numbers' names (docs/wire.md, "Stats").
 * Does not know: how anything is measured. The blob is not authenticated: act on it only after its
 * packet was decrypted, and believe its numbers no more than the peer.
 */
#ifndef WIRE_MSG_STATS_H
#define WIRE_MSG_STATS_H

#include "core/wire/pb.h"
#include "core/wire/wire.h"

/* The last seconds; names are their wire numbers. */
enum msg_instantaneous_item {
	MSG_INSTANTANEOUS_OUT_PACKETS = 1, /* a second, times 10 */
	MSG_INSTANTANEOUS_OUT_BYTES = 2,   /* a second */
	MSG_INSTANTANEOUS_IN_PACKETS = 3,
	MSG_INSTANTANEOUS_IN_BYTES = 4,
	MSG_INSTANTANEOUS_PING_MS = 5,
	MSG_INSTANTANEOUS_DROPPED_PERCENT = 6,
	MSG_INSTANTANEOUS_UNORDERED_PERCENT = 7,
	MSG_INSTANTANEOUS_JITTER_USEC = 8,
};

/* Since the connection began; histograms go up from the number given. */
enum msg_lifetime_item {
	MSG_LIFETIME_CONNECTED_SECONDS = 2,
	MSG_LIFETIME_PACKETS_SENT = 3,
	MSG_LIFETIME_KILOBYTES_SENT = 4,
	MSG_LIFETIME_PACKETS_RECEIVED = 5,
	MSG_LIFETIME_KILOBYTES_RECEIVED = 6,
	MSG_LIFETIME_PACKETS_SEQUENCED = 7,
	MSG_LIFETIME_PACKETS_DROPPED = 8,
	MSG_LIFETIME_PACKETS_OUT_OF_ORDER = 9,
	MSG_LIFETIME_PACKETS_DUPLICATE = 10,
	MSG_LIFETIME_PACKETS_LURCH = 11,
	MSG_LIFETIME_PACKETS_OUT_OF_ORDER_CORRECTED = 15,
	MSG_LIFETIME_QUALITY_HISTOGRAM = 21,   /* 9: 100 99 97 95 90 75 50 1 % and dead */
	MSG_LIFETIME_QUALITY_PERCENTILES = 30, /* 4: 2nd 5th 25th 50th */
	MSG_LIFETIME_PING_HISTOGRAM = 41,      /* 9: up to 25 50 75 100 125 150 200 300 ms and more */
	MSG_LIFETIME_PING_PERCENTILES = 50,    /* 5: 5th 50th 75th 95th 98th */
	MSG_LIFETIME_JITTER_HISTOGRAM = 61,    /* 6: below 1 2 5 10 20 ms and more */
};

#define MSG_STATS_ITEMS 67

/* Numbers by their wire number. */
struct msg_stats_items {
	uint64_t value[MSG_STATS_ITEMS];
	bool present[MSG_STATS_ITEMS];
};

struct msg_stats {
	bool has_flags;
	uint32_t flags; /* WIRE_STATS_* */
	bool has_quality;
	bool has_instantaneous;
	struct msg_stats_items instantaneous;
	bool has_lifetime;
	struct msg_stats_items lifetime;
	size_t padding; /* written only: bytes that say nothing, above 127; 0: none */
};

void msg_stats_set(struct msg_stats_items *items, unsigned item, uint64_t value);
/* The sender wants an acknowledgement: flag 2, or statistics. */
bool msg_stats_wants_ack(const struct msg_stats *stats);
bool msg_stats_wants_ack_now(const struct msg_stats *stats);

/* False: malformed; the packet is to be dropped. */
bool msg_stats_read(struct msg_stats *out, const uint8_t *bytes, size_t size);
void msg_stats_write(struct byte_writer *writer, const struct msg_stats *stats);

#endif
