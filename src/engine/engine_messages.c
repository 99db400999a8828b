#include <utlist.h>

#include "core/base/bytes.h"
#include "core/types/message.h"
#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/engine_log.h"
#include "engine/result.h"

#define OR_FLAG(name, number) | (number)
enum { KNOWN_FLAGS = 0 KITH_SEND_MAP(OR_FLAG) };

static int32_t check(size_t size, uint32_t flags, int64_t ttl)
{
	if (size > KITH_MESSAGE_SIZE_MAX)
		return failure_set(KITH_E_TOO_LARGE, "%zu bytes are more than a message can have (%d)", size,
		                   KITH_MESSAGE_SIZE_MAX);
	if ((flags & ~(uint32_t)KNOWN_FLAGS) != 0)
		return failure_set(KITH_E_INVALID, "flags: %#x are not KITH_SEND_*", (unsigned)flags);
	return ttl >= 0 ? KITH_OK : failure_set(KITH_E_INVALID, "ttl_us: %lld is negative", (long long)ttl);
}

static int32_t explain(int32_t result, int32_t lane)
{
	if (result == KITH_E_INVALID)
		return failure_set(result, "lane: there is no lane %d", (int)lane);
	return failure_set(result, "sending: %s", result_text(result));
}

static int32_t send_one(struct engine_conn *conn, usec_t now, struct message *message, int64_t *number)
{
	size_t size = message->size; /* it may be gone after it was sent */
	struct message *logged;
	int32_t result = check(size, message->flags, message->ttl);

	if (result != KITH_OK)
		return result;
	logged = engine_log_hold(conn->engine, message);
	result = sockets_send(conn->engine->core, now, conn->conn, message, number);
	engine_log_sent(conn, logged, result);
	if (result != KITH_OK)
		return result == KITH_E_AGAIN ? result : explain(result, message->lane);
	service_count_sent(&conn->engine->service, size);
	return KITH_OK;
}

int32_t engine_conn_send(struct engine_conn *conn, struct message *const *messages, size_t count, int64_t *out_number)
{
	size_t sent = 0;
	usec_t now;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	while (sent < count) {
		result = send_one(conn, now, messages[sent], out_number);
		if (result != KITH_OK)
			break;
		sent++;
	}
	if (sent > 0)
		service_sent(&conn->engine->service, now);
	else
		service_flush(conn->engine, now);
	engine_unlock(conn->engine);
	return sent > 0 ? (int32_t)sent : result;
}

static int32_t send_copy(struct engine_conn *conn, usec_t now, const struct kith_outgoing *outgoing, int64_t *number)
{
	struct message *message;
	int32_t result = check(outgoing->size, outgoing->flags, outgoing->ttl_us);

	if (result != KITH_OK)
		return result;
	if (outgoing->lane < 0 || outgoing->lane >= KITH_LANES_MAX)
		return explain(KITH_E_INVALID, outgoing->lane);
	message = sockets_new_message(conn->engine->core, outgoing->size);
	bytes_copy(message->data, outgoing->data, outgoing->size);
	message->flags = outgoing->flags;
	message->lane = (uint16_t)outgoing->lane;
	message->ttl = outgoing->ttl_us;
	result = send_one(conn, now, message, number);
	if (result != KITH_OK)
		message_unref(message);
	return result;
}

int32_t engine_conn_send_copies(struct engine_conn *conn, const struct kith_outgoing *outgoing, size_t count,
                                int64_t *out_number)
{
	size_t sent = 0;
	usec_t now;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	while (sent < count) {
		result = send_copy(conn, now, &outgoing[sent], out_number);
		if (result != KITH_OK)
			break;
		sent++;
	}
	if (sent > 0)
		service_sent(&conn->engine->service, now);
	else
		service_flush(conn->engine, now);
	engine_unlock(conn->engine);
	return sent > 0 ? (int32_t)sent : result;
}

int32_t engine_conn_receive(struct engine_conn *conn, struct message **out, int32_t max)
{
	struct engine *engine = conn->engine;
	size_t count;
	bool dead;
	usec_t now;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	now = clock_now();
	count = sockets_receive(engine->core, now, conn->conn, out, (size_t)max);
	for (size_t i = 0; i < count; i++) {
		out[i]->connection = conn->handle;
		out[i]->user_data = conn->user_data;
	}
	engine_log_received(engine, out, count);
	/* What the event would tell has been taken already. */
	if (count < (size_t)max)
		event_queue_remove(&engine->events, &conn->readable);
	dead = conn->dead;
	if (dead)
		atomic_store_explicit(&engine->dead_to_reap, true, memory_order_relaxed);
	if (conn->group != NULL)
		engine_group_update(conn->group);
	/* Room in the receive buffer may have to be told to the peer. */
	if (count > 0) {
		engine->service.has_read = true;
		service_flush(engine, now);
	}
	engine_unlock(engine);
	if (count == 0 && dead)
		return failure_set(KITH_E_CLOSED, "the connection has ended and all its messages were received");
	return (int32_t)count;
}
