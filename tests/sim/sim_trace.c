#include "sim_trace.h"

#include <string.h>

#include "core/wire/msg_handshake.h"
#include "core/wire/msg_rendezvous.h"
#include "core/wire/packet_header.h"
#include "core/wire/wire.h"

#define TEXT_MAX 400

static char name_of(unsigned peer)
{
	return (char)('A' + peer);
}

static void add(char *text, const char *more)
{
	size_t size = strlen(text);

	snprintf(text + size, TEXT_MAX - size, "%s%s", size > 0 ? ", " : "", more);
}

void sim_trace_say(const struct sim_trace *trace, unsigned peer, const char *text)
{
	fprintf(trace->out, "[%8.1fms] %c  %s\n", (double)(trace->world->now - 1000 * USEC_PER_SEC) / 1000, name_of(peer),
	        text);
}

/* --- packets */

static void describe_closed(char *text, const uint8_t *bytes, size_t size)
{
	struct msg_connection_closed message;

	if (!msg_connection_closed_read(&message, bytes, size))
		snprintf(text, TEXT_MAX, "a malformed close");
	else
		snprintf(text, TEXT_MAX, "close %u \"%.*s\"", message.reason, (int)message.text_size, message.text);
}

static bool describe_packet(char *text, const uint8_t *bytes, size_t size, bool data)
{
	static const char *const words[] = { "challenge request", "challenge reply", "connect request", "connect ok" };
	struct packet_header header;

	if (bytes[0] >= WIRE_LEAD_CHALLENGE_REQUEST && bytes[0] <= WIRE_LEAD_CONNECT_OK)
		snprintf(text, TEXT_MAX, "%s", words[bytes[0] - WIRE_LEAD_CHALLENGE_REQUEST]);
	else if (bytes[0] == WIRE_LEAD_CONNECTION_CLOSED)
		describe_closed(text, bytes, size);
	else if (bytes[0] == WIRE_LEAD_NO_CONNECTION)
		snprintf(text, TEXT_MAX, "no connection");
	else if (data && packet_header_read(&header, bytes, size))
		snprintf(text, TEXT_MAX, "packet %u of %zu bytes", header.number, size);
	else
		return false;
	return true;
}

void sim_trace_wire(const struct sim_trace *trace, const struct sim_wire *wire)
{
	char text[TEXT_MAX], line[TEXT_MAX + 16];

	if (!describe_packet(text, wire->bytes, wire->size, (trace->what & SIM_TRACE_DATA) != 0))
		return;
	snprintf(line, sizeof line, "sends %s", text);
	sim_trace_say(trace, wire->from, line);
}

/* --- signals */

static void describe_entries(char *text, const struct msg_rendezvous *message)
{
	struct msg_rendezvous_iterator iterator;
	struct msg_rendezvous_entry entry;
	unsigned candidates = 0, passwords = 0, blanks = 0;
	char part[64];

	msg_rendezvous_iterate(&iterator, message);
	while (msg_rendezvous_next_entry(&iterator, &entry)) {
		candidates += entry.kind == MSG_RENDEZVOUS_CANDIDATE;
		passwords += entry.kind == MSG_RENDEZVOUS_PASSWORD;
		blanks += entry.kind == MSG_RENDEZVOUS_EMPTY;
	}
	if (passwords > 0)
		add(text, "password");
	if (candidates > 0) {
		snprintf(part, sizeof part, "%u candidate%s", candidates, candidates == 1 ? "" : "s");
		add(text, part);
	}
	if (blanks > 0)
		add(text, "blanks");
}

static void describe_signal(char *text, const uint8_t *bytes, size_t size)
{
	struct msg_rendezvous message;
	char part[TEXT_MAX / 2];

	text[0] = '\0';
	if (!msg_rendezvous_read(&message, bytes, size)) {
		add(text, "malformed");
		return;
	}
	if (message.has_request)
		add(text, "connect request");
	if (message.has_ok)
		add(text, "connect ok");
	if (message.has_closed) {
		snprintf(part, sizeof part, "close %u \"%.*s\"", message.closed.reason, (int)message.closed.text_size,
		         message.closed.text);
		add(text, part);
	}
	describe_entries(text, &message);
	if (message.has_ack && message.ack > 0) {
		snprintf(part, sizeof part, "ack %u", message.ack);
		add(text, part);
	}
}

void sim_trace_signal(const struct sim_trace *trace, unsigned from, const struct action *action)
{
	char text[TEXT_MAX], line[TEXT_MAX + 80];

	describe_signal(text, action->bytes, action->size);
	snprintf(line, sizeof line, "signals %.40s: %s", action->to->text, text);
	sim_trace_say(trace, from, line);
}

void sim_trace_arrival(const struct sim_trace *trace, const struct sim_item *item)
{
	char text[TEXT_MAX], line[TEXT_MAX + 24];

	if ((trace->what & SIM_TRACE_ARRIVALS) == 0)
		return;
	if (item->kind == SIM_SIGNAL)
		describe_signal(text, item->bytes, item->size);
	else if (!describe_packet(text, item->bytes, item->size, (trace->what & SIM_TRACE_DATA) != 0))
		return;
	snprintf(line, sizeof line, "receives %s%s", item->kind == SIM_SIGNAL ? "signal: " : "", text);
	sim_trace_say(trace, item->host, line);
}

/* --- what is learned */

void sim_trace_path(const struct sim_trace *trace, unsigned peer, const struct path_change *change)
{
	char text[TEXT_MAX], address[ADDRESS_TEXT_MAX];

	if ((trace->what & SIM_TRACE_PATHS) == 0)
		return;
	address_print(&change->remote, address);
	if (change->kind == PATH_LOCAL_CANDIDATE)
		snprintf(text, sizeof text, "path %u: %s", change->transport, change->candidate);
	else if (change->kind == PATH_READY)
		snprintf(text, sizeof text, "path %u leads to %s", change->transport, address);
	else
		snprintf(text, sizeof text, "path %u %s", change->transport,
		         change->kind == PATH_GATHERED ? "has all its candidates" : "has failed");
	sim_trace_say(trace, peer, text);
}

static const char *word_of(const struct event *event)
{
	switch (event->new_state) {
	case STATE_CONNECTING:
		return "is called";
	case STATE_FINDING_ROUTE:
		return "has keys, looks for a route";
	case STATE_CONNECTED:
		return "is connected";
	case STATE_CLOSED_BY_PEER:
		return "hears the peer close";
	default:
		return "gives up";
	}
}

static const char *session_word(enum event_kind kind)
{
	return kind == EVENT_SESSION_REQUEST     ? "is asked for"
	       : kind == EVENT_SESSION_CONNECTED ? "is up"
	       : kind == EVENT_SESSION_ENDED     ? "has ended"
	                                         : "has failed";
}

void sim_trace_event(const struct sim_trace *trace, unsigned peer, const struct event *event)
{
	char text[TEXT_MAX];

	switch (event->kind) {
	case EVENT_STATE:
		snprintf(text, sizeof text, "%s", word_of(event));
		if (event->end_reason != 0)
			snprintf(text, sizeof text, "%s: %u \"%s\"", word_of(event), event->end_reason, event->text);
		break;
	case EVENT_ROUTE:
		snprintf(text, sizeof text, "goes another way");
		break;
	case EVENT_REFUSED:
		snprintf(text, sizeof text, "refuses a stranger: %u \"%s\"", event->end_reason, event->text);
		break;
	case EVENT_SESSION_REQUEST:
	case EVENT_SESSION_CONNECTED:
	case EVENT_SESSION_ENDED:
	case EVENT_SESSION_FAILED:
		snprintf(text, sizeof text, "session with %.40s %s", event->peer.text, session_word(event->kind));
		break;
	case EVENT_READABLE:
	case EVENT_CHANNEL_READABLE:
	case EVENT_WRITABLE:
	case EVENT_SESSION_WRITABLE:
		if ((trace->what & SIM_TRACE_READY) == 0)
			return;
		snprintf(text, sizeof text, "%s",
		         event->kind == EVENT_READABLE || event->kind == EVENT_CHANNEL_READABLE ? "may read" : "may write");
		break;
	case EVENT_EXPIRED:
		snprintf(text, sizeof text, "lets messages expire");
		break;
	default:
		snprintf(text, sizeof text, "has news of kind %d", (int)event->kind);
		break;
	}
	sim_trace_say(trace, peer, text);
}
