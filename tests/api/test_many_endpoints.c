/* Ten thousand endpoints in a row, a thousand at once: memory, descriptors and threads are as before. */
#include "pair.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>

enum {
	IN_A_ROW = 10000,
/* Their threads are a burden there. */
#ifdef __SANITIZE_THREAD__
	AT_ONCE = 200,
#else
	AT_ONCE = 1000,
#endif
	FILES_OF_ONE = 16, /* more than an endpoint that is connected has */
	/* What caches of the allocator, and tables that have grown, may keep; less than 7 bytes of each endpoint. */
	BYTES_KEPT_MAX = 64 * 1024
};

struct usage {
	int files, threads;
	size_t bytes; /* 0 where a sanitizer has its own allocator, and its own way to find leaks */
};

static int count_entries(const char *path)
{
	DIR *directory = opendir(path);
	int count = 0;

	cr_assert(directory != NULL);
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static struct usage measure(void)
{
	return (struct usage){ count_entries("/proc/self/fd"), count_entries("/proc/self/task"), mallinfo2().uordblks };
}

static void compare(const struct usage *before)
{
	struct usage after = measure();

	cr_assert_eq(after.files, before->files, "descriptors: %d, then %d", before->files, after.files);
	cr_assert_eq(after.threads, before->threads, "threads: %d, then %d", before->threads, after.threads);
	cr_assert_leq(after.bytes, before->bytes + BYTES_KEPT_MAX, "bytes: %zu, then %zu", before->bytes, after.bytes);
}

/* What is made once in the life of a process is made now. */
static void warm_up(void)
{
	for (int i = 0; i < 10; i++) {
		struct pair pair;
		pair_open(&pair, NULL, NULL);
		pair_close(&pair);
	}
}

Test(many_endpoints, ten_thousand_in_a_row_leave_nothing, .timeout = 300)
{
	struct usage before;
	kith_endpoint endpoint;

	warm_up();
	before = measure();
	for (int i = 0; i < IN_A_ROW; i++) {
		cr_assert_eq(kith_endpoint_create(NULL, &endpoint), KITH_OK, "%d: %s", i, kith_last_error());
		cr_assert_eq(kith_endpoint_destroy(endpoint), KITH_OK);
	}
	compare(&before);
}

/* With a socket, a connection and messages that nobody takes. */
Test(many_endpoints, some_hundred_pairs_in_a_row_leave_nothing, .timeout = 300)
{
	enum { COUNT = 300 };
	struct usage before;

	warm_up();
	before = measure();
	for (int i = 0; i < COUNT; i++) {
		struct pair pair;
		pair_open(&pair, NULL, NULL);
		pair_send(pair.client, pair.called, "nobody reads it", 15, KITH_SEND_RELIABLE, 0);
		pair_close(&pair);
	}
	compare(&before);
}

/* --- at once */

static bool may_open(rlim_t files)
{
	struct rlimit limit;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max >= files;
}

/* The second half calls the first, each with a message on the way. */
static void call_each_other(const kith_endpoint *endpoints, kith_connection *connections)
{
	struct kith_address address;

	for (int i = 0; i < AT_ONCE / 2; i++) {
		pair_listen(endpoints[i], NULL, &address);
		cr_assert_eq(kith_endpoint_connect_address(endpoints[AT_ONCE / 2 + i], &address, NULL, &connections[i]),
		             KITH_OK, "%d: %s", i, kith_last_error());
		cr_assert_eq(kith_connection_send(connections[i], &i, sizeof(i), KITH_SEND_RELIABLE, 0, NULL), KITH_OK);
	}
}

static void answer(kith_endpoint endpoint, int expected)
{
	struct kith_event event = pair_await(endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTING);
	kith_message *message;
	int got;

	cr_assert_eq(kith_connection_accept(event.connection), KITH_OK, "%d: %s", expected, kith_last_error());
	message = pair_receive(endpoint, event.connection);
	got = *(const int *)kith_message_data(message);
	cr_assert_eq(got, expected, "%d got the message of %d", expected, got);
	kith_message_release(message);
}

static void live_at_once(void)
{
	static kith_endpoint endpoints[AT_ONCE];
	static kith_connection connections[AT_ONCE / 2];

	for (int i = 0; i < AT_ONCE; i++)
		endpoints[i] = pair_endpoint();
	call_each_other(endpoints, connections);
	for (int i = 0; i < AT_ONCE / 2; i++)
		answer(endpoints[i], i);
	for (int i = 0; i < AT_ONCE; i++)
		cr_assert_eq(kith_endpoint_destroy(endpoints[i]), KITH_OK);
}

Test(many_endpoints, a_thousand_live_at_once, .timeout = 300)
{
	struct usage before;

	if (!may_open((rlim_t)AT_ONCE * FILES_OF_ONE)) {
		printf("skipped: %d descriptors are not allowed\n", AT_ONCE * FILES_OF_ONE);
		return;
	}
	/* Once, so that what grows with the number of them has grown. */
	live_at_once();
	before = measure();
	live_at_once();
	compare(&before);
}
