/* Stories of peers that send messages to identities: what is said, by signal and to the applications,
 * line by line, and when. */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/messages/messages.h"
#include "core/wire/msg_rendezvous.h"
#include "sim_world.h"

#define BEGINNING (1000 * USEC_PER_SEC)

static struct sim_world world;
static char story[8192];

static void tell(const char *format, ...)
{
	size_t size = strlen(story);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(story + size, sizeof story - size, format, arguments);
	va_end(arguments);
}

static void tell_time(unsigned peer)
{
	tell("%5d ms  %c ", (int)((world.now - BEGINNING) / USEC_PER_MSEC), 'A' + (int)peer);
}

static void on_event(struct sim_world *unused, unsigned peer, const struct event *event)
{
	static const char *const words[] = {
		[EVENT_SESSION_REQUEST] = "is asked by",  [EVENT_SESSION_CONNECTED] = "is connected to",
		[EVENT_SESSION_ENDED] = "has ended with", [EVENT_SESSION_FAILED] = "has failed with",
		[EVENT_SESSION_WRITABLE] = "may send to",
	};

	(void)unused;
	tell_time(peer);
	if (event->kind == EVENT_CHANNEL_READABLE)
		tell("has something on channel %d\n", (int)event->channel);
	else
		tell("%s %s", words[event->kind], event->peer.text);
	if (event->end_reason != 0)
		tell(", %u", (unsigned)event->end_reason);
	if (event->kind != EVENT_CHANNEL_READABLE)
		tell("\n");
}

static bool on_signal(struct sim_world *unused, unsigned from, const struct action *action)
{
	struct msg_rendezvous message;

	(void)unused;
	cr_assert(msg_rendezvous_read(&message, action->bytes, action->size));
	/* Acknowledgements say nothing new. */
	if (!message.has_request && !message.has_ok && !message.has_closed)
		return true;
	tell_time(from);
	if (message.has_request)
		tell("signals: request for port %#x from %#x\n", (unsigned)message.request.to_port,
		     (unsigned)message.request.from_port);
	else if (message.has_ok)
		tell("signals: ok\n");
	else
		tell("signals: closed, %u\n", (unsigned)message.closed.reason);
	return true;
}

static void begin(void)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC };

	story[0] = '\0';
	sim_world_init(&world, 5);
	sim_world_add_peer(&world, "str:alice", "198.51.100.1", SIM_NAT_NONE, NULL);
	sim_world_add_peer(&world, "str:bob", "198.51.100.2", SIM_NAT_NONE, NULL);
	sim_network_set_link(&world.network, 0, &link);
	sim_network_set_link(&world.network, 1, &link);
	world.on_event = on_event;
	world.on_signal = on_signal;
}

static struct messages *messages_of(unsigned peer)
{
	return core_messages(world.peers[peer].core);
}

static int32_t say(unsigned from, const char *text, uint32_t flags)
{
	struct message *message = messages_frame(messages_of(from), 0, text, strlen(text));
	int32_t result;

	message->flags = flags;
	result = messages_send(messages_of(from), world.now, &world.peers[1 - from].identity, message);
	if (result != KITH_OK)
		message_unref(message);
	return result;
}

static void accept_other(unsigned peer)
{
	cr_assert_eq(messages_accept(messages_of(peer), world.now, &world.peers[1 - peer].identity), KITH_OK);
	sim_world_drain(&world, peer);
}

static void hear(unsigned peer, const char *text)
{
	struct message *message;

	cr_assert_eq(messages_receive(messages_of(peer), world.now, 0, &message, 1), 1, "no \"%s\"", text);
	cr_assert(message->size == strlen(text) && memcmp(message->data, text, message->size) == 0);
	message_unref(message);
	sim_world_drain(&world, peer);
}

static void run_until(unsigned milliseconds)
{
	sim_world_run(&world, BEGINNING + milliseconds * USEC_PER_MSEC - world.now, NULL);
}

static void end(const char *expected)
{
	cr_assert(strcmp(story, expected) == 0, "it went otherwise:\n%s", story);
	sim_world_free(&world);
}

Test(story_messages, a_first_message)
{
	begin();
	cr_assert_eq(say(0, "hello", 0), KITH_OK);
	sim_world_drain(&world, 0);
	run_until(100);
	accept_other(1);
	run_until(1000);
	hear(1, "hello");
	cr_assert_eq(messages_close(messages_of(0), world.now, &world.peers[1].identity, 0), KITH_OK);
	sim_world_drain(&world, 0);
	run_until(10000);
	end("    3 ms  A signals: request for port 0x7fffffff from 0x7fffffff\n"
	    "   13 ms  B is asked by str:alice\n"
	    "  102 ms  B signals: ok\n"
	    "  132 ms  A is connected to str:bob\n"
	    "  142 ms  B is connected to str:alice\n"
	    "  142 ms  B has something on channel 0\n"
	    " 1000 ms  A signals: closed, 1001\n"
	    " 1010 ms  B has ended with str:alice, 1001\n"
	    " 1010 ms  B signals: closed, 9999\n");
}

Test(story_messages, both_speak_first)
{
	begin();
	cr_assert_eq(say(0, "from alice", 0), KITH_OK);
	cr_assert_eq(say(1, "from bob", 0), KITH_OK);
	sim_world_drain(&world, 0);
	sim_world_drain(&world, 1);
	run_until(2000);
	hear(0, "from bob");
	hear(1, "from alice");
	end("    3 ms  A signals: request for port 0x7fffffff from 0x7fffffff\n"
	    "    3 ms  B signals: request for port 0x7fffffff from 0x7fffffff\n"
	    "   16 ms  A signals: ok\n"
	    "   46 ms  B is connected to str:alice\n"
	    "   56 ms  A is connected to str:bob\n"
	    "   56 ms  A has something on channel 0\n"
	    "   66 ms  B has something on channel 0\n");
}

Test(story_messages, a_stranger_is_ignored)
{
	begin();
	cr_assert_eq(say(0, "hello?", 0), KITH_OK);
	sim_world_drain(&world, 0);
	run_until(12000);
	cr_assert(strstr(story, "B signals") == NULL, "%s", story);
	cr_assert(strstr(story, "   13 ms  B is asked by str:alice\n") != NULL, "%s", story);
	cr_assert(strstr(story, " 9503 ms  A signals: request for port 0x7fffffff from 0x7fffffff\n"
	                        "10000 ms  A signals: closed, 5003\n"
	                        "10000 ms  A has failed with str:bob, 5003\n"
	                        "10010 ms  B has ended with str:alice, 5003\n") != NULL,
	          "%s", story);
	sim_world_free(&world);
}

/* Alice's process dies and comes again; Bob still holds the old session. */
Test(story_messages, a_restarted_peer_gets_through_once_the_old_session_is_gone)
{
	struct message *message = NULL;
	unsigned restarts = 0;

	begin();
	cr_assert_eq(say(0, "before", 0), KITH_OK);
	sim_world_drain(&world, 0);
	run_until(100);
	accept_other(1);
	run_until(1000);
	hear(1, "before");
	sim_world_kill_peer(&world, 0);
	sim_world_revive_peer(&world, 0);
	while (++restarts <= 30) {
		cr_assert_eq(say(0, "after", MESSAGE_AUTO_RESTART), KITH_OK);
		sim_world_drain(&world, 0);
		run_until(1000 + restarts * 1000);
		messages_accept(messages_of(1), world.now, &world.peers[0].identity);
		sim_world_drain(&world, 1);
		if (messages_receive(messages_of(1), world.now, 0, &message, 1) == 1)
			break;
	}
	/* Bob's old session takes 13 seconds to die, and Alice's first call gives up after 10. */
	cr_assert(message != NULL && restarts <= 16, "%u seconds:\n%s", restarts, story);
	cr_assert(strstr(story, "A has failed with str:bob, 5003") != NULL, "%s", story);
	cr_assert_eq(message->size, 5);
	message_unref(message);
	sim_world_free(&world);
}
