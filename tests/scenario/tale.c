#include "tale.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define VIRTUAL_PORT 7
#define LISTEN_PORT 27000

static const char *const names[2] = { "str:alice", "str:bob" };

static void say(struct tale *tale, unsigned peer, const char *format, const char *detail)
{
	char line[256];

	snprintf(line, sizeof line, format, detail);
	sim_trace_say(&tale->trace, peer, line);
}

static void on_event(struct sim_world *world, unsigned peer, const struct event *event)
{
	struct tale *tale = (struct tale *)world;

	if (event->kind != EVENT_STATE)
		return;
	if (event->old_state == STATE_NONE)
		tale->conns[peer] = event->conn;
	if (event->new_state > STATE_CONNECTED && event->conn == tale->conns[peer])
		tale->over[peer] = true;
}

static bool on_packet(struct sim_world *world, unsigned from, const uint8_t *bytes, size_t size)
{
	struct tale *tale = (struct tale *)world;

	if (tale->quiet)
		return false;
	if (tale->lose_count == 0 || size == 0 || bytes[0] != tale->lose_lead)
		return true;
	tale->lose_count--;
	say(tale, from, "(it is lost)%s", "");
	return false;
}

static bool on_signal(struct sim_world *world, unsigned from, const struct action *action)
{
	struct tale *tale = (struct tale *)world;

	(void)action;
	if (tale->lose_signals == 0)
		return true;
	tale->lose_signals--;
	say(tale, from, "(it is lost)%s", "");
	return false;
}

void tale_begin(struct tale *tale)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC };

	memset(tale, 0, sizeof *tale);
	sim_world_init(&tale->world, 1);
	sim_world_add_peer(&tale->world, names[0], "198.51.100.1", SIM_NAT_NONE, NULL);
	sim_world_add_peer(&tale->world, names[1], "198.51.100.2", SIM_NAT_NONE, NULL);
	sim_network_set_link(&tale->world.network, 0, &link);
	sim_network_set_link(&tale->world.network, 1, &link);
	tale->trace.world = &tale->world;
	tale->trace.out = open_memstream(&tale->told, &tale->told_size);
	tale->world.trace = &tale->trace;
	tale->world.on_event = on_event;
	tale->world.on_packet = on_packet;
	tale->world.on_signal = on_signal;
	tale->accepts[0] = tale->accepts[1] = true;
}

void tale_end(struct tale *tale)
{
	sim_world_free(&tale->world);
	fclose(tale->trace.out);
	free(tale->told);
}

/* --- what they do */

static struct core *core_of(struct tale *tale, unsigned peer)
{
	return tale->world.peers[peer].core;
}

static void copy_config(struct tale *tale, unsigned peer, bool symmetric, struct config *out)
{
	config_copy(out, core_config(core_of(tale, peer)), CONFIG_LEVEL_CONNECTION);
	config_set_int(out, CONFIG_SYMMETRIC_CONNECT, symmetric);
}

void tale_listen(struct tale *tale, unsigned peer, bool by_address, bool symmetric)
{
	struct config config;
	uint32_t transport;
	int32_t result;

	copy_config(tale, peer, symmetric, &config);
	if (by_address) {
		transport = sim_world_open_udp(&tale->world, peer, LISTEN_PORT);
		result = sockets_listen_udp(core_of(tale, peer), transport, &config, &tale->listeners[peer]);
	} else {
		result = sockets_listen_p2p(core_of(tale, peer), VIRTUAL_PORT, &config, &tale->listeners[peer]);
	}
	cr_assert_eq(result, KITH_OK);
	config_free(&config);
}

void tale_call_address(struct tale *tale, unsigned peer)
{
	struct endpoint_udp_call call = { 0 };

	say(tale, peer, "calls the address of %s", names[1 - peer]);
	call.transport = sim_world_open_udp(&tale->world, peer, 0);
	call.remote = tale->world.network.hosts[1 - peer].address;
	call.remote.port = LISTEN_PORT;
	cr_assert_eq(sockets_connect_udp(core_of(tale, peer), tale->world.now, &call, &tale->conns[peer]), KITH_OK);
	tale->over[peer] = false;
	sim_world_drain(&tale->world, peer);
}

void tale_call(struct tale *tale, unsigned peer, bool symmetric)
{
	struct config config;
	int32_t result;

	say(tale, peer, "calls %s", names[1 - peer]);
	copy_config(tale, peer, symmetric, &config);
	result = sockets_connect_p2p(core_of(tale, peer), tale->world.now, &tale->world.peers[1 - peer].identity,
	                             VIRTUAL_PORT, &config, &tale->conns[peer]);
	cr_assert_eq(result, KITH_OK);
	config_free(&config);
	tale->over[peer] = false;
	sim_world_drain(&tale->world, peer);
}

void tale_accept(struct tale *tale, unsigned peer)
{
	say(tale, peer, "accepts%s", "");
	cr_assert_eq(sockets_accept(core_of(tale, peer), tale->world.now, tale->conns[peer]), KITH_OK);
	sim_world_drain(&tale->world, peer);
}

void tale_send(struct tale *tale, unsigned peer, const char *text)
{
	struct message *message = message_new(strlen(text));

	memcpy(message->data, text, strlen(text));
	message->flags = MESSAGE_RELIABLE;
	say(tale, peer, "says \"%s\"", text);
	cr_assert_eq(sockets_send(core_of(tale, peer), tale->world.now, tale->conns[peer], message, NULL), KITH_OK);
	sim_world_drain(&tale->world, peer);
}

void tale_hang_up(struct tale *tale, unsigned peer, uint32_t reason, const char *text, usec_t linger)
{
	struct conn *conn = tale->conns[peer];

	say(tale, peer, linger > 0 ? "hangs up when all is said: \"%s\"" : "hangs up: \"%s\"", text);
	tale->conns[peer] = NULL;
	sockets_close(core_of(tale, peer), tale->world.now, conn, reason, text, linger);
	sim_world_drain(&tale->world, peer);
}

void tale_die(struct tale *tale, unsigned peer)
{
	say(tale, peer, "dies%s", "");
	tale->conns[peer] = NULL;
	tale->listeners[peer] = NULL;
	sim_world_kill_peer(&tale->world, peer);
}

void tale_return(struct tale *tale, unsigned peer)
{
	say(tale, peer, "is back%s", "");
	sim_world_revive_peer(&tale->world, peer);
}

/* --- what they do by themselves */

static void read_all(struct tale *tale, unsigned peer)
{
	struct message *message;
	char text[200];

	while (sockets_receive(core_of(tale, peer), tale->world.now, tale->conns[peer], &message, 1) == 1) {
		snprintf(text, sizeof text, "%.*s", (int)message->size, (const char *)message->data);
		say(tale, peer, "hears \"%s\"", text);
		message_unref(message);
	}
}

static void look_after(struct tale *tale, unsigned peer)
{
	struct conn *conn = tale->conns[peer];

	if (conn == NULL)
		return;
	if (tale->accepts[peer] && conn_is_server(conn) && conn_state(conn) == STATE_CONNECTING)
		tale_accept(tale, peer);
	read_all(tale, peer);
	sim_world_drain(&tale->world, peer);
	if (!tale->over[peer])
		return;
	tale->conns[peer] = NULL;
	tale->over[peer] = false;
	sockets_close(core_of(tale, peer), tale->world.now, conn, 0, NULL, 0);
	sim_world_drain(&tale->world, peer);
}

void tale_wait(struct tale *tale, usec_t duration)
{
	usec_t until = tale->world.now + duration;

	do {
		look_after(tale, 0);
		look_after(tale, 1);
	} while (sim_world_step(&tale->world, until));
	tale->world.now = until;
}

/* --- what was told */

void tale_forget(struct tale *tale)
{
	fclose(tale->trace.out);
	free(tale->told);
	tale->told = NULL;
	tale->trace.out = open_memstream(&tale->told, &tale->told_size);
}

static int line_end(const char *text)
{
	return (int)strcspn(text, "\n");
}

void tale_was(struct tale *tale, const char *expected)
{
	const char *told;
	unsigned line = 1;

	fflush(tale->trace.out);
	told = tale->told;
	if (getenv("TALE_PRINT") != NULL)
		fputs(told, stderr);
	for (; *told != '\0' || *expected != '\0'; line++) {
		int got = line_end(told), wanted = line_end(expected);
		cr_assert(got == wanted && strncmp(told, expected, (size_t)got) == 0,
		          "line %u\n    is        %.*s\n    should be %.*s\n", line, got, told, wanted, expected);
		told += got + (told[got] == '\n');
		expected += wanted + (expected[wanted] == '\n');
	}
}
