/* The socket beside libnice's: the kernel gives each of the two what is its own, from the first moment. */
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "transport/ice_sibling.h"
#include "transport/udp_options.h"

enum { PATIENCE_MS = 5000 };

static const struct udp_options options = { 1048576, true, true };
static const struct ice_sibling_share everything = { true, true, 0x44332211 };

struct scene {
	int base, sender;
	union udp_sockaddr to;
	socklen_t length;
};

static bool make_scene(struct scene *scene, int family)
{
	struct address loopback;

	cr_assert(address_parse(&loopback, family == AF_INET ? "127.0.0.1" : "::1"));
	memset(scene, 0, sizeof(*scene));
	scene->base = udp_options_open(family);
	scene->sender = udp_options_open(family);
	scene->length = udp_options_to_sockaddr(&loopback, family, &scene->to);
	if (scene->base < 0 || bind(scene->base, &scene->to.any, scene->length) != 0) {
		printf("skipped: no IPv6 on this machine: %s\n", strerror(errno));
		return false;
	}
	cr_assert_eq(getsockname(scene->base, &scene->to.any, &scene->length), 0);
	return true;
}

static void send_lead(struct scene *scene, int lead, size_t size)
{
	uint8_t bytes[64] = { (uint8_t)lead };

	cr_assert_eq(sendto(scene->sender, bytes, size, 0, &scene->to.any, scene->length), (ssize_t)size);
}

static bool is_ready(int fd, int milliseconds)
{
	struct pollfd polled = { fd, POLLIN, 0 };

	return poll(&polled, 1, milliseconds) == 1;
}

static int take_lead(int fd)
{
	uint8_t bytes[64] = { 0 };

	cr_assert(is_ready(fd, PATIENCE_MS), "nothing came");
	return recv(fd, bytes, sizeof(bytes), 0) > 0 ? bytes[0] : -1;
}

static bool belongs_to_libnice(int lead)
{
	return lead < 0x02 || (lead >= 0x40 && lead < 0x80);
}

static void sort_all(int family)
{
	struct scene scene;
	struct udp *sibling;

	if (!make_scene(&scene, family))
		return;
	cr_assert(ice_sibling_prepare(scene.base, &everything));
	for (int lead = 0; lead < 256; lead++) {
		send_lead(&scene, lead, 20);
		cr_assert_eq(take_lead(scene.base), lead, "before there is a sibling");
	}
	sibling = ice_sibling_open(scene.base, &everything, &options);
	cr_assert_not_null(sibling);
	for (int lead = 0; lead < 256; lead++) {
		int right = belongs_to_libnice(lead) ? scene.base : udp_fd(sibling);
		int other = right == scene.base ? udp_fd(sibling) : scene.base;
		send_lead(&scene, lead, lead % 2 ? 1 : 64);
		cr_assert_eq(take_lead(right), lead, "lead byte %02x went astray", (unsigned)lead);
		cr_assert_not(is_ready(other, 0));
	}
	send_lead(&scene, 0, 0);
	cr_assert_eq(take_lead(scene.base), -1, "an empty datagram");
	udp_close(sibling);
	for (int lead = 0; lead < 256; lead++) {
		send_lead(&scene, lead, 20);
		cr_assert_eq(take_lead(scene.base), lead, "after the sibling");
	}
	udp_options_close(scene.base);
	udp_options_close(scene.sender);
}

Test(sibling, the_kernel_sorts_by_the_first_byte_over_ipv4)
{
	sort_all(AF_INET);
}

Test(sibling, the_kernel_sorts_by_the_first_byte_over_ipv6)
{
	sort_all(AF_INET6);
}

static void send_answer(struct scene *scene, uint32_t tag, size_t size)
{
	uint8_t bytes[64] = { 0x01, 0x01 };

	memcpy(bytes + 8, &tag, sizeof(tag));
	cr_assert_eq(sendto(scene->sender, bytes, size, 0, &scene->to.any, scene->length), (ssize_t)size);
}

/* Who gets the answers to our own questions, and who the data. */
static void sort_answers(bool data, bool answers)
{
	struct ice_sibling_share share = { data, answers, 0x04030201 };
	struct scene scene;
	struct udp *sibling;
	int ours;

	cr_assert(make_scene(&scene, AF_INET));
	cr_assert(ice_sibling_prepare(scene.base, &share));
	sibling = ice_sibling_open(scene.base, &share, &options);
	cr_assert_not_null(sibling);
	ours = answers ? udp_fd(sibling) : scene.base;
	send_answer(&scene, share.tag, 32);
	cr_assert_eq(take_lead(ours), 0x01);
	send_answer(&scene, share.tag, 12);
	cr_assert_eq(take_lead(ours), 0x01);
	send_answer(&scene, share.tag, 11);
	cr_assert_eq(take_lead(scene.base), 0x01, "too short for a tag");
	send_answer(&scene, share.tag ^ 0x100, 32);
	cr_assert_eq(take_lead(scene.base), 0x01, "of somebody else");
	send_lead(&scene, 0x80, 32);
	cr_assert_eq(take_lead(data ? udp_fd(sibling) : scene.base), 0x80);
	udp_close(sibling);
	udp_options_close(scene.base);
	udp_options_close(scene.sender);
}

Test(sibling, answers_with_our_tag_are_ours)
{
	sort_answers(true, true);
	sort_answers(false, true);
	sort_answers(true, false);
}

Test(sibling, this_system_has_them)
{
	cr_assert(ice_sibling_is_possible());
}

Test(sibling, it_sends_from_the_same_port_and_receives_segments)
{
	struct scene scene;
	struct udp *sibling;
	struct datagram datagrams[64];
	struct address to;
	uint8_t bytes[20000];
	size_t count = 0;

	cr_assert(make_scene(&scene, AF_INET));
	cr_assert(ice_sibling_prepare(scene.base, &everything));
	sibling = ice_sibling_open(scene.base, &everything, &options);
	cr_assert_not_null(sibling);
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	int peer = udp_options_open(AF_INET);
	from = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	cr_assert_eq(bind(peer, (struct sockaddr *)&from, sizeof(from)), 0);
	cr_assert(udp_options_local(peer, &to));
	memset(bytes, 0x80, sizeof(bytes));
	struct datagram_burst burst = { bytes, sizeof(bytes), 0, to, { { 0 }, 0 }, sizeof(bytes), 1000, false };
	cr_assert(udp_send(sibling, &burst));
	for (int i = 0; i < 20; i++) {
		cr_assert(is_ready(peer, PATIENCE_MS));
		cr_assert_eq(recvfrom(peer, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length), 1000);
		cr_assert_eq(from.sin_port, scene.to.v4.sin_port);
		cr_assert_eq(sendto(peer, bytes, 900, 0, &scene.to.any, scene.length), 900);
	}
	while (count < 20) {
		cr_assert(is_ready(udp_fd(sibling), PATIENCE_MS));
		size_t some = udp_receive(sibling, datagrams, 64);
		for (size_t i = 0; i < some; i++)
			cr_assert_eq(datagrams[i].size, 900);
		count += some;
	}
	udp_close(sibling);
	udp_options_close(peer);
}

/* --- the moment it comes and goes */

struct flood {
	_Atomic(struct scene *) scene; /* where to */
	_Atomic bool stop;
	_Atomic unsigned long sent;
};

static void *run_flood(void *data)
{
	struct flood *flood = data;
	int fd = udp_options_open(AF_INET);
	uint8_t bytes[32] = { 0 };

	while (!atomic_load(&flood->stop)) {
		struct scene *scene = atomic_load(&flood->scene);
		bytes[0] ^= 1;
		if (scene != NULL)
			(void)sendto(fd, bytes, sizeof(bytes), 0, &scene->to.any, scene->length);
		atomic_fetch_add(&flood->sent, 1);
	}
	udp_options_close(fd);
	return NULL;
}

static void wait_for_flood(struct flood *flood)
{
	unsigned long sent = atomic_load(&flood->sent);

	while (atomic_load(&flood->sent) < sent + 2)
		continue;
}

/* Each base has its first sibling once: what a moment without the selector would cost shows there. */
Test(sibling, no_stun_goes_astray_while_it_comes_and_goes, .timeout = 240)
{
	static struct flood flood;
	static struct scene scene;
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, run_flood, &flood), 0);
	for (int round = 0; round < 200; round++) {
		cr_assert(make_scene(&scene, AF_INET));
		cr_assert(ice_sibling_prepare(scene.base, &everything));
		atomic_store(&flood.scene, &scene);
		wait_for_flood(&flood);
		for (int again = 0; again < 3; again++) {
			struct udp *sibling = ice_sibling_open(scene.base, &everything, &options);
			cr_assert_not_null(sibling);
			wait_for_flood(&flood);
			cr_assert_not(is_ready(udp_fd(sibling), 0), "round %d", round);
			udp_close(sibling);
		}
		cr_assert(is_ready(scene.base, PATIENCE_MS));
		atomic_store(&flood.scene, NULL);
		wait_for_flood(&flood);
		udp_options_close(scene.base);
		udp_options_close(scene.sender);
	}
	atomic_store(&flood.stop, true);
	pthread_join(thread, NULL);
}

Test(sibling, what_is_no_bound_udp_socket_has_none)
{
	int unbound = udp_options_open(AF_INET), stream = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_null(ice_sibling_open(-1, &everything, &options));
	cr_assert_not(ice_sibling_prepare(-1, &everything));
	cr_assert_not(ice_sibling_prepare(stream, &everything));
	cr_assert_null(ice_sibling_open(stream, &everything, &options));
	udp_options_close(unbound);
	udp_options_close(stream);
}
