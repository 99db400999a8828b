/* A kernel without selectors for sockets that share a port: setting one fails here. Everything goes by libnice. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/types/action.h"
#include "transport/ice.h"
#include "transport/ice_interfaces.h"
#include "transport/ice_sibling.h"
#include "transport/udp_options.h"

enum { PATIENCE_US = 20 * 1000000 };

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	static int (*real)(int, int, int, const void *, socklen_t);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "setsockopt");
	if (level == SOL_SOCKET && name == SO_ATTACH_REUSEPORT_CBPF) {
		errno = ENOPROTOOPT;
		return -1;
	}
	return real(fd, level, name, value, size);
}

struct side {
	struct ice *ice;
	struct side *peer;
	int ready;
	bool closed;
	uint64_t received;
	char reflexive[CANDIDATE_LINE_MAX];
};

static GMainContext *context;
static struct side sides[2];

static void on_datagrams(void *owner, struct datagram *datagrams, size_t count)
{
	(void)datagrams;
	((struct side *)owner)->received += count;
}

static void on_path_change(void *owner, const struct path_change *change)
{
	struct side *side = owner;

	cr_assert_neq(change->kind, PATH_SERVER, "%d %s", (int)change->result, change->text);
	side->ready += change->kind == PATH_READY;
	if (change->kind != PATH_LOCAL_CANDIDATE)
		return;
	if (strstr(change->candidate, "typ srflx") != NULL)
		strcpy(side->reflexive, change->candidate);
	else if (side->peer->ice != NULL)
		ice_add_candidate(side->peer->ice, change->candidate);
}

static void on_log(void *owner, enum ice_log_kind kind, const char *text)
{
	(void)owner, (void)kind, (void)text;
}

static void on_closed(void *data)
{
	((struct side *)data)->closed = true;
}

static void start(const char *stun_servers)
{
	static const char *const names[] = { "aaaaa", "bbbbb" }, *const passwords[] = { "pass0", "pass1" };

	context = g_main_context_new();
	g_main_context_push_thread_default(context);
	for (int i = 0; i < 2; i++) {
		struct ice_options options = {
			.context = context,
			.transport = 7,
			.controlling = i == 0,
			.share = SHARE_PRIVATE | SHARE_PUBLIC,
			.username = names[i],
			.password = passwords[i],
			.stun_servers = stun_servers,
			.turn_servers = "",
			.turn_users = "",
			.turn_passwords = "",
			.udp = { 2097152, true, true },
			.use_sibling = true,
			.sink = { &sides[i], on_datagrams, NULL, NULL, on_path_change, on_log },
		};
		sides[i].peer = &sides[1 - i];
		sides[i].ice = ice_new(&options);
	}
	for (int i = 0; i < 2; i++)
		ice_set_remote(sides[i].ice, names[1 - i], passwords[1 - i]);
}

static void step(void)
{
	if (!g_main_context_iteration(context, FALSE))
		g_usleep(300);
}

static void end(void)
{
	gint64 until = g_get_monotonic_time() + PATIENCE_US;

	for (int i = 0; i < 2; i++)
		ice_close(sides[i].ice, on_closed, &sides[i]);
	while (!(sides[0].closed && sides[1].closed) && g_get_monotonic_time() < until)
		step();
	cr_assert(sides[0].closed && sides[1].closed);
	g_main_context_pop_thread_default(context);
	g_main_context_unref(context);
}

Test(ice_fallback, this_system_has_no_siblings)
{
	static const struct ice_sibling_share share = { true, true, 1 };
	struct sockaddr_in loopback = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = udp_options_open(AF_INET);
	struct udp_options options = { 65536, true, true };

	cr_assert_not(ice_sibling_is_possible());
	cr_assert_eq(bind(fd, (struct sockaddr *)&loopback, sizeof(loopback)), 0);
	cr_assert_not(ice_sibling_prepare(fd, &share));
	cr_assert_null(ice_sibling_open(fd, &share, &options));
	udp_options_close(fd);
}

Test(ice_fallback, two_sessions_meet_and_data_goes)
{
	gint64 until = g_get_monotonic_time() + PATIENCE_US;
	static uint8_t bytes[20000];
	struct datagram_burst burst = { .bytes = bytes, .size = sizeof(bytes), .segment_size = 1000 };

	start("");
	while ((sides[0].ready == 0 || sides[1].ready == 0) && g_get_monotonic_time() < until)
		step();
	cr_assert(sides[0].ready > 0 && sides[1].ready > 0);
	for (size_t at = 0; at < sizeof(bytes); at += 1000)
		bytes[at] = 0x80;
	for (int way = 0; way < 2; way++) {
		ice_send(sides[way].ice, &burst);
		while (sides[1 - way].received < 20 && g_get_monotonic_time() < until)
			step();
		cr_assert_eq(sides[1 - way].received, 20);
	}
	end();
}

/* libnice asks as RFC 3489 did: without the cookie, so the answer is in the clear. */
static void answer(int fd)
{
	uint8_t question[256], bytes[32] = { 0x01, 0x01, 0x00, 0x0c };
	static const uint8_t mapped[] = { 0x00, 0x01, 0x00, 0x08, 0x00, 0x01, 0x12, 0x67, 203, 0, 113, 77 };
	union udp_sockaddr from;
	socklen_t length = sizeof(from);

	if (recvfrom(fd, question, sizeof(question), MSG_DONTWAIT, &from.any, &length) < 20)
		return;
	memcpy(bytes + 4, question + 4, 16);
	memcpy(bytes + 20, mapped, sizeof(mapped));
	sendto(fd, bytes, sizeof(bytes), 0, &from.any, length);
}

Test(ice_fallback, libnice_asks_the_stun_server)
{
	gint64 until = g_get_monotonic_time() + PATIENCE_US;
	struct ice_interfaces own;
	struct address address;
	union udp_sockaddr raw;
	socklen_t length;
	char text[ADDRESS_TEXT_MAX];
	int fd = udp_options_open(AF_INET);

	ice_interfaces_read(&own);
	if (!address_is_ipv4(&own.addresses[0]))
		return;
	length = udp_options_to_sockaddr(&own.addresses[0], AF_INET, &raw);
	cr_assert_eq(bind(fd, &raw.any, length), 0);
	cr_assert(udp_options_local(fd, &address));
	address_print(&address, text);
	start(text);
	while (sides[0].reflexive[0] == '\0' && g_get_monotonic_time() < until) {
		answer(fd);
		step();
	}
	cr_assert(strstr(sides[0].reflexive, "203.0.113.77 4711 typ srflx") != NULL, "%s", sides[0].reflexive);
	cr_assert_null(strstr(sides[0].reflexive, "raddr"));
	end();
	udp_options_close(fd);
}
