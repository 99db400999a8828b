#include "core/messages/messages.h"

#include "core/base/bytes.h"
#include "core/endpoint/listen_socket.h"
#include "core/messages/messages_event.h"
#include "core/messages/messages_internal.h"
#include "core/wire/wire.h"

/* docs/wire.md, "Messages interface". */
#define HEADER_FLAGS 1
#define CLOSED_TEXT "the session was closed"

struct messages *messages_new(struct endpoint *endpoint)
{
	struct messages *messages = alloc_zeroed(sizeof *messages);

	messages->endpoint = endpoint;
	messages->hash_key = endpoint_hash_key(endpoint);
	message_channel_init(&messages->channels, messages->hash_key);
	timer_queue_init(&messages->timers);
	/* Always there: a peer may be the first to speak. */
	listen_socket_new_messages(endpoint);
	return messages;
}

void messages_destroy(struct messages *messages)
{
	struct message_session *session, *next;

	HASH_ITER (hh, messages->sessions, session, next) {
		if (session->conn != NULL)
			endpoint_set_user(session->conn, NULL);
		message_session_destroy(session);
	}
	while (messages->events != NULL) {
		struct message_event *event = messages->events;
		messages->events = event->next;
		alloc_free(event);
	}
	message_channel_free(&messages->channels);
	timer_queue_free(&messages->timers);
	alloc_free(messages);
}

/* --- time */

usec_t messages_next_timeout(const struct messages *messages)
{
	return timer_queue_next_timeout(&messages->timers);
}

void messages_handle_timeout(struct messages *messages, usec_t now)
{
	struct timer *timer;

	while ((timer = timer_queue_pop(&messages->timers, now)) != NULL)
		message_session_on_idle(timer->owner, now);
}

/* --- sending */

struct message *messages_frame(struct messages *messages, int32_t channel, const void *data, size_t size)
{
	struct message *message = endpoint_new_message(messages->endpoint, MESSAGES_HEADER_SIZE + size);

	message->data[0] = HEADER_FLAGS;
	for (unsigned i = 0; i < 4; i++)
		message->data[1 + i] = (uint8_t)((uint32_t)channel >> (8 * i));
	bytes_copy(message->data + MESSAGES_HEADER_SIZE, data, size);
	message->channel = channel;
	return message;
}

/* Brings about a connection that takes messages. */
static int32_t make_ready(struct message_session *session, usec_t now, uint32_t flags)
{
	if (session->waiting) {
		message_session_accept(session, now);
		return KITH_OK;
	}
	if (session->conn != NULL)
		return KITH_OK;
	if (session->broken && (flags & MESSAGE_AUTO_RESTART) == 0)
		return KITH_E_CLOSED;
	if (message_session_call(session, now))
		return KITH_OK;
	if (!session->broken && session->inbox.count == 0)
		message_session_destroy(session);
	return KITH_E_LIMIT;
}

int32_t messages_send(struct messages *messages, usec_t now, const struct identity *peer, struct message *message)
{
	struct message_session *session;
	int32_t result;

	if (identity_is_none(peer) || identity_is_localhost(peer) ||
	    identity_equal(peer, endpoint_identity(messages->endpoint)))
		return KITH_E_INVALID;
	if (message->size > MESSAGES_HEADER_SIZE + MESSAGES_SIZE_MAX)
		return KITH_E_TOO_LARGE;
	session = message_session_find(messages, peer);
	if (session == NULL)
		session = message_session_new(messages, now, peer);
	result = make_ready(session, now, message->flags);
	if (result != KITH_OK)
		return result;
	/* Until the connection is up there is nothing to be late for, and the peer's side expects it so. */
	message->flags &= MESSAGE_RELIABLE | MESSAGE_NO_NAGLE | MESSAGE_NO_DELAY;
	if (conn_state(session->conn) != STATE_CONNECTED)
		message->flags = MESSAGE_RELIABLE;
	result = conn_send(session->conn, now, message);
	if (result == KITH_OK) {
		message_session_open_channel(session, message->channel);
		message_session_use(session, now);
	}
	endpoint_touch(messages->endpoint, now, session->conn);
	return result;
}

int32_t messages_flush(struct messages *messages, usec_t now, const struct identity *peer)
{
	struct message_session *session = message_session_find(messages, peer);

	if (session == NULL)
		return KITH_E_NOT_FOUND;
	if (session->conn == NULL)
		return session->broken ? KITH_E_CLOSED : KITH_OK;
	conn_flush(session->conn, now);
	endpoint_touch(messages->endpoint, now, session->conn);
	return KITH_OK;
}

/* --- receiving */

size_t messages_receive(struct messages *messages, usec_t now, int32_t channel, struct message **out, size_t max)
{
	struct message_inbox *inbox;
	size_t count = 0;

	while (count < max && (out[count] = message_channel_pop(&messages->channels, channel, &inbox)) != NULL) {
		count++;
		message_session_on_taken(inbox->owner, now);
	}
	return count;
}

/* --- sessions */

int32_t messages_accept(struct messages *messages, usec_t now, const struct identity *peer)
{
	struct message_session *session = message_session_find(messages, peer);

	if (session == NULL)
		return KITH_E_NOT_FOUND;
	if (session->conn == NULL)
		return KITH_E_STATE;
	if (session->waiting)
		message_session_accept(session, now);
	else
		message_session_use(session, now);
	return KITH_OK;
}

static void end(struct message_session *session, usec_t now, usec_t linger_limit)
{
	message_session_close(session, now, END_REASON_APP_SESSION_CLOSED, CLOSED_TEXT, linger_limit);
	message_session_destroy(session);
}

int32_t messages_close(struct messages *messages, usec_t now, const struct identity *peer, usec_t linger_limit)
{
	struct message_session *session = message_session_find(messages, peer);

	if (session == NULL)
		return KITH_E_NOT_FOUND;
	end(session, now, linger_limit);
	return KITH_OK;
}

int32_t messages_close_channel(struct messages *messages, usec_t now, const struct identity *peer, int32_t channel)
{
	struct message_session *session = message_session_find(messages, peer);
	int64_t dropped;
	bool was_open;

	if (session == NULL)
		return KITH_E_NOT_FOUND;
	was_open = message_session_forget_channel(session, channel);
	dropped = message_channel_drop(&messages->channels, &session->inbox, channel);
	if (session->channel_count == 0 && was_open) {
		const struct config *config = endpoint_config(messages->endpoint);
		end(session, now, config_get_int(config, CONFIG_LINGER_TIMEOUT) * USEC_PER_MSEC);
	} else if (dropped > 0) {
		message_session_on_taken(session, now);
	}
	return was_open || dropped > 0 ? KITH_OK : KITH_E_NOT_FOUND;
}

void messages_close_all(struct messages *messages, usec_t now)
{
	struct message_session *session, *next;

	HASH_ITER (hh, messages->sessions, session, next)
		end(session, now, 0);
}

void messages_reconfigure(struct messages *messages, usec_t now, int32_t id)
{
	const struct config *config = endpoint_config(messages->endpoint);
	struct message_session *session, *next;

	HASH_ITER (hh, messages->sessions, session, next) {
		if (id == CONFIG_MESSAGES_IDLE_TIMEOUT)
			message_session_arm(session);
		if (session->conn == NULL || !config_inherit(conn_config(session->conn), config, id))
			continue;
		endpoint_reconfigure(messages->endpoint, now, session->conn);
	}
}

bool messages_info(const struct messages *messages, const struct identity *peer, struct messages_info *out)
{
	const struct message_session *session = message_session_find(messages, peer);

	bytes_zero(out, sizeof *out);
	if (session == NULL)
		return false;
	out->conn = session->conn;
	out->unread_count = session->inbox.count;
	out->unread_bytes = session->inbox.bytes;
	if (session->conn != NULL || !session->broken)
		return true;
	out->state = session->end.new_state;
	out->end_reason = session->end.end_reason;
	out->attempt = session->attempt;
	bytes_copy(out->text, session->end.text, sizeof out->text);
	return true;
}

uint32_t messages_session_count(const struct messages *messages)
{
	return HASH_COUNT(messages->sessions);
}

/* --- events */

void messages_tell(struct message_session *session, enum event_kind kind, const struct event *from)
{
	struct messages *messages = session->messages;
	struct message_event *node = alloc_zeroed(sizeof *node);

	node->event = *from;
	node->event.kind = kind;
	node->event.conn = NULL;
	node->event.listener = NULL;
	node->event.peer = session->peer->identity;
	if (messages->events == NULL)
		messages->events = node;
	else
		messages->events_tail->next = node;
	messages->events_tail = node;
}

static void on_request(struct messages *messages, usec_t now, const struct event *event)
{
	const struct identity *peer = conn_peer(event->conn);
	struct message_session *session = message_session_find(messages, peer);

	/* One that is there already wins; a request that belongs to it does not come as another. */
	if (session != NULL && session->conn != NULL) {
		endpoint_ignore(messages->endpoint, now, event->conn);
		return;
	}
	if (session == NULL)
		session = message_session_new(messages, now, peer);
	message_session_attach(session, now, event->conn);
	session->waiting = true;
	messages_tell(session, EVENT_SESSION_REQUEST, event);
}

static void on_state(struct message_session *session, usec_t now, const struct event *event)
{
	if (event->new_state == STATE_CLOSED_BY_PEER || event->new_state == STATE_PROBLEM_DETECTED_LOCALLY) {
		message_session_on_end(session, now, event);
		return;
	}
	message_session_use(session, now);
	if (event->new_state != STATE_CONNECTED)
		return;
	session->connected = true;
	messages_tell(session, EVENT_SESSION_CONNECTED, event);
}

bool messages_on_event(struct messages *messages, const struct event *event)
{
	usec_t now = endpoint_now(messages->endpoint);
	struct message_session *session;

	if (endpoint_virtual_port(event->conn) != WIRE_PORT_MESSAGES)
		return false;
	session = endpoint_user(event->conn);
	if (event->kind == EVENT_STATE && event->old_state == STATE_NONE)
		on_request(messages, now, event);
	else if (session == NULL)
		return true;
	else if (event->kind == EVENT_STATE)
		on_state(session, now, event);
	else if (event->kind == EVENT_READABLE)
		message_session_pump(session, now, false);
	else if (event->kind == EVENT_WRITABLE)
		messages_tell(session, EVENT_SESSION_WRITABLE, event);
	return true;
}

bool messages_next_event(struct messages *messages, struct event *out)
{
	struct message_event *first = messages->events;
	int32_t channel;

	if (first != NULL) {
		*out = first->event;
		messages->events = first->next;
		alloc_free(first);
		return true;
	}
	if (!message_channel_next_news(&messages->channels, &channel))
		return false;
	bytes_zero(out, sizeof *out);
	out->kind = EVENT_CHANNEL_READABLE;
	out->channel = channel;
	return true;
}
