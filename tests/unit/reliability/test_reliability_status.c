#include <criterion/criterion.h>

#include "core/reliability/reliability.h"

static struct reliability *r;
static usec_t now;

static void begin(void)
{
	struct reliability_settings settings = {
		.payload_max = 1200,
		.send_buffer_size = 1 << 20,
		.recv_buffer_size = 1 << 20,
		.recv_buffer_messages = 1000,
		.recv_max_message_size = 524288,
		.recv_max_segments_per_packet = 1300,
		.send_rate_min = 100000,
		.send_rate_max = 100000,
		.congestion = CONGESTION_FIXED,
		.peer_is_gns = true,
	};

	now = USEC_PER_SEC;
	r = reliability_new(now, &settings);
	reliability_set_gate(r, false);
}

static void queue(uint16_t lane, uint32_t flags, size_t size)
{
	struct message *message = message_new(size);

	message->lane = lane;
	message->flags = flags;
	cr_assert_eq(reliability_enqueue(r, now, message), KITH_OK);
}

static struct reliability_lane_status ask(uint32_t lane)
{
	struct reliability_lane_status status;

	cr_assert(reliability_lane_status(r, now, lane, &status), "lane %u", lane);
	return status;
}

Test(reliability_status, lanes_that_are_not_there_have_no_status)
{
	struct reliability_lane_status status;

	begin();
	cr_assert(reliability_lane_status(r, now, 0, &status));
	cr_assert_not(reliability_lane_status(r, now, 1, &status));
	reliability_destroy(r);
}

Test(reliability_status, lanes_sum_up_to_the_connection)
{
	struct reliability_status all;

	begin();
	reliability_configure_lanes(r, 3, NULL, NULL);
	queue(0, MESSAGE_RELIABLE, 1000);
	queue(1, 0, 500);
	queue(1, 0, 0);
	queue(2, MESSAGE_RELIABLE, 300);
	reliability_status(r, now, &all);
	cr_assert_eq(ask(0).pending_reliable + ask(2).pending_reliable, all.pending_reliable);
	cr_assert_eq(ask(1).pending_unreliable, all.pending_unreliable);
	cr_assert(ask(0).pending_reliable >= 1000 && ask(1).pending_unreliable >= 500 && ask(0).pending_unreliable == 0);
	reliability_destroy(r);
}

/* At 100,000 bytes a second. */
static bool takes(uint32_t lane, double bytes)
{
	double expected = bytes * 10;

	return ask(lane).queue_time > (usec_t)(expected * 0.98) && ask(lane).queue_time < (usec_t)(expected * 1.02) + 200;
}

Test(reliability_status, higher_lanes_go_first_and_equals_share_by_weight)
{
	static const int priorities[] = { 0, 1, 1, 2 };
	static const uint16_t weights[] = { 1, 1, 3, 1 };

	begin();
	reliability_configure_lanes(r, 4, priorities, weights);
	queue(0, MESSAGE_RELIABLE, 10000);
	queue(1, MESSAGE_RELIABLE, 5000);
	queue(2, MESSAGE_RELIABLE, 60000);
	queue(3, MESSAGE_RELIABLE, 1000);
	cr_assert(takes(0, 10000), "%lld", (long long)ask(0).queue_time);
	/* While its 5000 bytes leave, three times as many of lane 2 do. */
	cr_assert(takes(1, 10000 + 5000 + 15000), "%lld", (long long)ask(1).queue_time);
	cr_assert(takes(2, 10000 + 5000 + 60000), "%lld", (long long)ask(2).queue_time);
	cr_assert(takes(3, 10000 + 5000 + 60000 + 1000), "%lld", (long long)ask(3).queue_time);
	reliability_destroy(r);
}

static usec_t write_one(int64_t number)
{
	uint8_t payload[1300];
	size_t size = reliability_write_packet(r, now, number, payload, 1200, 0);

	reliability_on_sent(r, now, number, size + 23);
	return (usec_t)size;
}

Test(reliability_status, what_is_lost_is_pending_again_and_not_unacknowledged)
{
	struct reliability_status status;
	int64_t whole;

	begin();
	reliability_set_gate(r, true);
	queue(0, MESSAGE_RELIABLE | MESSAGE_NO_NAGLE, 1000);
	reliability_status(r, now, &status);
	whole = status.pending_reliable;
	write_one(2);
	reliability_status(r, now, &status);
	cr_assert(status.pending_reliable == 0 && status.unacked_reliable == whole);
	for (int i = 0; i < 100 && status.pending_reliable == 0; i++) {
		now += 100 * USEC_PER_MSEC;
		reliability_handle_timeout(r, now);
		reliability_status(r, now, &status);
	}
	cr_assert(status.pending_reliable == whole && status.unacked_reliable == 0);
	cr_assert(ask(0).pending_reliable == whole && ask(0).unacked_reliable == 0);
	reliability_destroy(r);
}

Test(reliability_status, a_packet_is_decided_when_the_peer_has_told)
{
	bool arrived;

	begin();
	reliability_set_gate(r, true);
	write_one(2);
	write_one(3);
	cr_assert_not(reliability_is_decided(r, 3, &arrived));
	cr_assert_eq(reliability_take_ping(r), -1);
	reliability_add_rtt_sample(r, now, 7000);
	cr_assert_eq(reliability_take_ping(r), 7000);
	cr_assert_eq(reliability_take_ping(r), -1);
	cr_assert_eq(reliability_rtt(r), 7000);
	cr_assert_eq(reliability_rtt_worst(r), 7000);
	reliability_destroy(r);
}
