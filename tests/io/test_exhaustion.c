/* The system gives no more: descriptors, ports, buffers. The caller is told, and what runs goes on. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"

enum { TRIES = 400 };

static int fillers[TRIES];
static int filler_count;

static int highest_descriptor(void)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	int highest = 0;

	cr_assert_not_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		int fd = atoi(entry->d_name);
		highest = fd > highest && fd != dirfd(folder) ? fd : highest;
	}
	closedir(folder);
	return highest;
}

static void set_limit(rlim_t count)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* So many descriptors more, and not one beyond: the limit is on their numbers, so holes are filled. */
static void allow(int more)
{
	int highest, fd;

	set_limit(RLIM_INFINITY);
	highest = highest_descriptor();
	while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0 && fd < highest) {
		cr_assert(filler_count < TRIES);
		fillers[filler_count++] = fd;
	}
	close(fd);
	set_limit((rlim_t)(highest + 1 + more));
}

static void allow_all(void)
{
	while (filler_count > 0)
		close(fillers[--filler_count]);
	set_limit(RLIM_INFINITY);
}

static void expect_system(kith_result result, const char *what)
{
	cr_assert_eq(result, KITH_E_SYSTEM, "%s: %s", what, kith_result_name(result));
	cr_assert(strstr(kith_last_error(), strerror(EMFILE)) != NULL, "%s: %s", what, kith_last_error());
}

static void check_alive(struct pair *pair)
{
	peers_stream(pair->client, pair->called, pair->server, pair->accepted, 1000000);
	peers_stream(pair->server, pair->accepted, pair->client, pair->called, 1000000);
}

Test(exhaustion, no_descriptor_for_an_endpoint, .timeout = 240)
{
	kith_endpoint endpoints[TRIES];
	struct pair pair;
	kith_result result;
	int count = 0, first;

	pair_open(&pair, NULL, NULL);
	first = open("/dev/null", O_RDONLY | O_CLOEXEC);
	cr_assert_eq(dup2(first, 0), 0);
	for (int more = 0; more < 12; more++) {
		allow(more);
		count = 0;
		while ((result = kith_endpoint_create(NULL, &endpoints[count])) == KITH_OK)
			count++;
		expect_system(result, "an endpoint");
		cr_assert_eq(endpoints[count], KITH_NO_HANDLE);
		check_alive(&pair);
		cr_assert_eq(fcntl(0, F_GETFD), 0, "what is not there is not closed: descriptor 0 is not ours");
		while (count > 0)
			cr_assert_eq(kith_endpoint_destroy(endpoints[--count]), KITH_OK);
	}
	allow_all();
	cr_assert_eq(kith_endpoint_create(NULL, &endpoints[0]), KITH_OK);
	kith_endpoint_destroy(endpoints[0]);
	pair_close(&pair);
}

Test(exhaustion, no_descriptor_for_a_socket, .timeout = 240)
{
	struct kith_address address;
	struct pair pair;
	kith_connection connection;
	kith_listener listener;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_address_parse("127.0.0.1", &address), KITH_OK);
	allow(0);
	expect_system(kith_endpoint_connect_address(pair.client, &pair.address, NULL, &connection), "a call");
	cr_assert_eq(connection, KITH_NO_HANDLE);
	expect_system(kith_endpoint_listen_address(pair.client, &address, NULL, &listener), "a listener");
	cr_assert_eq(listener, KITH_NO_HANDLE);
	check_alive(&pair);
	allow_all();
	cr_assert_eq(kith_endpoint_connect_address(pair.client, &pair.address, NULL, &connection), KITH_OK);
	pair_close(&pair);
}

Test(exhaustion, no_descriptor_for_a_signaling_client)
{
	kith_endpoint endpoint = pair_endpoint();
	kith_signaling signaling = KITH_NO_HANDLE;
	kith_result result;

	allow(0);
	result = kith_signaling_open(endpoint, "tcp://127.0.0.1:9", &signaling);
	cr_assert(result == KITH_E_SYSTEM || result == KITH_OK, "%s", kith_result_name(result));
	/* One that got its thread says it by its state. */
	if (result == KITH_OK)
		pair_await(endpoint, KITH_EVENT_SIGNALING_STATE, 0);
	allow_all();
	kith_endpoint_destroy(endpoint);
}

/* A second call of the same peers with any number of descriptors left: it works, or its end says why. */
Test(exhaustion, any_number_of_descriptors_for_a_call_by_identity, .timeout = 240)
{
	static struct peer peers[2], callers[2];
	struct kith_event event;
	int worked = 0, refused = 0;

	peers_open(peers, NULL, 0);
	cr_assert_eq(peers_call(peers).type, KITH_EVENT_NONE);
	for (int more = 0; more < 48; more += more < 30 ? 1 : 6) {
		allow_all();
		peers_open(callers, NULL, 0);
		allow(more);
		event = peers_call(callers);
		if (event.type == KITH_EVENT_NONE) {
			worked++;
			peers_carry(callers, 1, 2000, 3);
		} else {
			refused++;
			cr_assert(strstr(event.text, "descriptor") != NULL || strstr(event.text, "no address or port") != NULL,
			          "with %d more: %s", more, event.text);
		}
		peers_carry(peers, 0, 20000, 3);
		peers_carry(peers, 1, 20000, 3);
		allow_all();
		peers_close(callers);
	}
	fprintf(stderr, "%d calls worked, %d were refused\n", worked, refused);
	cr_assert(worked > 0 && refused > 0);
	peers_close(peers);
}

Test(exhaustion, a_port_that_is_taken_is_named)
{
	char text[KITH_ADDRESS_TEXT_MAX];
	struct pair pair;
	kith_listener listener;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_endpoint_listen_address(pair.client, &pair.address, NULL, &listener), KITH_E_SYSTEM);
	cr_assert_eq(kith_address_print(&pair.address, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strstr(kith_last_error(), text) != NULL, "%s", kith_last_error());
	cr_assert(strstr(kith_last_error(), strerror(EADDRINUSE)) != NULL, "%s", kith_last_error());
	check_alive(&pair);
	pair_close(&pair);
}

/* --- a network of our own, with nine ports and nothing but loopback */

static bool enter_small_network(void)
{
	struct ifreq request;
	FILE *file = NULL;
	int fd;

	if (unshare(CLONE_NEWNET) != 0) {
		printf("skipped: no network namespace: %s\n", strerror(errno));
		return false;
	}
	memset(&request, 0, sizeof(request));
	strcpy(request.ifr_name, "lo");
	request.ifr_flags = IFF_UP;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	cr_assert_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
	/* /proc shows the network of the process that opens it. */
	file = fopen("/proc/self/net/../../sys/net/ipv4/ip_local_port_range", "w");
	if (file == NULL)
		file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "w");
	if (file == NULL) {
		printf("skipped: no way to set the range of ports: %s\n", strerror(errno));
		return false;
	}
	fprintf(file, "40000 40008\n");
	return fclose(file) == 0;
}

Test(exhaustion, no_port_is_left)
{
	kith_listener listeners[64];
	static struct peer peers[2];
	struct kith_event event;
	struct kith_address address;
	kith_connection connection;
	struct pair pair;
	kith_result result;
	int count = 0;

	if (!enter_small_network())
		return;
	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_address_parse("0.0.0.0", &address), KITH_OK);
	while ((result = kith_endpoint_listen_address(pair.server, &address, NULL, &listeners[count])) == KITH_OK)
		count++;
	cr_assert(count > 0 && count < 10, "%d", count);
	cr_assert_eq(result, KITH_E_SYSTEM);
	cr_assert(strstr(kith_last_error(), strerror(EADDRINUSE)) != NULL, "%s", kith_last_error());
	result = kith_endpoint_connect_address(pair.client, &pair.address, NULL, &connection);
	cr_assert_eq(result, KITH_E_SYSTEM, "%s", kith_last_error());
	peers_open(peers, NULL, 0);
	event = peers_call(peers);
	cr_assert_eq(event.type, KITH_EVENT_STATE);
	cr_assert(strstr(event.text, "no address or port") != NULL, "%s", event.text);
	check_alive(&pair);
	while (count > 0)
		cr_assert_eq(kith_listener_close(listeners[--count]), KITH_OK);
	/* Closed in a moment, by the service. */
	for (int tries = 0; tries < 100 && event.type != KITH_EVENT_NONE; tries++) {
		peers_hang_up(peers);
		kith_endpoint_wait(peers[0].endpoint, 50000);
		event = peers_call(peers);
	}
	cr_assert_eq(event.type, KITH_EVENT_NONE, "%s", event.text);
	peers_carry(peers, 0, 20000, 3);
	peers_close(peers);
	pair_close(&pair);
}

/* --- buffers */

static struct kith_config_entry number(int32_t id, int64_t value)
{
	struct kith_config_entry entry = { .id = id, .type = KITH_TYPE_INT32, .integer = value };

	return entry;
}

Test(exhaustion, the_smallest_socket_buffers_still_carry, .timeout = 240)
{
	for (int way = 0; way < 4; way++) {
		struct kith_config_entry config[] = { number(KITH_CONFIG_UDP_BUFFER_SIZE, 4096),
			                                  number(KITH_CONFIG_USE_GSO, way % 2),
			                                  number(KITH_CONFIG_USE_BATCHED_IO, way / 2) };
		struct kith_listener_options listener = KITH_LISTENER_OPTIONS_INIT;
		struct kith_connection_options connection = KITH_CONNECTION_OPTIONS_INIT;
		struct pair pair;

		listener.config = connection.config = config;
		listener.config_count = connection.config_count = 3;
		pair_open(&pair, &listener, &connection);
		peers_stream(pair.client, pair.called, pair.server, pair.accepted, 500000);
		peers_stream(pair.server, pair.accepted, pair.client, pair.called, 500000);
		pair_close(&pair);
	}
}

Test(exhaustion, the_smallest_socket_buffers_still_carry_between_identities, .timeout = 240)
{
	for (int sibling = 0; sibling < 2; sibling++) {
		struct kith_config_entry config[] = { number(KITH_CONFIG_UDP_BUFFER_SIZE, 4096),
			                                  number(KITH_CONFIG_USE_SIBLING_SOCKET, sibling) };
		static struct peer peers[2];

		peers_open(peers, config, 2);
		cr_assert_eq(peers_call(peers).type, KITH_EVENT_NONE);
		peers_stream(peers[0].endpoint, peers[0].connection, peers[1].endpoint, peers[1].connection, 500000);
		peers_stream(peers[1].endpoint, peers[1].connection, peers[0].endpoint, peers[0].connection, 500000);
		peers_close(peers);
	}
}
