/* frame_ack: which packets have arrived and which have not, newest first.
 *
 * Owns: the encoding of runs (docs/wire.md, "Ack").
 * Does not know: which gaps to report (ack_tracker), what an ack means (loss_detection).
 */
#ifndef WIRE_FRAME_ACK_H
#define WIRE_FRAME_ACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"

#define FRAME_ACK_DELAY_UNIT_USEC 32
#define FRAME_ACK_DELAY_UNKNOWN 0xffff
#define FRAME_ACK_BLOCKS_MAX 255
#define FRAME_ACK_RUN_MAX 800007 /* 7 + 8 * 100000: longer runs close the connection */
#define FRAME_ACK_HEADER_MAX 6   /* lead, 16-bit latest, delay, block count */

/* Walking down from `latest`: this many received, then this many not. */
struct frame_ack_block {
	uint32_t acked;
	uint32_t nacked;
};

/* To be written. */
struct frame_ack {
	int64_t latest;
	uint16_t delay; /* since `latest` came, in units of 32 us */
	uint32_t block_count;
	struct frame_ack_block blocks[FRAME_ACK_BLOCKS_MAX];
};

size_t frame_ack_block_size(const struct frame_ack_block *block);
/* Always the 16-bit form, which every version understands. False, with nothing written: no room, or
 * a run above the maximum. */
bool frame_ack_write(struct byte_writer *writer, const struct frame_ack *ack);

/* As read; the blocks are checked and stay in the payload. */
struct frame_ack_received {
	uint32_t latest;      /* low bits */
	unsigned latest_bits; /* 16, 32 */
	uint16_t delay;
	uint32_t block_count;
	const uint8_t *blocks; /* borrowed */
	size_t blocks_size;
};

/* For frame_next: `lead` was taken. False: `*error` says what is wrong. */
bool frame_ack_read(struct byte_reader *in, uint8_t lead, struct frame_ack_received *out, const char **error);

/* The full number of the latest packet received by the peer; `next`: the number our next packet
 * will have. May be negative (a violation) or not below `next` (the packet is to be abandoned). */
int64_t frame_ack_latest(const struct frame_ack_received *ack, int64_t next);

/* Packets [begin, end), which arrived or did not. */
struct frame_ack_range {
	int64_t begin;
	int64_t end;
	bool acked;
};

struct frame_ack_ranges {
	struct byte_reader in;
	uint32_t blocks_left;
	int64_t end;   /* everything from here on was told */
	int64_t floor; /* and everything from here on is acked by silence */
	struct frame_ack_block block;
	bool half; /* the nacked run of `block` is next */
	bool bad;
};

/* `latest` as completed; `floor`: the stop-waiting value we announced last. */
void frame_ack_ranges_init(struct frame_ack_ranges *ranges, const struct frame_ack_received *ack, int64_t latest,
                           int64_t floor);
/* The next non-empty range, newest first, the one implied at the end included. False: no more, or
 * `ranges->bad`: a violation (runs that go below 0). */
bool frame_ack_ranges_next(struct frame_ack_ranges *ranges, struct frame_ack_range *out);

#endif
