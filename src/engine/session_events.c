#include "engine/session_events.h"

#include <stddef.h>

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_diagnosis.h"
#include "engine/engine_internal.h"
#include "engine/result.h"

/* The kinds of one peer. A session ends in one of two ways: what is told is the last. */
enum session_slot { SLOT_REQUEST, SLOT_CONNECTED, SLOT_OVER, SLOT_WRITABLE, SLOTS_COUNT };

struct slot {
	struct event_node node;
	struct session_events *owner;
	struct kith_event event;
};

struct session_events {
	struct engine *engine; /* alive as long as its queue */
	struct identity peer;
	struct slot slots[SLOTS_COUNT];
	UT_hash_handle hh;
};

struct channel_events {
	struct event_node node;
	struct engine *engine;
	int32_t channel;
	int64_t time_us;
	UT_hash_handle hh;
};

/* --- of sessions */

static unsigned hash_peer(const struct engine *engine, const struct identity *peer)
{
	return hash_value(identity_hash(peer, engine->session_events.hash_key));
}

static struct session_events *find(const struct engine *engine, const struct identity *peer)
{
	struct session_events *events;

	HASH_FIND_BYHASHVALUE(hh, engine->session_events.by_peer, peer->text, peer->size, hash_peer(engine, peer), events);
	return events;
}

static void free_if_empty(struct session_events *events)
{
	for (int i = 0; i < SLOTS_COUNT; i++) {
		if (events->slots[i].node.prev != NULL)
			return;
	}
	HASH_DELETE(hh, events->engine->session_events.by_peer, events);
	alloc_free(events);
}

static void take_slot(struct event_node *node, struct kith_event *out)
{
	struct slot *slot = (struct slot *)node;

	*out = slot->event;
	free_if_empty(slot->owner);
}

static void drop_slot(struct event_node *node)
{
	free_if_empty(((struct slot *)node)->owner);
}

static struct session_events *find_or_add(struct engine *engine, const struct identity *peer)
{
	struct session_events *events = find(engine, peer);

	if (events != NULL)
		return events;
	events = alloc_zeroed(sizeof(*events));
	events->engine = engine;
	events->peer = *peer;
	for (int i = 0; i < SLOTS_COUNT; i++) {
		events->slots[i].node.take = take_slot;
		events->slots[i].node.drop = drop_slot;
		events->slots[i].owner = events;
	}
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, engine->session_events.by_peer, events->peer.text, events->peer.size,
	                            hash_peer(engine, peer), events);
	return events;
}

static void fill(struct kith_event *out, int32_t type, const struct event *event, int32_t stage)
{
	struct text text;

	bytes_zero(out, sizeof(*out));
	out->type = type;
	out->time_us = clock_now();
	convert_identity_out(&out->peer, &event->peer);
	if (type == KITH_EVENT_SESSION_REQUEST || type == KITH_EVENT_SESSION_WRITABLE)
		return;
	out->state = event->new_state;
	out->route = event->route;
	convert_address_out(&out->local, &event->local);
	convert_address_out(&out->remote, &event->remote);
	if (type == KITH_EVENT_SESSION_CONNECTED)
		return;
	out->reason = (int32_t)event->end_reason;
	out->result = result_of_reason(out->reason);
	out->stage = stage;
	text_init(&text, out->text, sizeof(out->text));
	text_add(&text, event->text);
}

/* Queues it at the end, in place of an older one of the same kind. */
static void add_slot(struct engine *engine, enum session_slot which, int32_t type, const struct event *event)
{
	struct session_events *events = find(engine, &event->peer);
	int32_t stage = which == SLOT_OVER ? engine_diagnosis_session(engine, event) : KITH_STAGE_NONE;

	if (events != NULL)
		event_queue_remove(&engine->events, &events->slots[which].node);
	events = find_or_add(engine, &event->peer);
	fill(&events->slots[which].event, type, event, stage);
	event_queue_add(&engine->events, &events->slots[which].node);
}

/* A request that is over before the application heard of it: nothing has happened. */
static bool take_back_request(struct engine *engine, const struct identity *peer)
{
	struct session_events *events = find(engine, peer);

	if (events == NULL || events->slots[SLOT_REQUEST].node.prev == NULL ||
	    events->slots[SLOT_CONNECTED].node.prev != NULL)
		return false;
	event_queue_remove(&engine->events, &events->slots[SLOT_REQUEST].node);
	return true;
}

void session_events_forget(struct engine *engine, const struct identity *peer)
{
	struct session_events *events;

	for (int i = 0; i < SLOTS_COUNT && (events = find(engine, peer)) != NULL; i++)
		event_queue_remove(&engine->events, &events->slots[i].node);
}

/* --- of channels */

static unsigned hash_channel(const struct engine *engine, int32_t channel)
{
	return hash_value(hash_u64(engine->session_events.hash_key, (uint64_t)(int64_t)channel));
}

static struct channel_events *find_channel(const struct engine *engine, int32_t channel)
{
	struct channel_events *events;

	HASH_FIND_BYHASHVALUE(hh, engine->session_events.by_channel, &channel, sizeof(channel),
	                      hash_channel(engine, channel), events);
	return events;
}

static void drop_channel(struct event_node *node)
{
	struct channel_events *events = (struct channel_events *)node;

	HASH_DELETE(hh, events->engine->session_events.by_channel, events);
	alloc_free(events);
}

static void take_channel(struct event_node *node, struct kith_event *out)
{
	const struct channel_events *events = (const struct channel_events *)node;

	out->type = KITH_EVENT_CHANNEL_READABLE;
	out->channel = events->channel;
	out->time_us = events->time_us;
	drop_channel(node);
}

static void add_channel(struct engine *engine, int32_t channel)
{
	struct channel_events *events;

	if (find_channel(engine, channel) != NULL)
		return;
	events = alloc_zeroed(sizeof(*events));
	events->node.take = take_channel;
	events->node.drop = drop_channel;
	events->engine = engine;
	events->channel = channel;
	events->time_us = clock_now();
	HASH_ADD_BYHASHVALUE(hh, engine->session_events.by_channel, channel, sizeof(channel), hash_channel(engine, channel),
	                     events);
	event_queue_add(&engine->events, &events->node);
}

void session_events_forget_channel(struct engine *engine, int32_t channel)
{
	struct channel_events *events = find_channel(engine, channel);

	if (events != NULL)
		event_queue_remove(&engine->events, &events->node);
}

/* --- from the core */

static void write_log(struct engine *engine, const struct event *event, const char *what)
{
	log_sink_write(&engine->log, KITH_SUBJECT_CONNECTION, KITH_LOG_INFO, "session with %s: %s, reason %u %s",
	               event->peer.text, what, (unsigned)event->end_reason, event->text);
}

void session_events_add(struct engine *engine, const struct event *event)
{
	switch (event->kind) {
	case EVENT_SESSION_REQUEST:
		write_log(engine, event, "asked for");
		add_slot(engine, SLOT_REQUEST, KITH_EVENT_SESSION_REQUEST, event);
		break;
	case EVENT_SESSION_CONNECTED:
		write_log(engine, event, "connected");
		add_slot(engine, SLOT_CONNECTED, KITH_EVENT_SESSION_CONNECTED, event);
		break;
	case EVENT_SESSION_ENDED:
		write_log(engine, event, "ended");
		if (!take_back_request(engine, &event->peer))
			add_slot(engine, SLOT_OVER, KITH_EVENT_SESSION_ENDED, event);
		break;
	case EVENT_SESSION_FAILED:
		write_log(engine, event, "failed");
		add_slot(engine, SLOT_OVER, KITH_EVENT_SESSION_FAILED, event);
		break;
	case EVENT_SESSION_WRITABLE:
		add_slot(engine, SLOT_WRITABLE, KITH_EVENT_SESSION_WRITABLE, event);
		break;
	case EVENT_CHANNEL_READABLE:
		add_channel(engine, event->channel);
		break;
	case EVENT_STATE:
	case EVENT_READABLE:
	case EVENT_WRITABLE:
	case EVENT_ROUTE:
	case EVENT_REFUSED:
	case EVENT_EXPIRED:
		break;
	}
}
