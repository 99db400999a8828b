/* What the system may answer to sending and receiving: the calls themselves are stood in for here. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "transport/udp.h"

static const struct udp_options segments = { 65536, true, true }, batches = { 65536, false, true },
								plain = { 65536, false, false };

static int script[16]; /* errors for the next calls; 0: let it through */
static int script_size, script_at;
static int messages_calls, message_calls, segment_calls;

static void expect_errors(const int *errors, int count)
{
	for (int i = 0; i < count; i++)
		script[i] = errors[i];
	script_size = count;
	script_at = 0;
	messages_calls = message_calls = segment_calls = 0;
}

static int next_error(void)
{
	return script_at < script_size ? script[script_at++] : 0;
}

static bool has_segments(const struct msghdr *message)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
	     header = CMSG_NXTHDR((struct msghdr *)message, header)) {
		if (header->cmsg_level == IPPROTO_UDP)
			return true;
	}
	return false;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	static ssize_t (*real)(int, const struct msghdr *, int);
	int error = next_error();

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "sendmsg");
	message_calls++;
	segment_calls += has_segments(message);
	if (error == 0)
		return real(fd, message, flags);
	errno = error;
	return -1;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	static int (*real)(int, struct mmsghdr *, unsigned, int);
	int error = next_error();

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "sendmmsg");
	messages_calls++;
	if (error == 0)
		return real(fd, messages, count, flags);
	if (error == EINTR && count > 3) /* here: only three of them */
		return real(fd, messages, 3, flags);
	errno = error;
	return -1;
}

struct ends {
	struct udp *from, *to;
	struct address address;
};

static struct ends make_ends(const struct udp_options *options)
{
	struct address loopback;
	int error = 0;
	struct ends ends;

	cr_assert(address_parse(&loopback, "127.0.0.1"));
	ends.from = udp_open(&loopback, NULL, options, &error);
	ends.to = udp_open(&loopback, NULL, options, &error);
	cr_assert(ends.from != NULL && ends.to != NULL, "%s", strerror(error));
	udp_local(ends.to, &ends.address);
	return ends;
}

static void close_ends(struct ends *ends)
{
	udp_close(ends->from);
	udp_close(ends->to);
}

/* Sends ten datagrams; returns how many arrive. */
static size_t send_ten(struct ends *ends, bool *complete)
{
	static uint8_t bytes[10000];
	struct datagram_burst burst = { bytes, sizeof(bytes), 0, ends->address, { { 0 }, 0 }, sizeof(bytes), 1000, false };
	struct pollfd polled = { udp_fd(ends->to), POLLIN, 0 };
	struct datagram datagrams[64];
	size_t count = 0;

	*complete = udp_send(ends->from, &burst);
	while (poll(&polled, 1, 100) == 1)
		count += udp_receive(ends->to, datagrams, 64);
	return count;
}

Test(udp_errors, segments_go_in_one_call)
{
	struct ends ends = make_ends(&segments);
	bool complete;

	expect_errors(NULL, 0);
	cr_assert_eq(send_ten(&ends, &complete), 10);
	cr_assert(complete);
	cr_assert_eq(message_calls, 1);
	cr_assert_eq(segment_calls, 1);
	cr_assert_eq(messages_calls, 0);
	close_ends(&ends);
}

Test(udp_errors, where_a_device_cannot_cut_segments_they_go_as_messages)
{
	static const int errors[] = { EIO, EINVAL, EMSGSIZE, EOPNOTSUPP };

	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct ends ends = make_ends(&segments);
		bool complete;

		expect_errors(&errors[i], 1);
		cr_assert_eq(send_ten(&ends, &complete), 10, "%s", strerror(errors[i]));
		cr_assert(complete);
		cr_assert_eq(messages_calls, 1);
		close_ends(&ends);
	}
}

Test(udp_errors, without_segments_one_call_takes_many_messages)
{
	struct ends ends = make_ends(&batches);
	bool complete;

	expect_errors(NULL, 0);
	cr_assert_eq(send_ten(&ends, &complete), 10);
	cr_assert(complete);
	cr_assert_eq(messages_calls, 1);
	cr_assert_eq(message_calls, 0);
	close_ends(&ends);
}

Test(udp_errors, without_batches_each_message_has_its_call)
{
	struct ends ends = make_ends(&plain);
	bool complete;

	expect_errors(NULL, 0);
	cr_assert_eq(send_ten(&ends, &complete), 10);
	cr_assert(complete);
	cr_assert_eq(messages_calls, 0);
	cr_assert_eq(message_calls, 10);
	cr_assert_eq(segment_calls, 0);
	close_ends(&ends);
}

Test(udp_errors, what_a_batch_left_goes_one_by_one)
{
	static const int three[] = { EINTR }, none[] = { ENOSYS };
	struct ends ends = make_ends(&batches);
	bool complete;

	expect_errors(three, 1);
	cr_assert_eq(send_ten(&ends, &complete), 10);
	cr_assert_eq(message_calls, 7);
	expect_errors(none, 1);
	cr_assert_eq(send_ten(&ends, &complete), 10, "a kernel without sendmmsg");
	cr_assert(complete);
	close_ends(&ends);
}

Test(udp_errors, no_room_is_told_and_what_follows_goes)
{
	static const int full[] = { ENOBUFS }, again[] = { EAGAIN };
	static const int *const errors[] = { full, again };

	for (unsigned i = 0; i < 2; i++) {
		struct ends ends = make_ends(&segments);
		bool complete;

		expect_errors(errors[i], 1);
		cr_assert_eq(send_ten(&ends, &complete), 0);
		cr_assert_not(complete);
		cr_assert_eq(message_calls, 1, "not tried again piece by piece");
		cr_assert_eq(send_ten(&ends, &complete), 10);
		cr_assert(complete);
		close_ends(&ends);
	}
}

Test(udp_errors, the_error_of_an_earlier_datagram_costs_none)
{
	static const int refused[] = { ECONNREFUSED };
	struct ends ends = make_ends(&plain);
	bool complete;

	expect_errors(refused, 1);
	cr_assert_eq(send_ten(&ends, &complete), 10);
	cr_assert(complete);
	close_ends(&ends);
}

Test(udp_errors, one_bad_datagram_costs_only_itself)
{
	static const int errors[] = { 0, EMSGSIZE, 0, EPERM, ENETUNREACH };
	struct ends ends = make_ends(&plain);
	bool complete;

	expect_errors(errors, 5);
	cr_assert_eq(send_ten(&ends, &complete), 7);
	cr_assert_not(complete);
	close_ends(&ends);
}
