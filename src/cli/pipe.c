#include "cli/pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/pipe_output.h"
#include "cli/session.h"

enum {
	CHUNK = 64 * 1024,
	BATCH = 16,
	QUIET_US = 1000000, /* a peer that says nothing for so long has nothing more to say */
	TICK_US = 5000,     /* how often we look whether everything has arrived, once input has ended */
	DRAINED_LIMIT_US = 1000000,
};

struct pipe {
	struct session session;
	kith_connection connection;
	bool connected;
	bool ended;
	int status; /* once ended */

	char chunk[CHUNK]; /* read and not sent yet */
	size_t chunk_size;
	bool blocked; /* no room to send: wait for the event */
	bool input_ended;
	bool input_empty; /* it ended before anything came */
	bool mark_sent;   /* the peer knows that it ended */

	struct pipe_output output;
	bool readable; /* the library may have messages for us */
	bool peer_ended;
	int64_t heard_us; /* when the peer last sent something, or took the last of ours */
};

static void end(struct pipe *pipe, int status)
{
	if (!pipe->ended)
		pipe->status = status;
	pipe->ended = true;
}

static void fail_system(struct pipe *pipe, const char *what)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	output_error(pipe->session.output, KITH_E_SYSTEM, kith_result_name(KITH_E_SYSTEM), text);
	end(pipe, EXIT_FAILED);
}

/* --- from standard input to the peer */

/* True when it is sent; false when there is no room, or the connection ends. */
static bool try_send(struct pipe *pipe, size_t size)
{
	kith_result result =
		kith_connection_send(pipe->connection, pipe->chunk, size, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0, NULL);

	pipe->blocked = result == KITH_E_AGAIN;
	/* A connection that has ended says so in an event; any other refusal is ours to tell. */
	if (result != KITH_OK && result != KITH_E_AGAIN && result != KITH_E_CLOSED) {
		session_fail(&pipe->session, result, "cannot send");
		end(pipe, EXIT_FAILED);
	}
	pipe->heard_us = kith_now_us();
	return result == KITH_OK;
}

static void send_input(struct pipe *pipe)
{
	if (pipe->chunk_size > 0 && try_send(pipe, pipe->chunk_size))
		pipe->chunk_size = 0;
	if (pipe->input_ended && !pipe->mark_sent && pipe->chunk_size == 0 && !pipe->blocked)
		pipe->mark_sent = try_send(pipe, 0);
}

static void read_input(struct pipe *pipe)
{
	ssize_t result = read(STDIN_FILENO, pipe->chunk, sizeof(pipe->chunk));

	if (result < 0) {
		if (errno != EINTR && errno != EAGAIN)
			fail_system(pipe, "standard input");
		return;
	}
	if (result == 0)
		pipe->input_ended = true;
	else
		pipe->input_empty = false;
	pipe->chunk_size = (size_t)result;
	send_input(pipe);
}

static bool wants_input(const struct pipe *pipe)
{
	return pipe->connected && !pipe->input_ended && !pipe->blocked && pipe->chunk_size == 0;
}

/* --- from the peer to standard output */

static void take_message(struct pipe *pipe, kith_message *message)
{
	pipe->heard_us = kith_now_us();
	/* An empty message is the peer's end of input. */
	if (kith_message_size(message) == 0) {
		pipe->peer_ended = true;
		kith_message_release(message);
	} else if (!pipe_output_add(&pipe->output, message)) {
		fail_system(pipe, "standard output");
	}
}

/* Takes what has arrived. Unless `all`, only while nothing waits for standard output: then the
 * library's buffer fills, and the peer has to wait. */
static void receive(struct pipe *pipe, bool all)
{
	kith_message *messages[BATCH];

	while (pipe->readable && !pipe->ended && (all || pipe_output_is_empty(&pipe->output))) {
		int32_t count = kith_connection_receive(pipe->connection, messages, BATCH);
		for (int32_t i = 0; i < count; i++)
			take_message(pipe, messages[i]);
		pipe->readable = count == BATCH;
	}
}

static void write_output(struct pipe *pipe)
{
	if (!pipe_output_write(&pipe->output))
		fail_system(pipe, "standard output");
	receive(pipe, false);
}

/* --- events */

static void on_closed(struct pipe *pipe, const struct kith_event *event)
{
	bool normal = session_is_normal_end(event);

	/* It can only be read now. */
	pipe->readable = true;
	receive(pipe, true);
	if (normal)
		session_say_closed(&pipe->session, event);
	else
		session_say_failed(&pipe->session, event);
	kith_connection_close(pipe->connection, 0, NULL, 0);
	pipe->connection = KITH_NO_HANDLE;
	end(pipe, normal ? EXIT_OK : EXIT_FAILED);
}

static void on_state(struct pipe *pipe, const struct kith_event *event)
{
	if (event->state == KITH_STATE_CONNECTED) {
		pipe->connected = true;
		pipe->heard_us = kith_now_us();
		session_say_connected(&pipe->session, pipe->connection);
	} else if (session_is_closed_state(event->state)) {
		on_closed(pipe, event);
	}
}

/* The first who comes; to the others we are busy. */
static void on_incoming(struct pipe *pipe, const struct kith_event *event)
{
	if (pipe->session.options->command != COMMAND_LISTEN)
		return;
	if (pipe->connection == KITH_NO_HANDLE && kith_connection_accept(event->connection) == KITH_OK) {
		pipe->connection = event->connection;
		session_stop_listening(&pipe->session);
		return;
	}
	kith_connection_close(event->connection, KITH_REASON_APP_EXCEPTION, "busy", 0);
}

static void handle_events(struct pipe *pipe)
{
	struct kith_event event;

	while (!pipe->ended && session_next_event(&pipe->session, &event)) {
		if (event.type == KITH_EVENT_STATE && event.old_state == KITH_STATE_NONE &&
		    event.state == KITH_STATE_CONNECTING) {
			on_incoming(pipe, &event);
		} else if (event.connection != pipe->connection) {
			continue;
		} else if (event.type == KITH_EVENT_STATE) {
			on_state(pipe, &event);
		} else if (event.type == KITH_EVENT_READABLE) {
			pipe->readable = true;
			receive(pipe, false);
		} else if (event.type == KITH_EVENT_WRITABLE) {
			pipe->blocked = false;
			send_input(pipe);
		}
	}
}

/* --- the end */

static bool everything_arrived(struct pipe *pipe)
{
	struct kith_status status = KITH_STATUS_INIT;

	if (kith_connection_status(pipe->connection, &status) != KITH_OK)
		return false;
	if (status.pending_reliable + status.unacked_reliable > 0)
		pipe->heard_us = kith_now_us();
	return status.pending_reliable + status.unacked_reliable == 0;
}

/* Whether we may close: both have ended, or we have and the peer is quiet. Who listens and had
 * nothing to say only wants to hear: he waits for the other. */
static bool is_over(struct pipe *pipe)
{
	bool only_hears = pipe->input_empty && pipe->session.options->command == COMMAND_LISTEN;

	if (!pipe->mark_sent || !everything_arrived(pipe) || !pipe_output_is_empty(&pipe->output) || pipe->readable)
		return false;
	return pipe->peer_ended || (!only_hears && kith_now_us() - pipe->heard_us >= QUIET_US);
}

static void wait_and_move(struct pipe *pipe, int64_t deadline)
{
	struct pollfd extra[2];
	int count = 0, input = -1, output = -1;

	if (wants_input(pipe)) {
		input = count;
		extra[count++] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	}
	if (!pipe_output_is_empty(&pipe->output)) {
		output = count;
		extra[count++] = (struct pollfd){ STDOUT_FILENO, POLLOUT, 0 };
	}
	for (int i = 0; i < count; i++)
		extra[i].revents = 0;
	session_wait(&pipe->session, extra, count, deadline);
	if (input >= 0 && extra[input].revents != 0)
		read_input(pipe);
	if (output >= 0 && extra[output].revents != 0)
		write_output(pipe);
}

static void loop(struct pipe *pipe)
{
	bool listens = pipe->session.options->command == COMMAND_LISTEN;
	int64_t limit = session_deadline(listens ? session_timeout_us(&pipe->session, KITH_FOREVER_US) : -1);

	while (!pipe->ended && !pipe->session.interrupted) {
		int64_t deadline = pipe->mark_sent ? kith_now_us() + TICK_US : KITH_FOREVER_US;
		handle_events(pipe);
		if (pipe->ended || (pipe->connected && is_over(pipe)))
			return;
		if (pipe->connection == KITH_NO_HANDLE && limit >= 0) {
			if (kith_now_us() >= limit) {
				output_error(pipe->session.output, KITH_E_TIMEOUT, kith_result_name(KITH_E_TIMEOUT),
				             "nobody has connected in time");
				end(pipe, EXIT_FAILED);
				return;
			}
			deadline = limit;
		}
		wait_and_move(pipe, deadline);
	}
}

/* The connection has ended, standard output has not taken everything yet. */
static void write_rest(struct pipe *pipe)
{
	while (!pipe_output_is_empty(&pipe->output) && !pipe->session.interrupted && pipe->status == EXIT_OK) {
		struct pollfd extra = { STDOUT_FILENO, POLLOUT, 0 };
		struct kith_event event;
		while (session_next_event(&pipe->session, &event))
			continue;
		session_wait(&pipe->session, &extra, 1, KITH_FOREVER_US);
		if (extra.revents != 0 && !pipe_output_write(&pipe->output)) {
			pipe->ended = false;
			fail_system(pipe, "standard output");
		}
	}
}

static int run(struct pipe *pipe)
{
	int status;

	if (pipe->session.options->command == COMMAND_LISTEN)
		status = session_listen(&pipe->session);
	else
		status = session_call(&pipe->session, &pipe->connection);
	if (status >= 0)
		return status;
	loop(pipe);
	if (pipe->connection != KITH_NO_HANDLE)
		session_finish(&pipe->session, pipe->connection, pipe->session.interrupted ? "interrupted" : "end of input",
		               pipe->session.interrupted || pipe->ended ? 0 : DRAINED_LIMIT_US);
	write_rest(pipe);
	return pipe->status;
}

int pipe_run(const struct options *options)
{
	struct pipe *pipe = calloc(1, sizeof(*pipe));
	struct output output;
	int status;

	/* Standard output is for data. */
	output_init(&output, stderr, options->json, options->verbose);
	if (pipe == NULL) {
		output_error(&output, KITH_E_SYSTEM, kith_result_name(KITH_E_SYSTEM), "out of memory");
		return EXIT_FAILED;
	}
	pipe->input_empty = true;
	pipe_output_init(&pipe->output);
	status = session_open(&pipe->session, options, &output);
	if (status < 0)
		status = run(pipe);
	session_close(&pipe->session);
	pipe_output_free(&pipe->output);
	free(pipe);
	return status;
}
