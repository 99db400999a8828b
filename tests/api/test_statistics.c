/* What is known of a connection: status, lanes, statistics of both ends. */
#include "pair.h"

#include <string.h>

static void exchange(struct pair *pair, int count)
{
	static char bytes[1000];

	for (int i = 0; i < count; i++) {
		pair_send(pair->client, pair->called, bytes, sizeof(bytes), KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
		kith_message_release(pair_receive(pair->server, pair->accepted));
		pair_send(pair->server, pair->accepted, bytes, 10, KITH_SEND_UNRELIABLE | KITH_SEND_NO_NAGLE, 0);
		kith_message_release(pair_receive(pair->client, pair->called));
	}
}

Test(statistics, status_tells_rates_ping_and_messages)
{
	struct kith_status status = KITH_STATUS_INIT;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	exchange(&pair, 20);
	cr_assert_eq(kith_connection_status(pair.called, &status), KITH_OK);
	cr_assert(status.ping_us > 0 && status.ping_us < 1000000 && status.ping_min_us > 0 &&
	          status.ping_deviation_us >= 0);
	cr_assert(status.quality_local > 0.5 && status.quality_local <= 1 && status.loss_local >= 0);
	cr_assert(status.out_packets_per_second > 0 && status.in_bytes_per_second > 0 && status.send_rate > 0);
	cr_assert(status.packets_sent >= 20 && status.bytes_sent > 20000 && status.packets_received >= 20);
	cr_assert(status.messages_sent == 20 && status.messages_received == 20 && status.unread_messages == 0);
	cr_assert(status.jitter_us >= 0, "peers of our kind tell the time between packets");
	cr_assert(status.quality_remote < 0 && status.loss_remote < 0 && status.remote_age_us == -1 &&
	          status.ping_remote_us == -1);
	pair_close(&pair);
}

Test(statistics, unread_messages_are_counted)
{
	struct kith_status status = KITH_STATUS_INIT;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	pair_send(pair.client, pair.called, "unread", 6, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	do {
		pair_await(pair.server, KITH_EVENT_READABLE, 0);
		cr_assert_eq(kith_connection_status(pair.accepted, &status), KITH_OK);
	} while (status.unread_messages == 0 && kith_now_us() < deadline);
	cr_assert(status.unread_messages == 1 && status.unread_bytes == 6);
	pair_close(&pair);
}

Test(statistics, lanes_have_a_status_of_their_own)
{
	struct kith_lane_status status = KITH_LANE_STATUS_INIT;
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_config_entry slow[] = {
		{ .id = KITH_CONFIG_SEND_RATE_MAX, .type = KITH_TYPE_INT32, .integer = 20000 },
		{ .id = KITH_CONFIG_CONGESTION_CONTROL, .type = KITH_TYPE_INT32, .integer = 1 },
	};
	static char bytes[100000];
	const int32_t priorities[] = { 1, 0 };
	struct pair pair;

	options.config = slow;
	options.config_count = 2;
	pair_open(&pair, NULL, &options);
	cr_assert_eq(kith_connection_lane_status(pair.called, 1, &status), KITH_E_INVALID);
	cr_assert_eq(kith_connection_lane_status(pair.called, -1, &status), KITH_E_INVALID);
	cr_assert_eq(kith_connection_lane_status(pair.called, 0, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_lane_status(0, 0, &status), KITH_E_HANDLE);
	cr_assert_eq(kith_connection_set_lanes(pair.called, 2, priorities, NULL), KITH_OK);
	pair_send(pair.client, pair.called, bytes, sizeof(bytes), KITH_SEND_RELIABLE, 0);
	pair_send(pair.client, pair.called, bytes, 5000, KITH_SEND_UNRELIABLE, 1);
	cr_assert_eq(kith_connection_lane_status(pair.called, 0, &status), KITH_OK);
	cr_assert(status.lane == 0 && status.pending_reliable > 50000 && status.pending_unreliable == 0);
	cr_assert(status.queue_time_us > 2000000, "%lld", (long long)status.queue_time_us);
	cr_assert_eq(kith_connection_lane_status(pair.called, 1, &status), KITH_OK);
	cr_assert(status.lane == 1 && status.pending_reliable == 0 && status.queue_time_us < 1000000);
	pair_close(&pair);
}

Test(statistics, the_lifetime_of_our_side_is_there_from_the_start)
{
	struct kith_statistics statistics = KITH_STATISTICS_INIT;
	uint64_t pings = 0;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	exchange(&pair, 30);
	cr_assert_eq(kith_connection_statistics(pair.called, KITH_SIDE_LOCAL, &statistics), KITH_OK);
	cr_assert(statistics.side == KITH_SIDE_LOCAL && statistics.rates_age_us == 0 && statistics.lifetime_age_us == 0);
	cr_assert(statistics.connected_us >= 0 && statistics.packets_sent >= 30 && statistics.bytes_sent > 30000);
	cr_assert(statistics.packets_sequenced >= statistics.packets_received && statistics.packets_received >= 30);
	for (int i = 0; i < KITH_PING_BUCKETS; i++)
		pings += statistics.ping_histogram[i];
	cr_assert(pings > 0);
	cr_assert_eq(statistics.ping_percentiles_us[4], -1, "too few samples for the 98th percentile");
	pair_close(&pair);
}

Test(statistics, the_peers_are_not_there_until_it_tells)
{
	struct kith_statistics statistics = KITH_STATISTICS_INIT;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	statistics.packets_sent = 7;
	cr_assert_eq(kith_connection_statistics(pair.called, KITH_SIDE_REMOTE, &statistics), KITH_E_NOT_FOUND);
	cr_assert_eq(statistics.packets_sent, 0);
	cr_assert_eq(kith_connection_statistics(pair.called, 2, &statistics), KITH_E_INVALID);
	cr_assert_eq(kith_connection_statistics(pair.called, KITH_SIDE_LOCAL, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_statistics(pair.server, KITH_SIDE_LOCAL, &statistics), KITH_E_HANDLE);
	pair_close(&pair);
}

Test(statistics, an_older_struct_gets_what_it_has)
{
	struct kith_statistics statistics = KITH_STATISTICS_INIT;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	exchange(&pair, 2);
	memset(&statistics, 0x55, sizeof(statistics));
	statistics.struct_size = (uint32_t)offsetof(struct kith_statistics, packets_lost);
	cr_assert_eq(kith_connection_statistics(pair.called, KITH_SIDE_LOCAL, &statistics), KITH_OK);
	cr_assert(statistics.packets_sent > 0 && statistics.packets_sent < 1000);
	cr_assert_eq(statistics.packets_lost, UINT64_C(0x5555555555555555), "written beyond its end");
	pair_close(&pair);
}

Test(statistics, buckets_have_names)
{
	static const int counts[] = { KITH_PING_BUCKETS, KITH_QUALITY_BUCKETS, KITH_JITTER_BUCKETS };

	for (int histogram = 0; histogram < 3; histogram++) {
		for (int bucket = 0; bucket < counts[histogram]; bucket++)
			cr_assert_neq(kith_histogram_bucket(histogram, bucket)[0], '\0');
		cr_assert_eq(kith_histogram_bucket(histogram, counts[histogram])[0], '\0');
		cr_assert_eq(kith_histogram_bucket(histogram, -1)[0], '\0');
	}
	cr_assert_eq(kith_histogram_bucket(3, 0)[0], '\0');
	cr_assert_str_eq(kith_histogram_bucket(KITH_HISTOGRAM_PING, 1), "26-50 ms");
}
