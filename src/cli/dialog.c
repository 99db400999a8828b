#include "cli/dialog.h"

static bool is_connection(const struct dialog *dialog)
{
	return dialog->connection != KITH_NO_HANDLE;
}

static void need_lane(struct dialog *dialog, int lane)
{
	if (lane >= dialog->lanes && kith_connection_set_lanes(dialog->connection, lane + 1, NULL, NULL) == KITH_OK)
		dialog->lanes = lane + 1;
}

int dialog_open(struct dialog *dialog, struct session *session)
{
	const struct options *options = session->options;
	int status;

	*dialog = (struct dialog){ .session = session, .channel = (int32_t)options->channel, .lanes = 1 };
	if (options->messages)
		return session_wait_for_signaling(session);
	status = session_call(session, &dialog->connection);
	if (status < 0)
		need_lane(dialog, (int)options->lane);
	return status;
}

static enum dialog_event of_connection(const struct kith_event *event)
{
	if (event->type == KITH_EVENT_READABLE)
		return DIALOG_READABLE;
	if (event->type == KITH_EVENT_WRITABLE)
		return DIALOG_WRITABLE;
	if (event->type != KITH_EVENT_STATE)
		return DIALOG_NOTHING;
	if (event->state == KITH_STATE_CONNECTED)
		return DIALOG_CONNECTED;
	return session_is_closed_state(event->state) ? DIALOG_CLOSED : DIALOG_NOTHING;
}

static enum dialog_event of_session(const struct kith_event *event)
{
	switch (event->type) {
	case KITH_EVENT_SESSION_CONNECTED:
		return DIALOG_CONNECTED;
	case KITH_EVENT_SESSION_WRITABLE:
		return DIALOG_WRITABLE;
	case KITH_EVENT_SESSION_FAILED:
		return DIALOG_CLOSED;
	case KITH_EVENT_SESSION_ENDED:
		return event->reason == KITH_MESSAGES_REASON_IDLE ? DIALOG_PAUSED : DIALOG_CLOSED;
	default:
		return DIALOG_NOTHING;
	}
}

enum dialog_event dialog_on_event(const struct dialog *dialog, const struct kith_event *event)
{
	if (is_connection(dialog))
		return event->connection == dialog->connection ? of_connection(event) : DIALOG_NOTHING;
	if (event->type == KITH_EVENT_CHANNEL_READABLE)
		return event->channel == dialog->channel ? DIALOG_READABLE : DIALOG_NOTHING;
	return kith_identity_equal(&event->peer, &dialog->session->peer) ? of_session(event) : DIALOG_NOTHING;
}

kith_result dialog_send(struct dialog *dialog, const void *data, size_t size, uint32_t flags)
{
	const struct session *session = dialog->session;

	if (is_connection(dialog))
		return kith_connection_send(dialog->connection, data, size, flags, (int32_t)session->options->lane, NULL);
	return kith_messages_send(session->endpoint, &session->peer, dialog->channel, data, size, flags);
}

kith_result dialog_send_back(struct dialog *dialog, kith_message *message)
{
	uint32_t flags = (kith_message_flags(message) & KITH_SEND_RELIABLE) | KITH_SEND_NO_NAGLE;
	const struct session *session = dialog->session;
	kith_result result;

	if (is_connection(dialog)) {
		need_lane(dialog, kith_message_lane(message));
		kith_message_set_flags(message, flags);
		return kith_connection_send_message(dialog->connection, message, NULL);
	}
	result = kith_messages_send(session->endpoint, &session->peer, kith_message_channel(message),
	                            kith_message_data(message), kith_message_size(message), flags);
	if (result == KITH_OK)
		kith_message_release(message);
	return result;
}

/* With --messages anybody may send; only TARGET is part of the dialog. */
static bool is_of_target(const struct dialog *dialog, const kith_message *message)
{
	struct kith_identity peer;

	return kith_message_peer(message, &peer) == KITH_OK && kith_identity_equal(&peer, &dialog->session->peer);
}

bool dialog_receive(struct dialog *dialog, kith_message **out)
{
	if (is_connection(dialog))
		return kith_connection_receive(dialog->connection, out, 1) == 1;
	while (kith_messages_receive(dialog->session->endpoint, dialog->channel, out, 1) == 1) {
		if (is_of_target(dialog, *out))
			return true;
		kith_message_release(*out);
	}
	return false;
}

void dialog_say_connected(struct dialog *dialog)
{
	if (is_connection(dialog))
		session_say_connected(dialog->session, dialog->connection);
	else
		session_say_connected_to(dialog->session, &dialog->session->peer);
}

void dialog_finish(struct dialog *dialog, const char *text, int64_t limit_us)
{
	if (is_connection(dialog))
		session_finish(dialog->session, dialog->connection, text, limit_us);
	else
		session_finish_with(dialog->session, &dialog->session->peer, limit_us);
}
