#include "engine/engine_sessions.h"

#include <utlist.h>

#include "core/base/text.h"
#include "core/messages/messages.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"
#include "engine/result.h"
#include "engine/session_events.h"

/* The peer, and the lock held on KITH_OK. */
static int32_t lock(struct engine *engine, const struct kith_identity *peer, struct identity *out)
{
	if (!convert_identity_in(out, peer))
		return failure_set(KITH_E_INVALID, "peer: not an identity");
	return engine_lock(engine);
}

static struct messages *messages_of(const struct engine *engine)
{
	return core_messages(engine->core);
}

static int32_t explain(int32_t result, const struct identity *peer)
{
	if (result == KITH_E_NOT_FOUND)
		return failure_set(result, "there is no session with %.100s", peer->text);
	return failure_set(result, "session with %.100s: %s", peer->text, result_text(result));
}

/* --- messages */

static int32_t explain_send(struct engine *engine, int32_t result, const struct identity *peer)
{
	struct messages_info info;

	if (result == KITH_E_INVALID)
		return failure_set(result, "peer: %s",
		                   identity_is_none(peer) || identity_is_localhost(peer) ? "nobody" : "it is this endpoint");
	if (result != KITH_E_CLOSED || !messages_info(messages_of(engine), peer, &info))
		return explain(result, peer);
	return failure_set(result, "the session with %.100s is broken (%u, %s): close it, or use KITH_SEND_AUTO_RESTART",
	                   peer->text, (unsigned)info.end_reason, info.text);
}

/* With the lock held: the message comes from the endpoint's pool. */
static int32_t send_copy(struct engine *engine, const struct identity *peer, int32_t channel,
                         const struct kith_outgoing *outgoing)
{
	struct message *message = messages_frame(messages_of(engine), channel, outgoing->data, outgoing->size);
	usec_t now = clock_now();
	int32_t result;

	message->flags = outgoing->flags;
	result = messages_send(messages_of(engine), now, peer, message);
	if (result == KITH_OK) {
		service_count_sent(&engine->service, MESSAGES_HEADER_SIZE + outgoing->size);
		service_sent(&engine->service, now);
		return KITH_OK;
	}
	message_unref(message);
	service_flush(engine, now);
	return result == KITH_E_AGAIN ? result : explain_send(engine, result, peer);
}

int32_t engine_sessions_send(struct engine *engine, const struct kith_identity *peer, int32_t channel,
                             const struct kith_outgoing *outgoing)
{
	struct identity identity;
	int32_t result;

	if (outgoing->size > MESSAGES_SIZE_MAX)
		return failure_set(KITH_E_TOO_LARGE, "%zu bytes are more than a message to an identity can have (%d)",
		                   outgoing->size, MESSAGES_SIZE_MAX);
	/* Channels share a lane: one's newer messages would make another's late. */
	if (outgoing->flags & KITH_SEND_SEQUENCED)
		return failure_set(KITH_E_INVALID, "flags: messages to an identity cannot be sequenced");
	result = lock(engine, peer, &identity);
	if (result != KITH_OK)
		return result;
	result = send_copy(engine, &identity, channel, outgoing);
	engine_unlock(engine);
	return result;
}

int32_t engine_sessions_receive(struct engine *engine, int32_t channel, struct message **out, int32_t max)
{
	usec_t now;
	size_t count;
	int32_t result = engine_lock(engine);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	count = messages_receive(messages_of(engine), now, channel, out, (size_t)max);
	/* What the event would tell has been taken already. */
	if (count < (size_t)max)
		session_events_forget_channel(engine, channel);
	/* Room in a session's receive buffer may have to be told to the peer. */
	if (count > 0)
		service_flush(engine, now);
	engine_unlock(engine);
	return (int32_t)count;
}

int32_t engine_sessions_flush(struct engine *engine, const struct kith_identity *peer)
{
	struct identity identity;
	usec_t now;
	int32_t result = lock(engine, peer, &identity);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	result = messages_flush(messages_of(engine), now, &identity);
	service_flush(engine, now);
	engine_unlock(engine);
	return result == KITH_OK ? result : explain(result, &identity);
}

/* --- sessions */

int32_t engine_sessions_accept(struct engine *engine, const struct kith_identity *peer)
{
	struct identity identity;
	usec_t now;
	int32_t result = lock(engine, peer, &identity);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	result = messages_accept(messages_of(engine), now, &identity);
	service_flush(engine, now);
	engine_unlock(engine);
	return result == KITH_OK ? result : explain(result, &identity);
}

int32_t engine_sessions_close(struct engine *engine, const struct kith_identity *peer, int64_t linger_usec)
{
	struct identity identity;
	usec_t now, limit;
	int32_t result = lock(engine, peer, &identity);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	limit = config_get_int(core_config(engine->core), CONFIG_LINGER_TIMEOUT) * USEC_PER_MSEC;
	if (linger_usec >= 0 && linger_usec < limit)
		limit = linger_usec;
	result = messages_close(messages_of(engine), now, &identity, limit);
	session_events_forget(engine, &identity);
	service_flush(engine, now);
	engine_unlock(engine);
	return result == KITH_OK ? result : explain(result, &identity);
}

int32_t engine_sessions_close_channel(struct engine *engine, const struct kith_identity *peer, int32_t channel)
{
	struct identity identity;
	struct messages_info info;
	usec_t now;
	int32_t result = lock(engine, peer, &identity);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	result = messages_close_channel(messages_of(engine), now, &identity, channel);
	if (result == KITH_OK && !messages_info(messages_of(engine), &identity, &info))
		session_events_forget(engine, &identity);
	else if (result == KITH_E_NOT_FOUND)
		failure_set(result, "channel %d is not in use with %.100s", (int)channel, identity.text);
	service_flush(engine, now);
	engine_unlock(engine);
	return result;
}

/* --- what is known */

int32_t engine_sessions_open(struct engine *engine, const struct kith_identity *peer, struct identity *identity,
                             struct messages_info *out)
{
	int32_t result = lock(engine, peer, identity);

	if (result != KITH_OK || messages_info(messages_of(engine), identity, out))
		return result;
	engine_unlock(engine);
	return explain(KITH_E_NOT_FOUND, identity);
}

int32_t engine_sessions_info(struct engine *engine, const struct kith_identity *peer, struct kith_info *out)
{
	struct messages_info session;
	struct identity identity;
	struct text text;
	int32_t result = engine_sessions_open(engine, peer, &identity, &session);

	if (result != KITH_OK)
		return result;
	out->connect_time_us = -1;
	if (session.conn != NULL)
		engine_conn_fill_info(session.conn, out);
	out->endpoint = engine->handle;
	out->virtual_port = -1;
	convert_identity_out(&out->peer, &identity);
	if (session.conn == NULL) {
		out->state = session.state;
		out->reason = (int32_t)session.end_reason;
		text_init(&text, out->text, sizeof(out->text));
		text_add(&text, session.text);
	}
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_sessions_status(struct engine *engine, const struct kith_identity *peer, struct kith_status *out)
{
	struct messages_info session;
	struct identity identity;
	int32_t result = engine_sessions_open(engine, peer, &identity, &session);

	if (result != KITH_OK)
		return result;
	out->state = session.state;
	if (session.conn != NULL)
		engine_conn_fill_status(session.conn, out);
	else
		engine_conn_fill_no_status(out);
	engine_unlock(engine);
	return KITH_OK;
}

int32_t engine_sessions_security(struct engine *engine, const struct kith_identity *peer, struct kith_security *out)
{
	struct messages_info session;
	struct identity identity;
	int32_t result = engine_sessions_open(engine, peer, &identity, &session);

	if (result != KITH_OK)
		return result;
	if (session.conn != NULL)
		engine_conn_fill_security(session.conn, out);
	else
		result = failure_set(KITH_E_STATE, "the session with %.100s has no connection now", identity.text);
	engine_unlock(engine);
	return result;
}
