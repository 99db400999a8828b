#include "cli/send.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/session.h"
#include "cli/transfer/transfer_sender.h"

enum {
	BATCH = 16,
	RETRY_FIRST_US = 500000,
	RETRY_MAX_US = 8000000,
	RETRY_LIMIT_US = 60 * 1000000, /* unless --retry says else */
	FINISH_LIMIT_US = 10 * 1000000,
	BURST_MESSAGES = 32, /* then events have their turn */
};

struct send {
	struct session session;
	struct transfer_source source;
	struct transfer_sender sender;
	struct progress progress;
	kith_connection connection;
	bool connected, was_connected;
	bool blocked;     /* no room to send: wait for the event */
	bool input_ready; /* standard input has something */
	bool ended;       /* for good */
	bool failed;
	uint8_t message[TRANSFER_MESSAGE_MAX];
	size_t message_size; /* made and not sent yet */
	int64_t lost_us;     /* when the connection broke; 0: it did not */
	int64_t retry_us;    /* when to call again */
	int64_t retry_pause_us;
	int64_t begin_us;
	uint32_t files, files_failed;
};

static void fail(struct send *send, int64_t code, const char *reason, const char *text)
{
	progress_clear(&send->progress);
	output_error(send->session.output, code, reason, text);
	send->ended = send->failed = true;
}

/* --- what is told */

static void print_hash(char out[2 * TRANSFER_HASH_SIZE + 1], const uint8_t hash[TRANSFER_HASH_SIZE])
{
	for (int i = 0; i < TRANSFER_HASH_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

static void on_result(void *owner, const struct transfer_sender *sender, uint32_t index, const char *text)
{
	struct send *send = owner;
	struct output *output = send->session.output;
	const struct transfer_sender_entry *entry = &sender->entries[index];
	const char *path = sender->source->entries[index].path;
	char hash[2 * TRANSFER_HASH_SIZE + 1], line[TRANSFER_PATH_MAX + TRANSFER_TEXT_MAX + 16];

	progress_clear(&send->progress);
	if (text[0] != '\0') {
		send->files_failed++;
		snprintf(line, sizeof(line), "%s: %s", path, text);
		output_error(output, KITH_E_REJECTED, "NOT_SENT", line);
		return;
	}
	if (sender->source->entries[index].kind == TRANSFER_FOLDER)
		return;
	send->files++;
	print_hash(hash, entry->hash);
	if (output->json) {
		output_open(output, "file");
		output_string(output, "path", path);
		output_integer(output, "bytes", entry->size);
		output_integer(output, "resumed", entry->resumed);
		output_string(output, "sha256", hash);
		output_close(output);
	} else {
		output_line(output, "sent %s: %" PRId64 " bytes, %" PRId64 " of them there already, sha256 %s", path,
		            entry->size, entry->resumed, hash);
	}
}

static void on_skip(void *owner, const char *file, const char *why)
{
	struct send *send = owner;
	char line[TRANSFER_PATH_MAX + TRANSFER_TEXT_MAX];

	send->files_failed++;
	snprintf(line, sizeof(line), "%.900s: left out: %s", file, why);
	output_error(send->session.output, KITH_E_UNSUPPORTED, "NOT_SENT", line);
}

static void say_summary(struct send *send)
{
	struct output *output = send->session.output;
	int64_t took = kith_now_us() - send->begin_us;
	double rate = took > 0 ? (double)send->sender.passed * 1e6 / (double)took : 0;
	char size[PROGRESS_SIZE_TEXT], speed[PROGRESS_SIZE_TEXT];

	progress_clear(&send->progress);
	if (!output->json) {
		output_line(output, "--- %" PRIu32 " files sent, %" PRIu32 " failed, %s in %.1f s, %s/s", send->files,
		            send->files_failed, progress_print_size(size, (double)send->sender.passed), (double)took / 1e6,
		            progress_print_size(speed, rate));
		return;
	}
	output_open(output, "summary");
	output_integer(output, "files", send->files);
	output_integer(output, "failed", send->files_failed);
	output_integer(output, "bytes", send->sender.passed);
	output_integer(output, "ms", took / 1000);
	output_close(output);
}

static const char *current_path(const struct send *send)
{
	return send->sender.current < send->source.count ? send->source.entries[send->sender.current].path : "";
}

/* --- the transfer */

/* Standard input is the next to be read, which must not make everything else wait. */
static bool wants_input(const struct send *send)
{
	return send->connected && !send->blocked && send->message_size == 0 && send->sender.fd == STDIN_FILENO &&
	       !send->input_ready;
}

/* Sends what there is room for. True: there may be more to send at once. */
static bool send_some(struct send *send)
{
	for (int i = 0; i < BURST_MESSAGES && !wants_input(send); i++) {
		kith_result result;
		if (send->message_size == 0) {
			send->input_ready = send->input_ready && send->sender.fd != STDIN_FILENO;
			send->message_size = transfer_sender_next(&send->sender, send->message);
		}
		if (send->message_size == 0)
			return false;
		result = kith_connection_send(send->connection, send->message, send->message_size,
		                              KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0, NULL);
		send->blocked = result == KITH_E_AGAIN;
		/* A connection that has ended says so in an event. */
		if (result == KITH_E_AGAIN || result == KITH_E_CLOSED)
			return false;
		if (result != KITH_OK) {
			session_fail(&send->session, result, "cannot send");
			send->ended = send->failed = true;
			return false;
		}
		send->message_size = 0;
	}
	return !wants_input(send);
}

static void receive(struct send *send)
{
	kith_message *messages[BATCH];
	int32_t count;

	do {
		count = kith_connection_receive(send->connection, messages, BATCH);
		for (int32_t i = 0; i < count; i++) {
			if (!send->ended &&
			    !transfer_sender_receive(&send->sender, kith_message_data(messages[i]), kith_message_size(messages[i])))
				fail(send, KITH_E_PROTOCOL, kith_result_name(KITH_E_PROTOCOL), "the peer does not receive files");
			kith_message_release(messages[i]);
		}
	} while (count == BATCH);
}

/* --- the connection */

static void on_connected(struct send *send)
{
	progress_clear(&send->progress);
	session_say_connected(&send->session, send->connection);
	send->connected = send->was_connected = true;
	send->blocked = false;
	send->lost_us = 0;
	send->retry_pause_us = RETRY_FIRST_US;
}

static int64_t retry_limit(const struct send *send)
{
	return send->session.options->retry_usec >= 0 ? send->session.options->retry_usec : RETRY_LIMIT_US;
}

/* It broke. Who said no, or never answered the first call, is not called again. */
static void on_closed(struct send *send, const struct kith_event *event)
{
	int64_t now = kith_now_us();
	bool refused = event->state == KITH_STATE_CLOSED_BY_PEER && event->reason >= KITH_REASON_APP &&
	               event->reason <= KITH_REASON_APP_EXCEPTION_MAX;

	progress_clear(&send->progress);
	receive(send);
	session_say_failed(&send->session, event);
	kith_connection_close(send->connection, 0, NULL, 0);
	send->connection = KITH_NO_HANDLE;
	send->connected = false;
	send->message_size = 0;
	send->lost_us = send->lost_us != 0 ? send->lost_us : now;
	if (refused || !send->was_connected || now - send->lost_us >= retry_limit(send)) {
		send->ended = send->failed = true;
		return;
	}
	if (!transfer_sender_restart(&send->sender)) {
		fail(send, KITH_E_CLOSED, kith_result_name(KITH_E_CLOSED), "standard input cannot be sent again");
		return;
	}
	send->retry_us = now + send->retry_pause_us;
	send->retry_pause_us = send->retry_pause_us * 2 < RETRY_MAX_US ? send->retry_pause_us * 2 : RETRY_MAX_US;
}

static void handle_events(struct send *send)
{
	struct kith_event event;

	while (!send->ended && session_next_event(&send->session, &event)) {
		if (event.connection != send->connection || send->connection == KITH_NO_HANDLE)
			continue;
		if (event.type == KITH_EVENT_STATE && event.state == KITH_STATE_CONNECTED)
			on_connected(send);
		else if (event.type == KITH_EVENT_STATE && session_is_closed_state(event.state))
			on_closed(send, &event);
		else if (event.type == KITH_EVENT_READABLE)
			receive(send);
		else if (event.type == KITH_EVENT_WRITABLE)
			send->blocked = false;
	}
}

/* Calls again. What cannot be called at all, as without signaling, is tried again later. */
static void call_again(struct send *send)
{
	int64_t now = kith_now_us();

	if (session_call(&send->session, &send->connection) < 0)
		return;
	send->connection = KITH_NO_HANDLE;
	send->retry_us = now + send->retry_pause_us;
	if (now - send->lost_us >= retry_limit(send))
		send->ended = send->failed = true;
}

static void loop(struct send *send)
{
	while (!send->ended && !send->session.interrupted && !transfer_sender_is_complete(&send->sender)) {
		struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
		int64_t now, deadline;
		bool more = false;
		handle_events(send);
		now = kith_now_us();
		if (send->ended)
			return;
		if (send->connection == KITH_NO_HANDLE && now >= send->retry_us) {
			call_again(send);
			continue;
		}
		if (send->connected && !send->blocked)
			more = send_some(send);
		progress_update(&send->progress, now, send->sender.passed, send->source.size, current_path(send));
		if (more)
			continue;
		deadline = send->connection == KITH_NO_HANDLE ? send->retry_us : now + 1000000;
		session_wait(&send->session, &input, wants_input(send) ? 1 : 0, deadline);
		send->input_ready = send->input_ready || input.revents != 0;
	}
}

/* --- the beginning and the end */

static int add_sources(struct send *send)
{
	const struct options *options = send->session.options;

	for (int i = 0; i < options->arguments.count; i++) {
		const char *file = options->arguments.values[i];
		const char *why = "";
		bool good;
		if (options->name != NULL && options->arguments.count > 1)
			return options_complain(options->command, "option --name: there is more than one FILE");
		if (strcmp(file, "-") == 0)
			good = transfer_source_add_stdin(&send->source, options->name, &why);
		else
			good = transfer_source_add(&send->source, file, options->name, &why);
		if (!good)
			return options_complain(options->command, "FILE: '%s': %s", file, why);
	}
	return -1;
}

static int run(struct send *send)
{
	int status = session_call(&send->session, &send->connection);
	bool complete;

	if (status >= 0)
		return status;
	send->retry_pause_us = RETRY_FIRST_US;
	send->begin_us = kith_now_us();
	progress_init(&send->progress, send->session.output, send->begin_us);
	loop(send);
	progress_clear(&send->progress);
	complete = transfer_sender_is_complete(&send->sender);
	if (send->was_connected)
		say_summary(send);
	if (send->connection != KITH_NO_HANDLE)
		session_finish(&send->session, send->connection, complete ? "sent" : "interrupted",
		               complete ? FINISH_LIMIT_US : 0);
	return complete && !send->failed && send->files_failed == 0 ? EXIT_OK : EXIT_FAILED;
}

int send_run(const struct options *options)
{
	struct send *send = calloc(1, sizeof(*send));
	struct output output;
	int status;

	output_init(&output, stdout, options->json, options->verbose);
	if (send == NULL) {
		output_error(&output, KITH_E_SYSTEM, kith_result_name(KITH_E_SYSTEM), "out of memory");
		return EXIT_FAILED;
	}
	send->session.output = &output;
	send->session.options = options;
	transfer_source_init(&send->source, on_skip, send);
	status = add_sources(send);
	if (status < 0) {
		transfer_sender_init(&send->sender, &send->source, on_result, send);
		status = session_open(&send->session, options, &output);
		if (status < 0)
			status = run(send);
		session_close(&send->session);
		transfer_sender_free(&send->sender);
	}
	transfer_source_free(&send->source);
	free(send);
	return status;
}
