/* A session: the hidden connection behind an identity.
 *
 *   none --send--> calling ----> connected --idle, or closed with nothing under way--> none
 *   none --request--> waiting --accept, send--> connected
 *                        +--nobody accepts--> none
 *   calling, connected --any other end--> broken --restart--> calling
 *
 * "None" has a struct only as long as messages of the last connection are unread.
 */
#include "core/base/bytes.h"
#include "core/messages/messages_internal.h"
#include "core/wire/wire.h"

/* A session that would close while something is under way looks again after this. */
#define EXTENSION USEC_PER_SEC

static unsigned hash_peer(const struct messages *messages, const struct identity *peer)
{
	return hash_value(identity_hash(peer, messages->hash_key));
}

struct message_session *message_session_find(const struct messages *messages, const struct identity *peer)
{
	struct message_session *session;

	HASH_FIND_BYHASHVALUE(hh, messages->sessions, peer->text, peer->size, hash_peer(messages, peer), session);
	return session;
}

struct message_session *message_session_new(struct messages *messages, usec_t now, const struct identity *peer)
{
	struct message_session *session = alloc_zeroed(sizeof *session);
	const struct identity *own;

	session->messages = messages;
	session->peer = message_peer_new(peer);
	session->inbox.owner = session;
	timer_init(&session->idle, session);
	own = &session->peer->identity;
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, messages->sessions, own->text, own->size, hash_peer(messages, own), session);
	message_session_use(session, now);
	return session;
}

void message_session_destroy(struct message_session *session)
{
	struct messages *messages = session->messages;

	message_channel_drop_all(&messages->channels, &session->inbox);
	timer_queue_remove(&messages->timers, &session->idle);
	HASH_DELETE(hh, messages->sessions, session);
	message_peer_unref(session->peer);
	alloc_free(session->channels);
	alloc_free(session->attempt);
	alloc_free(session);
}

static usec_t idle_limit(const struct message_session *session)
{
	int32_t limit = config_get_int(endpoint_config(session->messages->endpoint), CONFIG_MESSAGES_IDLE_TIMEOUT);

	return limit > 0 ? limit * USEC_PER_MSEC : USEC_NEVER;
}

void message_session_use(struct message_session *session, usec_t now)
{
	usec_t at = usec_add(now, idle_limit(session));

	session->used_at = now;
	/* A timer that rings early looks when it was used last, which costs less than being set each time. */
	if (session->idle.index == 0 || session->idle.at > at)
		timer_queue_set(&session->messages->timers, &session->idle, at);
}

void message_session_arm(struct message_session *session)
{
	timer_queue_set(&session->messages->timers, &session->idle, usec_add(session->used_at, idle_limit(session)));
}

/* --- its connection */

void message_session_attach(struct message_session *session, usec_t now, struct conn *conn)
{
	session->conn = conn;
	session->broken = session->connected = session->stalled = false;
	alloc_free(session->attempt);
	session->attempt = NULL;
	endpoint_set_user(conn, session);
	message_session_use(session, now);
}

bool message_session_call(struct message_session *session, usec_t now)
{
	struct endpoint *endpoint = session->messages->endpoint;
	struct config config;
	struct conn *conn;

	config_copy(&config, endpoint_config(endpoint), CONFIG_LEVEL_CONNECTION);
	config_set_int(&config, CONFIG_SYMMETRIC_CONNECT, 1);
	config_set_int(&config, CONFIG_LOCAL_VIRTUAL_PORT, -1);
	conn = endpoint_connect_p2p(endpoint, now, &session->peer->identity, WIRE_PORT_MESSAGES, &config);
	config_free(&config);
	if (conn != NULL)
		message_session_attach(session, now, conn);
	return conn != NULL;
}

bool message_session_accept(struct message_session *session, usec_t now)
{
	session->waiting = false;
	message_session_use(session, now);
	return endpoint_accept(session->messages->endpoint, now, session->conn);
}

static void detach(struct message_session *session)
{
	endpoint_set_user(session->conn, NULL);
	session->conn = NULL;
	session->waiting = session->stalled = false;
}

void message_session_close(struct message_session *session, usec_t now, uint32_t reason, const char *text,
                           usec_t linger_limit)
{
	struct conn *conn = session->conn;

	if (conn == NULL)
		return;
	detach(session);
	conn_close(conn, now, reason, text, linger_limit);
	endpoint_release(session->messages->endpoint, now, conn);
}

/* Who asked hears nothing. */
static void ignore(struct message_session *session, usec_t now)
{
	struct conn *conn = session->conn;

	detach(session);
	endpoint_ignore(session->messages->endpoint, now, conn);
}

static void keep_attempt(struct message_session *session, usec_t now)
{
	session->attempt = alloc_zeroed(sizeof *session->attempt);
	endpoint_attempt(session->conn, now, session->attempt);
}

void message_session_on_end(struct message_session *session, usec_t now, const struct event *event)
{
	struct conn *conn = session->conn;
	bool waiting = session->waiting;
	bool harmless;

	message_session_pump(session, now, true);
	/* Whom the peer closed while nothing was under way will find it as new with the next message. */
	harmless = waiting || (session->connected && conn_is_quiet(conn));
	if (!harmless)
		keep_attempt(session, now);
	detach(session);
	endpoint_release(session->messages->endpoint, now, conn);
	session->end = *event;
	session->broken = !harmless;
	messages_tell(session, harmless ? EVENT_SESSION_ENDED : EVENT_SESSION_FAILED, event);
	if (harmless && session->inbox.count == 0)
		message_session_destroy(session);
	else
		message_session_use(session, now); /* what is unread, or broke, is kept for as long again */
}

/* --- receiving */

static void take(struct message_session *session, struct message *message)
{
	struct messages *messages = session->messages;
	const uint8_t *header = message->data;

	if (message->size < MESSAGES_HEADER_SIZE) {
		messages->dropped_count++;
		message_unref(message);
		return;
	}
	message->channel = (int32_t)((uint32_t)header[1] | (uint32_t)header[2] << 8 | (uint32_t)header[3] << 16 |
	                             (uint32_t)header[4] << 24);
	message->size -= MESSAGES_HEADER_SIZE;
	/* To the front, where it is aligned as programs expect of a buffer. */
	bytes_move(message->data, message->data + MESSAGES_HEADER_SIZE, message->size);
	message->peer = message_peer_ref(session->peer);
	message_session_open_channel(session, message->channel);
	message_channel_push(&messages->channels, &session->inbox, message);
}

/* Filled to `part` of what the connection may keep unread itself: its limits are these, too. */
static bool has_room(const struct message_session *session, int64_t part)
{
	const struct config *config = conn_config(session->conn);

	return session->inbox.bytes * part < config_get_int(config, CONFIG_RECV_BUFFER_SIZE) &&
	       session->inbox.count * part < config_get_int(config, CONFIG_RECV_BUFFER_MESSAGES);
}

void message_session_pump(struct message_session *session, usec_t now, bool all)
{
	struct conn *conn = session->conn;
	struct message *message;
	bool some = false;

	while ((all || has_room(session, 1)) && (message = conn_next_message(conn, now)) != NULL) {
		take(session, message);
		some = true;
	}
	session->stalled = conn_has_message(conn);
	if (!session->stalled)
		endpoint_set_drained(conn);
	if (!some)
		return;
	message_session_use(session, now);
	endpoint_touch(session->messages->endpoint, now, conn); /* the room it made may be worth telling */
}

void message_session_on_taken(struct message_session *session, usec_t now)
{
	if (session->stalled && has_room(session, 2))
		message_session_pump(session, now, false);
	else if (session->conn == NULL && !session->broken && session->inbox.count == 0)
		message_session_destroy(session);
}

/* --- idleness */

static void end_idle(struct message_session *session, usec_t now)
{
	static const char text[] = "the session was idle";
	struct event event;

	bytes_zero(&event, sizeof event);
	event.new_state = STATE_NONE;
	event.end_reason = END_REASON_APP_SESSION_IDLE;
	bytes_copy(event.text, text, sizeof text);
	/* One that broke, or whose connection is long gone, was told of then. */
	if (session->conn != NULL)
		messages_tell(session, EVENT_SESSION_ENDED, &event);
	if (session->waiting)
		ignore(session, now);
	else
		message_session_close(session, now, END_REASON_APP_SESSION_IDLE, text, 0);
	message_session_destroy(session);
}

/* A connection that is being made, half a message, one nobody has acknowledged or taken. */
static bool is_busy(const struct message_session *session)
{
	if (session->conn == NULL || session->waiting)
		return false;
	return conn_state(session->conn) != STATE_CONNECTED || !conn_is_quiet(session->conn) || session->inbox.count > 0 ||
	       session->stalled;
}

void message_session_on_idle(struct message_session *session, usec_t now)
{
	usec_t at = usec_add(session->used_at, idle_limit(session));

	if (at <= now && is_busy(session))
		at = usec_add(now, EXTENSION);
	if (at > now)
		timer_queue_set(&session->messages->timers, &session->idle, at);
	else
		end_idle(session, now);
}

/* --- channels in use */

/* Where `channel` is, or belongs. */
static unsigned find_place(const struct message_session *session, int32_t channel)
{
	unsigned low = 0, high = session->channel_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (session->channels[middle] < channel)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void message_session_open_channel(struct message_session *session, int32_t channel)
{
	unsigned at = find_place(session, channel);

	if (at < session->channel_count && session->channels[at] == channel)
		return;
	if (session->channel_count == MESSAGE_SESSION_CHANNELS_MAX)
		return;
	if (session->channel_count == session->channel_capacity) {
		session->channel_capacity = session->channel_capacity * 2 + 4;
		session->channels = alloc_resize(session->channels, session->channel_capacity, sizeof *session->channels);
	}
	bytes_move(session->channels + at + 1, session->channels + at,
	           (session->channel_count - at) * sizeof *session->channels);
	session->channels[at] = channel;
	session->channel_count++;
}

bool message_session_forget_channel(struct message_session *session, int32_t channel)
{
	unsigned at = find_place(session, channel);

	if (at == session->channel_count || session->channels[at] != channel)
		return false;
	session->channel_count--;
	bytes_move(session->channels + at, session->channels + at + 1,
	           (session->channel_count - at) * sizeof *session->channels);
	return true;
}
