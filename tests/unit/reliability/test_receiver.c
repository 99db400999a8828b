#include <criterion/criterion.h>

#include "core/reliability/receiver.h"

static struct receiver receiver;
static struct frame_context context;
static struct receiver_packet packet;

static void start(void)
{
	receiver_init(&receiver);
	receiver.window_told = true;
	receiver.segments_max = 1300;
	receiver.shared.buffer_size = 10000;
	receiver.shared.buffer_messages = 10;
	receiver.shared.message_size_max = 5000;
	receiver.shared.pool.used_max = 100;
	frame_context_init(&context, 0);
	packet = (struct receiver_packet){ .take_unreliable = true };
}

static bool take_unreliable(uint64_t number)
{
	const struct frame_unreliable frame = {
		.form = FRAME_NUMBER_LOW_BITS,
		.bits = 32,
		.number = number,
		.ends = true,
		.bytes = (const uint8_t *)"hi",
		.size = 2,
	};
	return receiver_take_unreliable(&receiver, &context, &frame, &packet);
}

static bool take_reliable(uint64_t position, const char *bytes, size_t size)
{
	const struct frame_reliable frame = {
		.form = FRAME_NUMBER_LOW_BITS,
		.bits = 48,
		.position = position,
		.bytes = (const uint8_t *)bytes,
		.size = size,
	};
	return receiver_take_reliable(&receiver, &context, &frame, &packet);
}

Test(receiver, makes_lanes_as_they_are_used)
{
	start();
	context.lane = 200;
	cr_assert(take_reliable(1, "\003abc", 4));
	cr_assert_eq(receiver.lane_count, 201u);
	struct message *message = receiver_next_message(&receiver, 0);
	cr_assert(message != NULL);
	cr_assert_eq(message->lane, 200);
	cr_assert_eq(message->number, 1);
	message_unref(message);
	receiver_free(&receiver);
}

Test(receiver, a_packet_whose_unreliable_messages_are_not_taken_is_refused)
{
	start();
	packet.take_unreliable = false;
	cr_assert(take_unreliable(1));
	cr_assert(packet.refused);
	cr_assert_eq(receiver_next_message(&receiver, 0), NULL);
	receiver_free(&receiver);
}

Test(receiver, numbers_and_positions_must_be_positive)
{
	start();
	cr_assert_not(take_unreliable(0));
	cr_assert(receiver.shared.violation != NULL);
	receiver_free(&receiver);
	start();
	cr_assert_not(take_reliable(0, "\000", 1));
	receiver_free(&receiver);
}

Test(receiver, takes_so_many_segments_of_a_packet_and_no_more)
{
	start();
	receiver.segments_max = 2;
	for (uint64_t number = 1; number <= 3; number++) {
		frame_context_init(&context, 0);
		cr_assert(take_unreliable(number));
	}
	cr_assert(packet.refused);
	cr_assert_eq(receiver.shared.inbox.count, 2);
	receiver_free(&receiver);
}

Test(receiver, the_window_moves_with_what_is_read)
{
	start();
	receiver.told = receiver_window(&receiver);
	cr_assert_eq(receiver.told.bytes, 10000u);
	cr_assert_eq(receiver.told.messages, 10u);
	cr_assert(take_reliable(1, "\003abc\003def\003ghi\003jkl", 16));
	struct frame_window window = receiver_window(&receiver);
	cr_assert_eq(window.messages, 10u);
	for (int i = 0; i < 4; i++)
		message_unref(receiver_next_message(&receiver, 0));
	window = receiver_window(&receiver);
	cr_assert_eq(window.messages, 14u);
	cr_assert_eq(window.bytes, 10016u);
	cr_assert(receiver_window_is_news(&receiver, false));
	receiver_free(&receiver);
}
