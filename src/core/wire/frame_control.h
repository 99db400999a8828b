/* frame_control: the frames without message bytes: stop waiting, select lane, window, path
 * challenge and response.
 *
 * Owns: their encodings (docs/wire.md, "Stop waiting", "Select lane", "Window", "Path frames").
 * Does not know: lanes, acknowledgements, buffers.
 */
#ifndef WIRE_FRAME_CONTROL_H
#define WIRE_FRAME_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/wire/frame_segment.h"

#define FRAME_STOP_WAITING_SIZE_MAX 9
#define FRAME_SELECT_LANE_SIZE_MAX 3
#define FRAME_WINDOW_SIZE_MAX 21
#define FRAME_WINDOW_LEAD 0xa0
#define FRAME_PATH_CHALLENGE_LEAD 0xa1
#define FRAME_PATH_RESPONSE_LEAD 0xa2
#define FRAME_PATH_SIZE 9

/* "Of packets below number - offset - 1 I need not hear." */
struct frame_stop_waiting {
	uint64_t offset;
};

/* `number`: of the packet it came in. False: below 0, a violation. */
bool frame_stop_waiting_floor(const struct frame_stop_waiting *frame, int64_t number, int64_t *floor);
/* `floor` below `number`. Returns the size written, 0 if there is no room. */
size_t frame_stop_waiting_write(struct byte_writer *writer, int64_t number, int64_t floor);
size_t frame_stop_waiting_size(int64_t number, int64_t floor);

/* Writes nothing if the lane is selected already; otherwise `*context` starts anew. False: no room. */
bool frame_select_lane_write(struct byte_writer *writer, struct frame_context *context, uint32_t lane);
size_t frame_select_lane_size(const struct frame_context *context, uint32_t lane);

/* How much the receiver takes in all, since the connection began: sums over all lanes. They only
 * grow; what is smaller than told before is old. */
struct frame_window {
	uint64_t bytes;    /* of the reliable streams */
	uint64_t messages; /* reliable ones */
};

bool frame_window_write(struct byte_writer *writer, const struct frame_window *window);

/* A path challenge or response, by `lead`: eight bytes that only who receives there can give back. */
bool frame_path_write(struct byte_writer *writer, uint8_t lead, uint64_t token);

/* For frame_next: `lead` was taken. False: `*error` says what is wrong. */
bool frame_stop_waiting_read(struct byte_reader *in, uint8_t lead, struct frame_stop_waiting *out, const char **error);
bool frame_select_lane_read(struct byte_reader *in, uint8_t lead, uint32_t *lane, const char **error);
bool frame_window_read(struct byte_reader *in, struct frame_window *out, const char **error);
bool frame_path_read(struct byte_reader *in, uint64_t *token, const char **error);

#endif
