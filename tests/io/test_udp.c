/* transport/udp over real sockets on loopback: every way of sending and receiving carries the same. */
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "transport/udp.h"

enum { BATCH = 64, PATIENCE_MS = 10000, BYTES_MAX = 65000 };

static const struct udp_options ways[] = {
	{ 2097152, true, true },   /* as configured by default */
	{ 2097152, true, false },  /* segments, one message a call */
	{ 2097152, false, true },  /* several messages a call */
	{ 2097152, false, false }, /* plain */
};

enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static struct address parsed(const char *text)
{
	struct address address;

	cr_assert(address_parse(&address, text), "%s", text);
	return address;
}

static struct udp *opened(const char *local, const struct udp_options *options)
{
	struct address address = parsed(local);
	int error = 0;
	struct udp *udp = udp_open(&address, NULL, options, &error);

	cr_assert_not_null(udp, "%s: %s", local, strerror(error));
	return udp;
}

/* A machine may have no IPv6 at all. */
static bool has_ipv6(void)
{
	struct address address = parsed("::1");
	int error = 0;
	struct udp *udp = udp_open(&address, NULL, &ways[0], &error);

	if (udp == NULL) {
		printf("skipped: no IPv6 on this machine: %s\n", strerror(error));
		return false;
	}
	udp_close(udp);
	return true;
}

static struct address local_of(const struct udp *udp)
{
	struct address address;

	udp_local(udp, &address);
	return address;
}

static void send_burst(struct udp *udp, const struct address *to, uint8_t *bytes, size_t size, size_t segment)
{
	struct datagram_burst burst = {
		.bytes = bytes, .capacity = size, .remote = *to, .size = size, .segment_size = segment
	};

	cr_assert(udp_send(udp, &burst), "%s", strerror(errno));
}

static bool wait_for(struct udp *udp, int milliseconds)
{
	struct pollfd polled = { udp_fd(udp), POLLIN, 0 };

	return poll(&polled, 1, milliseconds) == 1;
}

/* What arrived, behind each other. */
struct arrived {
	uint8_t bytes[4 * BYTES_MAX];
	size_t size, count, largest;
	struct datagram last;
};

static void receive_some(struct udp *udp, struct arrived *all)
{
	struct datagram datagrams[BATCH];
	size_t count;

	do {
		count = udp_receive(udp, datagrams, BATCH);
		for (size_t i = 0; i < count; i++) {
			cr_assert(all->size + datagrams[i].size <= sizeof(all->bytes));
			memcpy(all->bytes + all->size, datagrams[i].bytes, datagrams[i].size);
			all->size += datagrams[i].size;
			all->largest = datagrams[i].size > all->largest ? datagrams[i].size : all->largest;
			all->last = datagrams[i];
		}
		all->count += count;
	} while (udp_may_have_more(udp));
}

static void receive_all(struct udp *udp, size_t size, struct arrived *all)
{
	memset(all, 0, sizeof(*all));
	while (all->size < size) {
		cr_assert(wait_for(udp, PATIENCE_MS), "%zu of %zu bytes came", all->size, size);
		receive_some(udp, all);
	}
}

static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(i * 31 + i / 251);
}

static void carry(struct udp *from, struct udp *to, const struct address *address, size_t size, size_t segment)
{
	static uint8_t bytes[BYTES_MAX];
	static struct arrived all;

	fill(bytes, size);
	send_burst(from, address, bytes, size, segment);
	receive_all(to, size, &all);
	cr_assert_eq(all.size, size);
	cr_assert_eq(all.count, (size + segment - 1) / segment, "%zu of %zu: %zu", size, segment, all.count);
	cr_assert_eq(all.largest, size < segment ? size : segment);
	cr_assert_arr_eq(all.bytes, bytes, size);
}

static void carry_all_sizes(const char *a, const char *b, const struct udp_options *from, const struct udp_options *to)
{
	static const size_t sizes[][2] = {
		{ 1, 1300 },     { 600, 1300 },   { 1300, 1300 },  { 2600, 1300 },  { 52000, 1300 },
		{ 52001, 1300 }, { 64999, 1300 }, { 65000, 1300 }, { 65000, 1232 }, { 64001, 1000 },
		{ 40000, 200 },  { 999, 10 },     { 9000, 9000 },  { 32000, 8000 }, { 60000, 60000 },
	};
	struct udp *sender = opened(a, from), *receiver = opened(b, to);
	struct address address = local_of(receiver);

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		carry(sender, receiver, &address, sizes[i][0], sizes[i][1]);
	udp_close(sender);
	udp_close(receiver);
}

static void carry_every_way(const char *a, const char *b)
{
	for (unsigned from = 0; from < WAYS; from++) {
		for (unsigned to = 0; to < WAYS; to++)
			carry_all_sizes(a, b, &ways[from], &ways[to]);
	}
}

Test(udp, every_way_carries_every_size_over_ipv4, .timeout = 240)
{
	carry_every_way("127.0.0.1", "127.0.0.1");
}

Test(udp, every_way_carries_every_size_over_ipv6, .timeout = 240)
{
	if (has_ipv6())
		carry_every_way("::1", "::1");
}

/* `to` on all addresses, called at `at`; tells where it arrived and answers from there. */
static void call_and_answer(const char *to, const char *at, const char *from, const struct udp_options *options)
{
	struct udp *server = opened(to, options), *client = opened(from, options);
	struct address called = parsed(at), address = local_of(client);
	static struct arrived all;
	uint8_t bytes[3000];

	called.port = local_of(server).port;
	fill(bytes, sizeof(bytes));
	send_burst(client, &called, bytes, sizeof(bytes), 1300);
	receive_all(server, sizeof(bytes), &all);
	cr_assert(address_equal(&all.last.local, &called), "called at %s", at);
	cr_assert(address_equal(&all.last.remote, &address));
	struct datagram_burst answer = { bytes,          sizeof(bytes), 0,    all.last.remote,
		                             all.last.local, sizeof(bytes), 1300, false };
	cr_assert(udp_send(server, &answer));
	receive_all(client, sizeof(bytes), &all);
	cr_assert(address_equal(&all.last.remote, &called), "not answered from %s", at);
	cr_assert(address_equal(&all.last.local, &address));
	udp_close(server);
	udp_close(client);
}

Test(udp, a_machine_of_many_addresses_answers_from_the_one_that_was_called)
{
	for (unsigned i = 0; i < WAYS; i++) {
		call_and_answer("0.0.0.0", "127.0.0.1", "127.0.0.1", &ways[i]);
		call_and_answer("0.0.0.0", "127.0.0.77", "127.0.0.1", &ways[i]);
		call_and_answer("127.0.0.9", "127.0.0.9", "127.0.0.1", &ways[i]);
	}
}

Test(udp, both_families_on_one_socket)
{
	if (!has_ipv6())
		return;
	for (unsigned i = 0; i < WAYS; i++) {
		call_and_answer("::", "127.0.0.77", "127.0.0.1", &ways[i]);
		call_and_answer("::", "::1", "::1", &ways[i]);
		carry_all_sizes("127.0.0.1", "127.0.0.1", &ways[i], &ways[i]);
	}
}

Test(udp, an_address_that_is_not_ours_any_more_is_not_insisted_on)
{
	static const char *const lost[] = { "198.51.100.77", "2001:db8:dead::1" };
	bool six = has_ipv6();

	for (unsigned i = 0; i < WAYS * (six ? 2 : 1); i++) {
		struct udp *server = opened(six ? "::" : "0.0.0.0", &ways[i % WAYS]);
		struct udp *client = opened(i < WAYS ? "127.0.0.1" : "::1", &ways[i % WAYS]);
		uint8_t bytes[2000];
		static struct arrived all;
		struct datagram_burst burst = { bytes,         sizeof(bytes), 0,    local_of(client), parsed(lost[i / WAYS]),
			                            sizeof(bytes), 1300,          false };

		fill(bytes, sizeof(bytes));
		cr_assert(udp_send(server, &burst), "%u: %s", i, strerror(errno));
		receive_all(client, sizeof(bytes), &all);
		cr_assert_arr_eq(all.bytes, bytes, sizeof(bytes));
		udp_close(server);
		udp_close(client);
	}
}

Test(udp, a_calling_socket_knows_its_address)
{
	struct address remote = parsed("127.0.0.1:9");
	int error = 0;
	struct udp *udp = udp_open(NULL, &remote, &ways[0], &error);
	struct address local;

	cr_assert_not_null(udp, "%s", strerror(error));
	local = local_of(udp);
	cr_assert(address_is_loopback(&local));
	cr_assert_neq(local.port, 0);
	udp_close(udp);
}

Test(udp, nobody_there_does_not_disturb_the_others)
{
	struct udp *gone = opened("127.0.0.1", &ways[0]), *there = opened("127.0.0.1", &ways[0]);
	struct address nowhere = local_of(gone), address = local_of(there);
	struct address any = parsed("127.0.0.1:1");
	int error = 0;
	struct udp *sender = udp_open(NULL, &any, &ways[0], &error);

	cr_assert_not_null(sender, "%s", strerror(error));
	udp_close(gone);
	for (int i = 0; i < 20; i++) {
		uint8_t byte = 7;
		struct datagram_burst burst = { &byte, 1, 0, nowhere, { { 0 }, 0 }, 1, 1, false };
		(void)udp_send(sender, &burst);
		carry(sender, there, &address, 5000, 1300);
	}
	udp_close(sender);
	udp_close(there);
}

Test(udp, empty_datagrams_are_nothing)
{
	struct udp *sender = opened("127.0.0.1", &ways[3]);

	for (unsigned i = 0; i < WAYS; i++) {
		struct udp *receiver = opened("127.0.0.1", &ways[i]);
		struct address address = local_of(receiver);
		uint8_t byte = 1;

		for (int sent = 0; sent < 50; sent++) {
			struct datagram_burst empty = { &byte, 1, 0, address, { { 0 }, 0 }, 0, 1, false };
			struct datagram_burst one = { &byte, 1, 0, address, { { 0 }, 0 }, 1, 1, false };
			cr_assert(udp_send(sender, sent % 5 == 4 ? &one : &empty));
		}
		static struct arrived all;
		receive_all(receiver, 10, &all);
		cr_assert_eq(all.count, 10);
		udp_close(receiver);
	}
	udp_close(sender);
}

Test(udp, a_port_that_is_taken_is_told)
{
	struct udp *first = opened("127.0.0.1", &ways[0]);
	struct address address = local_of(first);
	int error = 0;

	cr_assert_null(udp_open(&address, NULL, &ways[0], &error));
	cr_assert_eq(error, EADDRINUSE);
	address = parsed("198.51.100.77:5");
	cr_assert_null(udp_open(&address, NULL, &ways[0], &error));
	cr_assert_eq(error, EADDRNOTAVAIL);
	udp_close(first);
}

Test(udp, small_buffers_lose_but_never_block)
{
	for (unsigned i = 0; i < WAYS; i++) {
		struct udp_options tiny = ways[i];
		static uint8_t bytes[BYTES_MAX];
		static struct arrived all;

		tiny.buffer_size = 4096;
		struct udp *sender = opened("127.0.0.1", &tiny), *receiver = opened("127.0.0.1", &tiny);
		struct datagram_burst burst = { bytes,        sizeof(bytes), 0,    local_of(receiver),
			                            { { 0 }, 0 }, sizeof(bytes), 1300, false };
		for (int sent = 0; sent < 50; sent++)
			(void)udp_send(sender, &burst);
		memset(&all, 0, sizeof(all));
		while (wait_for(receiver, 50))
			receive_some(receiver, &all);
		struct address address = local_of(receiver);
		carry(sender, receiver, &address, 1300, 1300);
		udp_close(sender);
		udp_close(receiver);
	}
}
