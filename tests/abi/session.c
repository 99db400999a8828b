#include "session.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_US = 20 * 1000 * 1000 };

void session_check(struct session *session, bool good, const char *what)
{
	session->passed += good;
	session->failed += !good;
	if (!good)
		printf("FAILED: %s: %s\n", what, (const char *)(uintptr_t)foreign_call("kith_last_error"));
}

int64_t session_constant(const char *name)
{
	return description_constant(foreign_description(), name);
}

bool session_text(const char *structure, const void *at, const char *path, const char *text)
{
	return strcmp(foreign_at(structure, at, path), text) == 0;
}

void *session_await(struct session *session, uint32_t endpoint, const char *type, const char *state)
{
	static void *event;
	int64_t deadline = foreign_call("kith_now_us") + PATIENCE_US;
	int64_t wanted = session_constant(type), wanted_state = state != NULL ? session_constant(state) : 0;

	if (event == NULL)
		event = foreign_new("kith_event");
	while (foreign_call("kith_now_us") < deadline) {
		foreign_call("kith_event_init", event);
		if (foreign_call("kith_endpoint_next_event", (int64_t)endpoint, event) < 0) {
			foreign_call("kith_endpoint_wait", (int64_t)endpoint, (int64_t)100000);
			continue;
		}
		if (foreign_get("kith_event", event, "type") == wanted &&
		    (state == NULL || foreign_get("kith_event", event, "state") == wanted_state))
			return event;
	}
	session_check(session, false, type);
	return event;
}

void *session_receive(struct session *session, uint32_t endpoint, uint32_t connection)
{
	int64_t deadline = foreign_call("kith_now_us") + PATIENCE_US;
	void *message = NULL;

	while (foreign_call("kith_connection_receive", (int64_t)connection, &message, (int64_t)1) != 1) {
		if (foreign_call("kith_now_us") > deadline) {
			session_check(session, false, "a message in time");
			return NULL;
		}
		foreign_call("kith_endpoint_wait", (int64_t)endpoint, (int64_t)1000);
	}
	return message;
}

/* A function that the description has and no session uses would be one that nobody has seen work. */
static void check_coverage(struct session *session)
{
	for (unsigned i = 0; i < session->description->functions_count; i++) {
		const struct function *function = &session->description->functions[i];
		char what[160];
		snprintf(what, sizeof(what), "%s is called with success", function->name);
		session_check(session, function->successes > 0, what);
	}
	for (unsigned i = 0; i < session->description->callbacks_count; i++) {
		const struct function *callback = &session->description->callbacks[i];
		char what[160];
		snprintf(what, sizeof(what), "%s is called by the library", callback->name);
		session_check(session, callback->calls > 0, what);
	}
}

void session_run(struct description *description, unsigned *passed, unsigned *failed)
{
	struct session session = { .description = description };

	session_values(&session);
	session_direct(&session);
	session_p2p(&session);
	session_messages(&session);
	session_trust(&session);
	check_coverage(&session);
	*passed += session.passed;
	*failed += session.failed;
}
