#include "core/wire/frame_segment.h"

#include "core/base/bytes.h"
#include "core/base/sequence.h"
#include "core/base/varint.h"

#define UNRELIABLE_ENDS 0x20
#define UNRELIABLE_WIDE 0x10 /* first: 32 bits; later: a varint distance follows */
#define UNRELIABLE_OFFSET 0x08
#define RELIABLE_LEAD 0x40
#define RELIABLE_FORM_SHIFT 3
#define SIZE_BITS 7u
#define SIZE_TO_END 7u
#define SIZE_CODE_MAX 4u

#define STREAM_SEQUENCED 0x80
#define STREAM_INCREMENT 0x40 /* a varint with the increment follows; otherwise it is 1 */
#define STREAM_LARGE 0x20     /* a varint with the upper bits of the size follows */
#define STREAM_SIZE_BITS 5
#define STREAM_SIZE_MASK 0x1fu

/* Bytes of a stream position, by the two form bits: the first of a packet, and later ones. */
static const uint8_t absolute_widths[4] = { 3, 4, 6, 0 };
static const uint8_t gap_widths[4] = { 0, 1, 2, 4 };

void frame_context_init(struct frame_context *context, uint32_t lane)
{
	bytes_zero(context, sizeof(*context));
	context->lane = lane;
}

/* --- reading */

/* The size bits of the lead byte, and the bytes themselves. */
static bool read_segment_bytes(struct byte_reader *in, uint8_t lead, const uint8_t **bytes, size_t *size,
                               const char **error)
{
	unsigned code = lead & SIZE_BITS;

	if (code == SIZE_TO_END) {
		*size = byte_reader_remaining(in);
	} else if (code <= SIZE_CODE_MAX) {
		*size = (size_t)code << 8 | byte_reader_u8(in);
	} else {
		*error = "reserved segment size";
		return false;
	}
	*bytes = byte_reader_bytes(in, *size);
	if (byte_reader_failed(in)) {
		*error = "truncated segment";
		return false;
	}
	return true;
}

bool frame_segment_read_unreliable(struct byte_reader *in, uint8_t lead, const struct frame_context *context,
                                   struct frame_unreliable *out, const char **error)
{
	bool wide = (lead & UNRELIABLE_WIDE) != 0;

	out->ends = (lead & UNRELIABLE_ENDS) != 0;
	if (!context->number_known) {
		out->form = FRAME_NUMBER_LOW_BITS;
		out->bits = wide ? 32 : 16;
		out->number = byte_reader_le(in, out->bits / 8);
	} else {
		out->form = FRAME_NUMBER_RELATIVE;
		out->bits = 0;
		out->number = wide ? byte_reader_varint64(in) : 1;
	}
	out->offset = lead & UNRELIABLE_OFFSET ? byte_reader_varint32(in) : 0;
	return read_segment_bytes(in, lead, &out->bytes, &out->size, error);
}

bool frame_segment_read_reliable(struct byte_reader *in, uint8_t lead, const struct frame_context *context,
                                 struct frame_reliable *out, const char **error)
{
	unsigned form = (unsigned)lead >> RELIABLE_FORM_SHIFT & 3;

	if (context->position_known) {
		out->form = FRAME_NUMBER_RELATIVE;
		out->bits = 0;
		out->position = byte_reader_le(in, gap_widths[form]);
	} else if (absolute_widths[form] != 0) {
		out->form = FRAME_NUMBER_LOW_BITS;
		out->bits = absolute_widths[form] * 8u;
		out->position = byte_reader_le(in, absolute_widths[form]);
	} else {
		*error = "reserved stream position form";
		return false;
	}
	return read_segment_bytes(in, lead, &out->bytes, &out->size, error);
}

bool frame_segment_resolve_number(struct frame_context *context, const struct frame_unreliable *segment,
                                  int64_t highest, int64_t *number)
{
	int64_t value;

	if (segment->form == FRAME_NUMBER_LOW_BITS) {
		value = sequence_expand(highest, segment->number, segment->bits);
	} else {
		if (segment->number > (uint64_t)(INT64_MAX - context->number))
			return false;
		value = context->number + (int64_t)segment->number;
	}
	if (value <= 0)
		return false;
	context->number_known = true;
	context->number = value;
	*number = value;
	return true;
}

/* Not the nearest number, but what every peer computes: only corrected upward, so that the short
 * forms may be misread near a wrap. 48 bits do not wrap in practice. */
static int64_t expand_position(uint64_t expected, uint64_t wire, unsigned bits)
{
	uint64_t mask = (UINT64_C(1) << bits) - 1;
	uint64_t candidate = (expected & ~mask) + wire;

	if (candidate + (mask >> 1) < expected)
		candidate += mask + 1;
	return (int64_t)candidate;
}

bool frame_segment_resolve_position(struct frame_context *context, const struct frame_reliable *segment,
                                    int64_t expected, int64_t *position)
{
	int64_t value;

	if (segment->form == FRAME_NUMBER_LOW_BITS)
		value = expand_position((uint64_t)expected, segment->position, segment->bits);
	else
		value = context->position_end + (int64_t)segment->position;
	if (value <= 0)
		return false;
	context->position_known = true;
	context->position_end = value + (int64_t)segment->size;
	*position = value;
	return true;
}

/* --- writing */

static bool size_fits(size_t size, bool last)
{
	return last || size <= FRAME_SEGMENT_SIZED_MAX;
}

static unsigned size_code(size_t size, bool last)
{
	return last ? SIZE_TO_END : (unsigned)(size >> 8);
}

/* The distance to the previous unreliable segment; false if it lies before it. */
static bool number_distance(const struct frame_context *context, int64_t number, uint64_t *distance)
{
	if (number < context->number)
		return false;
	*distance = (uint64_t)(number - context->number);
	return true;
}

size_t frame_segment_unreliable_header_size(const struct frame_context *context,
                                            const struct frame_unreliable_place *place, size_t size, bool last)
{
	uint64_t distance;
	size_t header = last ? 1 : 2;

	if (!size_fits(size, last))
		return 0;
	if (!context->number_known)
		header += 4;
	else if (!number_distance(context, place->number, &distance))
		return 0;
	else if (distance != 1)
		header += varint_size(distance);
	if (place->offset != 0)
		header += varint_size(place->offset);
	return header;
}

bool frame_segment_write_unreliable_header(struct byte_writer *writer, struct frame_context *context,
                                           const struct frame_unreliable_place *place, size_t size, bool last)
{
	size_t header = frame_segment_unreliable_header_size(context, place, size, last);
	uint64_t distance = 0;
	unsigned lead = size_code(size, last);

	if (header == 0 || header > byte_writer_remaining(writer))
		return false;
	if (context->number_known)
		number_distance(context, place->number, &distance);
	lead |= place->is_sequenced ? FRAME_SEQUENCED_LEAD : 0;
	lead |= place->ends ? UNRELIABLE_ENDS : 0;
	lead |= place->offset != 0 ? UNRELIABLE_OFFSET : 0;
	lead |= !context->number_known || distance != 1 ? UNRELIABLE_WIDE : 0;
	byte_writer_u8(writer, (uint8_t)lead);
	if (!context->number_known)
		byte_writer_le32(writer, (uint32_t)place->number);
	else if (distance != 1)
		byte_writer_varint(writer, distance);
	if (place->offset != 0)
		byte_writer_varint(writer, place->offset);
	if (!last)
		byte_writer_u8(writer, (uint8_t)size);
	context->number_known = true;
	context->number = place->number;
	return true;
}

/* How a position is written: the form bits, and the bytes that follow. */
struct position_code {
	unsigned form;
	size_t width;
	uint64_t value;
};

static bool encode_position(const struct frame_context *context, int64_t position, struct position_code *out)
{
	if (!context->position_known) {
		out->form = 2; /* always 48 bits: the shorter forms can be misread */
		out->width = absolute_widths[out->form];
		out->value = (uint64_t)position;
		return true;
	}
	if (position < context->position_end || position - context->position_end > UINT32_MAX)
		return false;
	out->value = (uint64_t)(position - context->position_end);
	out->form = 0;
	while (out->value >> (8 * gap_widths[out->form]) != 0)
		out->form++;
	out->width = gap_widths[out->form];
	return true;
}

size_t frame_segment_reliable_header_size(const struct frame_context *context, int64_t position, size_t size, bool last)
{
	struct position_code code;

	if (!size_fits(size, last) || !encode_position(context, position, &code))
		return 0;
	return (last ? 1 : 2) + code.width;
}

bool frame_segment_write_reliable_header(struct byte_writer *writer, struct frame_context *context, int64_t position,
                                         size_t size, bool last)
{
	struct position_code code;

	if (!size_fits(size, last) || !encode_position(context, position, &code) ||
	    (last ? 1 : 2) + code.width > byte_writer_remaining(writer))
		return false;
	byte_writer_u8(writer, (uint8_t)(RELIABLE_LEAD | code.form << RELIABLE_FORM_SHIFT | size_code(size, last)));
	byte_writer_le(writer, code.value, code.width);
	if (!last)
		byte_writer_u8(writer, (uint8_t)size);
	context->position_known = true;
	context->position_end = position + (int64_t)size;
	if (context->number_known)
		context->number++;
	return true;
}

/* --- headers inside the stream */

enum stream_header_result frame_segment_read_stream_header(struct stream_header *out, const uint8_t *bytes, size_t size,
                                                           size_t *header_size)
{
	struct byte_reader in;
	/* Given as many bytes as the longest header takes, a failure is not for lack of bytes. */
	bool complete = size >= 1 + VARINT64_SIZE_MAX + VARINT32_SIZE_MAX;

	byte_reader_init(&in, bytes, size);
	uint8_t lead = byte_reader_u8(&in);
	out->is_sequenced = (lead & STREAM_SEQUENCED) != 0;
	out->increment = lead & STREAM_INCREMENT ? byte_reader_varint64(&in) : 1;
	uint64_t upper = lead & STREAM_LARGE ? byte_reader_varint32(&in) : 0;
	if (byte_reader_failed(&in))
		return complete ? STREAM_HEADER_BAD : STREAM_HEADER_SHORT;
	out->size = upper << STREAM_SIZE_BITS | (lead & STREAM_SIZE_MASK);
	*header_size = size - byte_reader_remaining(&in);
	return STREAM_HEADER_OK;
}

void frame_segment_write_stream_header(struct byte_writer *writer, const struct stream_header *header)
{
	uint64_t upper = header->size >> STREAM_SIZE_BITS;
	unsigned lead = (unsigned)header->size & STREAM_SIZE_MASK;

	lead |= header->is_sequenced ? STREAM_SEQUENCED : 0;
	lead |= header->increment != 1 ? STREAM_INCREMENT : 0;
	lead |= upper != 0 ? STREAM_LARGE : 0;
	byte_writer_u8(writer, (uint8_t)lead);
	if (header->increment != 1)
		byte_writer_varint(writer, header->increment);
	if (upper != 0)
		byte_writer_varint(writer, upper);
}

size_t frame_segment_stream_header_size(const struct stream_header *header)
{
	uint64_t upper = header->size >> STREAM_SIZE_BITS;

	return 1 + (header->increment != 1 ? varint_size(header->increment) : 0) + (upper != 0 ? varint_size(upper) : 0);
}
