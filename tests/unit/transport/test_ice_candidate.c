#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/types/action.h"
#include "transport/ice_candidate.h"

static bool reads(const char *line)
{
	struct ice_candidate candidate;

	return ice_candidate_parse(&candidate, line);
}

static struct ice_candidate made(enum ice_candidate_type type, const char *address)
{
	struct ice_candidate candidate = { .type = type, .priority = 7, .foundation = "1" };

	cr_assert(address_parse(&candidate.address, address), "%s", address);
	return candidate;
}

Test(ice_candidate, reads_what_gns_writes)
{
	struct ice_candidate candidate;

	cr_assert(ice_candidate_parse(&candidate, "candidate:3 0 udp 2130706431 192.0.2.7 40312 typ host"));
	cr_assert_eq(candidate.type, ICE_HOST);
	cr_assert_eq(candidate.priority, 2130706431u);
	cr_assert_str_eq(candidate.foundation, "3");
	cr_assert_eq(candidate.address.port, 40312);
	cr_assert(address_is_ipv4(&candidate.address));
}

Test(ice_candidate, reads_what_agents_write)
{
	struct ice_candidate candidate;

	cr_assert(
		ice_candidate_parse(&candidate, "a=candidate:Ab+/ 1 UDP 1 2001:db8::7 9 typ srflx raddr 10.0.0.1 rport 5"));
	cr_assert_eq(candidate.type, ICE_SERVER_REFLEXIVE);
	cr_assert_str_eq(candidate.foundation, "Ab+/");
	cr_assert(reads("candidate:1 1 udp 1 192.0.2.7 9 typ relay generation 0 ufrag x"));
	cr_assert(reads("candidate:1 1 udp 1 192.0.2.7 9 typ prflx"));
}

Test(ice_candidate, what_it_prints_it_reads)
{
	static const char *const addresses[] = { "192.0.2.7:1", "[2001:db8::1]:65535", "[::ffff:1]:80" };

	for (int type = ICE_HOST; type <= ICE_RELAYED; type++) {
		for (unsigned i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
			struct ice_candidate candidate = made((enum ice_candidate_type)type, addresses[i]), again;
			char line[CANDIDATE_LINE_MAX];

			cr_assert(ice_candidate_print(&candidate, line));
			cr_assert(ice_candidate_parse(&again, line), "%s", line);
			cr_assert_eq(again.type, candidate.type);
			cr_assert_eq(again.priority, candidate.priority);
			cr_assert(address_equal(&again.address, &candidate.address), "%s", line);
		}
	}
}

Test(ice_candidate, prints_as_gns_reads_and_no_related_address)
{
	struct ice_candidate candidate = made(ICE_RELAYED, "203.0.113.5:3480");
	char line[CANDIDATE_LINE_MAX];

	cr_assert(ice_candidate_print(&candidate, line));
	cr_assert_str_eq(line, "candidate:1 1 udp 7 203.0.113.5 3480 typ relay");
}

Test(ice_candidate, refuses_what_is_malformed)
{
	static const char *const lines[] = {
		"",
		"candidate:",
		"candidate:1",
		"candidate 1 1 udp 1 192.0.2.7 9 typ host",
		"Candidate:1 1 udp 1 192.0.2.7 9 typ host",
		"a=a=candidate:1 1 udp 1 192.0.2.7 9 typ host",
		"candidate: 1 udp 1 192.0.2.7 9 typ host",
		"candidate:1  1 udp 1 192.0.2.7 9 typ host",
		"candidate:1 1 udp 1 192.0.2.7 9 typ",
		"candidate:1 1 udp 1 192.0.2.7 9 host",
		"candidate:1 1 udp 1 192.0.2.7 9 typ hosts",
		"candidate:1 1 udp 1 192.0.2.7 9 typ host raddr",
		"candidate:1 1 udp 1 192.0.2.7 9 typ host  a b",
		"candidate:1 1 udp 1 192.0.2.7 typ host",
		"candidate:1 1 udp -1 192.0.2.7 9 typ host",
		"candidate:1 1 udp +1 192.0.2.7 9 typ host",
		"candidate:1 1 udp 0x1 192.0.2.7 9 typ host",
		"candidate:1- 1 udp 1 192.0.2.7 9 typ host",
		"candidate:1 1 udp 1 192.0.2.7 9\ttyp host",
		"candidate:1 1 udp 1 192.0.2.7 9 typ host\n",
	};

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		cr_expect_not(reads(lines[i]), "%s", lines[i]);
}

Test(ice_candidate, refuses_what_is_out_of_range)
{
	cr_assert_not(reads("candidate:1 2 udp 1 192.0.2.7 9 typ host"), "a second component");
	cr_assert_not(reads("candidate:1 1 tcp 1 192.0.2.7 9 typ host tcptype active"));
	cr_assert_not(reads("candidate:1 1 TCP 1 192.0.2.7 9 typ host"));
	cr_assert_not(reads("candidate:1 1 udp 0 192.0.2.7 9 typ host"), "priority 0");
	cr_assert_not(reads("candidate:1 1 udp 4294967296 192.0.2.7 9 typ host"));
	cr_assert_not(reads("candidate:1 1 udp 1 192.0.2.7 0 typ host"), "port 0");
	cr_assert_not(reads("candidate:1 1 udp 1 192.0.2.7 65536 typ host"));
	cr_assert(reads("candidate:12345678901234567890123456789012 1 udp 1 192.0.2.7 9 typ host"));
	cr_assert_not(reads("candidate:123456789012345678901234567890123 1 udp 1 192.0.2.7 9 typ host"), "foundation");
}

Test(ice_candidate, refuses_addresses_in_disguise)
{
	static const char *const addresses[] = { "::ffff:192.0.2.7", "::ffff:c000:207", "[2001:db8::1]", "192.0.2.7:5",
		                                     "[::1]:5",          "fe80::1%eth0",    "192.0.2",       "0x7f000001",
		                                     "a1b2.local",       "192.0.2.007",     "localhost",     "192.0.2.7/24" };

	for (unsigned i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char line[CANDIDATE_LINE_MAX];

		snprintf(line, sizeof(line), "candidate:1 1 udp 1 %s 9 typ host", addresses[i]);
		cr_expect_not(reads(line), "%s", line);
	}
}

Test(ice_candidate, a_line_that_is_too_long_is_refused)
{
	char line[CANDIDATE_LINE_MAX + 40] = "candidate:1 1 udp 1 192.0.2.7 9 typ host ";

	while (strlen(line) + 4 < CANDIDATE_LINE_MAX)
		strcat(line, "a b ");
	line[strlen(line) - 1] = '\0';
	cr_assert(reads(line));
	strcat(line, " abcdefgh ijklmnop");
	cr_assert_not(reads(line));
}

Test(ice_candidate, policy_says_which_of_ours_are_told)
{
	struct ice_candidate home = made(ICE_HOST, "192.168.1.5:1"), open = made(ICE_HOST, "203.0.113.5:1");
	struct ice_candidate seen = made(ICE_SERVER_REFLEXIVE, "203.0.113.5:1"), relay = made(ICE_RELAYED, "203.0.113.9:1");
	struct ice_candidate loopback = made(ICE_HOST, "127.0.0.1:1"), unique = made(ICE_HOST, "[fd00::1]:1");

	cr_assert(ice_candidate_may_share(&home, SHARE_PRIVATE));
	cr_assert(ice_candidate_may_share(&loopback, SHARE_PRIVATE));
	cr_assert(ice_candidate_may_share(&unique, SHARE_PRIVATE));
	cr_assert_not(ice_candidate_may_share(&home, SHARE_PUBLIC | SHARE_RELAY));
	cr_assert(ice_candidate_may_share(&open, SHARE_PUBLIC));
	cr_assert_not(ice_candidate_may_share(&open, SHARE_PRIVATE | SHARE_RELAY));
	cr_assert(ice_candidate_may_share(&seen, SHARE_PUBLIC));
	cr_assert_not(ice_candidate_may_share(&seen, SHARE_PRIVATE | SHARE_RELAY));
	cr_assert(ice_candidate_may_share(&relay, SHARE_RELAY));
	cr_assert_not(ice_candidate_may_share(&relay, SHARE_PRIVATE | SHARE_PUBLIC));
	cr_assert_not(ice_candidate_may_share(&home, 0));
	cr_assert_not(ice_candidate_may_share(&relay, 0));
}

Test(ice_candidate, link_local_ones_are_neither_told_nor_tried)
{
	struct ice_candidate six = made(ICE_HOST, "[fe80::1]:1"), four = made(ICE_HOST, "169.254.1.1:1");

	cr_assert_not(ice_candidate_may_share(&six, SHARE_PRIVATE | SHARE_PUBLIC | SHARE_RELAY));
	cr_assert_not(ice_candidate_may_share(&four, SHARE_PRIVATE | SHARE_PUBLIC | SHARE_RELAY));
	cr_assert_not(ice_candidate_may_try(&six, true));
	cr_assert_not(ice_candidate_may_try(&four, true));
}

Test(ice_candidate, nobody_is_sent_checks_who_cannot_be_a_peer)
{
	static const char *const addresses[] = { "0.0.0.0:1",   "0.1.2.3:1", "224.0.0.251:1", "255.255.255.255:1",
		                                     "240.0.0.1:1", "[::]:1",    "[ff02::1]:1",   "239.1.2.3:1" };

	for (unsigned i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct ice_candidate candidate = made(ICE_HOST, addresses[i]);
		cr_expect_not(ice_candidate_may_try(&candidate, true), "%s", addresses[i]);
	}
}

Test(ice_candidate, loopback_is_tried_by_those_who_have_nothing_else)
{
	struct ice_candidate four = made(ICE_HOST, "127.0.0.1:1"), six = made(ICE_HOST, "[::1]:1");
	struct ice_candidate other = made(ICE_HOST, "192.0.2.1:1");

	cr_assert_not(ice_candidate_may_try(&four, false));
	cr_assert_not(ice_candidate_may_try(&six, false));
	cr_assert(ice_candidate_may_try(&four, true));
	cr_assert(ice_candidate_may_try(&other, false));
}
