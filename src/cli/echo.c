#include "cli/echo.h"

#include <stdlib.h>

#include "cli/echo_messages.h"
#include "cli/session.h"

enum { BATCH = 32 };

/* One connection: what could not be sent back yet. */
struct peer {
	struct peer *next;
	kith_connection connection;
	kith_message *pending[BATCH];
	int pending_count;
	int lanes;
};

struct echo {
	struct session session;
	struct peer *peers;
	int64_t closed_count;
	bool had_one;
};

static struct peer *find(const struct echo *echo, kith_connection connection)
{
	struct peer *at = echo->peers;

	while (at != NULL && at->connection != connection)
		at = at->next;
	return at;
}

static void on_incoming(struct echo *echo, const struct kith_event *event)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	if (peer == NULL || kith_connection_accept(event->connection) != KITH_OK) {
		kith_connection_close(event->connection, KITH_REASON_APP_EXCEPTION, "cannot take this connection", 0);
		free(peer);
		return;
	}
	peer->connection = event->connection;
	peer->lanes = 1;
	peer->next = echo->peers;
	echo->peers = peer;
	echo->had_one = true;
}

static void forget(struct echo *echo, struct peer *peer)
{
	struct peer **link = &echo->peers;

	while (*link != peer)
		link = &(*link)->next;
	*link = peer->next;
	kith_message_release_batch(peer->pending, (size_t)peer->pending_count);
	free(peer);
}

/* Sends a message back as it came: its lane, its reliability. False: later, there is no room now. */
static bool send_back(struct peer *peer, kith_message *message)
{
	int lane = kith_message_lane(message);
	kith_result result;

	if (lane >= peer->lanes && kith_connection_set_lanes(peer->connection, lane + 1, NULL, NULL) == KITH_OK)
		peer->lanes = lane + 1;
	kith_message_set_flags(message, (kith_message_flags(message) & KITH_SEND_RELIABLE) | KITH_SEND_NO_NAGLE);
	result = kith_connection_send_message(peer->connection, message, NULL);
	if (result == KITH_E_AGAIN)
		return false;
	if (result != KITH_OK)
		kith_message_release(message); /* the connection ends, its event follows */
	return true;
}

/* Sends back what waits. False: there is no room for all of it. */
static bool flush(struct peer *peer)
{
	int done = 0;

	while (done < peer->pending_count && send_back(peer, peer->pending[done]))
		done++;
	for (int i = done; i < peer->pending_count; i++)
		peer->pending[i - done] = peer->pending[i];
	peer->pending_count -= done;
	return peer->pending_count == 0;
}

/* Who does not read what we send back is not read either. */
static void serve(struct peer *peer)
{
	while (flush(peer)) {
		int32_t count = kith_connection_receive(peer->connection, peer->pending, BATCH);
		if (count <= 0)
			return;
		peer->pending_count = count;
	}
}

static void on_state(struct echo *echo, const struct kith_event *event)
{
	struct peer *peer;

	if (event->old_state == KITH_STATE_NONE && event->state == KITH_STATE_CONNECTING) {
		on_incoming(echo, event);
		return;
	}
	peer = find(echo, event->connection);
	if (peer == NULL)
		return;
	if (event->state == KITH_STATE_CONNECTED)
		session_say_connected(&echo->session, event->connection);
	if (!session_is_closed_state(event->state))
		return;
	session_say_closed(&echo->session, event);
	kith_connection_close(event->connection, 0, NULL, 0);
	forget(echo, peer);
	echo->closed_count++;
}

static void handle_events(struct echo *echo)
{
	struct kith_event event;

	while (session_next_event(&echo->session, &event)) {
		struct peer *peer = find(echo, event.connection);
		if (event.type == KITH_EVENT_STATE)
			on_state(echo, &event);
		else if ((event.type == KITH_EVENT_READABLE || event.type == KITH_EVENT_WRITABLE) && peer != NULL)
			serve(peer);
	}
}

static int loop(struct echo *echo)
{
	int64_t count = echo->session.options->count;
	int64_t deadline = session_deadline(session_timeout_us(&echo->session, KITH_FOREVER_US));

	while (!echo->session.interrupted && (count == 0 || echo->closed_count < count)) {
		handle_events(echo);
		if (count > 0 && echo->closed_count >= count)
			break;
		if (echo->had_one)
			deadline = KITH_FOREVER_US;
		if (deadline >= 0 && kith_now_us() >= deadline) {
			output_error(echo->session.output, KITH_E_TIMEOUT, kith_result_name(KITH_E_TIMEOUT),
			             "nobody has connected in time");
			return EXIT_FAILED;
		}
		session_wait(&echo->session, NULL, 0, deadline);
	}
	return EXIT_OK;
}

int echo_run(const struct options *options)
{
	struct echo echo = { 0 };
	struct output output;
	int status;

	if (options->messages)
		return echo_messages_run(options);
	output_init(&output, stdout, options->json, options->verbose);
	status = session_open(&echo.session, options, &output);
	if (status < 0)
		status = session_listen(&echo.session);
	if (status < 0)
		status = loop(&echo);
	while (echo.peers != NULL) {
		kith_connection_close(echo.peers->connection, KITH_REASON_APP, "echo ends", 0);
		forget(&echo, echo.peers);
	}
	session_close(&echo.session);
	return status;
}
