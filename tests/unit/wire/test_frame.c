#include "core/wire/frame.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

static struct frame_reader reader_of(const struct wire_test_bytes *payload)
{
	struct frame_reader reader;

	frame_reader_init(&reader, payload->bytes, payload->size, 0);
	return reader;
}

static bool is_text(const uint8_t *bytes, size_t size, const char *text)
{
	return size == strlen(text) && memcmp(bytes, text, size) == 0;
}

/* Reads a reliable segment and checks its place and content. */
static bool next_is_reliable(struct frame_reader *reader, int64_t position, const char *content)
{
	struct frame frame;
	int64_t found;

	return frame_next(reader, &frame) == FRAME_OK && frame.kind == FRAME_RELIABLE &&
	       frame_segment_resolve_position(&reader->context, &frame.reliable, 1, &found) && found == position &&
	       is_text(frame.reliable.bytes, frame.reliable.size, content);
}

static bool next_is_unreliable(struct frame_reader *reader, int64_t number, const char *content)
{
	struct frame frame;
	int64_t found;

	return frame_next(reader, &frame) == FRAME_OK && frame.kind == FRAME_UNRELIABLE && frame.unreliable.ends &&
	       frame.unreliable.offset == 0 &&
	       frame_segment_resolve_number(&reader->context, &frame.unreliable, 0, &found) && found == number &&
	       is_text(frame.unreliable.bytes, frame.unreliable.size, content);
}

Test(frame, reads_the_recorded_first_packet)
{
	struct wire_test_bytes payload = wire_test_recorded("udp_session.txt", "C", "pkt2_plain", 0);
	struct frame_reader reader = reader_of(&payload);
	struct frame frame;
	int64_t floor;

	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert_eq(frame.kind, FRAME_STOP_WAITING);
	cr_assert(frame_stop_waiting_floor(&frame.stop_waiting, 2, &floor) && floor == 0);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert_eq(frame.kind, FRAME_ACK);
	cr_assert_eq(frame_ack_latest(&frame.ack, 2), 1);
	cr_assert_eq(frame.ack.delay, FRAME_ACK_DELAY_UNKNOWN);
	cr_assert_eq(frame.ack.block_count, 0);
	cr_assert(next_is_reliable(&reader, 1, "\x0ehello reliable"));
	cr_assert(next_is_unreliable(&reader, 2, "unrel"));
	cr_assert_eq(frame_next(&reader, &frame), FRAME_END);
}

Test(frame, writes_the_recorded_first_packet)
{
	struct wire_test_bytes payload = wire_test_recorded("udp_session.txt", "C", "pkt2_plain", 0);
	struct frame_unreliable_place place = { .number = 2, .ends = true };
	struct frame_ack ack = { .latest = 1, .delay = FRAME_ACK_DELAY_UNKNOWN };
	struct frame_context context;
	struct byte_writer writer;
	uint8_t out[128];

	byte_writer_init(&writer, out, sizeof(out));
	frame_context_init(&context, 0);
	cr_assert_eq(frame_stop_waiting_write(&writer, 2, 0), 2);
	cr_assert(frame_ack_write(&writer, &ack));
	cr_assert(frame_segment_write_reliable_header(&writer, &context, 1, 15, false));
	byte_writer_bytes(&writer, "\x0ehello reliable", 15);
	cr_assert(frame_segment_write_unreliable_header(&writer, &context, &place, 5, true));
	byte_writer_bytes(&writer, "unrel", 5);
	cr_assert(wire_test_equal(&payload, out, byte_writer_size(&writer)));
}

/* Accepted by the other implementation when it was sent by hand: docs/wire.md, "Worked packets". */
static const char lanes_packet[] = "89  40 010000 04 03616263  48 00 05 0464656667  20 0300 02 6869"
								   "88  37 01000000 7461696c";

Test(frame, lanes_and_relative_places)
{
	struct wire_test_bytes payload = wire_test_hex(lanes_packet);
	struct frame_reader reader = reader_of(&payload);
	struct frame frame;

	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert(frame.kind == FRAME_SELECT_LANE && frame.lane == 2);
	cr_assert_eq(reader.context.lane, 2);
	cr_assert(next_is_reliable(&reader, 1,
	                           "\x03"
	                           "abc"));
	cr_assert(next_is_reliable(&reader, 5,
	                           "\x04"
	                           "defg"));
	cr_assert(next_is_unreliable(&reader, 3, "hi"));
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert(frame.kind == FRAME_SELECT_LANE && frame.lane == 1);
	cr_assert(next_is_unreliable(&reader, 1, "tail"));
	cr_assert_eq(frame_next(&reader, &frame), FRAME_END);
}

Test(frame, selecting_a_lane_forgets_the_context_even_of_the_same_lane)
{
	struct wire_test_bytes payload = wire_test_hex("20 0700 01 61  8f00  20 0900 01 62  8f00  60");
	struct frame_reader reader = reader_of(&payload);
	struct frame frame;

	cr_assert(next_is_unreliable(&reader, 7, "a"));
	cr_assert(reader.context.number_known);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert(frame.kind == FRAME_SELECT_LANE && frame.lane == 0);
	cr_assert_not(reader.context.number_known);
	cr_assert(next_is_unreliable(&reader, 9, "b"));
}

Test(frame, a_reliable_segment_counts_as_one_message_number)
{
	struct wire_test_bytes payload = wire_test_hex("20 0700 01 61  40 010000 01 62  20 01 63");
	struct frame_reader reader = reader_of(&payload);

	cr_assert(next_is_unreliable(&reader, 7, "a"));
	cr_assert(next_is_reliable(&reader, 1, "b"));
	cr_assert(next_is_unreliable(&reader, 9, "c"));
}

static bool is_lead_valid(unsigned lead)
{
	return lead <= 0x5f || (lead >= 0x80 && lead <= 0x83) || (lead >= 0x88 && lead <= 0x9f);
}

Test(frame, every_invalid_lead_byte_is_a_violation)
{
	for (unsigned lead = 0; lead < 256; lead++) {
		struct frame frame;
		struct frame_reader reader;
		uint8_t payload[1300] = { (uint8_t)lead };
		bool size_reserved = lead <= 0x5f && ((lead & 7) == 5 || (lead & 7) == 6);
		bool form_reserved = lead >= 0x58 && lead <= 0x5f;
		bool valid = is_lead_valid(lead) && !size_reserved && !form_reserved;

		frame_reader_init(&reader, payload, sizeof(payload), 0);
		cr_assert_eq(frame_next(&reader, &frame), valid ? FRAME_OK : FRAME_BAD, "lead %02x", lead);
		cr_assert_eq(reader.error == NULL, valid);
	}
}

Test(frame, stays_bad_after_a_violation)
{
	struct wire_test_bytes payload = wire_test_hex("60 8000");
	struct frame_reader reader = reader_of(&payload);
	struct frame frame;

	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
}

/* Every prefix either ends between two frames or is a violation. */
static void check_prefixes(const struct wire_test_bytes *payload)
{
	for (size_t size = 0; size < payload->size; size++) {
		uint8_t *bytes = wire_test_exact(payload->bytes, size);
		struct frame_reader reader;
		struct frame frame;
		enum frame_result result;
		int64_t ignored;

		frame_reader_init(&reader, bytes, size, WIRE_CAPABILITY_WINDOW);
		while ((result = frame_next(&reader, &frame)) == FRAME_OK) {
			if (frame.kind == FRAME_UNRELIABLE)
				frame_segment_resolve_number(&reader.context, &frame.unreliable, 0, &ignored);
			if (frame.kind == FRAME_RELIABLE)
				frame_segment_resolve_position(&reader.context, &frame.reliable, 1, &ignored);
		}
		cr_assert(result == FRAME_END ? byte_reader_at_end(&reader.in) : reader.error != NULL);
		free(bytes);
	}
}

Test(frame, every_truncation_is_a_violation_or_an_end)
{
	struct wire_test_bytes payload = wire_test_hex(lanes_packet);
	check_prefixes(&payload);
	payload = wire_test_hex("8001 9a200010002113 9f0900010010 8010 a0 8101 05");
	check_prefixes(&payload);
	payload = wire_test_recorded("p2p_session.txt", "S", "pkt5_plain", 0);
	check_prefixes(&payload);
}

Test(frame, the_window_frame_needs_the_capability)
{
	struct wire_test_bytes payload = wire_test_hex("a0 8101 05");
	struct frame_reader reader = reader_of(&payload);
	struct frame frame;

	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
	frame_reader_init(&reader, payload.bytes, payload.size, WIRE_CAPABILITY_WINDOW);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
	cr_assert_eq(frame.kind, FRAME_WINDOW);
	cr_assert_eq(frame.window.bytes, 129);
	cr_assert_eq(frame.window.messages, 5);
	cr_assert_eq(frame_next(&reader, &frame), FRAME_END);
}

Test(frame, the_leads_of_sequenced_segments_need_the_capability)
{
	struct wire_test_bytes payload = wire_test_hex("f0 07000000 01 61  e0 01 62");
	struct frame_reader reader = reader_of(&payload);
	struct frame frame;
	int64_t number;

	cr_assert_eq(frame_next(&reader, &frame), FRAME_BAD);
	frame_reader_init(&reader, payload.bytes, payload.size, WIRE_CAPABILITY_SEQUENCED);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(frame_next(&reader, &frame), FRAME_OK);
		cr_assert_eq(frame.kind, FRAME_UNRELIABLE);
		cr_assert(frame.unreliable.is_sequenced);
		cr_assert(frame_segment_resolve_number(&reader.context, &frame.unreliable, 0, &number));
		cr_assert_eq(number, 7 + i);
	}
	cr_assert_eq(frame_next(&reader, &frame), FRAME_END);
}

Test(frame, all_recorded_payloads_can_be_read)
{
	static const char *const sides[] = { "C", "S" };
	char what[32];
	int payloads = 0;

	for (int i = 0; i < 2 * 12; i++) {
		snprintf(what, sizeof(what), "pkt%d_plain", 2 + i / 2);
		struct wire_test_bytes payload = wire_test_recorded("p2p_session.txt", sides[i % 2], what, 0);
		if (payload.size == 0)
			continue;
		struct frame_reader reader = reader_of(&payload);
		struct frame frame;
		enum frame_result result;
		while ((result = frame_next(&reader, &frame)) == FRAME_OK)
			;
		cr_assert_eq(result, FRAME_END, "%s %s", sides[i % 2], what);
		payloads++;
	}
	cr_assert_eq(payloads, 21);
}
