/* session_events: what happened to sessions and channels, on its way to the application.
 *
 * Owns: the queued events of each peer and channel, which stand for them as sessions have no handle:
 * each kind once, in memory only while queued.
 * Does not know: sessions. Guarded by the engine's lock.
 */
#ifndef ENGINE_SESSION_EVENTS_H
#define ENGINE_SESSION_EVENTS_H

#include <stdint.h>

struct engine;
struct event;
struct identity;
struct session_events;
struct channel_events;

/* An endpoint's; zeroed but for the key is empty. Emptied with its event queue. */
struct session_event_tables {
	uint64_t hash_key; /* peers choose what is hashed */
	struct session_events *by_peer;
	struct channel_events *by_channel;
};

/* An event of a session or channel of the core. */
void session_events_add(struct engine *engine, const struct event *event);
/* Drops what is queued of a peer. */
void session_events_forget(struct engine *engine, const struct identity *peer);
void session_events_forget_channel(struct engine *engine, int32_t channel);

#endif
