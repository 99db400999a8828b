#include "messages_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/messages/messages_internal.h"

#define BURST_SIZE 65536

void pair_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
	abort();
}

static void open_side(struct pair *pair, unsigned index, const char *name)
{
	struct pair_side *side = &pair->sides[index];
	struct endpoint_options options;

	memset(&options, 0, sizeof options);
	memset(options.seed, 7 + (int)index, sizeof options.seed);
	pair_check(identity_parse(&side->identity, name, strlen(name)));
	options.identity = side->identity;
	options.unix_time = 1700000000;
	side->endpoint = endpoint_new(pair->now, &options);
	side->messages = messages_new(side->endpoint);
}

void pair_open(struct pair *pair)
{
	memset(pair, 0, sizeof *pair);
	pair->now = 1000 * USEC_PER_SEC;
	open_side(pair, 0, "str:alice");
	open_side(pair, 1, "str:bob");
}

void pair_close(struct pair *pair)
{
	for (unsigned i = 0; i < 2; i++) {
		messages_destroy(pair->sides[i].messages);
		endpoint_destroy(pair->sides[i].endpoint);
	}
}

/* --- the world between them */

static struct pair_transport *find_transport(struct pair_side *side, uint32_t number)
{
	for (unsigned i = 0; i < PAIR_TRANSPORTS_MAX; i++) {
		if (side->transports[i].number == number)
			return &side->transports[i];
	}
	pair_check(number != 0);
	return NULL;
}

static struct pair_transport *find_partner(struct pair *pair, unsigned side, const struct pair_transport *transport)
{
	for (unsigned i = 0; i < PAIR_TRANSPORTS_MAX; i++) {
		struct pair_transport *other = &pair->sides[1 - side].transports[i];
		if (other->number != 0 && strcmp(other->username, transport->remote) == 0 &&
		    strcmp(other->remote, transport->username) == 0)
			return other;
	}
	return NULL;
}

static void make_ready(struct pair *pair, unsigned side, struct pair_transport *transport)
{
	struct path_change change;

	if (transport->ready)
		return;
	transport->ready = true;
	memset(&change, 0, sizeof change);
	change.kind = PATH_READY;
	change.transport = transport->number;
	change.route = ROUTE_LAN;
	change.rtt = -1;
	change.remote.port = 5;
	endpoint_receive_path_change(pair->sides[side].endpoint, pair->now, &change);
}

static void copy_name(char out[16], const char *name)
{
	pair_check(strlen(name) < 16);
	strcpy(out, name);
}

static void carry_signal(struct pair *pair, unsigned from, const struct action *action)
{
	struct pair_side *to = &pair->sides[1 - from];
	uint8_t *bytes = malloc(action->size);
	struct signal signal = { bytes, action->size, 0 };

	memcpy(bytes, action->bytes, action->size);
	pair->sides[from].signals_sent++;
	if (!to->deaf && identity_equal(action->to, &to->identity))
		endpoint_receive_signal(to->endpoint, pair->now, &signal);
	free(bytes);
}

static bool drain_action(struct pair *pair, unsigned index)
{
	struct pair_side *side = &pair->sides[index];
	struct pair_transport *transport;
	struct action action;

	if (!endpoint_next_action(side->endpoint, &action))
		return false;
	transport = find_transport(side, action.kind == ACTION_ICE_START ? 0 : action.transport);
	if (action.kind == ACTION_SEND_SIGNAL) {
		carry_signal(pair, index, &action);
	} else if (action.kind == ACTION_ICE_START) {
		transport->number = action.transport;
		copy_name(transport->username, action.username);
	} else if (action.kind == ACTION_ICE_REMOTE) {
		copy_name(transport->remote, action.username);
		if (find_partner(pair, index, transport) != NULL) {
			make_ready(pair, 1 - index, find_partner(pair, index, transport));
			make_ready(pair, index, transport);
		}
	} else if (action.kind == ACTION_TRANSPORT_CLOSE && transport != NULL) {
		memset(transport, 0, sizeof *transport);
	}
	return true;
}

static void carry_burst(struct pair *pair, unsigned from, const struct datagram_burst *burst)
{
	struct pair_transport *transport = find_transport(&pair->sides[from], burst->transport);
	struct pair_transport *partner = transport != NULL ? find_partner(pair, from, transport) : NULL;

	for (size_t at = 0; partner != NULL && !pair->sides[from].severed && at < burst->size; at += burst->segment_size) {
		size_t left = burst->size - at;
		struct datagram datagram = { .transport = partner->number, .bytes = burst->bytes + at };

		datagram.size = left < burst->segment_size ? left : burst->segment_size;
		datagram.remote.port = 5;
		endpoint_receive(pair->sides[1 - from].endpoint, pair->now, &datagram, 1);
	}
}

static bool drain_transmit(struct pair *pair, unsigned index)
{
	static uint8_t bytes[BURST_SIZE];
	struct datagram_burst burst = { .bytes = bytes, .capacity = sizeof bytes };

	if (!endpoint_transmit(pair->sides[index].endpoint, pair->now, &burst))
		return false;
	carry_burst(pair, index, &burst);
	return true;
}

static bool drain_event(struct pair *pair, unsigned index)
{
	struct pair_side *side = &pair->sides[index];
	struct event event;

	if (messages_next_event(side->messages, &event)) {
		pair_check(side->event_count < PAIR_EVENTS_MAX);
		side->events[side->event_count++] = event;
		return true;
	}
	if (!endpoint_next_event(side->endpoint, &event))
		return false;
	pair_check(messages_on_event(side->messages, &event));
	return true;
}

void pair_drain(struct pair *pair)
{
	bool more;

	do {
		more = false;
		for (unsigned i = 0; i < 2; i++) {
			more = drain_transmit(pair, i) || more;
			more = drain_action(pair, i) || more;
			more = drain_event(pair, i) || more;
		}
	} while (more);
}

static usec_t next_timeout(const struct pair *pair)
{
	usec_t at = USEC_NEVER;

	for (unsigned i = 0; i < 2; i++) {
		at = usec_min(at, endpoint_next_timeout(pair->sides[i].endpoint));
		at = usec_min(at, messages_next_timeout(pair->sides[i].messages));
	}
	return at;
}

static void step(struct pair *pair, usec_t limit)
{
	pair->now = usec_max(pair->now, usec_min(next_timeout(pair), limit));
	for (unsigned i = 0; i < 2; i++) {
		endpoint_handle_timeout(pair->sides[i].endpoint, pair->now);
		messages_handle_timeout(pair->sides[i].messages, pair->now);
	}
	pair_drain(pair);
}

void pair_run(struct pair *pair, usec_t duration)
{
	usec_t until = pair->now + duration;

	pair_drain(pair);
	while (next_timeout(pair) <= until)
		step(pair, until);
	pair->now = until;
}

/* --- what the tests ask */

const struct event *pair_await(struct pair *pair, unsigned side, enum event_kind kind)
{
	usec_t until = pair->now + 10 * USEC_PER_SEC;
	unsigned at = 0;

	pair_drain(pair);
	for (;;) {
		for (; at < pair->sides[side].event_count; at++) {
			if (pair->sides[side].events[at].kind == kind)
				return &pair->sides[side].events[at];
		}
		if (next_timeout(pair) > until)
			fprintf(stderr, "no event %d at side %u\n", (int)kind, side);
		pair_check(next_timeout(pair) <= until);
		step(pair, until);
	}
}

unsigned pair_count(const struct pair *pair, unsigned side, enum event_kind kind)
{
	unsigned count = 0;

	for (unsigned i = 0; i < pair->sides[side].event_count; i++)
		count += pair->sides[side].events[i].kind == kind;
	return count;
}

void pair_forget_events(struct pair *pair)
{
	pair->sides[0].event_count = pair->sides[1].event_count = 0;
}

int32_t pair_send(struct pair *pair, unsigned side, int32_t channel, const char *text, uint32_t flags)
{
	struct message *message = messages_frame(pair->sides[side].messages, channel, text, strlen(text));
	int32_t result;

	message->flags = flags;
	result = messages_send(pair->sides[side].messages, pair->now, &pair->sides[1 - side].identity, message);
	if (result != KITH_OK)
		message_unref(message);
	pair_drain(pair);
	return result;
}

bool pair_send_raw(struct pair *pair, unsigned side, const uint8_t *bytes, size_t size)
{
	struct message_session *session = message_session_find(pair->sides[side].messages, &pair->sides[1 - side].identity);
	struct message *message;
	int32_t result;

	if (session == NULL || session->conn == NULL)
		return false;
	message = message_new(size);
	memcpy(message->data, bytes, size);
	message->flags = MESSAGE_RELIABLE;
	result = conn_send(session->conn, pair->now, message);
	if (result != KITH_OK)
		message_unref(message);
	endpoint_touch(pair->sides[side].endpoint, pair->now, session->conn);
	pair_drain(pair);
	return result == KITH_OK;
}

void pair_check_counts(const struct pair *pair, unsigned side)
{
	const struct message_session *session, *next;

	HASH_ITER (hh, pair->sides[side].messages->sessions, session, next) {
		const struct message_item *item;
		int64_t count = 0, bytes = 0;
		DL_FOREACH2(session->inbox.items, item, own_next)
		{
			count++;
			bytes += (int64_t)item->message->size;
		}
		pair_check(count == session->inbox.count && bytes == session->inbox.bytes);
		pair_check(session->channel_count <= MESSAGE_SESSION_CHANNELS_MAX);
		pair_check(session->conn != NULL || (!session->waiting && !session->stalled));
	}
}

void pair_expect(struct pair *pair, unsigned side, int32_t channel, const char *text)
{
	struct message *message;
	size_t count = messages_receive(pair->sides[side].messages, pair->now, channel, &message, 1);

	if (count == 0 || message->size != strlen(text) || memcmp(message->data, text, message->size) != 0)
		fprintf(stderr, "no \"%s\" on channel %d\n", text, (int)channel);
	pair_check(count == 1 && message->size == strlen(text));
	pair_check(memcmp(message->data, text, message->size) == 0);
	pair_check(message->channel == channel);
	pair_check(identity_equal(&message->peer->identity, &pair->sides[1 - side].identity));
	message_unref(message);
	pair_drain(pair);
}

void pair_expect_none(struct pair *pair, unsigned side, int32_t channel)
{
	struct message *message;

	pair_check(messages_receive(pair->sides[side].messages, pair->now, channel, &message, 1) == 0);
}

void pair_connect(struct pair *pair)
{
	pair_open(pair);
	pair_check(pair_send(pair, 0, 0, "hello", 0) == KITH_OK);
	pair_await(pair, 1, EVENT_SESSION_REQUEST);
	pair_check(messages_accept(pair->sides[1].messages, pair->now, &pair->sides[0].identity) == KITH_OK);
	pair_await(pair, 0, EVENT_SESSION_CONNECTED);
	pair_await(pair, 1, EVENT_CHANNEL_READABLE);
	pair_expect(pair, 1, 0, "hello");
	pair_run(pair, USEC_PER_SEC);
	pair_forget_events(pair);
}
