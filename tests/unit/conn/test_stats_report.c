#include <criterion/criterion.h>
#include <string.h>

#include "core/conn/stats_report.h"

#define SEC USEC_PER_SEC
#define ALL (STATS_REPORT_RATES | STATS_REPORT_LIFETIME)

static struct stats_report report;
static struct link_counts counts;

static void begin(void)
{
	memset(&counts, 0, sizeof counts);
	stats_report_init(&report, 1000 * SEC);
}

static unsigned ready(int seconds)
{
	return stats_report_ready(&report, (1000 + seconds) * SEC, &counts);
}

static int64_t due(void)
{
	usec_t at = stats_report_next_timeout(&report, &counts);

	return at == USEC_NEVER ? -1 : at / SEC - 1000;
}

Test(stats_report, a_quiet_connection_reports_nothing)
{
	begin();
	counts.packets_sent = counts.packets_received = 6;
	cr_assert_eq(ready(20), 0);
	counts.packets_sent = 10;
	cr_assert_eq(due(), -1);
	cr_assert_eq(ready(1000), 0);
	/* What trickles in later does not add up to traffic. */
	stats_report_rest(&report, 1040 * SEC, &counts);
	counts.packets_sent = 20;
	cr_assert_eq(due(), -1);
	counts.packets_sent = 21;
	cr_assert_eq(due(), 70);
	stats_report_rest(&report, 1069 * SEC, &counts);
	cr_assert_eq(ready(70), STATS_REPORT_RATES);
}

Test(stats_report, rates_ride_along_after_20_seconds_and_leave_alone_after_30)
{
	begin();
	counts.packets_received = 11;
	cr_assert_eq(ready(19), 0);
	cr_assert_eq(ready(20), STATS_REPORT_RATES);
	cr_assert_eq(due(), 30);
	stats_report_on_sent(&report, 17, STATS_REPORT_RATES);
	cr_assert_eq(ready(40), 0, "one is under way");
	cr_assert_eq(due(), -1);
	stats_report_on_decided(&report, 1021 * SEC, true, &counts);
	cr_assert_eq(ready(60), 0, "there is no news");
	counts.packets_received += 20;
	cr_assert_eq(ready(40), 0);
	cr_assert_eq(ready(41), STATS_REPORT_RATES);
	cr_assert_eq(due(), 51);
}

Test(stats_report, one_that_was_lost_is_sent_again)
{
	begin();
	counts.packets_sent = 500;
	stats_report_on_sent(&report, 17, STATS_REPORT_RATES);
	stats_report_on_decided(&report, 1021 * SEC, false, &counts);
	cr_assert_eq(ready(21), STATS_REPORT_RATES);
	cr_assert_eq(due(), 30);
}

Test(stats_report, the_lifetime_is_told_every_two_minutes_with_a_hundred_packets)
{
	begin();
	counts.packets_sent = 100;
	cr_assert_eq(ready(120), STATS_REPORT_RATES);
	counts.packets_sent = 101;
	cr_assert_eq(ready(119), STATS_REPORT_RATES);
	cr_assert_eq(ready(120), ALL);
	stats_report_on_sent(&report, 17, ALL);
	stats_report_on_decided(&report, 1121 * SEC, true, &counts);
	counts.packets_sent = 250;
	cr_assert_eq(ready(141), STATS_REPORT_RATES);
	cr_assert_eq(ready(241), ALL);
	stats_report_skip(&report, 1241 * SEC, STATS_REPORT_LIFETIME, &counts);
	cr_assert_eq(ready(400), STATS_REPORT_RATES);
}

static size_t encode(const struct msg_stats *stats, uint8_t out[STATS_REPORT_SIZE_MAX])
{
	struct byte_writer writer;

	byte_writer_init(&writer, out, STATS_REPORT_SIZE_MAX);
	msg_stats_write(&writer, stats);
	cr_assert_not(byte_writer_failed(&writer));
	return byte_writer_size(&writer);
}

static void send_through(const struct msg_stats *stats)
{
	static struct msg_stats back;
	uint8_t bytes[STATS_REPORT_SIZE_MAX];

	cr_assert(msg_stats_read(&back, bytes, encode(stats, bytes)));
	stats_report_receive(&report, 1005 * SEC, &back);
}

Test(stats_report, rates_arrive_as_they_were)
{
	static struct msg_stats stats;
	struct link_rates rates = { 12.3, 4567, 8.9, 1011, 34 * USEC_PER_MSEC, 0.05, 0.02, 777 };

	begin();
	stats_report_write_rates(&stats, &rates);
	send_through(&stats);
	cr_assert(report.has_peer_rates && report.peer_rates_at == 1005 * SEC && report.peer_lifetime == NULL);
	cr_assert(report.peer_rates.out_packets > 12.29 && report.peer_rates.out_packets < 12.31);
	cr_assert(report.peer_rates.in_bytes == 1011 && report.peer_rates.ping == 34 * USEC_PER_MSEC);
	cr_assert(report.peer_rates.lost == 0.05 && report.peer_rates.disordered == 0.02 &&
	          report.peer_rates.jitter == 777);
}

Test(stats_report, unknown_rates_stay_unknown)
{
	static struct msg_stats stats;
	struct link_rates rates = { 0, 0, 0, 0, -1, -1, -1, -1 };

	begin();
	stats_report_write_rates(&stats, &rates);
	send_through(&stats);
	cr_assert(report.peer_rates.ping == -1 && report.peer_rates.lost == -1 && report.peer_rates.disordered == -1 &&
	          report.peer_rates.jitter == -1);
}

Test(stats_report, the_lifetime_arrives_as_it_was)
{
	static struct msg_stats stats;
	struct link_lifetime lifetime = { .connected_seconds = 130,
		                              .packets_sent = 5000,
		                              .bytes_sent = 4096000,
		                              .packets_received = 4000,
		                              .bytes_received = 2048,
		                              .sequenced = 4010,
		                              .dropped = 20,
		                              .out_of_order = 3,
		                              .out_of_order_corrected = 1,
		                              .duplicate = 9,
		                              .lurch = 2,
		                              .ping_histogram = { 0, 2, 3 },
		                              .quality_histogram = { 4, 0, 0, 0, 0, 0, 0, 0, 1 },
		                              .jitter_histogram = { 6, 0, 0, 0, 0, 7 },
		                              .ping_percentiles = { -1, 30, 40, 50, -1 },
		                              .quality_percentiles = { -1, -1, 0, 100 } };

	begin();
	stats_report_write_lifetime(&stats, &lifetime);
	send_through(&stats);
	cr_assert(!report.has_peer_rates && report.peer_lifetime != NULL);
	cr_assert_eq(memcmp(report.peer_lifetime, &lifetime, sizeof lifetime), 0);
	stats_report_free(&report);
}

Test(stats_report, the_longest_blob_fits_and_absurd_numbers_are_bounded)
{
	static struct msg_stats stats;
	const struct link_lifetime *peer;

	begin();
	stats = (struct msg_stats){
		.has_flags = true, .flags = 22, .has_quality = true, .has_instantaneous = true, .has_lifetime = true
	};
	for (unsigned i = 1; i <= 8; i++)
		msg_stats_set(&stats.instantaneous, i, UINT64_MAX);
	for (unsigned i = 1; i < MSG_STATS_ITEMS; i++)
		msg_stats_set(&stats.lifetime, i, UINT64_MAX);
	stats_report_receive(&report, 1005 * SEC, &stats);
	peer = report.peer_lifetime;
	cr_assert(report.peer_rates.lost == 1 && report.peer_rates.disordered == 1);
	cr_assert_eq(report.peer_rates.ping, (usec_t)UINT32_MAX * 1000);
	cr_assert(peer->bytes_sent == UINT64_MAX / 1024 * 1024 && peer->connected_seconds == UINT32_MAX);
	cr_assert(peer->quality_percentiles[0] == 100 && peer->ping_percentiles[4] == INT32_MAX);
	stats_report_free(&report);
}

Test(stats_report, our_longest_blob_fits)
{
	static struct msg_stats stats;
	uint8_t bytes[STATS_REPORT_SIZE_MAX];
	struct link_rates rates = { 1e12, 1e12, 1e12, 1e12, USEC_NEVER / 2, 1, 1, UINT32_MAX };
	struct link_lifetime lifetime;

	begin();
	memset(&lifetime, 0x7f, sizeof lifetime);
	stats_report_write_rates(&stats, &rates);
	stats_report_write_lifetime(&stats, &lifetime);
	stats.has_flags = true;
	stats.flags = 22;
	cr_assert(encode(&stats, bytes) > 300);
}
