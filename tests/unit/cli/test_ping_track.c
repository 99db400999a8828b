#include <criterion/criterion.h>
#include <string.h>

#include "cli/ping_track.h"

static void send_ping(struct ping_track *track, uint8_t *message, uint32_t remaining, int64_t now)
{
	ping_track_write(track, message, remaining);
	ping_track_on_sent(track, now);
}

Test(ping_track, knows_its_own_messages_from_others)
{
	struct ping_track ours, theirs;
	uint8_t a[PING_TRACK_HEADER], b[PING_TRACK_HEADER];

	cr_assert(ping_track_init(&ours));
	cr_assert(ping_track_init(&theirs));
	send_ping(&ours, a, 3, 1000);
	send_ping(&theirs, b, PING_TRACK_ENDLESS, 1000);
	cr_assert(ping_track_is_ours(&ours, a, sizeof(a)));
	cr_assert_not(ping_track_is_ours(&ours, b, sizeof(b)));
	cr_assert_not(ping_track_is_ours(&ours, a, sizeof(a) - 1));
	cr_assert_not(ping_track_is_ours(&ours, a, 0));
	cr_assert_eq(ping_track_remaining(a, sizeof(a)), 3);
	cr_assert_eq(ping_track_remaining(b, sizeof(b)), PING_TRACK_ENDLESS);
	cr_assert_eq(ping_track_remaining(a, 3), PING_TRACK_ENDLESS);
	ping_track_free(&ours);
	ping_track_free(&theirs);
}

Test(ping_track, counts_each_reply_once)
{
	struct ping_track track;
	uint8_t message[PING_TRACK_HEADER];
	uint32_t number;

	cr_assert(ping_track_init(&track));
	send_ping(&track, message, 0, 1000);
	cr_assert_eq(ping_track_read(&track, message, 1250, &number), 250);
	cr_assert_eq(number, 1);
	cr_assert_eq(ping_track_read(&track, message, 1300, &number), -1);
	cr_assert_eq(track.received, 1);
	ping_track_free(&track);
}

Test(ping_track, does_not_believe_numbers_it_never_sent)
{
	struct ping_track track;
	uint8_t message[PING_TRACK_HEADER];
	uint32_t number;

	cr_assert(ping_track_init(&track));
	send_ping(&track, message, 0, 1000);
	message[8] = 0;
	cr_assert_eq(ping_track_read(&track, message, 1250, &number), -1);
	message[8] = 2;
	cr_assert_eq(ping_track_read(&track, message, 1250, &number), -1);
	message[11] = 0xff;
	cr_assert_eq(ping_track_read(&track, message, 1250, &number), -1);
	cr_assert_eq(track.received, 0);
	ping_track_free(&track);
}

Test(ping_track, sums_up)
{
	struct ping_track track;
	struct ping_summary summary;
	uint32_t number;

	cr_assert(ping_track_init(&track));
	ping_track_sum_up(&track, &summary);
	cr_assert_eq(summary.sent, 0);
	cr_assert_eq(summary.max, 0);
	for (int i = 100; i >= 1; i--) {
		uint8_t message[PING_TRACK_HEADER];
		send_ping(&track, message, 0, 5000);
		cr_assert_eq(ping_track_read(&track, message, 5000 + i, &number), i);
	}
	uint8_t lost[PING_TRACK_HEADER];
	send_ping(&track, lost, 0, 6000);
	ping_track_sum_up(&track, &summary);
	cr_assert_eq(summary.sent, 101);
	cr_assert_eq(summary.received, 100);
	cr_assert_eq(summary.lost, 1);
	cr_assert_eq(summary.min, 1);
	cr_assert_eq(summary.p50, 50);
	cr_assert_eq(summary.p99, 99);
	cr_assert_eq(summary.max, 100);
	ping_track_free(&track);
}

Test(ping_track, goes_on_after_more_pings_than_it_remembers)
{
	struct ping_track track;
	uint8_t message[PING_TRACK_HEADER];
	uint8_t first[PING_TRACK_HEADER];
	uint32_t number;

	cr_assert(ping_track_init(&track));
	send_ping(&track, first, 0, 1);
	for (int i = 0; i < PING_TRACK_SAMPLES + 10; i++) {
		send_ping(&track, message, 0, 10);
		cr_assert_eq(ping_track_read(&track, message, 12, &number), 2);
	}
	cr_assert_eq(ping_track_read(&track, first, 50, &number), -1);
	cr_assert_eq(track.samples_capacity, PING_TRACK_SAMPLES);
	ping_track_free(&track);
}
