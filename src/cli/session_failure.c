/* What the subcommands say of what failed: where, and what was tried; and all that is known, if wanted. */
#include <stdlib.h>
#include <string.h>

#include "cli/session.h"

enum { LINES_MAX = 16 };

/* False: nothing is known, or it says no more than the event does. */
static bool diagnose(struct session *session, const struct kith_event *event, struct kith_diagnosis *out)
{
	kith_result result = event->connection != KITH_NO_HANDLE
	                         ? kith_connection_diagnosis(event->connection, out)
	                         : kith_messages_diagnosis(session->endpoint, &event->peer, out);

	return result == KITH_OK && out->stage != KITH_STAGE_NONE && out->stage != KITH_STAGE_CLOSED;
}

/* Cuts `text` at its newlines. */
static int split(char *text, char *lines[LINES_MAX])
{
	char *rest = NULL;
	int count = 0;

	for (char *line = strtok_r(text, "\n", &rest); line != NULL && count < LINES_MAX;
	     line = strtok_r(NULL, "\n", &rest))
		lines[count++] = line;
	return count;
}

static void say_json(struct output *output, const struct kith_event *event, const char *text,
                     const struct kith_diagnosis *diagnosis, char *lines[LINES_MAX], int count)
{
	output_open(output, "error");
	output_integer(output, "code", event->reason);
	output_string(output, "reason", kith_reason_name(event->reason));
	output_string(output, "text", text);
	output_word(output, "stage", kith_stage_name(diagnosis->stage));
	output_string(output, "summary", diagnosis->summary);
	output_list(output, "tried", (const char *const *)lines, count);
	output_close(output);
}

void session_say_failed(struct session *session, const struct kith_event *event)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	char text[512], peer[KITH_IDENTITY_TEXT_MAX];
	const char *who = event->peer.text[0] != '\0' ? peer : session->options->target;
	bool known = diagnose(session, event, &diagnosis);
	char *lines[LINES_MAX];
	int count = split(diagnosis.text, lines);

	session_name_peer(&event->peer, peer);
	session_say_report(session, event->connection);
	snprintf(text, sizeof(text), "%.200s: %s%s%s", who != NULL ? who : "",
	         event->state == KITH_STATE_CLOSED_BY_PEER ? "closed by peer" : "connection failed",
	         event->text[0] != '\0' ? ": " : "", event->text);
	if (known && session->output->json) {
		say_json(session->output, event, text, &diagnosis, lines, count);
		return;
	}
	output_error(session->output, event->reason, kith_reason_name(event->reason), text);
	if (!known)
		return;
	output_detail("%s: %s", kith_stage_name(diagnosis.stage), diagnosis.summary);
	for (int i = 0; i < count; i++)
		output_detail("  %s", lines[i]);
}

int session_say_no_signaling(struct session *session)
{
	static const char text[] = "no signaling server answers";
	const char *reason = kith_result_name(KITH_E_TIMEOUT);
	struct output *output = session->output;

	if (!output->json) {
		output_error(output, KITH_E_TIMEOUT, reason, text);
		output_detail("%s: %s", kith_stage_name(KITH_STAGE_SIGNALING), kith_stage_text(KITH_STAGE_SIGNALING));
		return EXIT_FAILED;
	}
	output_open(output, "error");
	output_integer(output, "code", KITH_E_TIMEOUT);
	output_string(output, "reason", reason);
	output_string(output, "text", text);
	output_word(output, "stage", kith_stage_name(KITH_STAGE_SIGNALING));
	output_close(output);
	return EXIT_FAILED;
}

void session_say_report(struct session *session, kith_connection connection)
{
	uint32_t hide = session->options->hide_addresses ? KITH_HIDE_ADDRESSES : 0;
	char *report, *rest = NULL;

	if (!session->options->report || connection == KITH_NO_HANDLE)
		return;
	report = malloc(KITH_REPORT_SIZE_MAX);
	if (report != NULL && kith_connection_report(connection, hide, report, KITH_REPORT_SIZE_MAX, NULL) == KITH_OK)
		for (char *line = strtok_r(report, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
			output_detail("%s", line);
	free(report);
}
