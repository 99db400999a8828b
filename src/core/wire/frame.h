/* frame: the items of a decrypted payload, one at a time.
 *
 * Owns: which frame is this, the context that frames of one packet share (lane, message number,
 * stream position; docs/wire.md, "Decoder context"), the text that names a violation.
 * Does not know: lanes' state, what was received before. Absolute numbers come as low bits; the
 * receiver has them completed by frame_segment_resolve_*, from what it knows of the lane.
 */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include "core/base/byte_reader.h"
#include "core/wire/frame_ack.h"
#include "core/wire/frame_control.h"
#include "core/wire/frame_segment.h"
#include "core/wire/wire.h"

enum frame_kind {
	FRAME_UNRELIABLE, /* also with the lead bytes of capability WIRE_CAPABILITY_SEQUENCED */
	FRAME_RELIABLE,
	FRAME_STOP_WAITING,
	FRAME_ACK,
	FRAME_SELECT_LANE,    /* the reader has followed it already: see its context.lane */
	FRAME_WINDOW,         /* capability WIRE_CAPABILITY_WINDOW */
	FRAME_PATH_CHALLENGE, /* capability WIRE_CAPABILITY_PATH_CHALLENGE, as the answer */
	FRAME_PATH_RESPONSE,
};

struct frame {
	enum frame_kind kind;
	union {
		struct frame_unreliable unreliable;
		struct frame_reliable reliable;
		struct frame_stop_waiting stop_waiting;
		struct frame_ack_received ack;
		uint32_t lane; /* select lane: 0-255 */
		struct frame_window window;
		uint64_t path_token; /* of a path challenge or response */
	};
};

enum frame_result {
	FRAME_END, /* the payload is used up */
	FRAME_OK,
	FRAME_BAD, /* reader.error says why; close with END_REASON_INTERNAL */
};

struct frame_reader {
	struct byte_reader in;
	struct frame_context context; /* lane of the segments read now */
	const char *error;            /* static text; null while all is well */
	uint64_t extensions;          /* capability bits whose frames are valid */
};

/* `extensions`: capability bits both sides have; decides which frames are valid. The payload is
 * borrowed, and so are the views in frames. */
void frame_reader_init(struct frame_reader *reader, const uint8_t *payload, size_t size, uint64_t extensions);
/* After a segment, resolve its number or position (once) before asking for the next frame. */
enum frame_result frame_next(struct frame_reader *reader, struct frame *out);

#endif
