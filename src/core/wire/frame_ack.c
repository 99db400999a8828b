#include "core/wire/frame_ack.h"

#include "core/base/sequence.h"
#include "core/base/varint.h"

#define LEAD 0x90
#define NARROW 0x08 /* set: `latest` has 16 bits */
#define COUNT_BITS 7u
#define COUNT_FOLLOWS 7u
#define RUN_VARINT_MAX 100000

/* --- writing. A run is 3 bits in a nibble whose top bit says that a varint with the rest follows. */

static unsigned run_nibble(uint32_t run)
{
	return run < 8 ? run : 8u | (run & 7u);
}

static size_t run_rest_size(uint32_t run)
{
	return run < 8 ? 0 : varint_size(run >> 3);
}

static void write_run_rest(struct byte_writer *writer, uint32_t run)
{
	if (run >= 8)
		byte_writer_varint(writer, run >> 3);
}

size_t frame_ack_block_size(const struct frame_ack_block *block)
{
	return 1 + run_rest_size(block->acked) + run_rest_size(block->nacked);
}

static bool write_block(struct byte_writer *writer, const struct frame_ack_block *block)
{
	if (block->acked > FRAME_ACK_RUN_MAX || block->nacked > FRAME_ACK_RUN_MAX)
		return false;
	byte_writer_u8(writer, (uint8_t)(run_nibble(block->acked) << 4 | run_nibble(block->nacked)));
	write_run_rest(writer, block->acked);
	write_run_rest(writer, block->nacked);
	return true;
}

bool frame_ack_write(struct byte_writer *writer, const struct frame_ack *ack)
{
	size_t mark = byte_writer_mark(writer);
	bool counted = ack->block_count >= COUNT_FOLLOWS;
	bool good = ack->block_count <= FRAME_ACK_BLOCKS_MAX && !byte_writer_failed(writer);

	if (!good)
		return false;
	byte_writer_u8(writer, (uint8_t)(LEAD | NARROW | (counted ? COUNT_FOLLOWS : ack->block_count)));
	byte_writer_le16(writer, (uint16_t)ack->latest);
	byte_writer_le16(writer, ack->delay);
	if (counted)
		byte_writer_u8(writer, (uint8_t)ack->block_count);
	for (uint32_t i = 0; i < ack->block_count && good; i++)
		good = write_block(writer, &ack->blocks[i]);
	if (!good || byte_writer_failed(writer)) {
		byte_writer_rollback(writer, mark);
		return false;
	}
	return true;
}

/* --- reading */

static uint32_t read_run(struct byte_reader *in, unsigned nibble)
{
	if ((nibble & 8) == 0)
		return nibble;
	uint32_t rest = byte_reader_varint32(in);
	if (rest > RUN_VARINT_MAX) {
		byte_reader_fail(in);
		return 0;
	}
	return rest * 8 + (nibble & 7);
}

static struct frame_ack_block read_block(struct byte_reader *in)
{
	struct frame_ack_block block;
	uint8_t nibbles = byte_reader_u8(in);

	block.acked = read_run(in, nibbles >> 4);
	block.nacked = read_run(in, nibbles & 15u);
	return block;
}

bool frame_ack_read(struct byte_reader *in, uint8_t lead, struct frame_ack_received *out, const char **error)
{
	out->latest_bits = lead & NARROW ? 16 : 32;
	out->latest = (uint32_t)byte_reader_le(in, out->latest_bits / 8);
	out->delay = byte_reader_le16(in);
	out->block_count = lead & COUNT_BITS;
	if (out->block_count == COUNT_FOLLOWS)
		out->block_count = byte_reader_u8(in);
	if (byte_reader_failed(in)) {
		*error = "truncated ack";
		return false;
	}
	out->blocks = in->at;
	size_t before = byte_reader_remaining(in);
	for (uint32_t i = 0; i < out->block_count && !byte_reader_failed(in); i++)
		read_block(in);
	if (byte_reader_failed(in)) {
		*error = "truncated or oversized ack block";
		return false;
	}
	out->blocks_size = before - byte_reader_remaining(in);
	return true;
}

int64_t frame_ack_latest(const struct frame_ack_received *ack, int64_t next)
{
	return sequence_expand(next, ack->latest, ack->latest_bits);
}

/* --- ranges */

void frame_ack_ranges_init(struct frame_ack_ranges *ranges, const struct frame_ack_received *ack, int64_t latest,
                           int64_t floor)
{
	byte_reader_init(&ranges->in, ack->blocks, ack->blocks_size);
	ranges->blocks_left = ack->block_count;
	ranges->end = latest + 1;
	ranges->floor = floor;
	ranges->half = false;
	ranges->bad = false;
}

/* The next run of the blocks, empty ones included. False: no more. */
static bool next_run(struct frame_ack_ranges *ranges, uint32_t *run, bool *acked)
{
	if (ranges->half) {
		*run = ranges->block.nacked;
		*acked = false;
		ranges->half = false;
		return true;
	}
	if (ranges->blocks_left == 0)
		return false;
	ranges->blocks_left--;
	ranges->block = read_block(&ranges->in);
	*run = ranges->block.acked;
	*acked = true;
	ranges->half = true;
	return true;
}

bool frame_ack_ranges_next(struct frame_ack_ranges *ranges, struct frame_ack_range *out)
{
	uint32_t run;

	if (ranges->bad)
		return false;
	while (next_run(ranges, &run, &out->acked)) {
		if (run > ranges->end) {
			ranges->bad = true;
			return false;
		}
		out->end = ranges->end;
		ranges->end -= run;
		out->begin = ranges->end;
		if (run > 0)
			return true;
	}
	/* Silence about packets that still matter to the sender means that they arrived. */
	if (ranges->end <= ranges->floor)
		return false;
	out->acked = true;
	out->begin = ranges->floor;
	out->end = ranges->end;
	ranges->end = ranges->floor;
	return true;
}
