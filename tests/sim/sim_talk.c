#include "sim_talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_trace.h"

#define LANES 256
#define UNRELIABLE_MAX 16500 /* larger ones travel as reliable */

struct sim_talk *sim_talk_new(struct sim_world *world, unsigned peer, struct conn *conn, uint32_t tag)
{
	struct sim_talk *talk = calloc(1, sizeof *talk);

	talk->world = world;
	talk->peer = peer;
	talk->other = -1;
	talk->core = world->peers[peer].core;
	talk->conn = conn;
	talk->tag = tag;
	talk->state = STATE_CONNECTING;
	talk->decide_at = USEC_NEVER;
	talk->called_at = world->now;
	talk->lane_count = 1;
	sockets_set_tag(conn, tag);
	sim_talk_refresh(talk);
	for (unsigned i = 0; i < world->network.host_count; i++) {
		if (identity_equal(conn_peer(conn), &world->peers[i].identity))
			talk->other = (int)i;
	}
	return talk;
}

void sim_talk_free(struct sim_talk *talk)
{
	for (unsigned i = 0; talk->lanes != NULL && i < LANES; i++)
		free(talk->lanes[i].sent);
	free(talk->lanes);
	free(talk);
}

void sim_talk_fail(const struct sim_talk *talk, const char *what)
{
	fprintf(stderr,
	        "%c's connection %u %08x-%08x to %d, kind %d, state %d%s%s, reason %u \"%s\", %llu sent, %llu taken\n",
	        'A' + (int)talk->peer, talk->tag, talk->local_id, talk->remote_id, talk->other, talk->kind, talk->state,
	        talk->over ? ", over" : "", talk->hung_up ? ", hung up" : "", talk->end_reason, talk->end_text,
	        (unsigned long long)talk->sent_count, (unsigned long long)talk->received_count);
	sim_world_fail(talk->world, what);
}

void sim_talk_refresh(struct sim_talk *talk)
{
	if (talk->conn == NULL)
		return;
	talk->local_id = conn_local_id(talk->conn);
	talk->remote_id = conn_remote_id(talk->conn);
}

bool sim_talk_fits(struct sim_talk *talk, struct sim_talk *other)
{
	sim_talk_refresh(talk);
	sim_talk_refresh(other);
	return talk->remote_id != 0 && talk->local_id == other->remote_id && talk->remote_id == other->local_id;
}

bool sim_talk_is_up(const struct sim_talk *talk)
{
	return talk->conn != NULL && !talk->over && talk->state == STATE_CONNECTED;
}

/* --- events */

static bool may_follow(const struct sim_talk *talk, int32_t state)
{
	switch (talk->state) {
	case STATE_CONNECTING:
		return state == (talk->kind == SIM_TALK_UDP ? STATE_CONNECTED : STATE_FINDING_ROUTE) ||
		       state == STATE_CLOSED_BY_PEER || state == STATE_PROBLEM_DETECTED_LOCALLY;
	case STATE_FINDING_ROUTE:
		return state == STATE_CONNECTED || state == STATE_CLOSED_BY_PEER || state == STATE_PROBLEM_DETECTED_LOCALLY;
	case STATE_CONNECTED:
		return state == STATE_CLOSED_BY_PEER || state == STATE_PROBLEM_DETECTED_LOCALLY;
	default:
		return false;
	}
}

static void on_state(struct sim_talk *talk, const struct event *event)
{
	sim_talk_check(talk, event->old_state == talk->state);
	sim_talk_check(talk, may_follow(talk, event->new_state));
	talk->state = event->new_state;
	if (talk->state == STATE_CONNECTED) {
		talk->was_connected = true;
		talk->connected_at = talk->world->now;
		sim_talk_check(talk, !talk->incoming || talk->accepted);
		sim_talk_check(talk, event->route != ROUTE_NONE);
	}
	if (talk->state > STATE_CONNECTED) {
		talk->over = true;
		talk->end_reason = event->end_reason;
		memcpy(talk->end_text, event->text, sizeof talk->end_text);
		sim_talk_check(talk, event->end_reason != 0);
	} else {
		sim_talk_check(talk, event->end_reason == 0);
	}
}

void sim_talk_on_event(struct sim_talk *talk, const struct event *event)
{
	/* Nothing is told of a connection that has ended. */
	sim_talk_check(talk, !talk->over && !talk->hung_up && !talk->killed);
	sim_talk_refresh(talk);
	switch (event->kind) {
	case EVENT_STATE:
		on_state(talk, event);
		break;
	case EVENT_READABLE:
		sim_talk_check(talk, talk->state == STATE_CONNECTED || talk->state == STATE_FINDING_ROUTE);
		sim_talk_check(talk, sockets_readable(talk->conn));
		sim_talk_check(talk, !talk->readable);
		talk->readable = true;
		break;
	case EVENT_WRITABLE:
		sim_talk_check(talk, talk->again);
		talk->again = false;
		break;
	case EVENT_ROUTE:
		sim_talk_check(talk, talk->state == STATE_CONNECTED);
		break;
	case EVENT_EXPIRED:
		sim_talk_check(talk, talk->sent_fleeting);
		break;
	default:
		sim_talk_fail(talk, "an event that is not of connections");
	}
}

/* --- messages */

static uint8_t content_at(uint32_t seed, size_t at)
{
	return (uint8_t)(seed * 31 + at * 7 + (at >> 8));
}

static struct sim_talk_lane *lane_of(struct sim_talk *talk, uint16_t lane)
{
	sim_talk_check(talk, lane < LANES);
	if (talk->lanes == NULL)
		talk->lanes = calloc(LANES, sizeof *talk->lanes);
	return &talk->lanes[lane];
}

static void record(struct sim_talk_lane *lane, const struct sim_sent *sent)
{
	if (lane->sent_count == lane->capacity) {
		lane->capacity = lane->capacity * 2 + 16;
		lane->sent = realloc(lane->sent, lane->capacity * sizeof *lane->sent);
	}
	lane->sent[lane->sent_count++] = *sent;
}

static void check_refusal(struct sim_talk *talk, int32_t result, uint32_t flags, size_t size)
{
	bool fleeting = (flags & (MESSAGE_NO_DELAY | MESSAGE_RELIABLE)) == MESSAGE_NO_DELAY;

	switch (result) {
	case KITH_E_AGAIN:
		/* Word of room must have been true for the message that waited for it. */
		talk->again_size = talk->again && talk->again_size > size ? talk->again_size : size;
		talk->again = true;
		break;
	case KITH_E_CLOSED:
		sim_talk_check(talk, talk->over);
		break;
	case KITH_E_STATE:
		sim_talk_check(talk, talk->incoming && talk->state == STATE_CONNECTING);
		break;
	case KITH_E_LIMIT:
		sim_talk_check(talk, fleeting);
		break;
	default:
		sim_talk_fail(talk, "sockets_send has an unexpected result");
	}
}

int32_t sim_talk_send(struct sim_talk *talk, uint32_t flags, uint16_t lane_id, size_t size, usec_t ttl)
{
	struct sim_talk_lane *lane = lane_of(talk, lane_id);
	struct sim_sent sent = { .size = (uint32_t)size, .seed = (uint32_t)sim_random_u64(&talk->world->random) };
	struct message *message = message_new(size);
	int64_t number = 0;
	int32_t result;

	for (size_t i = 0; i < size; i++)
		message->data[i] = content_at(sent.seed, i);
	message->flags = flags;
	message->lane = lane_id;
	message->ttl = ttl;
	sent.sequenced = (flags & MESSAGE_SEQUENCED) != 0;
	sent.fleeting = ttl > 0;
	sent.reliable = (flags & MESSAGE_RELIABLE) != 0 || size > UNRELIABLE_MAX;
	result = sockets_send(talk->core, talk->world->now, talk->conn, message, &number);
	if (result != KITH_OK) {
		message_unref(message);
		check_refusal(talk, result, flags, size);
		return result;
	}
	record(lane, &sent);
	talk->sent_fleeting |= sent.fleeting;
	talk->sent_count++;
	sim_talk_check(talk, number == lane->sent_count);
	return KITH_OK;
}

static bool must_arrive(const struct sim_sent *sent)
{
	return sent->reliable && !sent->sequenced && !sent->fleeting;
}

static void check_order(struct sim_talk *talk, struct sim_talk_lane *in, const struct sim_talk_lane *out,
                        int64_t number)
{
	for (int64_t between = in->taken + 1; between < number; between++)
		sim_talk_check(talk, !must_arrive(&out->sent[between - 1]));
	sim_talk_check(talk, number > in->taken);
	in->taken = number;
}

static void check_sequence(struct sim_talk *talk, struct sim_talk_lane *in, int64_t number)
{
	sim_talk_check(talk, number > in->sequenced);
	in->sequenced = number;
}

void sim_talk_take(struct sim_talk *talk, struct sim_talk *from, struct message *message)
{
	struct sim_talk_lane *in = lane_of(talk, message->lane);
	struct sim_talk_lane *out;
	struct sim_sent *sent;

	sim_talk_check(talk, from != NULL);
	out = lane_of(from, message->lane);
	sim_talk_check(talk, message->number >= 1 && message->number <= out->sent_count);
	sent = &out->sent[message->number - 1];
	sim_talk_check(talk, !sent->received);
	sim_talk_check(talk, message->size == sent->size);
	sim_talk_check(talk, ((message->flags & MESSAGE_RELIABLE) != 0) == sent->reliable);
	sim_talk_check(talk, message->connection == talk->tag);
	for (size_t i = 0; i < message->size; i++)
		sim_talk_check(talk, message->data[i] == content_at(sent->seed, i));
	if (sent->reliable)
		check_order(talk, in, out, message->number);
	if (sent->sequenced)
		check_sequence(talk, in, message->number);
	sent->received = true;
	talk->received_count++;
	sim_world_digest(talk->world, &message->number, sizeof message->number);
	sim_world_digest(talk->world, message->data, message->size);
	message_unref(message);
}

bool sim_talk_is_complete(const struct sim_talk *talk)
{
	for (unsigned i = 0; talk->lanes != NULL && i < LANES; i++) {
		const struct sim_talk_lane *lane = &talk->lanes[i];
		for (uint32_t at = 0; at < lane->sent_count; at++) {
			if (must_arrive(&lane->sent[at]) && !lane->sent[at].received)
				return false;
		}
	}
	return true;
}

void sim_talk_tell(const struct sim_talk *talk, const char *what)
{
	static const char *const kinds[] = { "address", "signals", "both" };
	char text[160];

	if (talk->world->trace == NULL)
		return;
	snprintf(text, sizeof text, "%s %u (%s), %08x-%08x with %d", what, talk->tag, kinds[talk->kind], talk->local_id,
	         talk->remote_id, talk->other);
	sim_trace_say(talk->world->trace, talk->peer, text);
}

void sim_talk_hang_up(struct sim_talk *talk, uint32_t reason, const char *text, usec_t linger)
{
	struct conn *conn = talk->conn;

	sim_talk_refresh(talk);
	sim_talk_tell(talk, linger > 0 ? "hangs up, lingering," : "hangs up");
	talk->hung_up = true;
	talk->hang_up_reason = reason;
	snprintf(talk->hang_up_text, sizeof talk->hang_up_text, "%s", text);
	talk->hung_up_at = talk->world->now;
	talk->was_connected_then = talk->state == STATE_CONNECTED;
	talk->lingered = linger > 0;
	talk->conn = NULL;
	sockets_close(talk->core, talk->world->now, conn, reason, text, linger);
}
