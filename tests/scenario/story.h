/* story: the common beginning of the scenario tests: a world, two peers, one call.
 *
 * Each story loses, delays or kills exactly one thing and says what both applications must see.
 */
#ifndef STORY_H
#define STORY_H

#include "sim_app.h"

struct story {
	struct sim_world world;
	struct sim_app app;
	uint8_t lose_lead;   /* packets with this first byte ... */
	unsigned lose_count; /* ... that are still to vanish */
	unsigned lost_count;
	unsigned routes_told[2]; /* to each application, once story_watch_routes */
	void (*on_event)(struct sim_world *world, unsigned peer, const struct event *event); /* the application's */
};

/* Two public hosts, 20 ms apart, signaling 10 ms; both send `reliable` messages. */
void story_begin(struct story *story, enum sim_app_mode mode, unsigned reliable);
void story_end(struct story *story);
void story_lose(struct story *story, uint8_t lead, unsigned count);
/* Counts in routes_told; after story_begin. */
void story_watch_routes(struct story *story);
/* Both say `count` things more and the connection is the same one. Returns after how many ms all of it had arrived. */
double story_say_more(struct story *story, unsigned count, usec_t patience);
/* Milliseconds since the story began. */
double story_ms(const struct story *story);
/* Steps for `duration` and lets the applications work. */
void story_wait(struct story *story, usec_t duration);

#endif
