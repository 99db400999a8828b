#include "core/wire/msg_stats.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/wire/wire_test.h"

static bool read_hex(struct msg_stats *stats, const char *hex)
{
	struct wire_test_bytes bytes = wire_test_hex(hex);

	return msg_stats_read(stats, bytes.bytes, bytes.size);
}

Test(msg_stats, flags_alone_take_two_bytes)
{
	struct msg_stats stats = { .has_flags = true, .flags = WIRE_STATS_ACK_REQUEST | WIRE_STATS_ACK_IMMEDIATE };
	struct byte_writer writer;
	uint8_t out[8];

	byte_writer_init(&writer, out, sizeof(out));
	msg_stats_write(&writer, &stats);
	cr_assert(byte_writer_size(&writer) == 2 && out[0] == 0x18 && out[1] == 6);
}

Test(msg_stats, says_when_the_sender_wants_an_acknowledgement)
{
	struct msg_stats stats;

	cr_assert(read_hex(&stats, ""));
	cr_assert_not(msg_stats_wants_ack(&stats));
	cr_assert(read_hex(&stats, "18 02"));
	cr_assert(msg_stats_wants_ack(&stats) && !msg_stats_wants_ack_now(&stats));
	cr_assert(read_hex(&stats, "18 06"));
	cr_assert(msg_stats_wants_ack_now(&stats));
	cr_assert(read_hex(&stats, "18 10"));
	cr_assert_not(msg_stats_wants_ack(&stats));
	cr_assert(read_hex(&stats, "18 04"));
	cr_assert_not(msg_stats_wants_ack_now(&stats));
	cr_assert(read_hex(&stats, "0a 00"));
	cr_assert(msg_stats_wants_ack(&stats) && !stats.has_flags);
}

Test(msg_stats, zero_flags_are_not_absent_flags)
{
	struct msg_stats stats;

	cr_assert(read_hex(&stats, "18 00"));
	cr_assert(stats.has_flags && stats.flags == 0);
}

static struct msg_stats make_full(void)
{
	struct msg_stats stats = {
		.has_flags = true, .flags = 16, .has_quality = true, .has_instantaneous = true, .has_lifetime = true
	};

	msg_stats_set(&stats.instantaneous, MSG_INSTANTANEOUS_PING_MS, 0);
	msg_stats_set(&stats.instantaneous, MSG_INSTANTANEOUS_JITTER_USEC, 1500);
	for (unsigned i = 0; i < 6; i++)
		msg_stats_set(&stats.lifetime, MSG_LIFETIME_JITTER_HISTOGRAM + i, i);
	msg_stats_set(&stats.lifetime, MSG_LIFETIME_PACKETS_SENT, UINT64_MAX);
	msg_stats_set(&stats.lifetime, MSG_STATS_ITEMS, 1);
	return stats;
}

Test(msg_stats, everything_round_trips_and_what_is_absent_stays_so)
{
	struct msg_stats stats = make_full(), back;
	struct byte_writer writer;
	uint8_t out[256];

	byte_writer_init(&writer, out, sizeof(out));
	msg_stats_write(&writer, &stats);
	cr_assert(msg_stats_read(&back, out, byte_writer_size(&writer)));
	cr_assert(back.has_flags && back.flags == 16 && back.has_quality);
	for (unsigned i = 0; i < MSG_STATS_ITEMS; i++) {
		cr_assert_eq(back.instantaneous.present[i], stats.instantaneous.present[i], "item %u", i);
		cr_assert_eq(back.instantaneous.value[i], stats.instantaneous.value[i], "item %u", i);
		cr_assert_eq(back.lifetime.present[i], stats.lifetime.present[i], "item %u", i);
		cr_assert_eq(back.lifetime.value[i], stats.lifetime.value[i], "item %u", i);
	}
	cr_assert(back.lifetime.present[MSG_LIFETIME_JITTER_HISTOGRAM]);
	cr_assert(back.lifetime.value[MSG_LIFETIME_PACKETS_SENT] == UINT64_MAX);
}

Test(msg_stats, items_we_do_not_know_are_passed_over)
{
	struct msg_stats stats;

	/* 68 and 1500 as varints, 5 as fixed32, then ping 9 */
	cr_assert(read_hex(&stats, "0a 0f 0a 0d a004 01 e05d 01 2d 01000000 28 09"));
	cr_assert(stats.has_instantaneous && stats.instantaneous.value[MSG_INSTANTANEOUS_PING_MS] == 9);
}

Test(msg_stats, malformed_blobs_are_refused_at_every_depth)
{
	struct msg_stats stats;

	cr_assert_not(read_hex(&stats, "18"));
	cr_assert_not(read_hex(&stats, "0a 01 08"));
	cr_assert_not(read_hex(&stats, "0a 03 0a 01 08"));
	cr_assert_not(read_hex(&stats, "0a 03 12 01 08"));
}

Test(msg_stats, truncations_never_read_beyond_the_blob)
{
	struct msg_stats stats = make_full(), back;
	struct byte_writer writer;
	uint8_t out[256];
	int whole = 0;

	byte_writer_init(&writer, out, sizeof(out));
	msg_stats_write(&writer, &stats);
	for (size_t size = 0; size < byte_writer_size(&writer); size++) {
		uint8_t *exact = wire_test_exact(out, size);
		whole += msg_stats_read(&back, exact, size);
		free(exact);
	}
	cr_assert_eq(whole, 2); /* nothing, and before the flags */
}
