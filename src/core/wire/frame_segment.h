/* frame_segment: pieces of messages: unreliable ones by message number, reliable ones by position
 * in their lane's stream; and the headers of messages inside that stream.
 *
 * Owns: the encodings, absolute and relative (docs/wire.md, "Unreliable segment", "Reliable
 * segment", "Message framing"), completing what travels as low bits.
 * Does not know: what a lane has received or sent; reassembly.
 */
#ifndef WIRE_FRAME_SEGMENT_H
#define WIRE_FRAME_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"

/* What the frames of one packet build upon; reset by selecting a lane. Of reader and writer. */
struct frame_context {
	uint32_t lane;
	bool number_known; /* message number of the last unreliable segment */
	int64_t number;
	bool position_known; /* where the last reliable segment ended */
	int64_t position_end;
};

void frame_context_init(struct frame_context *context, uint32_t lane);

/* How a number travels. */
enum frame_number_form {
	FRAME_NUMBER_LOW_BITS, /* its low `bits` */
	FRAME_NUMBER_RELATIVE, /* its distance to the previous one of this packet */
};

struct frame_unreliable {
	enum frame_number_form form;
	unsigned bits;     /* 16, 32 */
	uint64_t number;   /* as it travels */
	uint32_t offset;   /* in the message */
	bool ends;         /* the message ends with this segment */
	bool is_sequenced; /* set by frame_next: it came in that frame */
	const uint8_t *bytes;
	size_t size;
};

struct frame_reliable {
	enum frame_number_form form;
	unsigned bits;     /* 24, 32, 48 */
	uint64_t position; /* as it travels */
	const uint8_t *bytes;
	size_t size;
};

/* The full message number; `highest`: the highest one seen in the lane, 0 at first. False: not
 * positive, a violation. */
bool frame_segment_resolve_number(struct frame_context *context, const struct frame_unreliable *segment,
                                  int64_t highest, int64_t *number);
/* The full stream position (the first byte of a stream is 1); `expected`: the next byte never seen.
 * False: not positive, a violation. */
bool frame_segment_resolve_position(struct frame_context *context, const struct frame_reliable *segment,
                                    int64_t expected, int64_t *position);

/* For frame_next: `lead` was taken. False: `*error` says what is wrong. */
bool frame_segment_read_unreliable(struct byte_reader *in, uint8_t lead, const struct frame_context *context,
                                   struct frame_unreliable *out, const char **error);
bool frame_segment_read_reliable(struct byte_reader *in, uint8_t lead, const struct frame_context *context,
                                 struct frame_reliable *out, const char **error);

/* --- writing. The header only: the `size` bytes of the segment follow it, written by the caller.
 * `last`: nothing follows those in the packet; saves the size byte, and is the only way for more
 * than FRAME_SEGMENT_SIZED_MAX bytes. */

#define FRAME_SEGMENT_SIZED_MAX 1279
#define FRAME_SEQUENCED_LEAD 0xc0 /* the low bits are those of any unreliable segment */
#define FRAME_UNRELIABLE_HEADER_MAX 16
#define FRAME_RELIABLE_HEADER_MAX 8

struct frame_unreliable_place {
	int64_t number; /* of the message, from 1 */
	uint32_t offset;
	bool ends;
	bool is_sequenced;
};

/* What the header takes; 0 if it cannot be expressed: number below the previous one of the lane in
 * this packet, or `size` too large without `last`. */
size_t frame_segment_unreliable_header_size(const struct frame_context *context,
                                            const struct frame_unreliable_place *place, size_t size, bool last);
/* False, with nothing written: cannot be expressed, or no room. */
bool frame_segment_write_unreliable_header(struct byte_writer *writer, struct frame_context *context,
                                           const struct frame_unreliable_place *place, size_t size, bool last);
/* The same for reliable segments: positions of one lane must ascend within a packet. */
size_t frame_segment_reliable_header_size(const struct frame_context *context, int64_t position, size_t size,
                                          bool last);
bool frame_segment_write_reliable_header(struct byte_writer *writer, struct frame_context *context, int64_t position,
                                         size_t size, bool last);

/* --- the header of a message inside the reliable stream */

#define STREAM_HEADER_SIZE_MAX 16

struct stream_header {
	uint64_t increment; /* message number relative to the lane's previous reliable message */
	uint64_t size;      /* of the message's bytes that follow */
	bool is_sequenced;  /* a violation unless both sides know of it */
};

enum stream_header_result {
	STREAM_HEADER_OK,
	STREAM_HEADER_SHORT, /* more bytes of the stream are needed */
	STREAM_HEADER_BAD,   /* violation */
};

/* On STREAM_HEADER_OK `*header_size` tells what it took. Does not judge the values. */
enum stream_header_result frame_segment_read_stream_header(struct stream_header *out, const uint8_t *bytes, size_t size,
                                                           size_t *header_size);
void frame_segment_write_stream_header(struct byte_writer *writer, const struct stream_header *header);
size_t frame_segment_stream_header_size(const struct stream_header *header);

#endif
