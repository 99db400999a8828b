#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "transport/loopback.h"

static void open_both(struct loopback *ends[2])
{
	int error = 0;

	cr_assert(loopback_open(ends, &error), "errno %d", error);
}

static void close_both(struct loopback *ends[2])
{
	loopback_close(ends[0]);
	loopback_close(ends[1]);
}

static bool is_ready(const struct loopback *end)
{
	struct pollfd polled = { loopback_fd(end), POLLIN, 0 };

	return poll(&polled, 1, 0) == 1;
}

static bool send_bytes(struct loopback *end, uint8_t *bytes, size_t size, size_t segment_size)
{
	struct datagram_burst burst = { .bytes = bytes, .capacity = size, .size = size, .segment_size = segment_size };

	return loopback_send(end, &burst);
}

Test(loopback, nothing_waits_at_first)
{
	struct loopback *ends[2];
	struct datagram datagram;

	open_both(ends);
	cr_assert_not(is_ready(ends[0]));
	cr_assert_not(is_ready(ends[1]));
	cr_assert_eq(loopback_receive(ends[0], &datagram, 1), 0u);
	close_both(ends);
}

Test(loopback, a_burst_arrives_cut_into_datagrams)
{
	uint8_t bytes[25];
	struct loopback *ends[2];
	struct datagram got[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	open_both(ends);
	cr_assert(send_bytes(ends[0], bytes, sizeof(bytes), 10));
	cr_assert(is_ready(ends[1]));
	cr_assert_not(is_ready(ends[0]), "what is sent is not one's own to read");
	memset(bytes, 0xee, sizeof(bytes)); /* the sender's buffer is his again */
	cr_assert_eq(loopback_receive(ends[1], got, 8), 3u);
	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(got[i].size, i < 2 ? 10u : 5u);
		cr_assert_eq(got[i].bytes[0], i * 10);
		cr_assert_eq(got[i].remote.port, 0);
	}
	cr_assert_not(is_ready(ends[1]));
	close_both(ends);
}

Test(loopback, what_was_not_taken_keeps_the_descriptor_readable)
{
	uint8_t bytes[30] = { 0 };
	struct loopback *ends[2];
	struct datagram got[2];

	bytes[20] = 7;
	open_both(ends);
	cr_assert(send_bytes(ends[1], bytes, 30, 10));
	cr_assert(send_bytes(ends[1], bytes, 10, 10));
	cr_assert_eq(loopback_receive(ends[0], got, 2), 2u);
	cr_assert(is_ready(ends[0]));
	cr_assert_eq(loopback_receive(ends[0], got, 2), 2u);
	cr_assert_eq(got[0].bytes[0], 7);
	cr_assert_not(is_ready(ends[0]));
	cr_assert_eq(loopback_receive(ends[0], got, 2), 0u);
	cr_assert(send_bytes(ends[1], bytes, 1, 1));
	cr_assert(is_ready(ends[0]), "and rings again");
	close_both(ends);
}

Test(loopback, what_was_sent_before_the_end_still_arrives)
{
	uint8_t bytes[3] = { 1, 2, 3 };
	struct loopback *ends[2];
	struct datagram got;

	open_both(ends);
	cr_assert(send_bytes(ends[0], bytes, 3, 3));
	loopback_close(ends[0]);
	cr_assert_not(send_bytes(ends[1], bytes, 3, 3), "nobody is there");
	cr_assert(is_ready(ends[1]));
	cr_assert_eq(loopback_receive(ends[1], &got, 1), 1u);
	cr_assert_eq(got.bytes[2], 3);
	loopback_close(ends[1]);
}

Test(loopback, it_holds_so_many_bytes_and_no_more)
{
	static uint8_t bytes[65000];
	struct loopback *ends[2];
	struct datagram got[64];
	size_t sent = 0, received = 0, count;

	open_both(ends);
	while (send_bytes(ends[0], bytes, sizeof(bytes), 1300))
		sent += sizeof(bytes);
	cr_assert_leq(sent, LOOPBACK_BYTES_MAX);
	cr_assert_gt(sent + sizeof(bytes), LOOPBACK_BYTES_MAX);
	while ((count = loopback_receive(ends[1], got, 64)) > 0) {
		for (size_t i = 0; i < count; i++)
			received += got[i].size;
	}
	cr_assert_eq(received, sent);
	cr_assert(send_bytes(ends[0], bytes, sizeof(bytes), 1300), "there is room again");
	close_both(ends);
}

/* --- two threads */

enum { NUMBERS = 20000 };

static void *send_numbers(void *data)
{
	struct loopback *end = data;

	for (uint32_t i = 0; i < NUMBERS; i++)
		cr_assert(send_bytes(end, (uint8_t *)&i, sizeof(i), sizeof(i)));
	loopback_close(end);
	return NULL;
}

Test(loopback, two_threads_lose_nothing_and_keep_the_order)
{
	struct loopback *ends[2];
	struct datagram got[16];
	uint32_t expected = 0;
	pthread_t thread;

	open_both(ends);
	cr_assert_eq(pthread_create(&thread, NULL, send_numbers, ends[0]), 0);
	while (expected < NUMBERS) {
		struct pollfd polled = { loopback_fd(ends[1]), POLLIN, 0 };
		size_t count;
		cr_assert_eq(poll(&polled, 1, 10000), 1, "at %u", (unsigned)expected);
		count = loopback_receive(ends[1], got, 16);
		cr_assert_gt(count, 0u, "a descriptor that rings for nothing");
		for (size_t i = 0; i < count; i++, expected++)
			cr_assert_eq(*(uint32_t *)(void *)got[i].bytes, expected);
	}
	pthread_join(thread, NULL);
	loopback_close(ends[1]);
}
