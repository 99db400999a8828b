/* Questions to STUN servers of our own making: what they answer is told, whatever else they send is not. */
#include <criterion/criterion.h>
#include <kith/errors.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/types/action.h"
#include "transport/ice.h"
#include "transport/ice_interfaces.h"
#include "transport/udp_options.h"

enum { PATIENCE_US = 20 * 1000000, LINES_MAX = 16, SERVERS_MAX = 3 };

enum habit { HONEST, SILENT, GARBAGE, WRONG_ID, WRONG_SOURCE, SLOW };

struct server {
	int fd, other; /* another socket to answer from */
	struct address address;
	enum habit habit;
	unsigned asked;
	const char *sees; /* as whom it takes us */
};

struct told {
	char lines[LINES_MAX][CANDIDATE_LINE_MAX];
	int count;
	char log[1024];
	char useless[256]; /* the last server that is of no use */
	int32_t why;
	int useless_count;
	bool closed;
};

static GMainContext *context;
static struct told told;
static struct server servers[SERVERS_MAX];

/* --- the session */

static void on_datagrams(void *owner, struct datagram *datagrams, size_t count)
{
	(void)owner, (void)datagrams;
	cr_assert_fail("%zu datagrams came out", count);
}

static void on_path_change(void *owner, const struct path_change *change)
{
	(void)owner;
	if (change->kind == PATH_SERVER) {
		snprintf(told.useless, sizeof(told.useless), "%s", change->text);
		told.why = change->result;
		told.useless_count++;
	}
	if (change->kind != PATH_LOCAL_CANDIDATE || strstr(change->candidate, "typ srflx") == NULL)
		return;
	cr_assert(told.count < LINES_MAX);
	strcpy(told.lines[told.count++], change->candidate);
}

static void on_log(void *owner, enum ice_log_kind kind, const char *text)
{
	size_t used = strlen(told.log);

	(void)owner;
	if (kind == ICE_LOG_WARNING)
		snprintf(told.log + used, sizeof(told.log) - used, "%s\n", text);
}

static void on_closed(void *data)
{
	((struct told *)data)->closed = true;
}

static struct ice *start(const char *stun_servers, uint32_t share)
{
	struct ice_options options = {
		.transport = 7,
		.controlling = true,
		.share = share,
		.username = "aaaaa",
		.password = "pass0",
		.stun_servers = stun_servers,
		.turn_servers = "",
		.turn_users = "",
		.turn_passwords = "",
		.udp = { 2097152, true, true },
		.use_sibling = true,
		.sink = { NULL, on_datagrams, NULL, NULL, on_path_change, on_log },
	};

	context = g_main_context_new();
	g_main_context_push_thread_default(context);
	options.context = context;
	return ice_new(&options);
}

/* --- the servers, played between two rounds of the loop */

static void open_server(struct server *server, enum habit habit, const char *sees)
{
	struct ice_interfaces own;
	union udp_sockaddr raw;
	socklen_t length;
	int family;

	/* On an address of this machine, which a socket bound to one of them reaches. */
	ice_interfaces_read(&own);
	family = address_is_ipv4(&own.addresses[0]) ? AF_INET : AF_INET6;
	length = udp_options_to_sockaddr(&own.addresses[0], family, &raw);
	server->fd = udp_options_open(family);
	server->other = udp_options_open(family);
	cr_assert_eq(bind(server->fd, &raw.any, length), 0);
	cr_assert_eq(bind(server->other, &raw.any, length), 0);
	cr_assert(udp_options_local(server->fd, &server->address));
	server->habit = habit;
	server->sees = sees;
}

static size_t write_answer(const struct server *server, const uint8_t *question, uint8_t *answer)
{
	static const uint8_t head[] = { 0x01, 0x01, 0x00, 0x0c, 0x21, 0x12, 0xa4, 0x42 };
	struct address seen;

	cr_assert(address_parse(&seen, server->sees) && address_is_ipv4(&seen));
	memcpy(answer, head, sizeof(head));
	memcpy(answer + 8, question + 8, 12);
	memcpy(answer + 20, (uint8_t[]){ 0x00, 0x20, 0x00, 0x08, 0x00, 0x01 }, 6);
	answer[26] = (uint8_t)(seen.port >> 8 ^ 0x21);
	answer[27] = (uint8_t)(seen.port ^ 0x12);
	for (int i = 0; i < 4; i++)
		answer[28 + i] = seen.ip[12 + i] ^ head[4 + i];
	return 32;
}

static void answer(struct server *server)
{
	uint8_t question[256], bytes[256];
	union udp_sockaddr from;
	socklen_t length = sizeof(from);
	ssize_t size = recvfrom(server->fd, question, sizeof(question), MSG_DONTWAIT, &from.any, &length);
	size_t count;

	if (size < 0)
		return;
	cr_assert_eq(size, 20);
	cr_assert_arr_eq(question, ((uint8_t[]){ 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 }), 8);
	server->asked++;
	count = write_answer(server, question, bytes);
	if (server->habit == SILENT || (server->habit == SLOW && server->asked < 3))
		return;
	if (server->habit == WRONG_ID)
		bytes[19] ^= 1;
	if (server->habit == GARBAGE) {
		/* With our tag, so that it comes to us. */
		for (count = 12; count < 40; count++) {
			bytes[3] = (uint8_t)(count * 7);
			sendto(server->fd, bytes, count, 0, &from.any, length);
		}
	}
	sendto(server->habit == WRONG_SOURCE ? server->other : server->fd, bytes, count, 0, &from.any, length);
}

static bool run_until(bool (*condition)(void), gint64 limit_us)
{
	gint64 until = g_get_monotonic_time() + limit_us;

	while (!condition() && g_get_monotonic_time() < until) {
		for (int i = 0; i < SERVERS_MAX; i++) {
			if (servers[i].fd > 0)
				answer(&servers[i]);
		}
		if (!g_main_context_iteration(context, FALSE))
			g_usleep(500);
	}
	return condition();
}

static bool one_is_told(void)
{
	return told.count > 0;
}

static bool never(void)
{
	return false;
}

static bool somebody_is_silent(void)
{
	return strstr(told.log, "does not answer") != NULL;
}

static bool one_is_useless(void)
{
	return told.useless_count > 0;
}

static bool is_closed(void)
{
	return told.closed;
}

static void end(struct ice *ice)
{
	ice_close(ice, on_closed, &told);
	cr_assert(run_until(is_closed, PATIENCE_US));
	g_main_context_pop_thread_default(context);
	g_main_context_unref(context);
	for (int i = 0; i < SERVERS_MAX; i++) {
		if (servers[i].fd > 0) {
			udp_options_close(servers[i].fd);
			udp_options_close(servers[i].other);
		}
	}
}

static const char *list_of(int count)
{
	static char list[512];
	char text[ADDRESS_TEXT_MAX];

	list[0] = '\0';
	for (int i = 0; i < count; i++) {
		address_print(&servers[i].address, text);
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i > 0 ? "," : "", text);
	}
	return list;
}

static bool has_line(const char *part)
{
	for (int i = 0; i < told.count; i++) {
		if (strstr(told.lines[i], part) != NULL)
			return true;
	}
	return false;
}

Test(ice_stun, an_answer_is_told)
{
	open_server(&servers[0], HONEST, "203.0.113.77:4711");
	struct ice *ice = start(list_of(1), SHARE_PUBLIC | SHARE_PRIVATE);
	cr_assert(run_until(one_is_told, PATIENCE_US));
	cr_assert(has_line(" 1 udp 1694498815 203.0.113.77 4711 typ srflx"), "%s", told.lines[0]);
	cr_assert_null(strstr(told.lines[0], "raddr"), "%s", told.lines[0]);
	end(ice);
}

Test(ice_stun, all_servers_are_asked_and_what_is_seen_twice_is_told_once)
{
	open_server(&servers[0], HONEST, "203.0.113.77:4711");
	open_server(&servers[1], HONEST, "203.0.113.77:4711");
	open_server(&servers[2], HONEST, "203.0.113.77:4712");
	struct ice *ice = start(list_of(3), SHARE_PUBLIC);
	cr_assert_not(run_until(never, 300000));
	cr_assert(has_line("203.0.113.77 4711") && has_line("203.0.113.77 4712"));
	cr_assert_eq(told.count, 2);
	end(ice);
}

Test(ice_stun, a_silent_server_does_not_keep_the_others_and_is_named)
{
	open_server(&servers[0], SILENT, "203.0.113.77:4711");
	open_server(&servers[1], SLOW, "203.0.113.77:4712");
	struct ice *ice = start(list_of(2), SHARE_PUBLIC);
	cr_assert(run_until(one_is_told, PATIENCE_US));
	cr_assert(run_until(somebody_is_silent, PATIENCE_US));
	cr_assert_eq(told.count, 1);
	cr_assert(servers[0].asked >= 4, "%u", servers[0].asked);
	cr_assert_eq(told.useless_count, 0, "%s: enough that another one answers", told.useless);
	end(ice);
}

static void expect_nothing(enum habit habit)
{
	open_server(&servers[0], habit, "203.0.113.77:4711");
	struct ice *ice = start(list_of(1), SHARE_PUBLIC);
	cr_assert(run_until(one_is_useless, PATIENCE_US));
	cr_assert_eq(told.why, KITH_E_TIMEOUT);
	cr_assert(strstr(told.useless, "does not answer") != NULL, "%s", told.useless);
	cr_assert_eq(told.count, 0, "%s", told.lines[0]);
	end(ice);
}

Test(ice_stun, all_are_silent)
{
	open_server(&servers[0], SILENT, "203.0.113.77:4711");
	open_server(&servers[1], SILENT, "203.0.113.77:4711");
	struct ice *ice = start(list_of(2), SHARE_PUBLIC);
	cr_assert(run_until(one_is_useless, PATIENCE_US));
	cr_assert_eq(told.useless_count, 2);
	end(ice);
}

Test(ice_stun, an_answer_to_another_question_is_none)
{
	expect_nothing(WRONG_ID);
}

Test(ice_stun, an_answer_of_somebody_else_is_none)
{
	expect_nothing(WRONG_SOURCE);
}

Test(ice_stun, garbage_is_none)
{
	open_server(&servers[0], GARBAGE, "203.0.113.77:4711");
	struct ice *ice = start(list_of(1), SHARE_PUBLIC);
	cr_assert_not(run_until(never, 1000000));
	cr_assert(told.count <= 1);
	end(ice);
}

Test(ice_stun, without_public_addresses_nobody_is_asked)
{
	open_server(&servers[0], HONEST, "203.0.113.77:4711");
	struct ice *ice = start(list_of(1), SHARE_PRIVATE);
	cr_assert_not(run_until(one_is_told, 500000));
	cr_assert_eq(servers[0].asked, 0);
	end(ice);
}

Test(ice_stun, a_private_address_is_not_taken_for_a_secret)
{
	/* Seen through one NAT of two: it is how the server sees us, and may be told. */
	open_server(&servers[0], HONEST, "100.64.7.7:4711");
	struct ice *ice = start(list_of(1), SHARE_PUBLIC);
	cr_assert(run_until(one_is_told, PATIENCE_US));
	end(ice);
}

Test(ice_stun, what_cannot_be_read_or_found_is_named)
{
	struct ice *ice = start("stun:nobody.invalid:3478,stuns:x:1", SHARE_PUBLIC);
	cr_assert_not(run_until(never, 200000));
	cr_assert(strstr(told.log, "stuns:x:1") != NULL, "%s", told.log);
	cr_assert(run_until(one_is_useless, 2 * PATIENCE_US));
	cr_assert_eq(told.why, KITH_E_NO_ROUTE);
	cr_assert(strstr(told.useless, "nobody.invalid") != NULL, "%s", told.useless);
	end(ice);
}

Test(ice_stun, the_end_while_a_name_is_looked_up)
{
	for (int round = 0; round < 5; round++) {
		struct ice *ice = start("nobody.invalid:3478", SHARE_PUBLIC);
		end(ice);
		told.closed = false;
	}
}
