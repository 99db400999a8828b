#include <criterion/criterion.h>

#include "core/base/byte_writer.h"
#include "core/reliability/loss_detection.h"

#define MS USEC_PER_MSEC

static struct loss_detection loss;
static struct lane_scheduler lanes;
static struct congestion_sample sample;
static int64_t next;

static void start(void)
{
	loss_detection_init(&loss, 0);
	lane_scheduler_init(&lanes);
	lane_push(&lanes.lanes[0], message_new(100000), true);
	next = 2;
}

static void stop(void)
{
	loss_detection_free(&loss);
	lane_scheduler_free(&lanes);
}

/* Sends a packet with 1000 bytes of the stream. */
static void send(usec_t now)
{
	struct lane *lane = &lanes.lanes[0];
	loss_detection_begin(&loss, &lanes, next++);
	sent_packets_add_piece(&loss.sent, 0, lane->sent_end, 1000);
	lane_on_stream_sent(lane, 1000);
	loss_detection_on_sent(&loss, now, &(struct loss_sent){ .size = 1040, .wants_ack = true });
}

/* An ack frame for `latest`, with one block. */
static enum loss_result ack(usec_t now, int64_t latest, uint32_t acked, uint32_t nacked, uint16_t delay)
{
	static uint8_t bytes[64];
	static struct frame_ack frame;
	struct frame_ack_received received;
	struct byte_writer writer;
	struct byte_reader reader;
	const char *error;
	frame.latest = latest;
	frame.delay = delay;
	frame.block_count = nacked > 0;
	frame.blocks[0] = (struct frame_ack_block){ acked, nacked };
	byte_writer_init(&writer, bytes, sizeof(bytes));
	cr_assert(frame_ack_write(&writer, &frame));
	byte_reader_init(&reader, bytes + 1, byte_writer_size(&writer) - 1);
	cr_assert(frame_ack_read(&reader, bytes[0], &received, &error));
	return loss_detection_on_ack(&loss, now, &lanes, &received, true, &sample);
}

Test(loss_detection, an_ack_settles_all_up_to_latest)
{
	start();
	for (int i = 0; i < 5; i++)
		send(0);
	cr_assert_eq(loss.in_flight, 5 * 1040);
	cr_assert_eq(ack(20 * MS, 4, 0, 0, 100), LOSS_OK);
	cr_assert_eq(loss.in_flight, 2 * 1040);
	cr_assert_eq(loss.largest_acked, 4);
	cr_assert_eq(lanes.lanes[0].acked_end, 3001);
	cr_assert_eq(sample.acked, 3 * 1040);
	cr_assert_eq(loss.rtt.smoothed, 20 * MS - 3200, "the peer's delay is taken off");
	stop();
}

Test(loss_detection, a_nack_loses_at_once_and_once)
{
	start();
	for (int i = 0; i < 5; i++)
		send(0);
	ack(20 * MS, 6, 2, 1, 0);
	cr_assert_eq(sample.lost, 1040);
	cr_assert_eq(seq_ranges_at(&lanes.lanes[0].lost, 0).begin, 2001);
	cr_assert_eq(seq_ranges_at(&lanes.lanes[0].lost, 0).end, 3001);
	cr_assert_eq(loss.in_flight, 0);
	lane_on_resent(&lanes.lanes[0], 2001, 3001);
	ack(21 * MS, 6, 2, 1, 0);
	cr_assert_eq(sample.lost, 0);
	cr_assert_not(lane_has_lost(&lanes.lanes[0]));
	stop();
}

Test(loss_detection, a_late_ack_completes_a_lost_packet)
{
	start();
	for (int i = 0; i < 5; i++)
		send(0);
	ack(20 * MS, 6, 2, 1, 0);
	cr_assert(lane_has_lost(&lanes.lanes[0]));
	ack(22 * MS, 6, 0, 0, 0);
	cr_assert(lane_has_lost(&lanes.lanes[0]), "silence below our stop-waiting says nothing");
	ack(23 * MS, 6, 3, 0, 0);
	stop();
	start();
	for (int i = 0; i < 6; i++)
		send(0);
	ack(20 * MS, 7, 1, 2, 0);
	cr_assert_eq(loss.packets_lost, 2u);
	ack(21 * MS, 7, 2, 1, 0);
	cr_assert_eq(loss.packets_acked, 5u);
	cr_assert_eq(seq_ranges_total(&lanes.lanes[0].lost), 1000);
	cr_assert_eq(loss.in_flight, 0);
	stop();
}

Test(loss_detection, rejects_acks_of_what_was_not_sent)
{
	start();
	send(0);
	cr_assert_eq(ack(1, 3, 0, 0, 0), LOSS_ABANDON);
	cr_assert_eq(ack(1, 2, 2, 5, 0), LOSS_VIOLATION);
	cr_assert_eq(loss.in_flight, 1040);
	stop();
}

Test(loss_detection, probes_twice_then_times_out)
{
	start();
	rtt_add_sample(&loss.rtt, 0, 40 * MS);
	send(0);
	send(0);
	usec_t first = loss_detection_next_timeout(&loss);
	cr_assert(first > 40 * MS && first < 180 * MS);
	cr_assert_not(loss_detection_handle_timeout(&loss, first, &lanes, &sample));
	cr_assert(loss.probe_due);
	cr_assert(lane_has_lost(&lanes.lanes[0]));
	cr_assert_eq(loss.in_flight, 2080, "a probe does not say that anything is lost");
	cr_assert(loss_detection_handle_timeout(&loss, 180 * MS, &lanes, &sample));
	cr_assert_eq(sample.lost, 2080);
	cr_assert_eq(loss.in_flight, 0);
	cr_assert_eq(loss.backoff, 1);
	cr_assert_eq(loss_detection_next_timeout(&loss), USEC_NEVER);
	stop();
}

Test(loss_detection, measures_the_delivery_rate)
{
	start();
	/* A packet each millisecond, each acknowledged 10 ms later: 1.04 MB/s. */
	for (int i = 0; i < 60; i++) {
		send(i * MS);
		if (i >= 10)
			ack(i * MS, 2 + i - 10, 0, 0, 0);
	}
	cr_assert(sample.prior_delivered >= 0);
	int64_t rate = sample.interval_bytes * USEC_PER_SEC / sample.interval;
	cr_assert(rate > 1000000 && rate < 1150000, "%ld", (long)rate);
	stop();
}

Test(loss_detection, a_path_change_voids_samples)
{
	start();
	send(0);
	loss_detection_on_path_change(&loss, MS);
	ack(5 * MS, 2, 0, 0, 0);
	cr_assert_eq(loss.rtt.smoothed, -1);
	cr_assert_eq(sample.prior_delivered, -1);
	cr_assert_eq(loss.in_flight, 0);
	stop();
}

Test(loss_detection, nothing_is_forgotten_when_the_ring_overflows)
{
	start();
	send(0);
	for (int i = 0; i < SENT_PACKETS_MAX + 10; i++) {
		loss_detection_begin(&loss, &lanes, next++);
		loss_detection_on_sent(&loss, 1, &(struct loss_sent){ .size = 100 });
	}
	cr_assert_eq(seq_ranges_total(&lanes.lanes[0].lost), 1000);
	cr_assert_eq(loss.in_flight, 0);
	stop();
}

/* --- what is learned of sizes */

static void send_size_probe(usec_t now, int64_t size)
{
	loss_detection_begin(&loss, &lanes, next++);
	loss_detection_on_sent(&loss, now, &(struct loss_sent){ .size = size, .is_size_probe = true });
}

Test(loss_detection, a_probe_of_size_is_judged_by_acks)
{
	start();
	send_size_probe(0, 1400);
	send(0);
	ack(20 * MS, 3, 0, 0, 0);
	cr_assert_eq(loss.sizes.arrived, 1400u);
	send_size_probe(30 * MS, 1450);
	send(30 * MS);
	ack(50 * MS, 5, 1, 1, 0);
	cr_assert_eq(loss.sizes.lost, 1450u);
	cr_assert_eq(sample.lost, 0, "it says nothing of congestion");
	cr_assert_eq(loss.packets_lost, 0u);
	stop();
}

Test(loss_detection, silence_judges_no_probe_of_size_but_an_ack_after_it_does)
{
	start();
	send(0);
	send_size_probe(0, 1400);
	loss_detection_handle_timeout(&loss, 4 * USEC_PER_SEC, &lanes, &sample);
	cr_assert_eq(sample.lost, 1040);
	cr_assert_eq(loss.sizes.lost, 0u);
	send(4 * USEC_PER_SEC);
	ack(4 * USEC_PER_SEC + 20 * MS, 4, 1, 2, 0);
	cr_assert_eq(loss.sizes.lost, 1400u);
	stop();
}

Test(loss_detection, large_packets_are_counted_that_are_lost_in_a_row)
{
	start();
	for (int i = 0; i < 3; i++)
		send(0);
	loss_detection_begin(&loss, &lanes, next++);
	loss_detection_on_sent(&loss, 0, &(struct loss_sent){ .size = 100 });
	ack(20 * MS, 5, 1, 3, 0);
	cr_assert_eq(loss.sizes.large_lost, 3u, "a small one that arrives ends nothing");
	send(30 * MS);
	ack(50 * MS, 6, 0, 0, 0);
	cr_assert_eq(loss.sizes.large_lost, 0u);
	stop();
}

Test(loss_detection, a_probe_of_size_tells_of_its_own_path_only)
{
	start();
	send_size_probe(0, 1400);
	loss_detection_on_path_change(&loss, 1 * MS);
	ack(20 * MS, 2, 0, 0, 0);
	cr_assert_eq(loss.sizes.arrived, 0u);
	stop();
}
