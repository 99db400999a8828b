/* session: the endpoint that a subcommand works with, from the common options to the last event.
 *
 * Owns: the endpoint, its signaling, waiting for events together with SIGINT, SIGTERM and other
 * descriptors, and the lines about connections that all subcommands have in common.
 * Does not know: what the subcommand does with a connection.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <poll.h>

#include <kith/kith.h>

#include "cli/options.h"
#include "cli/output.h"

struct session_signaling {
	kith_signaling handle;
	int32_t state;
	char failure[KITH_EVENT_TEXT_MAX]; /* what was said last */
};

struct session {
	const struct options *options;
	struct output *output;
	bool by_address; /* TARGET is `address`, else `peer` */
	struct kith_address address;
	struct kith_identity peer;
	struct kith_address listen_address; /* --udp */
	kith_endpoint endpoint;
	int endpoint_fd;
	int signal_fd;
	bool interrupted; /* SIGINT or SIGTERM came */
	struct session_signaling signaling[OPTIONS_LIST_MAX];
	kith_listener udp_listener;
	kith_listener port_listener;
};

/* Makes the endpoint and opens its signaling. -1 to go on, else the exit status; close in any case. */
int session_open(struct session *session, const struct options *options, struct output *output);
void session_close(struct session *session);

/* Listens as --udp and --signaling say, and says `ready` once it can be called. -1, or a status. */
int session_listen(struct session *session);
void session_stop_listening(struct session *session);
/* Until signals can travel. -1, or a status. */
int session_wait_for_signaling(struct session *session);
/* Calls TARGET. -1, or a status. */
int session_call(struct session *session, kith_connection *out);

/* Waits for an event, for one of `extra` (at most 4, may be null), or until `deadline_us` of
 * kith_now_us() (KITH_FOREVER_US: no limit). */
void session_wait(struct session *session, struct pollfd *extra, int extra_count, int64_t deadline_us);
/* The next event that is not the session's own business. False: none now. */
bool session_next_event(struct session *session, struct kith_event *event);

/* Waits until everything sent on the connection has arrived, it has ended, or `limit_us` is over;
 * then closes it. */
void session_finish(struct session *session, kith_connection connection, const char *text, int64_t limit_us);
/* The same for messages without a connection. */
void session_finish_with(struct session *session, const struct kith_identity *peer, int64_t limit_us);

/* As it is written for people. */
void session_name_peer(const struct kith_identity *identity, char out[KITH_IDENTITY_TEXT_MAX]);
void session_say_connected(struct session *session, kith_connection connection);
void session_say_connected_to(struct session *session, const struct kith_identity *peer);
/* From the event of another route. */
void session_say_route(struct session *session, const struct kith_event *event);
/* From the event of its closed state. */
void session_say_closed(struct session *session, const struct kith_event *event);
/* The same as an error: it should not have ended. Tells where it failed and what was tried, so before
 * the handle is closed. */
void session_say_failed(struct session *session, const struct kith_event *event);
/* No signaling service answered in time. Returns EXIT_FAILED. */
int session_say_no_signaling(struct session *session);
/* With --report: all that is known of a connection, on standard error. */
void session_say_report(struct session *session, kith_connection connection);
/* A call of the library failed: what we wanted, and kith_last_error(). Returns EXIT_FAILED. */
int session_fail(struct session *session, kith_result result, const char *what);

bool session_is_closed_state(int32_t state);
/* The peer ended it as planned. */
bool session_is_normal_end(const struct kith_event *event);

/* --timeout, or `fallback`; KITH_FOREVER_US when it is 0. */
int64_t session_timeout_us(const struct session *session, int64_t fallback);
/* A moment so far from now; forever stays forever. */
int64_t session_deadline(int64_t timeout_us);

#endif
