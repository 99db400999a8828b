/* dialog: one conversation with a peer, through a connection or, with --messages, without one.
 *
 * Owns: which functions of the library carry it, which events are its own.
 * Does not know: what is said.
 */
#ifndef CLI_DIALOG_H
#define CLI_DIALOG_H

#include "cli/session.h"

struct dialog {
	struct session *session;
	kith_connection connection; /* KITH_NO_HANDLE: messages to session->peer */
	int32_t channel;
	int lanes;
};

enum dialog_event {
	DIALOG_NOTHING, /* not of this dialog, or of no interest */
	DIALOG_CONNECTED,
	DIALOG_READABLE,
	DIALOG_WRITABLE,
	DIALOG_CLOSED, /* state, reason and text say how */
	DIALOG_PAUSED, /* without connections: it was idle, the next message goes on */
};

/* Calls TARGET; with --messages the first message will. -1, or a status. */
int dialog_open(struct dialog *dialog, struct session *session);
enum dialog_event dialog_on_event(const struct dialog *dialog, const struct kith_event *event);
kith_result dialog_send(struct dialog *dialog, const void *data, size_t size, uint32_t flags);
/* Sends a message back as it came: its lane or channel, its reliability. Takes it on KITH_OK. */
kith_result dialog_send_back(struct dialog *dialog, kith_message *message);
/* The next message, or false. */
bool dialog_receive(struct dialog *dialog, kith_message **out);
void dialog_say_connected(struct dialog *dialog);
/* Waits until what was sent has arrived, it has ended, or `limit_us` is over; then closes it. */
void dialog_finish(struct dialog *dialog, const char *text, int64_t limit_us);

#endif
