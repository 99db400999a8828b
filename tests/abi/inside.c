/* The callbacks that may call everything: those of events, of signals and of the log, and those that give something
 * back. Each is brought about, and calls one function with plain arguments, with zeros, and with odd ones. The one
 * callback that may call nothing, `wake`, is not here. */
#define _GNU_SOURCE
#include "inside.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "foreign.h"
#include "zoo.h"

/* A place that has failed as often is left. */
enum { ALARM_SECONDS = 20, PATIENCE_US = 5000000, BAD_MAX = 5 };

/* On which thread a callback has to come to count. */
enum whose { ANY_THREAD, OUR_THREAD, THEIR_THREAD };

struct visit {
	struct zoo zoo;
	struct function *function; /* that is called inside */
	enum whose whose;
	pthread_t ours;
	int begun, ended;
};

static void call_it(struct visit *visit)
{
	union value values[PARAMETERS_MAX];

	zoo_fill(&visit->zoo, visit->function, values);
	foreign_call_values(visit->function, values);
	zoo_mend(&visit->zoo);
	memset(values, 0, sizeof(values));
	foreign_call_values(visit->function, values);
	zoo_call_oddly(&visit->zoo, visit->function);
}

/* Any callback. Those that the calls inside bring about find `begun`, and do nothing. */
static int64_t on_visit(void *data, const struct function *type, void **values)
{
	struct visit *visit = data;
	bool ours = pthread_equal(pthread_self(), visit->ours) != 0;

	(void)type, (void)values;
	if (visit->whose != ANY_THREAD && ours != (visit->whose == OUR_THREAD))
		return 0;
	if (__atomic_fetch_add(&visit->begun, 1, __ATOMIC_SEQ_CST) > 0)
		return 0;
	call_it(visit);
	__atomic_store_n(&visit->ended, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void *closure(struct visit *visit, const char *type)
{
	return foreign_closure(type, on_visit, visit);
}

/* --- places: each brings a callback about */

static void in_release_of_wake(struct visit *visit)
{
	int64_t endpoint = visit->zoo.live[ZOO_ENDPOINT];

	foreign_call("kith_endpoint_set_wake", endpoint, foreign_closure("kith_wake_fn", NULL, NULL), NULL,
	             closure(visit, "kith_release_fn"));
	foreign_call("kith_endpoint_set_wake", endpoint, NULL, NULL, NULL);
}

static void in_release_of_log(struct visit *visit)
{
	int64_t endpoint = visit->zoo.live[ZOO_ENDPOINT];

	foreign_call("kith_endpoint_set_log", endpoint, (int64_t)1, foreign_closure("kith_log_fn", NULL, NULL), NULL,
	             closure(visit, "kith_release_fn"));
	foreign_call("kith_endpoint_set_log", endpoint, (int64_t)0, NULL, NULL, NULL);
}

static void set_callbacks(struct visit *visit, const char *field, const char *type)
{
	void *callbacks = foreign_new("kith_callbacks");

	foreign_set_pointer("kith_callbacks", callbacks, field, closure(visit, type));
	foreign_call("kith_endpoint_set_callbacks", (int64_t)visit->zoo.live[ZOO_ENDPOINT], callbacks);
	free(callbacks);
}

static void in_release_of_callbacks(struct visit *visit)
{
	set_callbacks(visit, "release", "kith_release_fn");
	foreign_call("kith_endpoint_set_callbacks", (int64_t)visit->zoo.live[ZOO_ENDPOINT], NULL);
}

static void in_release_at_the_end(struct visit *visit)
{
	set_callbacks(visit, "release", "kith_release_fn");
	foreign_call("kith_endpoint_destroy", (int64_t)visit->zoo.live[ZOO_ENDPOINT]);
}

/* Events of a signaling, and of a stranger that calls. */
static void in_event(struct visit *visit)
{
	set_callbacks(visit, "on_signaling_state", "kith_event_fn");
	foreign_call("kith_signaling_set_state", (int64_t)visit->zoo.live[ZOO_SIGNALING], (int64_t)3, "it broke");
	while (foreign_call("kith_endpoint_dispatch", (int64_t)visit->zoo.live[ZOO_ENDPOINT], (int64_t)0) > 0)
		continue;
}

static void in_event_of_a_connection(struct visit *visit)
{
	void *address = foreign_new("kith_address");
	int64_t deadline = foreign_call("kith_now_us") + PATIENCE_US;
	uint32_t caller, called;

	foreign_call("kith_endpoint_create", NULL, &caller);
	foreign_call("kith_listener_address", (int64_t)visit->zoo.live[ZOO_LISTENER], address);
	set_callbacks(visit, "on_state", "kith_event_fn");
	foreign_call("kith_endpoint_connect_address", (int64_t)caller, address, NULL, &called);
	while (!visit->ended && foreign_call("kith_now_us") < deadline)
		foreign_call("kith_endpoint_dispatch", (int64_t)visit->zoo.live[ZOO_ENDPOINT], (int64_t)100000);
	foreign_call("kith_endpoint_destroy", (int64_t)caller);
	free(address);
}

static void call_peer(struct visit *visit)
{
	void *peer = foreign_new("kith_identity");
	uint32_t connection;

	foreign_call("kith_identity_parse", "str:somebody", peer);
	foreign_call("kith_endpoint_connect_identity", (int64_t)visit->zoo.live[ZOO_ENDPOINT], peer, NULL, &connection);
	free(peer);
}

static void in_log(struct visit *visit)
{
	foreign_call("kith_endpoint_set_log", (int64_t)visit->zoo.live[ZOO_ENDPOINT], (int64_t)4,
	             closure(visit, "kith_log_fn"), NULL, NULL);
	call_peer(visit);
}

static void in_log_of_our_call(struct visit *visit)
{
	visit->whose = OUR_THREAD;
	in_log(visit);
}

static void in_log_of_the_service(struct visit *visit)
{
	visit->whose = THEIR_THREAD;
	in_log(visit);
}

static void add_signaling(struct visit *visit, const char *field, const char *type, uint32_t *signaling)
{
	void *callbacks = foreign_new("kith_signaling_callbacks");

	foreign_set_pointer("kith_signaling_callbacks", callbacks, "send",
	                    foreign_closure("kith_signaling_send_fn", NULL, NULL));
	foreign_set_pointer("kith_signaling_callbacks", callbacks, field, closure(visit, type));
	foreign_call("kith_signaling_add", (int64_t)visit->zoo.live[ZOO_ENDPOINT], callbacks, signaling);
	free(callbacks);
}

static void in_signaling(struct visit *visit)
{
	uint32_t signaling;

	add_signaling(visit, "send", "kith_signaling_send_fn", &signaling);
	call_peer(visit);
}

static void in_release_of_signaling(struct visit *visit)
{
	uint32_t signaling;

	add_signaling(visit, "release", "kith_release_fn", &signaling);
	foreign_call("kith_signaling_close", (int64_t)signaling);
}

static void *wrapped(struct visit *visit)
{
	void *message = NULL;

	foreign_call("kith_message_wrap", "hello", (int64_t)5, closure(visit, "kith_message_release_fn"), NULL, &message);
	return message;
}

static void in_release_of_message(struct visit *visit)
{
	foreign_call("kith_message_release", wrapped(visit));
}

/* It waits in the queue of a connection that is not made yet. */
static void in_release_of_unsent_message(struct visit *visit)
{
	struct zoo *zoo = &visit->zoo;
	int64_t endpoint = zoo->live[ZOO_ENDPOINT];

	foreign_call("kith_connection_send_message", (int64_t)zoo->live[ZOO_CONNECTION], wrapped(visit), NULL);
	/* What is called inside has other objects. */
	zoo_make_objects(zoo->live);
	foreign_call("kith_endpoint_destroy", endpoint);
}

static const struct place {
	const char *name;
	void (*bring_about)(struct visit *visit);
} places[] = {
	{ "an event callback", in_event },
	{ "an event callback of a connection", in_event_of_a_connection },
	{ "a signaling's send", in_signaling },
	{ "the log, during a call", in_log_of_our_call },
	{ "the log, on the library's thread", in_log_of_the_service },
	{ "the release of a wake", in_release_of_wake },
	{ "the release of a log", in_release_of_log },
	{ "the release of callbacks", in_release_of_callbacks },
	{ "the release at an endpoint's end", in_release_at_the_end },
	{ "the release of a signaling", in_release_of_signaling },
	{ "the release of a message", in_release_of_message },
	{ "the release of a message that was not sent", in_release_of_unsent_message },
};

/* --- */

static int visit_place(const struct place *place, struct function *function)
{
	struct visit *visit = calloc(1, sizeof(*visit));
	int64_t deadline;

	alarm(ALARM_SECONDS);
	zoo_make(&visit->zoo);
	visit->function = function;
	visit->ours = pthread_self();
	place->bring_about(visit);
	deadline = foreign_call("kith_now_us") + PATIENCE_US;
	while (!__atomic_load_n(&visit->ended, __ATOMIC_SEQ_CST)) {
		if (foreign_call("kith_now_us") > deadline)
			return 2;
		usleep(100);
	}
	/* The library still works. */
	foreign_call("kith_endpoint_destroy", (int64_t)visit->zoo.live[ZOO_ENDPOINT]);
	zoo_make_objects(visit->zoo.live);
	zoo_clean();
	return foreign_call("kith_endpoint_destroy", (int64_t)visit->zoo.live[ZOO_ENDPOINT]) == 0 ? 0 : 1;
}

static void say(const struct place *place, const struct function *function, int status)
{
	const char *what = WIFSIGNALED(status)        ? strsignal(WTERMSIG(status))
	                   : WEXITSTATUS(status) == 2 ? "the callback did not come or did not return"
	                                              : "the library does not work afterwards";

	printf("FAILED: %s inside %s: %s\n", function->name, place->name, what);
}

static bool run_apart(const struct place *place, struct function *function)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(visit_place(place, function));
	if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	say(place, function, status);
	return false;
}

void inside_run(struct description *description, unsigned *passed, unsigned *failed)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		unsigned bad = 0;
		for (unsigned k = 0; k < description->functions_count && bad < BAD_MAX; k++) {
			if (run_apart(&places[i], &description->functions[k]))
				++*passed;
			else
				bad++;
		}
		*failed += bad;
	}
}
