/* Two endpoints, a connection by address, everything that connections can do. */
#include <stdlib.h>
#include <string.h>

#include "session.h"

struct direct {
	struct session *session;
	uint32_t server, client, listener, accepted, called, group;
	int events, wakes, logs, releases;
};

static int64_t count_call(void *data, const struct function *type, void **values)
{
	(void)type, (void)values;
	__atomic_add_fetch((int *)data, 1, __ATOMIC_RELAXED);
	return 0;
}

static void make_endpoints(struct direct *direct)
{
	struct session *session = direct->session;
	void *options = foreign_new("kith_endpoint_options"), *identity = foreign_new("kith_identity");
	void *own = foreign_new("kith_identity");
	unsigned char key[32], public_key[32];

	foreign_call("kith_endpoint_options_init", options);
	SESSION_CALL(session, "kith_identity_parse", "str:server", identity);
	SESSION_CALL(session, "kith_key_generate", key);
	foreign_set_pointer("kith_endpoint_options", options, "identity", identity);
	foreign_set_pointer("kith_endpoint_options", options, "private_key", key);
	SESSION_CALL(session, "kith_endpoint_create", options, &direct->server);
	SESSION_CALL(session, "kith_endpoint_create", NULL, &direct->client);
	SESSION_CALL(session, "kith_endpoint_identity", (int64_t)direct->server, own);
	session_check(session, session_text("kith_identity", own, "text", "str:server"), "the identity of an endpoint");
	SESSION_CALL(session, "kith_endpoint_public_key", (int64_t)direct->client, public_key);
	free(options);
	free(identity);
	free(own);
}

static void set_callables(struct direct *direct)
{
	struct session *session = direct->session;
	void *callbacks = foreign_new("kith_callbacks");
	void *release = foreign_closure("kith_release_fn", count_call, &direct->releases);
	int32_t fd = -1;

	SESSION_CALL(session, "kith_endpoint_set_wake", (int64_t)direct->server,
	             foreign_closure("kith_wake_fn", count_call, &direct->wakes), NULL, release);
	SESSION_CALL(session, "kith_endpoint_set_log", (int64_t)direct->client, session_constant("KITH_LOG_DEBUG"),
	             foreign_closure("kith_log_fn", count_call, &direct->logs), NULL, release);
	foreign_call("kith_callbacks_init", callbacks);
	foreign_set_pointer("kith_callbacks", callbacks, "on_other",
	                    foreign_closure("kith_event_fn", count_call, &direct->events));
	foreign_set_pointer("kith_callbacks", callbacks, "release", release);
	SESSION_CALL(session, "kith_endpoint_set_callbacks", (int64_t)direct->client, callbacks);
	SESSION_CALL(session, "kith_endpoint_fd", (int64_t)direct->client, &fd);
	session_check(session, fd >= 0, "a descriptor to wait on");
	free(callbacks);
}

static void listen_and_connect(struct direct *direct)
{
	struct session *session = direct->session;
	void *address = foreign_new("kith_address");
	void *listener_options = foreign_new("kith_listener_options");
	void *connection_options = foreign_new("kith_connection_options");
	void *event;

	SESSION_CALL(session, "kith_poll_group_create", (int64_t)direct->server, &direct->group);
	foreign_call("kith_listener_options_init", listener_options);
	foreign_set("kith_listener_options", listener_options, "user_data", 77);
	SESSION_CALL(session, "kith_address_parse", "127.0.0.1:0", address);
	SESSION_CALL(session, "kith_endpoint_listen_address", (int64_t)direct->server, address, listener_options,
	             &direct->listener);
	SESSION_CALL(session, "kith_listener_address", (int64_t)direct->listener, address);
	foreign_call("kith_connection_options_init", connection_options);
	foreign_set_pointer("kith_connection_options", connection_options, "name", "from here");
	SESSION_CALL(session, "kith_endpoint_connect_address", (int64_t)direct->client, address, connection_options,
	             &direct->called);
	event = session_await(session, direct->server, "KITH_EVENT_STATE", "KITH_STATE_CONNECTING");
	session_check(session, foreign_get("kith_event", event, "listener") == direct->listener, "who knocks where");
	session_check(session, foreign_get("kith_event", event, "user_data") == 77, "the listener's user data");
	direct->accepted = (uint32_t)foreign_get("kith_event", event, "connection");
	SESSION_CALL(session, "kith_connection_accept", (int64_t)direct->accepted);
	while (direct->events == 0 && foreign_call("kith_endpoint_dispatch", (int64_t)direct->client, (int64_t)1000000) > 0)
		continue;
	session_check(session, direct->events > 0, "an event by dispatch");
	free(address);
	free(listener_options);
	free(connection_options);
}

static void exchange(struct direct *direct)
{
	struct session *session = direct->session;
	int64_t reliable = session_constant("KITH_SEND_RELIABLE"), number = 0;
	void *message, *outgoing = foreign_new("kith_outgoing");
	int32_t fd = -1;

	SESSION_CALL(session, "kith_connection_set_lanes", (int64_t)direct->called, (int64_t)2, NULL, NULL);
	SESSION_CALL(session, "kith_connection_send", (int64_t)direct->called, "hello", (int64_t)5, reliable, (int64_t)1,
	             &number);
	session_check(session, number == 1, "the number of a message");
	message = session_receive(session, direct->server, direct->accepted);
	session_check(session, foreign_call("kith_message_lane", message) == 1, "a message on its lane");
	session_check(session, foreign_call("kith_message_connection", message) == direct->accepted, "its connection");
	session_check(session, foreign_call("kith_message_time_us", message) > 0, "its time");
	foreign_call("kith_message_set_lane", message, (int64_t)0);
	SESSION_CALL(session, "kith_connection_send_message", (int64_t)direct->accepted, message, NULL);
	message = session_receive(session, direct->client, direct->called);
	foreign_call("kith_message_set_flags", message, reliable);
	session_check(session,
	              foreign_call("kith_connection_send_messages", (int64_t)direct->called, &message, (int64_t)1) == 1,
	              "an array of messages");
	foreign_set_pointer("kith_outgoing", outgoing, "data", "again");
	foreign_set("kith_outgoing", outgoing, "size", 5);
	foreign_set("kith_outgoing", outgoing, "flags", reliable);
	session_check(session,
	              foreign_call("kith_connection_send_batch", (int64_t)direct->called, outgoing, (int64_t)1) == 1,
	              "a batch");
	SESSION_CALL(session, "kith_connection_flush", (int64_t)direct->called);
	SESSION_CALL(session, "kith_connection_set_poll_group", (int64_t)direct->accepted, (int64_t)direct->group);
	SESSION_CALL(session, "kith_poll_group_fd", (int64_t)direct->group, &fd);
	for (int i = 0; i < 2; i++) {
		SESSION_CALL(session, "kith_poll_group_wait", (int64_t)direct->group, (int64_t)10000000);
		session_check(session,
		              foreign_call("kith_poll_group_receive", (int64_t)direct->group, &message, (int64_t)1) == 1,
		              "a message of a group");
		foreign_call("kith_message_release", message);
	}
	free(outgoing);
}

static void look(struct direct *direct)
{
	struct session *session = direct->session;
	void *info = foreign_new("kith_info"), *status = foreign_new("kith_status"),
		 *security = foreign_new("kith_security");
	static char text[65536];
	void *diagnosis = foreign_new("kith_diagnosis");
	void *lane = foreign_new("kith_lane_status"), *statistics = foreign_new("kith_statistics");
	int64_t connection = direct->called, value = 0;

	SESSION_CALL(session, "kith_connection_set_user_data", connection, INT64_MAX);
	SESSION_CALL(session, "kith_connection_user_data", connection, &value);
	session_check(session, value == INT64_MAX, "user data");
	SESSION_CALL(session, "kith_connection_set_name", connection, "named");
	SESSION_CALL(session, "kith_connection_info", connection, info);
	session_check(session, session_text("kith_info", info, "name", "named"), "a name");
	session_check(session, session_text("kith_info", info, "peer.text", "str:server"), "the peer");
	session_check(session, foreign_get("kith_info", info, "state") == session_constant("KITH_STATE_CONNECTED"),
	              "the state");
	SESSION_CALL(session, "kith_connection_status", connection, status);
	session_check(session, foreign_get("kith_status", status, "packets_sent") > 0, "packets are counted");
	SESSION_CALL(session, "kith_connection_lane_status", connection, (int64_t)0, lane);
	SESSION_CALL(session, "kith_connection_statistics", connection, (int64_t)0, statistics);
	SESSION_CALL(session, "kith_endpoint_set_log_level", (int64_t)direct->client, (int64_t)0,
	             session_constant("KITH_LOG_ERROR"));
	SESSION_CALL(session, "kith_connection_diagnosis", connection, diagnosis);
	SESSION_CALL(session, "kith_connection_report", connection, (int64_t)0, text, (int64_t)sizeof(text), NULL);
	session_check(session, strstr(text, "str:server") != NULL, "a report names the peer");
	SESSION_CALL(session, "kith_connection_route", connection, (int64_t)0, text, (int64_t)sizeof(text), NULL);
	SESSION_CALL(session, "kith_connection_security", connection, security);
	session_check(session, session_text("kith_security", security, "cipher", "AES-256-GCM"), "the cipher");
	free(info);
	free(status);
	free(lane);
	free(diagnosis);
	free(statistics);
	free(security);
}

static void end(struct direct *direct)
{
	struct session *session = direct->session;
	void *event;

	SESSION_CALL(session, "kith_connection_close", (int64_t)direct->called, (int64_t)1234, "bye", (int64_t)1000000);
	event = session_await(session, direct->server, "KITH_EVENT_STATE", "KITH_STATE_CLOSED_BY_PEER");
	session_check(session, foreign_get("kith_event", event, "reason") == 1234, "a reason");
	session_check(session, session_text("kith_event", event, "text", "bye"), "its text");
	SESSION_CALL(session, "kith_listener_close", (int64_t)direct->listener);
	SESSION_CALL(session, "kith_poll_group_destroy", (int64_t)direct->group);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)direct->client);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)direct->server);
	session_check(session, direct->releases == 3, "what was lent is given back");
	session_check(session, direct->wakes > 0, "the wake callback was called");
}

/* Two ends in one program. */
static void make_pair(struct session *session)
{
	void *options = foreign_new("kith_pair_options"), *message;
	uint32_t endpoint = 0, first = 0, second = 0;

	foreign_call("kith_pair_options_init", options);
	SESSION_CALL(session, "kith_endpoint_create", NULL, &endpoint);
	SESSION_CALL(session, "kith_endpoint_pair", (int64_t)endpoint, (int64_t)endpoint, options, &first, &second);
	SESSION_CALL(session, "kith_connection_send", (int64_t)first, "pair", (int64_t)4,
	             session_constant("KITH_SEND_RELIABLE"), (int64_t)0, NULL);
	message = session_receive(session, endpoint, second);
	session_check(session, message != NULL && foreign_call("kith_message_size", message) == 4,
	              "a message within a pair");
	foreign_call("kith_message_release", message);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)endpoint);
	free(options);
}

void session_direct(struct session *session)
{
	struct direct direct = { .session = session };

	make_endpoints(&direct);
	set_callables(&direct);
	listen_and_connect(&direct);
	exchange(&direct);
	look(&direct);
	end(&direct);
	make_pair(session);
}
