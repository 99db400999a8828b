#include "core/wire/frame_control.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/wire/frame.h"
#include "unit/wire/wire_test.h"

Test(frame_control, stop_waiting_takes_the_shortest_form)
{
	static const struct {
		int64_t number, floor;
		const char *hex;
	} cases[] = {
		{ 2, 0, "80 01" },       { 256, 0, "80 ff" },       { 257, 0, "81 0001" },
		{ 65536, 0, "81 ffff" }, { 65537, 0, "82 000001" }, { 0x1000001, 0, "83 0000000100000000" },
		{ 5, 4, "80 00" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wire_test_bytes expected = wire_test_hex(cases[i].hex);
		struct byte_writer writer;
		struct frame_reader reader;
		struct frame frame;
		uint8_t out[16];
		int64_t floor;

		byte_writer_init(&writer, out, sizeof(out));
		cr_assert_eq(frame_stop_waiting_write(&writer, cases[i].number, cases[i].floor), expected.size);
		cr_assert(wire_test_equal(&expected, out, byte_writer_size(&writer)));
		cr_assert_eq(frame_stop_waiting_size(cases[i].number, cases[i].floor), expected.size);
		frame_reader_init(&reader, out, expected.size, 0);
		cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
		cr_assert(frame_stop_waiting_floor(&frame.stop_waiting, cases[i].number, &floor));
		cr_assert_eq(floor, cases[i].floor);
	}
}

Test(frame_control, stop_waiting_below_zero_is_a_violation)
{
	struct frame_stop_waiting frame = { .offset = 4 };
	int64_t floor;

	cr_assert(frame_stop_waiting_floor(&frame, 5, &floor) && floor == 0);
	cr_assert_not(frame_stop_waiting_floor(&frame, 4, &floor));
	frame.offset = UINT64_MAX;
	cr_assert_not(frame_stop_waiting_floor(&frame, INT64_MAX, &floor));
}

Test(frame_control, every_lane_can_be_selected)
{
	for (uint32_t lane = 0; lane <= WIRE_LANE_MAX; lane++) {
		struct frame_context context;
		struct byte_writer writer;
		struct frame_reader reader;
		struct frame frame;
		uint8_t out[8];

		frame_context_init(&context, lane == 0 ? 1 : 0);
		context.number_known = context.position_known = true;
		byte_writer_init(&writer, out, sizeof(out));
		cr_assert_eq(frame_select_lane_size(&context, lane), lane == 0 ? 2 : lane < 8 ? 1 : lane < 128 ? 2 : 3);
		size_t size = frame_select_lane_size(&context, lane);
		cr_assert(frame_select_lane_write(&writer, &context, lane));
		cr_assert_eq(byte_writer_size(&writer), size);
		cr_assert(context.lane == lane && !context.number_known && !context.position_known);
		frame_reader_init(&reader, out, size, 0);
		cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
		cr_assert(frame.kind == FRAME_SELECT_LANE && frame.lane == lane && reader.context.lane == lane);
	}
}

Test(frame_control, the_selected_lane_needs_no_frame_and_keeps_its_context)
{
	struct frame_context context = { .lane = 3, .number_known = true };
	struct byte_writer writer;
	uint8_t out[1];

	byte_writer_init(&writer, out, 0);
	cr_assert(frame_select_lane_write(&writer, &context, 3));
	cr_assert(context.number_known);
	cr_assert_not(frame_select_lane_write(&writer, &context, 4));
	cr_assert(context.number_known && context.lane == 3);
}

Test(frame_control, lanes_above_the_maximum_are_a_violation)
{
	struct wire_test_bytes good = wire_test_hex("8f ff01");
	struct wire_test_bytes bad = wire_test_hex("8f 8002");
	struct frame_reader reader;
	struct frame frame;

	frame_reader_init(&reader, good.bytes, good.size, 0);
	cr_assert(frame_next(&reader, &frame) == FRAME_OK && frame.lane == 255);
	frame_reader_init(&reader, bad.bytes, bad.size, 0);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
}

Test(frame_control, windows_round_trip)
{
	struct frame_window window = { UINT64_MAX, 3 };
	struct byte_writer writer;
	struct frame_reader reader;
	struct frame frame;
	uint8_t out[FRAME_WINDOW_SIZE_MAX];

	byte_writer_init(&writer, out, 11);
	cr_assert_not(frame_window_write(&writer, &window));
	cr_assert_eq(byte_writer_size(&writer), 0);
	byte_writer_init(&writer, out, sizeof(out));
	cr_assert(frame_window_write(&writer, &window));
	frame_reader_init(&reader, out, byte_writer_size(&writer), WIRE_CAPABILITY_WINDOW);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert(frame.window.bytes == UINT64_MAX && frame.window.messages == 3);
}

Test(frame_control, path_frames_come_back_as_they_were_and_only_with_the_capability)
{
	uint8_t bytes[FRAME_PATH_SIZE];
	struct byte_writer writer;
	struct frame_reader reader;
	struct frame frame;

	byte_writer_init(&writer, bytes, sizeof(bytes));
	cr_assert(frame_path_write(&writer, FRAME_PATH_RESPONSE_LEAD, UINT64_C(0x0123456789abcdef)));
	cr_assert_not(frame_path_write(&writer, FRAME_PATH_RESPONSE_LEAD, 1));
	frame_reader_init(&reader, bytes, sizeof(bytes), WIRE_CAPABILITY_PATH_CHALLENGE);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert_eq(frame.kind, FRAME_PATH_RESPONSE);
	cr_assert_eq(frame.path_token, UINT64_C(0x0123456789abcdef));
	frame_reader_init(&reader, bytes, sizeof(bytes) - 1, WIRE_CAPABILITY_PATH_CHALLENGE);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
	frame_reader_init(&reader, bytes, sizeof(bytes), ~WIRE_CAPABILITY_PATH_CHALLENGE);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
}
