/* lane_scheduler: which lane is next: strictly by priority, and by weight within one.
 *
 * Owns: the lanes, and which of them have something to send.
 * Does not know: packets, flow control; callers pass over lanes that are blocked.
 */
#ifndef RELIABILITY_LANE_SCHEDULER_H
#define RELIABILITY_LANE_SCHEDULER_H

#include "core/reliability/lane.h"

#define LANE_SCHEDULER_WORDS 4 /* bits for 256 lanes */

struct lane_set {
	uint64_t words[LANE_SCHEDULER_WORDS];
};

struct lane_scheduler {
	struct lane *lanes;
	uint32_t count;
	struct lane_set fresh; /* lanes with messages that have not left yet */
	struct lane_set lost;  /* lanes with bytes to be sent again */
};

void lane_scheduler_init(struct lane_scheduler *scheduler); /* one lane */
void lane_scheduler_free(struct lane_scheduler *scheduler);
/* `count` not below the present one; null: all equal. */
void lane_scheduler_configure(struct lane_scheduler *scheduler, uint32_t count, const int *priorities,
                              const uint16_t *weights);

/* A lane got or lost something to send. */
void lane_scheduler_update(struct lane_scheduler *scheduler, const struct lane *lane);
static inline bool lane_set_is_empty(const struct lane_set *set)
{
	return (set->words[0] | set->words[1] | set->words[2] | set->words[3]) == 0;
}

static inline void lane_set_add(struct lane_set *set, uint32_t lane)
{
	set->words[lane / 64] |= UINT64_C(1) << lane % 64;
}

/* The next lane with bytes to be sent again, or with new messages; lanes of `except` are passed
 * over. Null: none. */
struct lane *lane_scheduler_next_lost(const struct lane_scheduler *scheduler, const struct lane_set *except);
struct lane *lane_scheduler_next_fresh(const struct lane_scheduler *scheduler, const struct lane_set *except);
/* The lane has sent `bytes`: they count against its weight. */
void lane_scheduler_charge(struct lane_scheduler *scheduler, struct lane *lane, int64_t bytes);

#endif
