#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>

#include "transport/udp_options.h"

static struct address parsed(const char *text)
{
	struct address address;

	cr_assert(address_parse(&address, text), "%s", text);
	return address;
}

Test(udp_options, addresses_survive_both_ways)
{
	static const struct {
		const char *text;
		int family;
	} all[] = { { "192.0.2.7:5", AF_INET }, { "192.0.2.7:5", AF_INET6 }, { "[2001:db8::1]:9", AF_INET6 } };

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct address address = parsed(all[i].text), back;
		union udp_sockaddr raw;
		socklen_t length = udp_options_to_sockaddr(&address, all[i].family, &raw);

		cr_assert_eq(raw.any.sa_family, all[i].family);
		cr_assert_eq(length, all[i].family == AF_INET ? sizeof(raw.v4) : sizeof(raw.v6));
		udp_options_from_sockaddr(&raw, &back);
		cr_assert(address_equal(&address, &back), "%s", all[i].text);
	}
}

/* A message that carries what one of ours would carry, read as if it had arrived. */
static void carry(int family, uint16_t segment, const char *source, struct udp_arrival *out)
{
	struct msghdr message = { 0 };
	union udp_control control;
	struct address address;

	if (segment != 0)
		cr_assert(udp_options_add_segment_size(&message, &control, segment));
	if (source != NULL) {
		address = parsed(source);
		cr_assert(udp_options_add_source(&message, &control, family, &address));
	}
	cr_assert(message.msg_controllen <= sizeof(control));
	udp_options_read_arrival(&message, out);
}

Test(udp_options, source_and_segments_stand_side_by_side)
{
	struct address four = parsed("192.0.2.7"), six = parsed("2001:db8::7");
	struct udp_arrival arrival;

	carry(AF_INET, 1200, "192.0.2.7", &arrival);
	cr_assert(address_equal(&arrival.local, &four));
	cr_assert_eq(arrival.segment_size, 0, "that one is for sending");
	carry(AF_INET6, 1200, "2001:db8::7", &arrival);
	cr_assert(address_equal(&arrival.local, &six));
	carry(AF_INET6, 0, "192.0.2.7", &arrival);
	cr_assert(address_equal(&arrival.local, &four));
}

Test(udp_options, nothing_beside_is_nothing_told)
{
	struct address none = { { 0 }, 0 };
	struct udp_arrival arrival;

	memset(&arrival, 0xa5, sizeof(arrival));
	carry(AF_INET, 0, NULL, &arrival);
	cr_assert_eq(arrival.segment_size, 0);
	cr_assert(address_equal(&arrival.local, &none));
}

Test(udp_options, nobody_answers_from_a_group)
{
	struct address none = { { 0 }, 0 };
	struct udp_arrival arrival;

	carry(AF_INET6, 0, "ff02::1", &arrival);
	cr_assert(address_equal(&arrival.local, &none));
}

Test(udp_options, local_is_told_of_bound_sockets_only)
{
	struct sockaddr_in loopback = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct address address;
	int fd = udp_options_open(AF_INET);

	cr_assert(fd >= 0);
	cr_assert_not(udp_options_local(fd, &address));
	cr_assert_eq(bind(fd, (struct sockaddr *)&loopback, sizeof(loopback)), 0);
	cr_assert(udp_options_local(fd, &address));
	cr_assert(address_is_loopback(&address));
	cr_assert_neq(address.port, 0);
	udp_options_close(fd);
	cr_assert_not(udp_options_local(fd, &address));
}
