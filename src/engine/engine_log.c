#include "engine/engine_log.h"

#include "engine/convert.h"
#include "engine/engine_internal.h"
#include "engine/result.h"

static const char *state_name(int32_t state)
{
	static const char *const names[] = { "none",      "connecting",     "finding a route",
		                                 "connected", "closed by peer", "ended by a problem here" };

	return state >= 0 && (size_t)state < sizeof(names) / sizeof(names[0]) ? names[state] : "closed";
}

void engine_log_state(struct engine *engine, const struct engine_conn *conn, const struct kith_event *event)
{
	bool over = event->state == KITH_STATE_PROBLEM_DETECTED_LOCALLY;
	char remote[ADDRESS_TEXT_MAX] = "nobody known";
	struct address address;

	convert_address_in(&address, &event->remote);
	if (address.port != 0)
		address_print(&address, remote);
	log_sink_write(&engine->log, KITH_SUBJECT_CONNECTION, over ? KITH_LOG_WARNING : KITH_LOG_INFO,
	               "connection %x%s%s with %s: %s%s%s", (unsigned)conn->handle, conn->name != NULL ? " " : "",
	               conn->name != NULL ? conn->name : "", event->peer.text[0] != '\0' ? event->peer.text : remote,
	               state_name(event->state), event->text[0] != '\0' ? ": " : "", event->text);
}

static void log_datagram(struct engine *engine, const struct datagram *datagram)
{
	char from[ADDRESS_TEXT_MAX] = "the peer";

	if (datagram->remote.port != 0)
		address_print(&datagram->remote, from);
	log_sink_write(&engine->log, KITH_SUBJECT_PACKET, KITH_LOG_DEBUG, "received %zu bytes from %s by %u, first 0x%02x",
	               datagram->size, from, (unsigned)datagram->transport,
	               datagram->size > 0 ? (unsigned)datagram->bytes[0] : 0u);
}

void engine_log_datagrams(struct engine *engine, const struct datagram *datagrams, size_t count)
{
	if (!log_sink_wants(&engine->log, KITH_SUBJECT_PACKET, KITH_LOG_DEBUG))
		return;
	for (size_t i = 0; i < count; i++)
		log_datagram(engine, &datagrams[i]);
}

void engine_log_burst(struct engine *engine, const struct datagram_burst *burst)
{
	char to[ADDRESS_TEXT_MAX] = "the peer";
	size_t count;

	if (!log_sink_wants(&engine->log, KITH_SUBJECT_PACKET, KITH_LOG_DEBUG) || burst->segment_size == 0)
		return;
	if (burst->remote.port != 0)
		address_print(&burst->remote, to);
	count = (burst->size + burst->segment_size - 1) / burst->segment_size;
	log_sink_write(&engine->log, KITH_SUBJECT_PACKET, KITH_LOG_DEBUG, "sent %zu bytes in %zu to %s by %u, first 0x%02x",
	               burst->size, count, to, (unsigned)burst->transport, burst->bytes[0]);
}

static void log_message(struct engine *engine, const char *what, uint32_t connection, const struct message *message)
{
	log_sink_write(&engine->log, KITH_SUBJECT_MESSAGE, KITH_LOG_DEBUG,
	               "%s on connection %x: %s message %lld of %zu bytes, lane %u", what, (unsigned)connection,
	               (message->flags & MESSAGE_RELIABLE) != 0 ? "reliable" : "unreliable", (long long)message->number,
	               message->size, (unsigned)message->lane);
}

void engine_log_received(struct engine *engine, struct message *const *messages, size_t count)
{
	if (!log_sink_wants(&engine->log, KITH_SUBJECT_MESSAGE, KITH_LOG_DEBUG))
		return;
	for (size_t i = 0; i < count; i++)
		log_message(engine, "received", messages[i]->connection, messages[i]);
}

struct message *engine_log_hold(const struct engine *engine, struct message *message)
{
	return log_sink_wants(&engine->log, KITH_SUBJECT_MESSAGE, KITH_LOG_DEBUG) ? message_ref(message) : NULL;
}

void engine_log_sent(const struct engine_conn *conn, struct message *message, int32_t result)
{
	if (message == NULL)
		return;
	log_message(conn->engine, result == KITH_OK ? "sent" : result_text(result), conn->handle, message);
	message_unref(message);
}

void engine_log_address(struct engine *engine, int32_t subject, const char *what, const struct address *address)
{
	char text[ADDRESS_TEXT_MAX];

	address_print(address, text);
	log_sink_write(&engine->log, subject, KITH_LOG_INFO, "%s %s", what, text);
}
