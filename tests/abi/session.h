/* session: working sessions driven through the description alone: after them every exported function
 * has been called and has done what it is for. */
#ifndef TESTS_ABI_SESSION_H
#define TESTS_ABI_SESSION_H

#include "foreign.h"

struct session {
	struct description *description;
	unsigned passed, failed;
};

void session_run(struct description *description, unsigned *passed, unsigned *failed);

/* --- for the parts */
void session_check(struct session *session, bool good, const char *what);
/* The call must give KITH_OK or more. */
#define SESSION_CALL(session, ...) session_check((session), foreign_call(__VA_ARGS__) >= 0, #__VA_ARGS__)

int64_t session_constant(const char *name); /* of the description */
/* Waits for an event of a type and, unless it is 0, a state; its struct stays valid until the next. */
void *session_await(struct session *session, uint32_t endpoint, const char *type, const char *state);
/* Waits for a message. The caller releases it. */
void *session_receive(struct session *session, uint32_t endpoint, uint32_t connection);
/* Whether the text is what stands at a path of a struct. */
bool session_text(const char *structure, const void *at, const char *path, const char *text);

void session_values(struct session *session);
void session_direct(struct session *session);
void session_p2p(struct session *session);
void session_messages(struct session *session);
void session_trust(struct session *session);

#endif
