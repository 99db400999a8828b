#include "core/wire/packet_header.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

Test(packet_header, reads_and_writes_a_recorded_packet)
{
	struct wire_test_bytes packet = wire_test_recorded("udp_session.txt", "C", "udp_out", 2);
	struct packet_header header;
	uint8_t out[16];
	struct byte_writer writer;

	cr_assert(packet_header_read(&header, packet.bytes, packet.size));
	cr_assert_eq(header.connection_id, 0x7e245d5d);
	cr_assert_eq(header.number, 2);
	cr_assert(header.stats == NULL);
	cr_assert_not(header.has_spacing);
	cr_assert_eq(header.size, WIRE_PACKET_HEADER_SIZE);
	byte_writer_init(&writer, out, sizeof(out));
	packet_header_write(&writer, &header);
	cr_assert_eq(byte_writer_size(&writer), WIRE_PACKET_HEADER_SIZE);
	cr_assert(memcmp(out, packet.bytes, WIRE_PACKET_HEADER_SIZE) == 0);
}

Test(packet_header, has_a_blob_and_a_spacing_in_this_order)
{
	struct wire_test_bytes packet = wire_test_hex("83 04030201 0605 02 1806 1000 aabb");
	struct packet_header header;
	uint8_t out[16];
	struct byte_writer writer;

	cr_assert(packet_header_read(&header, packet.bytes, packet.size));
	cr_assert_eq(header.stats_size, 2);
	cr_assert(header.stats == packet.bytes + 8);
	cr_assert(header.has_spacing);
	cr_assert_eq(header.spacing, 16);
	cr_assert_eq(header.size, 12);
	byte_writer_init(&writer, out, sizeof(out));
	packet_header_write(&writer, &header);
	cr_assert(byte_writer_size(&writer) == 12 && memcmp(out, packet.bytes, 12) == 0);
}

Test(packet_header, tells_an_empty_blob_from_none)
{
	struct wire_test_bytes packet = wire_test_hex("81 04030201 0605 00");
	struct packet_header header;

	cr_assert(packet_header_read(&header, packet.bytes, packet.size));
	cr_assert(header.stats != NULL);
	cr_assert_eq(header.stats_size, 0);
}

Test(packet_header, ignores_the_bits_that_mean_nothing_yet)
{
	struct wire_test_bytes packet = wire_test_hex("fc 04030201 0605 01");
	struct packet_header header;

	cr_assert(packet_header_read(&header, packet.bytes, packet.size));
	cr_assert_eq(header.size, 7);
	packet.bytes[0] = 0x7f;
	cr_assert_not(packet_header_read(&header, packet.bytes, packet.size));
}

Test(packet_header, is_refused_at_every_shorter_length)
{
	struct wire_test_bytes packet = wire_test_hex("83 04030201 0605 02 1806 1000");

	for (size_t size = 0; size <= packet.size; size++) {
		struct packet_header header;
		uint8_t *bytes = wire_test_exact(packet.bytes, size);
		cr_assert_eq(packet_header_read(&header, bytes, size), size == packet.size, "at %zu", size);
		free(bytes);
	}
}

Test(packet_header, a_blob_longer_than_the_packet_is_refused)
{
	struct wire_test_bytes packet = wire_test_hex("81 04030201 0605 ffffffff0f 00");
	struct packet_header header;

	cr_assert_not(packet_header_read(&header, packet.bytes, packet.size));
}

Test(packet_header, leaves_as_much_room_as_other_peers_do)
{
	cr_assert_eq(packet_header_payload_max(1300, PACKET_HEADER_NO_STATS, 16), 1232);
	cr_assert_eq(packet_header_payload_max(1300, PACKET_HEADER_NO_STATS, 0), 1248);
	cr_assert_eq(packet_header_payload_max(1300, 2, 16), 1232);
	cr_assert_eq(packet_header_payload_max(1300, 200, 16), 1300 - 7 - 2 - 202 - 16);
	cr_assert_eq(packet_header_payload_max(60, PACKET_HEADER_NO_STATS, 16), 0);
	cr_assert_eq(packet_header_payload_max(1300, 2000, 16), 0);
}

Test(packet_header, what_it_promises_fits_with_all_extras)
{
	for (size_t stats_size = 0; stats_size < 1400; stats_size++) {
		size_t room = packet_header_payload_max(1300, stats_size, 16);
		if (room > 0)
			cr_assert(7 + (stats_size < 128 ? 1 : 2) + stats_size + 2 + room + 16 <= 1300);
	}
}

static size_t write_padded(uint8_t *out, size_t capacity, size_t body_size)
{
	struct byte_writer writer;

	byte_writer_init(&writer, out, capacity);
	size_t mark = packet_header_begin_padded(&writer, WIRE_LEAD_CONNECTION_CLOSED);
	for (size_t i = 0; i < body_size; i++)
		byte_writer_u8(&writer, 0xee);
	packet_header_end_padded(&writer, mark);
	return byte_writer_failed(&writer) ? 0 : byte_writer_size(&writer);
}

Test(packet_header, pads_to_the_minimum_and_not_beyond)
{
	uint8_t out[1300];
	const uint8_t *body;
	size_t body_size;

	cr_assert_eq(write_padded(out, sizeof(out), 18), WIRE_PADDED_MIN);
	cr_assert(out[0] == 0x24 && out[1] == 18 && out[2] == 0 && out[3] == 0xee && out[21] == 0 && out[511] == 0);
	cr_assert(packet_header_read_padded(out, WIRE_PADDED_MIN, &body, &body_size));
	cr_assert(body == out + 3 && body_size == 18);
	cr_assert_eq(write_padded(out, sizeof(out), 509), 512);
	cr_assert_eq(write_padded(out, sizeof(out), 510), 513);
	cr_assert(packet_header_read_padded(out, 513, &body, &body_size) && body_size == 510);
	cr_assert_eq(write_padded(out, 511, 18), 0);
}

Test(packet_header, padded_datagrams_with_a_bad_length_are_refused)
{
	uint8_t out[1300];
	const uint8_t *body;
	size_t body_size;

	write_padded(out, sizeof(out), 18);
	cr_assert_not(packet_header_read_padded(out, WIRE_PADDED_MIN - 1, &body, &body_size));
	out[1] = 0;
	cr_assert_not(packet_header_read_padded(out, WIRE_PADDED_MIN, &body, &body_size));
	out[1] = 0xfe;
	out[2] = 0x01;
	cr_assert_not(packet_header_read_padded(out, WIRE_PADDED_MIN, &body, &body_size));
	out[1] = 0xfd;
	cr_assert(packet_header_read_padded(out, WIRE_PADDED_MIN, &body, &body_size) && body_size == 509);
}
