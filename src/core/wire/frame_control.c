#include "core/wire/frame_control.h"

#include "core/base/varint.h"
#include "core/wire/wire.h"

#define STOP_WAITING_LEAD 0x80
#define STOP_WAITING_BITS 3u
#define SELECT_LANE_LEAD 0x88
#define SELECT_LANE_BITS 7u
#define SELECT_LANE_FOLLOWS 7u

/* --- stop waiting */

static const uint8_t stop_waiting_widths[4] = { 1, 2, 3, 8 };

static unsigned stop_waiting_form(uint64_t offset)
{
	unsigned form = 0;

	while (form < 3 && offset >> (8 * stop_waiting_widths[form]) != 0)
		form++;
	return form;
}

bool frame_stop_waiting_read(struct byte_reader *in, uint8_t lead, struct frame_stop_waiting *out, const char **error)
{
	out->offset = byte_reader_le(in, stop_waiting_widths[lead & STOP_WAITING_BITS]);
	if (byte_reader_failed(in)) {
		*error = "truncated stop-waiting";
		return false;
	}
	return true;
}

bool frame_stop_waiting_floor(const struct frame_stop_waiting *frame, int64_t number, int64_t *floor)
{
	if (number <= 0 || frame->offset >= (uint64_t)number)
		return false;
	*floor = number - (int64_t)frame->offset - 1;
	return true;
}

size_t frame_stop_waiting_size(int64_t number, int64_t floor)
{
	return 1u + stop_waiting_widths[stop_waiting_form((uint64_t)(number - floor - 1))];
}

size_t frame_stop_waiting_write(struct byte_writer *writer, int64_t number, int64_t floor)
{
	uint64_t offset = (uint64_t)(number - floor - 1);
	unsigned form = stop_waiting_form(offset);
	size_t size = 1u + stop_waiting_widths[form];

	if (size > byte_writer_remaining(writer))
		return 0;
	byte_writer_u8(writer, (uint8_t)(STOP_WAITING_LEAD | form));
	byte_writer_le(writer, offset, size - 1);
	return size;
}

/* --- select lane */

bool frame_select_lane_read(struct byte_reader *in, uint8_t lead, uint32_t *lane, const char **error)
{
	uint32_t number = lead & SELECT_LANE_BITS;

	*lane = number == SELECT_LANE_FOLLOWS ? byte_reader_varint32(in) : number + 1;
	if (byte_reader_failed(in)) {
		*error = "truncated select-lane";
		return false;
	}
	if (*lane > WIRE_LANE_MAX) {
		*error = "lane out of range";
		return false;
	}
	return true;
}

/* The short form names lanes 1-7; lane 0 is where packets begin, and can only be named in full. */
static bool is_short(uint32_t lane)
{
	return lane >= 1 && lane <= SELECT_LANE_FOLLOWS;
}

size_t frame_select_lane_size(const struct frame_context *context, uint32_t lane)
{
	if (lane == context->lane)
		return 0;
	return is_short(lane) ? 1 : 1 + varint_size(lane);
}

bool frame_select_lane_write(struct byte_writer *writer, struct frame_context *context, uint32_t lane)
{
	size_t size = frame_select_lane_size(context, lane);

	if (size == 0)
		return true;
	if (size > byte_writer_remaining(writer))
		return false;
	if (is_short(lane)) {
		byte_writer_u8(writer, (uint8_t)(SELECT_LANE_LEAD + lane - 1));
	} else {
		byte_writer_u8(writer, SELECT_LANE_LEAD | SELECT_LANE_FOLLOWS);
		byte_writer_varint(writer, lane);
	}
	frame_context_init(context, lane);
	return true;
}

/* --- window */

bool frame_window_read(struct byte_reader *in, struct frame_window *out, const char **error)
{
	out->bytes = byte_reader_varint64(in);
	out->messages = byte_reader_varint64(in);
	if (byte_reader_failed(in)) {
		*error = "truncated window";
		return false;
	}
	return true;
}

bool frame_window_write(struct byte_writer *writer, const struct frame_window *window)
{
	size_t size = 1 + varint_size(window->bytes) + varint_size(window->messages);

	if (size > byte_writer_remaining(writer))
		return false;
	byte_writer_u8(writer, FRAME_WINDOW_LEAD);
	byte_writer_varint(writer, window->bytes);
	byte_writer_varint(writer, window->messages);
	return true;
}

/* --- path challenge and response */

bool frame_path_read(struct byte_reader *in, uint64_t *token, const char **error)
{
	*token = byte_reader_le(in, sizeof(*token));
	if (byte_reader_failed(in)) {
		*error = "truncated path frame";
		return false;
	}
	return true;
}

bool frame_path_write(struct byte_writer *writer, uint8_t lead, uint64_t token)
{
	if (byte_writer_remaining(writer) < FRAME_PATH_SIZE)
		return false;
	byte_writer_u8(writer, lead);
	byte_writer_le(writer, token, sizeof(token));
	return true;
}
