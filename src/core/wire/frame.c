#include "core/wire/frame.h"

/* Lead bytes by their top bits; docs/wire.md, "Frames". */
#define UNRELIABLE_MAX 0x3f
#define RELIABLE_MAX 0x5f
#define STOP_WAITING_MIN 0x80
#define STOP_WAITING_MAX 0x83
#define SELECT_LANE_MIN 0x88
#define SELECT_LANE_MAX 0x8f
#define ACK_MIN 0x90
#define ACK_MAX 0x9f

void frame_reader_init(struct frame_reader *reader, const uint8_t *payload, size_t size, uint64_t extensions)
{
	byte_reader_init(&reader->in, payload, size);
	frame_context_init(&reader->context, 0);
	reader->error = NULL;
	reader->extensions = extensions;
}

static bool read_select_lane(struct frame_reader *reader, uint8_t lead, struct frame *out)
{
	out->kind = FRAME_SELECT_LANE;
	if (!frame_select_lane_read(&reader->in, lead, &out->lane, &reader->error))
		return false;
	frame_context_init(&reader->context, out->lane);
	return true;
}

static bool read_reliable(struct frame_reader *reader, uint8_t lead, struct frame *out)
{
	out->kind = FRAME_RELIABLE;
	if (!frame_segment_read_reliable(&reader->in, lead, &reader->context, &out->reliable, &reader->error))
		return false;
	/* Sender and receiver both count a reliable segment as one message number. */
	if (reader->context.number_known && reader->context.number < INT64_MAX)
		reader->context.number++;
	return true;
}

static bool read_unreliable(struct frame_reader *reader, uint8_t lead, struct frame *out)
{
	out->kind = FRAME_UNRELIABLE;
	out->unreliable.is_sequenced = lead >= FRAME_SEQUENCED_LEAD;
	return frame_segment_read_unreliable(&reader->in, lead, &reader->context, &out->unreliable, &reader->error);
}

static bool read_extension(struct frame_reader *reader, uint8_t lead, struct frame *out)
{
	if (lead >= FRAME_SEQUENCED_LEAD && (reader->extensions & WIRE_CAPABILITY_SEQUENCED))
		return read_unreliable(reader, lead, out);
	if (lead == FRAME_WINDOW_LEAD && (reader->extensions & WIRE_CAPABILITY_WINDOW)) {
		out->kind = FRAME_WINDOW;
		return frame_window_read(&reader->in, &out->window, &reader->error);
	}
	if ((lead == FRAME_PATH_CHALLENGE_LEAD || lead == FRAME_PATH_RESPONSE_LEAD) &&
	    (reader->extensions & WIRE_CAPABILITY_PATH_CHALLENGE)) {
		out->kind = lead == FRAME_PATH_CHALLENGE_LEAD ? FRAME_PATH_CHALLENGE : FRAME_PATH_RESPONSE;
		return frame_path_read(&reader->in, &out->path_token, &reader->error);
	}
	reader->error = "unknown frame lead byte";
	return false;
}

static bool read_frame(struct frame_reader *reader, uint8_t lead, struct frame *out)
{
	if (lead <= UNRELIABLE_MAX)
		return read_unreliable(reader, lead, out);
	if (lead <= RELIABLE_MAX)
		return read_reliable(reader, lead, out);
	if (lead >= STOP_WAITING_MIN && lead <= STOP_WAITING_MAX) {
		out->kind = FRAME_STOP_WAITING;
		return frame_stop_waiting_read(&reader->in, lead, &out->stop_waiting, &reader->error);
	}
	if (lead >= SELECT_LANE_MIN && lead <= SELECT_LANE_MAX)
		return read_select_lane(reader, lead, out);
	if (lead >= ACK_MIN && lead <= ACK_MAX) {
		out->kind = FRAME_ACK;
		return frame_ack_read(&reader->in, lead, &out->ack, &reader->error);
	}
	return read_extension(reader, lead, out);
}

enum frame_result frame_next(struct frame_reader *reader, struct frame *out)
{
	if (reader->error != NULL)
		return FRAME_BAD;
	if (byte_reader_at_end(&reader->in))
		return FRAME_END;
	uint8_t lead = byte_reader_u8(&reader->in);
	return read_frame(reader, lead, out) ? FRAME_OK : FRAME_BAD;
}
