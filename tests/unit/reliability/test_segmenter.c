#include <criterion/criterion.h>
#include <string.h>

#include "core/reliability/segmenter.h"
#include "core/wire/frame.h"

static uint8_t payload[1500];
static struct byte_writer out;
static struct sent_packets sent;
static struct segmenter segmenter;
static struct lane lane;

static void start(uint16_t id, size_t capacity)
{
	byte_writer_init(&out, payload, capacity);
	sent_packets_init(&sent);
	sent_packets_add(&sent, 2);
	segmenter_init(&segmenter, &out, &sent, capacity);
	lane_init(&lane, id);
}

static void stop(void)
{
	lane_free(&lane);
	sent_packets_free(&sent);
}

static struct segmenter_credit plenty(void)
{
	return (struct segmenter_credit){ 1 << 30, 1 << 30 };
}

static void push(size_t size, bool reliable)
{
	struct message *message = message_new(size);
	memset(message->data, 'm', size);
	lane_push(&lane, message, reliable);
}

Test(segmenter, small_messages_share_a_segment)
{
	start(0, 1000);
	for (int i = 0; i < 10; i++)
		push(30, true);
	struct segmenter_credit credit = plenty();
	cr_assert_eq(segmenter_write_fresh(&segmenter, &lane, &credit), 310u);
	struct sent_packet *packet = sent_packets_last(&sent);
	cr_assert_eq(packet->piece_count, 1);
	cr_assert_eq(sent_packets_piece(&sent, packet, 0)->size, 310);
	cr_assert_eq(credit.messages, (1 << 30) - 10);
	struct frame_reader reader;
	struct frame frame;
	frame_reader_init(&reader, payload, byte_writer_size(&out), 0);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert_eq(frame.kind, FRAME_RELIABLE);
	cr_assert_eq(frame.reliable.size, 310u);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_END);
	stop();
}

Test(segmenter, a_large_message_fills_the_packet_to_the_last_byte)
{
	start(0, 1200);
	push(100000, true);
	struct segmenter_credit credit = plenty();
	cr_assert(segmenter_write_fresh(&segmenter, &lane, &credit) > 1180);
	cr_assert_eq(byte_writer_remaining(&out), 0u);
	cr_assert(segmenter.full);
	stop();
}

Test(segmenter, never_goes_beyond_the_credit)
{
	start(0, 1200);
	push(100000, true);
	struct segmenter_credit credit = { 300, 10 };
	cr_assert_eq(segmenter_write_fresh(&segmenter, &lane, &credit), 300u);
	cr_assert_eq(credit.bytes, 0);
	cr_assert_eq(lane.sent_end, 301);
	stop();
}

Test(segmenter, unreliable_messages_pass_a_closed_window)
{
	start(5, 1200);
	push(100, true);
	push(50, false);
	struct segmenter_credit credit = { 0, 0 };
	cr_assert_eq(segmenter_write_fresh(&segmenter, &lane, &credit), 50u);
	cr_assert(segmenter.has_unreliable);
	cr_assert_not(segmenter.has_reliable);
	cr_assert_not(lane_has_unreliable(&lane));
	stop();
}

Test(segmenter, both_kinds_mix_and_read_back)
{
	start(2, 1200);
	push(20, true);
	push(30, false);
	push(0, false);
	push(40, true);
	push(50, false);
	struct segmenter_credit credit = plenty();
	segmenter_write_fresh(&segmenter, &lane, &credit);
	struct frame_reader reader;
	struct frame frame;
	int64_t numbers[3], number;
	int unreliable = 0, reliable = 0;
	frame_reader_init(&reader, payload, byte_writer_size(&out), 0);
	while (frame_next(&reader, &frame) == FRAME_OK) {
		if (frame.kind == FRAME_UNRELIABLE) {
			cr_assert(frame_segment_resolve_number(&reader.context, &frame.unreliable, 0, &number));
			numbers[unreliable++] = number;
		} else if (frame.kind == FRAME_RELIABLE) {
			cr_assert(frame_segment_resolve_position(&reader.context, &frame.reliable, 1, &number));
			reliable++;
		}
		cr_assert_eq(reader.context.lane, 2u);
	}
	cr_assert_eq(reader.error, NULL);
	cr_assert_eq(reliable, 2);
	cr_assert_eq(unreliable, 3);
	cr_assert_eq(numbers[0], 2);
	cr_assert_eq(numbers[1], 3);
	cr_assert_eq(numbers[2], 5);
	stop();
}

Test(segmenter, a_large_unreliable_message_is_cut)
{
	start(0, 1200);
	push(3000, false);
	struct segmenter_credit credit = plenty();
	size_t first = segmenter_write_fresh(&segmenter, &lane, &credit);
	cr_assert(first > 1100 && first < 1200);
	cr_assert_eq(lane.unreliable_sent, first);
	cr_assert(lane_has_unreliable(&lane));
	stop();
}

Test(segmenter, lost_bytes_may_be_cut_anew)
{
	start(0, 300);
	push(5000, true);
	lane_on_stream_sent(&lane, 5003);
	lane_on_lost(&lane, 1000, 2000);
	size_t size = segmenter_write_lost(&segmenter, &lane);
	cr_assert(size > 280 && size <= 300);
	cr_assert_eq(seq_ranges_at(&lane.lost, 0).begin, 1000 + (int64_t)size);
	cr_assert_eq(sent_packets_piece(&sent, sent_packets_last(&sent), 0)->begin, 1000);
	stop();
}
