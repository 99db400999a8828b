#include "core/reliability/lane_scheduler.h"

#include "core/base/alloc.h"

/* Virtual time is bytes times this over the weight. */
#define VIRTUAL_SCALE 65536

void lane_scheduler_init(struct lane_scheduler *scheduler)
{
	*scheduler = (struct lane_scheduler){ 0 };
	lane_scheduler_configure(scheduler, 1, NULL, NULL);
}

void lane_scheduler_free(struct lane_scheduler *scheduler)
{
	for (uint32_t i = 0; i < scheduler->count; i++)
		lane_free(&scheduler->lanes[i]);
	alloc_free(scheduler->lanes);
	*scheduler = (struct lane_scheduler){ 0 };
}

void lane_scheduler_configure(struct lane_scheduler *scheduler, uint32_t count, const int *priorities,
                              const uint16_t *weights)
{
	if (count > scheduler->count)
		scheduler->lanes = alloc_resize(scheduler->lanes, count, sizeof(*scheduler->lanes));
	for (; scheduler->count < count; scheduler->count++)
		lane_init(&scheduler->lanes[scheduler->count], (uint16_t)scheduler->count);
	for (uint32_t i = 0; i < count; i++) {
		struct lane *lane = &scheduler->lanes[i];
		lane->priority = priorities == NULL ? 0 : priorities[i];
		lane->weight = weights == NULL || weights[i] == 0 ? 1 : weights[i];
		/* Shares start anew: what was sent under other weights says nothing about these. */
		lane->virtual_time = 0;
	}
}

static bool has(const struct lane_set *set, uint32_t lane)
{
	return set->words[lane / 64] >> lane % 64 & 1;
}

static void set_to(struct lane_set *set, uint32_t lane, bool value)
{
	if (value)
		lane_set_add(set, lane);
	else
		set->words[lane / 64] &= ~(UINT64_C(1) << lane % 64);
}

static bool goes_before(const struct lane *a, const struct lane *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority;
	return a->virtual_time < b->virtual_time;
}

static uint32_t lowest_bit(uint64_t word)
{
	uint32_t bit = 0;
	for (uint32_t step = 32; step > 0; step /= 2) {
		if ((word & ((UINT64_C(1) << step) - 1)) == 0) {
			word >>= step;
			bit += step;
		}
	}
	return bit;
}

static struct lane *best(const struct lane_scheduler *scheduler, const struct lane_set *set,
                         const struct lane_set *except)
{
	struct lane *found = NULL;
	for (uint32_t word = 0; word < LANE_SCHEDULER_WORDS; word++) {
		uint64_t bits = set->words[word] & ~except->words[word];
		for (; bits != 0; bits &= bits - 1) {
			struct lane *lane = &scheduler->lanes[word * 64 + lowest_bit(bits)];
			if (found == NULL || goes_before(lane, found))
				found = lane;
		}
	}
	return found;
}

/* A lane that was silent must not claim the share of the time it had nothing to send: it joins the
 * lane that is furthest behind of those which are sending, or, if all were silent, none. */
static int64_t joining_time(const struct lane_scheduler *scheduler, const struct lane *joining)
{
	int64_t least = INT64_MAX;
	int64_t most = joining->virtual_time;
	for (uint32_t i = 0; i < scheduler->count; i++) {
		const struct lane *lane = &scheduler->lanes[i];
		if (lane->priority != joining->priority)
			continue;
		if (has(&scheduler->fresh, i) && lane->virtual_time < least)
			least = lane->virtual_time;
		if (lane->virtual_time > most)
			most = lane->virtual_time;
	}
	if (least == INT64_MAX)
		return most;
	return least > joining->virtual_time ? least : joining->virtual_time;
}

void lane_scheduler_update(struct lane_scheduler *scheduler, const struct lane *lane)
{
	bool fresh = lane_has_new(lane);
	if (fresh && scheduler->count > 1 && !has(&scheduler->fresh, lane->id))
		scheduler->lanes[lane->id].virtual_time = joining_time(scheduler, lane);
	set_to(&scheduler->fresh, lane->id, fresh);
	set_to(&scheduler->lost, lane->id, lane_has_lost(lane));
}

struct lane *lane_scheduler_next_lost(const struct lane_scheduler *scheduler, const struct lane_set *except)
{
	return best(scheduler, &scheduler->lost, except);
}

struct lane *lane_scheduler_next_fresh(const struct lane_scheduler *scheduler, const struct lane_set *except)
{
	return best(scheduler, &scheduler->fresh, except);
}

void lane_scheduler_charge(struct lane_scheduler *scheduler, struct lane *lane, int64_t bytes)
{
	if (scheduler->count > 1)
		lane->virtual_time += bytes * VIRTUAL_SCALE / lane->weight;
}
