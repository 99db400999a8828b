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
};

/* Two public hosts, 20 ms apart, signaling 10 ms; both send `reliable` messages. */
void story_begin(struct story *story, enum sim_app_mode mode, unsigned reliable);
void story_end(struct story *story);
void story_lose(struct story *story, uint8_t lead, unsigned count);
/* Milliseconds since the story began. */
double story_ms(const struct story *story);
/* Steps for `duration` and lets the applications work. */
void story_wait(struct story *story, usec_t duration);

#endif
