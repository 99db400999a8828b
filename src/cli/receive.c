#include "cli/receive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/session.h"
#include "cli/target.h"
#include "cli/transfer/transfer_receiver.h"
#include "core/base/bytes.h"

enum { BATCH = 16, SENDERS_MAX = 64 };

/* One connection. */
struct sender {
	struct sender *next;
	struct receive *receive;
	kith_connection connection;
	struct transfer_receiver receiver;
	uint8_t reply[TRANSFER_FRAME_MAX];
	size_t reply_size; /* not sent yet, for lack of room */
	int64_t begin_us;
};

struct receive {
	struct session session;
	struct progress progress;
	struct kith_identity from[OPTIONS_LIST_MAX];
	struct sender *senders;
	int senders_count;
	bool had_one;
	bool complete; /* a transfer */
	bool failed;   /* something of a transfer that is complete */
};

/* --- what is told */

static void on_result(void *owner, const struct transfer_sink_entry *entry, int64_t resumed, const char *text)
{
	struct sender *sender = owner;
	struct receive *receive = sender->receive;
	struct output *output = receive->session.output;
	char line[TRANSFER_PATH_MAX + TRANSFER_TEXT_MAX + 16];

	progress_clear(&receive->progress);
	if (text[0] != '\0') {
		snprintf(line, sizeof(line), "%s: %s", entry->path, text);
		output_error(output, KITH_E_REJECTED, "NOT_RECEIVED", line);
	} else if (entry->kind == TRANSFER_FOLDER) {
		return;
	} else if (output->json) {
		output_open(output, "file");
		output_string(output, "path", entry->path);
		output_integer(output, "bytes", entry->digest.size);
		output_integer(output, "resumed", resumed);
		output_close(output);
	} else {
		output_line(output, "received %s: %" PRId64 " bytes, %" PRId64 " of them there already", entry->path,
		            entry->digest.size, resumed);
	}
}

static void say_summary(const struct sender *sender)
{
	struct output *output = sender->receive->session.output;
	const struct transfer_receiver *receiver = &sender->receiver;
	int64_t took = kith_now_us() - sender->begin_us;
	char size[PROGRESS_SIZE_TEXT], speed[PROGRESS_SIZE_TEXT];

	progress_clear(&sender->receive->progress);
	if (output->json) {
		output_open(output, "summary");
		output_integer(output, "entries", receiver->done - receiver->failed);
		output_integer(output, "failed", receiver->failed);
		output_integer(output, "bytes", receiver->passed);
		output_integer(output, "ms", took / 1000);
		output_close(output);
		return;
	}
	output_line(output, "--- %" PRIu32 " entries received, %" PRIu32 " failed, %s in %.1f s, %s/s",
	            receiver->done - receiver->failed, receiver->failed,
	            progress_print_size(size, (double)receiver->passed), (double)took / 1e6,
	            progress_print_size(speed, took > 0 ? (double)receiver->passed * 1e6 / (double)took : 0));
}

/* --- connections */

static struct sender *find(const struct receive *receive, kith_connection connection)
{
	struct sender *at = receive->senders;

	while (at != NULL && at->connection != connection)
		at = at->next;
	return at;
}

static void forget(struct receive *receive, struct sender *sender)
{
	struct sender **link = &receive->senders;

	while (*link != sender)
		link = &(*link)->next;
	*link = sender->next;
	receive->senders_count--;
	transfer_receiver_free(&sender->receiver);
	free(sender);
}

static bool is_welcome(const struct receive *receive, const struct kith_identity *peer)
{
	int count = receive->session.options->from.count;

	for (int i = 0; i < count; i++)
		if (strcmp(receive->from[i].text, peer->text) == 0)
			return true;
	return count == 0;
}

static void refuse(struct receive *receive, const struct kith_event *event, const char *why)
{
	char peer[KITH_IDENTITY_TEXT_MAX];

	session_name_peer(&event->peer, peer);
	output_verbose(receive->session.output, "%s is refused: %s", peer, why);
	kith_connection_close(event->connection, KITH_REASON_APP_EXCEPTION, why, 0);
}

static void on_incoming(struct receive *receive, const struct kith_event *event)
{
	const struct options *options = receive->session.options;
	const char *folder = options->into != NULL ? options->into : ".";
	struct sender *sender;

	if (!is_welcome(receive, &event->peer) || receive->senders_count == SENDERS_MAX) {
		refuse(receive, event, receive->senders_count == SENDERS_MAX ? "too many transfers at once" : "not welcome");
		return;
	}
	sender = calloc(1, sizeof(*sender));
	if (sender == NULL || !transfer_receiver_init(&sender->receiver, folder, options->overwrite, on_result, sender) ||
	    kith_connection_accept(event->connection) != KITH_OK) {
		refuse(receive, event, "cannot take this transfer");
		if (sender != NULL)
			transfer_receiver_free(&sender->receiver);
		free(sender);
		return;
	}
	sender->receive = receive;
	sender->connection = event->connection;
	sender->begin_us = kith_now_us();
	sender->next = receive->senders;
	receive->senders = sender;
	receive->senders_count++;
	receive->had_one = true;
}

/* A sender that calls again is a new connection: the old one must give its file up. */
static void end_older(struct receive *receive, const struct sender *sender)
{
	struct sender *other, *next;

	for (other = receive->senders; other != NULL; other = next) {
		next = other->next;
		if (other == sender || !other->receiver.greeted ||
		    !bytes_equal(other->receiver.id, sender->receiver.id, TRANSFER_ID_SIZE))
			continue;
		kith_connection_close(other->connection, KITH_REASON_APP, "called again", 0);
		forget(receive, other);
	}
}

/* --- messages */

static bool send_reply(struct sender *sender)
{
	kith_result result;

	if (sender->reply_size == 0)
		return true;
	result = kith_connection_send(sender->connection, sender->reply, sender->reply_size,
	                              KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0, NULL);
	if (result == KITH_E_AGAIN)
		return false;
	sender->reply_size = 0;
	return true;
}

/* False: it is not a transfer. */
static bool take(struct receive *receive, struct sender *sender, const kith_message *message)
{
	bool greeted = sender->receiver.greeted;

	if (!transfer_receiver_receive(&sender->receiver, kith_message_data(message), kith_message_size(message),
	                               sender->reply, &sender->reply_size))
		return false;
	if (!greeted && sender->receiver.greeted)
		end_older(receive, sender);
	return true;
}

static void on_complete(struct receive *receive, struct sender *sender)
{
	say_summary(sender);
	receive->complete = true;
	receive->failed = receive->failed || sender->receiver.failed > 0;
}

static void serve(struct receive *receive, struct sender *sender)
{
	kith_message *message;

	while (send_reply(sender) && kith_connection_receive(sender->connection, &message, 1) == 1) {
		bool good = take(receive, sender, message);
		kith_message_release(message);
		if (!good) {
			progress_clear(&receive->progress);
			output_error(receive->session.output, KITH_E_PROTOCOL, kith_result_name(KITH_E_PROTOCOL),
			             "a peer that is not 'kith send' was refused");
			kith_connection_close(sender->connection, KITH_REASON_APP_EXCEPTION, "this is not a transfer", 0);
			forget(receive, sender);
			return;
		}
		if (sender->receiver.complete)
			on_complete(receive, sender);
		progress_update(&receive->progress, kith_now_us(), sender->receiver.passed, sender->receiver.size,
		                sender->receiver.current != NULL ? sender->receiver.current->path : "");
	}
}

static void on_state(struct receive *receive, const struct kith_event *event)
{
	struct sender *sender;

	if (event->old_state == KITH_STATE_NONE && event->state == KITH_STATE_CONNECTING) {
		on_incoming(receive, event);
		return;
	}
	sender = find(receive, event->connection);
	if (sender == NULL)
		return;
	progress_clear(&receive->progress);
	if (event->state == KITH_STATE_CONNECTED)
		session_say_connected(&receive->session, event->connection);
	if (!session_is_closed_state(event->state))
		return;
	serve(receive, sender);
	sender = find(receive, event->connection);
	session_say_closed(&receive->session, event);
	kith_connection_close(event->connection, 0, NULL, 0);
	if (sender != NULL)
		forget(receive, sender);
}

static void handle_events(struct receive *receive)
{
	struct kith_event event;

	while (session_next_event(&receive->session, &event)) {
		struct sender *sender = find(receive, event.connection);
		if (event.type == KITH_EVENT_STATE)
			on_state(receive, &event);
		else if ((event.type == KITH_EVENT_READABLE || event.type == KITH_EVENT_WRITABLE) && sender != NULL)
			serve(receive, sender);
	}
}

/* A transfer is complete and its sender has said goodbye. */
static bool is_over(const struct receive *receive)
{
	return receive->complete && receive->senders == NULL && !receive->session.options->keep;
}

static int loop(struct receive *receive)
{
	int64_t deadline = session_deadline(session_timeout_us(&receive->session, KITH_FOREVER_US));

	while (!receive->session.interrupted) {
		handle_events(receive);
		if (is_over(receive))
			break;
		if (receive->had_one)
			deadline = KITH_FOREVER_US;
		if (deadline >= 0 && kith_now_us() >= deadline) {
			output_error(receive->session.output, KITH_E_TIMEOUT, kith_result_name(KITH_E_TIMEOUT),
			             "nobody has connected in time");
			return EXIT_FAILED;
		}
		session_wait(&receive->session, NULL, 0, deadline);
	}
	/* Interrupted in the midst of a transfer: not all of it is there. */
	return receive->failed || (receive->session.interrupted && receive->senders != NULL) ? EXIT_FAILED : EXIT_OK;
}

static int read_options(struct receive *receive, const struct options *options)
{
	const char *folder = options->into != NULL ? options->into : ".";
	struct transfer_sink sink;
	int status = -1;

	for (int i = 0; i < options->from.count && status < 0; i++)
		status = target_read_identity(options, "option --from", options->from.values[i], &receive->from[i]);
	if (status >= 0)
		return status;
	if (!transfer_sink_init(&sink, folder, false))
		return options_complain(options->command, "option --into: '%s': %s", folder, strerror(errno));
	transfer_sink_free(&sink);
	return -1;
}

int receive_run(const struct options *options)
{
	struct receive *receive = calloc(1, sizeof(*receive));
	struct output output;
	int status;

	output_init(&output, stdout, options->json, options->verbose);
	if (receive == NULL) {
		output_error(&output, KITH_E_SYSTEM, kith_result_name(KITH_E_SYSTEM), "out of memory");
		return EXIT_FAILED;
	}
	status = read_options(receive, options);
	if (status < 0) {
		status = session_open(&receive->session, options, &output);
		progress_init(&receive->progress, &output, kith_now_us());
		if (status < 0)
			status = session_listen(&receive->session);
		if (status < 0)
			status = loop(receive);
		progress_clear(&receive->progress);
		while (receive->senders != NULL) {
			kith_connection_close(receive->senders->connection, KITH_REASON_APP, "receiving ends", 0);
			forget(receive, receive->senders);
		}
		session_close(&receive->session);
	}
	free(receive);
	return status;
}
