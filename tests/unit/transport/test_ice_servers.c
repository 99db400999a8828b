#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "transport/ice_servers.h"

static void expect(const struct ice_server *server, const char *host, uint16_t port, bool tcp)
{
	cr_assert_str_eq(server->host, host);
	cr_assert_eq(server->port, port);
	cr_assert_eq(server->tcp, tcp);
}

Test(ice_servers, reads_the_forms_there_are)
{
	struct ice_servers servers;

	cr_assert(ice_servers_parse(&servers, "stun", "192.0.2.1:3479, stun:stun.example.org:19302,[2001:db8::1]:5,s"));
	cr_assert_eq(servers.count, 4);
	expect(&servers.servers[0], "192.0.2.1", 3479, false);
	expect(&servers.servers[1], "stun.example.org", 19302, false);
	expect(&servers.servers[2], "2001:db8::1", 5, false);
	expect(&servers.servers[3], "s", 3478, false);
}

Test(ice_servers, reads_relays)
{
	struct ice_servers servers;

	cr_assert(ice_servers_parse(&servers, "turn",
	                            "turn:a.example:1?transport=tcp,turn:b.example?transport=udp,turn:[::1]:9,c:2"));
	cr_assert_eq(servers.count, 4);
	expect(&servers.servers[0], "a.example", 1, true);
	expect(&servers.servers[1], "b.example", 3478, false);
	expect(&servers.servers[2], "::1", 9, false);
	expect(&servers.servers[3], "c", 2, false);
}

Test(ice_servers, nothing_is_an_empty_list)
{
	struct ice_servers servers;

	cr_assert(ice_servers_parse(&servers, "stun", ""));
	cr_assert_eq(servers.count, 0);
	cr_assert(ice_servers_parse(&servers, "stun", " , ,"));
	cr_assert_eq(servers.count, 0);
}

Test(ice_servers, what_cannot_be_read_is_left_out_and_told)
{
	static const char *const bad[] = { ":3478",       "host:0",        "host:65536",       "host:",
		                               "host:12a",    "[::1",          "[::1]5",           "::1",
		                               "[]:1",        "turns:host:1",  "stuns:host:1",     "host:1?transport=tcp",
		                               "user@host:1", "host/path",     "ho st:1",          "http://host",
		                               "host:1?x",    "[host%eth0]:1", "stun:stun:host:1", "host:+5" };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ice_servers servers;
		char list[64];

		snprintf(list, sizeof(list), "good:1,%s,fine:2", bad[i]);
		cr_expect_not(ice_servers_parse(&servers, "stun", list), "%s", bad[i]);
		cr_expect_eq(servers.count, 2, "%s", bad[i]);
		cr_expect_eq(servers.servers[1].place, 2, "%s", bad[i]);
	}
}

Test(ice_servers, tls_is_refused_rather_than_left_out_silently)
{
	struct ice_servers servers;

	cr_assert_not(ice_servers_parse(&servers, "turn", "turns:relay.example:5349"));
	cr_assert_eq(servers.count, 0);
	cr_assert_not(ice_servers_parse(&servers, "turn", "turn:relay.example:5349?transport=tls"));
	cr_assert_eq(servers.count, 0);
}

Test(ice_servers, no_more_than_there_is_room_for)
{
	struct ice_servers servers;

	cr_assert_not(ice_servers_parse(&servers, "stun", "a,b,c,d,e,f,g,h,i"));
	cr_assert_eq(servers.count, ICE_SERVERS_MAX);
}

Test(ice_servers, a_long_name_is_refused)
{
	struct ice_servers servers;
	char list[ICE_SERVER_HOST_MAX + 8];

	memset(list, 'a', sizeof(list));
	strcpy(list + ICE_SERVER_HOST_MAX, ":1");
	cr_assert_not(ice_servers_parse(&servers, "stun", list));
	cr_assert(ice_servers_parse(&servers, "stun", list + 1));
}

Test(ice_servers, credentials_stand_in_the_order_of_the_list)
{
	struct ice_servers servers;

	cr_assert_not(ice_servers_parse(&servers, "turn", "turn:a:1,turns:b:2,turn:c:3"));
	cr_assert(ice_servers_add_credentials(&servers, "ann,bob,cleo", "1,2,3:/?=@"));
	cr_assert_str_eq(servers.servers[0].user, "ann");
	cr_assert_str_eq(servers.servers[1].user, "cleo");
	cr_assert_str_eq(servers.servers[1].password, "3:/?=@");
}

Test(ice_servers, who_has_no_password_stays_without)
{
	struct ice_servers servers;
	char long_one[ICE_SERVER_SECRET_MAX + 1];

	ice_servers_parse(&servers, "turn", "turn:a:1,turn:b:2");
	cr_assert_not(ice_servers_add_credentials(&servers, "ann,bob", "secret"));
	cr_assert_str_eq(servers.servers[0].password, "secret");
	cr_assert_str_eq(servers.servers[1].user, "");
	memset(long_one, 'x', sizeof(long_one));
	long_one[sizeof(long_one) - 1] = '\0';
	cr_assert_not(ice_servers_add_credentials(&servers, "ann,bob", long_one));
	cr_assert_str_eq(servers.servers[0].user, "");
}

Test(ice_servers, quotes_alone_are_no_credentials)
{
	struct ice_servers servers;

	ice_servers_parse(&servers, "turn", "turn:a:1,turn:b:2,turn:c:3");
	cr_assert_not(ice_servers_add_credentials(&servers, "\",bob,\"cleo\"", "one,\"\",three"));
	cr_assert_str_eq(servers.servers[0].user, "");
	cr_assert_str_eq(servers.servers[1].password, "");
	cr_assert_str_eq(servers.servers[2].user, "\"cleo\"");
	cr_assert_not(ice_servers_can_use(""));
}
