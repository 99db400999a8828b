#include <criterion/criterion.h>
#include <string.h>

#include "core/reliability/reliability.h"

#define MS USEC_PER_MSEC
#define TAKE RELIABILITY_TAKE_UNRELIABLE

static struct reliability *a, *b;
static int64_t number_a, number_b;
static usec_t now;
static uint8_t payload[1500];
static size_t payload_size;

static struct reliability_settings settings(void)
{
	return (struct reliability_settings){
		.payload_max = 1200,
		.send_buffer_size = 1 << 20,
		.recv_buffer_size = 1 << 20,
		.recv_buffer_messages = 1000,
		.recv_max_message_size = 524288,
		.recv_max_segments_per_packet = 1300,
		.nagle_time = 5000,
		.send_rate_min = 16384,
		.send_rate_max = 1000000000,
		.window_frames = true,
	};
}

static void start(const struct reliability_settings *of_b)
{
	struct reliability_settings of_a = settings();
	of_a.send_buffer_size = of_b->send_buffer_size;
	now = USEC_PER_SEC;
	number_a = number_b = 2;
	of_a.peer_is_gns = of_b->peer_is_gns;
	of_a.window_frames = of_b->window_frames;
	of_a.sequenced = of_b->sequenced;
	a = reliability_new(now, &of_a);
	b = reliability_new(now, of_b);
}

static void stop(void)
{
	reliability_destroy(a);
	reliability_destroy(b);
}

static int32_t send_from(struct reliability *from, uint32_t flags, const void *bytes, size_t size)
{
	struct message *message = message_new(size);
	if (bytes != NULL)
		memcpy(message->data, bytes, size);
	message->flags = flags;
	int32_t result = reliability_enqueue(from, now, message);
	if (result != KITH_OK)
		message_unref(message);
	return result;
}

static void write_from(struct reliability *from, int64_t *number)
{
	payload_size = reliability_write_packet(from, now, *number, payload, 1200, 0);
	reliability_on_sent(from, now, *number, payload_size + 23);
	++*number;
}

static void receive_at(struct reliability *to, int64_t number)
{
	cr_assert(reliability_receive_packet(to, now, number, payload, payload_size, TAKE) <= RELIABILITY_DO_NOT_ACK);
}

/* Exchanges packets until nothing is to be done before `until`. */
static void run(usec_t until)
{
	while (now <= until) {
		while (reliability_wants_to_send(a, now)) {
			write_from(a, &number_a);
			receive_at(b, number_a - 1);
		}
		while (reliability_wants_to_send(b, now)) {
			write_from(b, &number_b);
			receive_at(a, number_b - 1);
		}
		usec_t next = usec_min(reliability_next_timeout(a), reliability_next_timeout(b));
		now = usec_max(now + 20, usec_min(next, until + 1));
		reliability_handle_timeout(a, now);
		reliability_handle_timeout(b, now);
	}
}

Test(reliability, writes_the_packet_of_the_manual)
{
	struct reliability_settings gns = settings();
	gns.window_frames = false;
	gns.peer_is_gns = true;
	start(&gns);
	send_from(a, MESSAGE_RELIABLE, "hello reliable", 14);
	send_from(a, MESSAGE_NO_NAGLE, "unrel", 5);
	write_from(a, &number_a);
	static const uint8_t head[] = { 0x80, 0x01, 0x98, 0x01, 0x00, 0xff, 0xff, 0x50, 1, 0, 0, 0, 0, 0, 0x0f, 0x0e, 'h' };
	cr_assert_eq(memcmp(payload, head, sizeof(head)), 0);
	cr_assert_eq(memcmp(payload + payload_size - 5, "unrel", 5), 0);
	cr_assert_eq(reliability_receive_packet(b, now, 2, payload, payload_size, TAKE), RELIABILITY_OK);
	struct message *first = reliability_next_message(b, now);
	struct message *second = reliability_next_message(b, now);
	cr_assert_eq(first->number, 1);
	cr_assert_eq(first->flags, MESSAGE_RELIABLE);
	cr_assert_eq(second->number, 2);
	cr_assert_eq(second->size, 5u);
	message_unref(first);
	message_unref(second);
	stop();
}

Test(reliability, is_idle_when_idle)
{
	struct reliability_settings ours = settings();
	start(&ours);
	cr_assert_not(reliability_wants_to_send(a, now));
	cr_assert_eq(reliability_next_timeout(a), USEC_NEVER);
	send_from(a, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "x", 1);
	run(now + 2 * USEC_PER_SEC);
	cr_assert_eq(reliability_outstanding(a), 0);
	cr_assert_eq(reliability_next_timeout(a), USEC_NEVER);
	cr_assert_eq(reliability_next_timeout(b), USEC_NEVER);
	stop();
}

Test(reliability, carries_the_largest_message)
{
	struct reliability_settings ours = settings();
	start(&ours);
	cr_assert_eq(send_from(a, MESSAGE_RELIABLE, NULL, 524289), KITH_E_TOO_LARGE);
	cr_assert_eq(send_from(a, MESSAGE_RELIABLE, NULL, 524288), KITH_OK);
	cr_assert(reliability_outstanding(a) > 524288);
	run(now + USEC_PER_SEC);
	struct message *message = reliability_next_message(b, now);
	cr_assert(message != NULL);
	cr_assert_eq(message->size, 524288u);
	message_unref(message);
	cr_assert_eq(reliability_outstanding(a), 0);
	stop();
}

Test(reliability, a_closed_gate_holds_messages_but_not_acks)
{
	struct reliability_settings ours = settings();
	start(&ours);
	reliability_set_gate(a, false);
	send_from(a, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "x", 1);
	cr_assert_not(reliability_wants_to_send(a, now));
	cr_assert_eq(reliability_next_timeout(a), USEC_NEVER);
	reliability_request_ack(a, now, 0);
	cr_assert(reliability_wants_to_send(a, now));
	write_from(a, &number_a);
	cr_assert_not(reliability_wants_to_send(a, now));
	cr_assert_eq(reliability_outstanding(a), 2);
	reliability_set_gate(a, true);
	cr_assert(reliability_wants_to_send(a, now));
	stop();
}

Test(reliability, a_refused_message_is_followed_by_room)
{
	struct reliability_settings ours = settings();
	start(&ours);
	int32_t result = KITH_OK;
	while (result == KITH_OK)
		result = send_from(a, MESSAGE_RELIABLE, NULL, 50000);
	cr_assert_eq(result, KITH_E_AGAIN);
	cr_assert_not(reliability_take_writable(a));
	run(now + USEC_PER_SEC);
	cr_assert(reliability_take_writable(a));
	cr_assert_not(reliability_take_writable(a), "it is told once");
	stop();
}

/* Half of the buffer is free, but not enough for the message that was refused: telling of room would
 * only make the application try in vain, again and again. */
Test(reliability, room_is_told_when_the_refused_message_fits)
{
	struct reliability_settings ours = settings();
	ours.send_buffer_size = 100000;
	start(&ours);
	reliability_set_gate(a, false);
	cr_assert_eq(send_from(a, MESSAGE_RELIABLE, NULL, 40000), KITH_OK);
	cr_assert_eq(send_from(a, MESSAGE_RELIABLE, NULL, 80000), KITH_E_AGAIN);
	cr_assert_not(reliability_take_writable(a));
	reliability_set_gate(a, true);
	run(now + USEC_PER_SEC);
	cr_assert(reliability_take_writable(a));
	cr_assert_eq(send_from(a, MESSAGE_RELIABLE, NULL, 80000), KITH_OK);
	stop();
}

Test(reliability, names_violations_and_abandons_impossible_acks)
{
	struct reliability_settings ours = settings();
	start(&ours);
	static const uint8_t bad[] = { 0x60 };
	static const uint8_t future[] = { 0x98, 0x09, 0x00, 0xff, 0xff };
	cr_assert_eq(reliability_receive_packet(b, now, 3, future, sizeof(future), TAKE), RELIABILITY_ABANDON);
	cr_assert_eq(strlen(reliability_violation(b)), 0u);
	cr_assert_eq(reliability_receive_packet(b, now, 2, bad, sizeof(bad), TAKE), RELIABILITY_VIOLATION);
	cr_assert(strlen(reliability_violation(b)) > 0);
	stop();
}

Test(reliability, window_frames_are_for_peers_that_know_them)
{
	static const uint8_t window[] = { 0xa0, 0x01, 0x01 };
	struct reliability_settings ours = settings();
	start(&ours);
	cr_assert_eq(reliability_receive_packet(b, now, 2, window, sizeof(window), TAKE), RELIABILITY_OK);
	stop();
	ours.window_frames = false;
	start(&ours);
	cr_assert_eq(reliability_receive_packet(b, now, 2, window, sizeof(window), TAKE), RELIABILITY_VIOLATION);
	stop();
}

Test(reliability, a_packet_with_unwanted_messages_is_not_acknowledged)
{
	struct reliability_settings ours = settings();
	start(&ours);
	send_from(a, MESSAGE_NO_NAGLE, "u", 1);
	write_from(a, &number_a);
	cr_assert_eq(reliability_receive_packet(b, now, 2, payload, payload_size, 0), RELIABILITY_DO_NOT_ACK);
	send_from(a, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "r", 1);
	write_from(a, &number_a);
	cr_assert_eq(reliability_receive_packet(b, now, 3, payload, payload_size, 0), RELIABILITY_OK);
	cr_assert_eq(reliability_receive_packet(b, now, 4, (const uint8_t *)"", 0, 0), RELIABILITY_OK);
	stop();
}

Test(reliability, asks_the_original_to_acknowledge_unreliable_data)
{
	struct reliability_settings gns = settings();
	gns.window_frames = false;
	gns.peer_is_gns = true;
	start(&gns);
	cr_assert_not(reliability_wants_ack_request(a, now));
	send_from(a, MESSAGE_NO_NAGLE, "u", 1);
	cr_assert(reliability_wants_ack_request(a, now));
	write_from(a, &number_a);
	send_from(a, MESSAGE_NO_NAGLE, "u", 1);
	cr_assert_not(reliability_wants_ack_request(a, now), "not in every packet");
	now += 30 * MS;
	cr_assert(reliability_wants_ack_request(a, now));
	stop();
}

Test(reliability, a_slow_reader_stops_the_sender_and_wakes_it)
{
	struct reliability_settings slow = settings();
	slow.recv_buffer_messages = 50;
	start(&slow);
	for (int i = 0; i < 2000; i++)
		cr_assert_eq(send_from(a, MESSAGE_RELIABLE, NULL, 100), KITH_OK);
	run(now + 300 * MS);
	/* Before the first window frame a little more than the window may arrive; it is kept. */
	struct reliability_status status;
	int64_t packets = number_a;
	run(now + 2 * USEC_PER_SEC);
	cr_assert(number_a - packets < 20, "%ld packets although nobody reads", (long)(number_a - packets));
	reliability_status(a, now, &status);
	cr_assert(status.pending_reliable > 100000);
	int received = 0;
	usec_t began = now;
	for (struct message *message; received < 2000 && now < began + USEC_PER_SEC; run(now + 100))
		while ((message = reliability_next_message(b, now)) != NULL) {
			cr_assert_eq(message->number, ++received);
			message_unref(message);
		}
	cr_assert_eq(received, 2000);
	cr_assert(now - began < 200 * MS, "%ld ms", (long)((now - began) / MS));
	stop();
}

/* The sender stands at the window's edge, and the word that it has opened is lost. */
Test(reliability, a_lost_window_is_told_again)
{
	struct reliability_settings ours = settings();
	ours.recv_buffer_size = 4 << 20;
	ours.send_buffer_size = 8 << 20;
	start(&ours);
	while (send_from(a, MESSAGE_RELIABLE, NULL, 100000) == KITH_OK)
		;
	run(now + 5 * USEC_PER_SEC);
	cr_assert(reliability_outstanding(a) > 500000);
	struct message *message;
	while ((message = reliability_next_message(b, now)) != NULL)
		message_unref(message);
	cr_assert(reliability_wants_to_send(b, now));
	write_from(b, &number_b);
	usec_t before = now;
	while (reliability_outstanding(a) > 0 && now - before < 60 * USEC_PER_SEC) {
		run(now + 10 * USEC_PER_MSEC);
		while ((message = reliability_next_message(b, now)) != NULL)
			message_unref(message);
	}
	cr_assert(now - before < 2 * USEC_PER_SEC, "it took %lld ms", (long long)(now - before) / 1000);
	stop();
}

Test(reliability, the_path_s_packets_may_become_smaller)
{
	struct reliability_settings ours = settings();
	start(&ours);
	send_from(a, MESSAGE_RELIABLE, NULL, 5000);
	/* All packets of the first path are lost. */
	for (int i = 0; i < 5 && reliability_wants_to_send(a, now); i++)
		write_from(a, &number_a);
	ours.payload_max = 300;
	reliability_on_path_change(a, now);
	reliability_configure(a, now, &ours);
	now += 2 * USEC_PER_SEC;
	reliability_handle_timeout(a, now);
	for (int i = 0; i < 60 && reliability_wants_to_send(a, now); i++) {
		payload_size = reliability_write_packet(a, now, number_a, payload, 300, 0);
		cr_assert(payload_size <= 300);
		reliability_on_sent(a, now, number_a++, payload_size + 23);
		reliability_receive_packet(b, now, number_a - 1, payload, payload_size, TAKE);
		now += 10 * MS;
	}
	run(now + 3 * USEC_PER_SEC);
	struct message *message = reliability_next_message(b, now);
	cr_assert(message != NULL);
	cr_assert_eq(message->size, 5000u);
	message_unref(message);
	stop();
}

Test(reliability, lanes_are_configured_within_bounds)
{
	struct reliability_settings ours = settings();
	start(&ours);
	cr_assert_eq(reliability_configure_lanes(a, 0, NULL, NULL), KITH_E_INVALID);
	cr_assert_eq(reliability_configure_lanes(a, 257, NULL, NULL), KITH_E_INVALID);
	cr_assert_eq(reliability_configure_lanes(a, 256, NULL, NULL), KITH_OK);
	cr_assert_eq(reliability_configure_lanes(a, 3, NULL, NULL), KITH_E_STATE, "lanes are never taken away");
	stop();
}

/* Three packets with one message each, of which the second overtakes the first; they come as 2, 1, 3. */
static void overtake(bool sequenced, uint32_t flags, size_t size)
{
	struct reliability_settings both = settings();
	uint8_t packets[3][1500];
	size_t sizes[3];
	static const int order[] = { 1, 0, 2 };
	static uint8_t bytes[40000];
	both.sequenced = sequenced;
	start(&both);
	for (int i = 0; i < 3; i++) {
		send_from(a, flags | MESSAGE_NO_NAGLE, bytes, size);
		write_from(a, &number_a);
		memcpy(packets[i], payload, payload_size);
		sizes[i] = payload_size;
	}
	for (int i = 0; i < 3; i++) {
		memcpy(payload, packets[order[i]], sizes[order[i]]);
		payload_size = sizes[order[i]];
		receive_at(b, 2 + order[i]);
	}
}

static int64_t next_number(uint32_t flags)
{
	struct message *message = reliability_next_message(b, now);
	if (message == NULL)
		return 0;
	int64_t number = message->number;
	cr_assert_eq(message->flags, flags);
	message_unref(message);
	return number;
}

Test(reliability, of_sequenced_messages_the_late_ones_are_dropped)
{
	struct reliability_status status;
	overtake(true, MESSAGE_SEQUENCED, 100);
	cr_assert_eq(next_number(MESSAGE_SEQUENCED), 2);
	cr_assert_eq(next_number(MESSAGE_SEQUENCED), 3);
	cr_assert_eq(next_number(0), 0);
	reliability_status(b, now, &status);
	cr_assert_eq(status.messages_late, 1u);
	stop();
}

/* A peer that does not know them gets what it knows, and its bytes. */
Test(reliability, sequenced_messages_are_unreliable_ones_to_who_does_not_know_them)
{
	overtake(false, MESSAGE_SEQUENCED, 100);
	cr_assert_eq(next_number(0), 2);
	cr_assert_eq(next_number(0), 1);
	cr_assert_eq(next_number(0), 3);
	stop();
}

Test(reliability, a_reliable_sequenced_message_that_was_lost_is_late_when_it_comes_again)
{
	struct reliability_settings both = settings();
	both.sequenced = true;
	start(&both);
	send_from(a, MESSAGE_RELIABLE | MESSAGE_SEQUENCED | MESSAGE_NO_NAGLE, "lost", 4);
	write_from(a, &number_a); /* vanishes */
	send_from(a, MESSAGE_SEQUENCED | MESSAGE_NO_NAGLE, "newer", 5);
	send_from(a, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, "plain", 5);
	run(now + 2 * USEC_PER_SEC);
	cr_assert_eq(next_number(MESSAGE_SEQUENCED), 2);
	cr_assert_eq(next_number(MESSAGE_RELIABLE), 3);
	cr_assert_eq(next_number(0), 0);
	cr_assert_eq(reliability_outstanding(a), 0, "it has arrived all the same");
	stop();
}

Test(reliability, a_large_sequenced_message_travels_as_reliable)
{
	struct reliability_settings both = settings();
	both.sequenced = true;
	start(&both);
	send_from(a, MESSAGE_SEQUENCED | MESSAGE_NO_NAGLE, NULL, 20000);
	run(now + 2 * USEC_PER_SEC);
	cr_assert_eq(next_number(MESSAGE_SEQUENCED | MESSAGE_RELIABLE), 1);
	stop();
}

Test(reliability, messages_expire_behind_a_closed_gate)
{
	struct reliability_settings both = settings();
	struct reliability_status status;
	start(&both);
	reliability_set_gate(a, false);
	struct message *message = message_new(10);
	message->flags = MESSAGE_RELIABLE;
	message->ttl = 30 * MS;
	cr_assert_eq(reliability_enqueue(a, now, message), KITH_OK);
	cr_assert_eq(reliability_next_expiry(a), now + 30 * MS);
	cr_assert_eq(reliability_outstanding(a), 11);
	now += 30 * MS;
	reliability_handle_timeout(a, now);
	cr_assert_eq(reliability_outstanding(a), 0);
	cr_assert(reliability_take_expired(a));
	cr_assert_not(reliability_take_expired(a));
	reliability_status(a, now, &status);
	cr_assert_eq(status.messages_expired, 1u);
	cr_assert_eq(reliability_next_expiry(a), USEC_NEVER);
	stop();
}
