#include <criterion/criterion.h>

#include "core/reliability/sender.h"

static struct reliability_settings settings = {
	.payload_max = 1200,
	.send_buffer_size = 10000,
	.nagle_time = 5000,
};

static struct sender sender;
static struct sent_packets sent;
static int64_t number;

static void start(bool window)
{
	sender_init(&sender);
	sender.window_told = window;
	sent_packets_init(&sent);
	number = 2;
}

static void stop(void)
{
	sender_free(&sender);
	sent_packets_free(&sent);
}

static int32_t push(usec_t now, uint32_t flags, size_t size)
{
	struct message *message = message_new(size);
	message->flags = flags;
	int32_t result = sender_enqueue(&sender, now, &settings, 0, message);
	if (result != KITH_OK)
		message_unref(message);
	return result;
}

static size_t write_packet(usec_t now)
{
	static uint8_t payload[1200];
	struct byte_writer out;
	struct segmenter segmenter;
	byte_writer_init(&out, payload, sizeof(payload));
	sent_packets_add(&sent, number++);
	segmenter_init(&segmenter, &out, &sent, sizeof(payload));
	sender_write(&sender, now, settings.nagle_time, &segmenter);
	return byte_writer_size(&out);
}

Test(sender, nagle_holds_small_messages_for_a_while)
{
	start(true);
	cr_assert_eq(sender_next_send(&sender, 1200), USEC_NEVER);
	push(100, MESSAGE_RELIABLE, 50);
	cr_assert_eq(sender_next_send(&sender, 1200), 5100);
	push(200, MESSAGE_RELIABLE, 50);
	cr_assert_eq(sender_next_send(&sender, 1200), 5100);
	sender_handle_timeout(&sender, 5100);
	cr_assert_eq(sender_next_send(&sender, 1200), 0);
	write_packet(5100);
	cr_assert_eq(sender_next_send(&sender, 1200), USEC_NEVER);
	stop();
}

Test(sender, a_full_packet_no_nagle_and_flush_release_at_once)
{
	start(true);
	push(0, MESSAGE_RELIABLE, 1300);
	cr_assert_eq(sender_next_send(&sender, 1200), 0);
	write_packet(0);
	cr_assert(sender_next_send(&sender, 1200) > 0);
	push(0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, 10);
	cr_assert_eq(sender_next_send(&sender, 1200), 0);
	write_packet(0);
	push(0, 0, 10);
	cr_assert(sender_next_send(&sender, 1200) > 0);
	sender_flush(&sender);
	cr_assert_eq(sender_next_send(&sender, 1200), 0);
	stop();
}

Test(sender, a_full_buffer_refuses)
{
	start(true);
	cr_assert_eq(push(0, MESSAGE_RELIABLE, 9000), KITH_OK);
	cr_assert_eq(push(0, MESSAGE_RELIABLE, 2000), KITH_E_AGAIN);
	cr_assert(sender.refused);
	cr_assert_eq(push(0, MESSAGE_RELIABLE, 524289), KITH_E_TOO_LARGE);
	stop();
	start(true);
	cr_assert_eq(push(0, MESSAGE_RELIABLE, 524288), KITH_OK, "an empty buffer takes any message");
	stop();
}

Test(sender, refuses_lanes_that_are_not_there)
{
	start(true);
	struct message *message = message_new(1);
	message->lane = 1;
	cr_assert_eq(sender_enqueue(&sender, 0, &settings, 0, message), KITH_E_INVALID);
	message_unref(message);
	stop();
}

Test(sender, drops_no_delay_messages_that_would_wait)
{
	start(true);
	struct message *message = message_new(1);
	message->flags = MESSAGE_NO_DELAY;
	cr_assert_eq(sender_enqueue(&sender, 0, &settings, 300 * USEC_PER_MSEC, message), KITH_E_LIMIT);
	cr_assert_eq(sender_enqueue(&sender, 0, &settings, 100 * USEC_PER_MSEC, message), KITH_OK);
	cr_assert_eq(sender.messages_dropped, 1u);
	stop();
}

Test(sender, large_unreliable_messages_travel_as_reliable)
{
	start(true);
	push(0, 0, 16501);
	cr_assert(sender.pending_stream > 16501);
	cr_assert_eq(sender.pending_unreliable, 0);
	stop();
}

Test(sender, stops_at_the_window_and_goes_on_when_it_opens)
{
	start(true);
	sender.window_bytes = 1000;
	push(0, MESSAGE_RELIABLE, 5000);
	write_packet(0);
	cr_assert_eq(sender.stream_sent, 1000);
	cr_assert(sender_is_blocked(&sender));
	cr_assert_eq(sender_next_send(&sender, 1200), USEC_NEVER);
	const struct frame_window less = { 900, 1000 };
	sender_on_window(&sender, &less);
	cr_assert(sender_is_blocked(&sender), "a window never moves back");
	const struct frame_window more = { 3000, 1000 };
	sender_on_window(&sender, &more);
	cr_assert_not(sender_is_blocked(&sender));
	stop();
}

Test(sender, the_window_counts_messages_too)
{
	start(true);
	sender.window_messages = 3;
	for (int i = 0; i < 5; i++)
		push(0, MESSAGE_RELIABLE, 10);
	write_packet(0);
	cr_assert_eq(sender.messages_sent, 3);
	cr_assert_eq(sender.stream_sent, 33);
	cr_assert(sender_is_blocked(&sender));
	stop();
}

Test(sender, keeps_to_the_originals_limits)
{
	start(false);
	settings.send_buffer_size = 1 << 24;
	for (int i = 0; i < 20; i++)
		push(0, MESSAGE_RELIABLE, 100000);
	int packets = 0;
	while (!sender_is_blocked(&sender) && packets++ < 5000)
		write_packet(0);
	cr_assert(sender.stream_sent <= 1 << 20);
	cr_assert(sender.stream_sent > 1000000);
	settings.send_buffer_size = 10000;
	stop();
}

static int32_t push_expiring(usec_t now, uint32_t flags, size_t size, usec_t ttl)
{
	struct message *message = message_new(size);
	message->flags = flags;
	message->ttl = ttl;
	int32_t result = sender_enqueue(&sender, now, &settings, 0, message);
	if (result != KITH_OK)
		message_unref(message);
	return result;
}

Test(sender, drops_what_waited_too_long_and_counts_it)
{
	start(true);
	cr_assert_eq(sender_next_expiry(&sender), USEC_NEVER);
	push_expiring(0, MESSAGE_RELIABLE, 50, 3000);
	push_expiring(0, 0, 50, 2000);
	push(0, 0, 50);
	cr_assert_eq(sender_next_expiry(&sender), 2000);
	sender_handle_timeout(&sender, 1999);
	cr_assert_eq(sender.messages_expired, 0u);
	cr_assert(sender.told_expired);
	sender_handle_timeout(&sender, 2000);
	cr_assert_eq(sender.messages_expired, 1u);
	cr_assert_not(sender.told_expired);
	cr_assert_eq(sender.pending_unreliable, 51);
	sender_handle_timeout(&sender, sender_next_expiry(&sender));
	cr_assert_eq(sender.messages_expired, 2u);
	cr_assert_eq(sender.pending_stream, 0);
	cr_assert_eq(sender_next_expiry(&sender), USEC_NEVER);
	stop();
}

Test(sender, nothing_leaves_after_its_time_although_nobody_looked)
{
	start(true);
	push_expiring(0, 0, 50, 2000);
	push_expiring(0, MESSAGE_RELIABLE, 50, 2000);
	push(0, 0, 10);
	size_t size = write_packet(2000);
	cr_assert(size > 10 && size < 30, "%zu", size);
	cr_assert_eq(sender.messages_expired, 2u);
	cr_assert_eq(sender.pending_stream + sender.pending_unreliable, 0);
	cr_assert_eq(sender_next_send(&sender, 1200), USEC_NEVER);
	stop();
}

/* Thousands that expire one by one do not cost a look through all of them each. */
Test(sender, looks_through_what_waits_every_few_milliseconds_only)
{
	start(true);
	int looks = 0;
	settings.send_buffer_size = 1 << 24;
	for (int i = 0; i < 20000; i++)
		push_expiring(0, 0, 10, 1000 + i * 10);
	for (usec_t at; (at = sender_next_expiry(&sender)) != USEC_NEVER; looks++) {
		sender_handle_timeout(&sender, at);
		cr_assert(sender_next_expiry(&sender) >= at + 5 * USEC_PER_MSEC);
	}
	/* Two travel as reliable ones so that numbers do not lurch. */
	cr_assert(sender.messages_expired >= 19998u);
	cr_assert(looks > 5 && looks < 45, "%d", looks);
	settings.send_buffer_size = 10000;
	stop();
}
