#include <criterion/criterion.h>

#include "core/reliability/lane_scheduler.h"

static const struct lane_set none;

static void fill(struct lane_scheduler *scheduler, uint32_t lane, int count)
{
	for (int i = 0; i < count; i++)
		lane_push(&scheduler->lanes[lane], message_new(999), false);
	lane_scheduler_update(scheduler, &scheduler->lanes[lane]);
}

/* Sends one message of the lane that is next; returns the lane, -1 for none. */
static int send_one(struct lane_scheduler *scheduler)
{
	struct lane *lane = lane_scheduler_next_fresh(scheduler, &none);
	if (lane == NULL)
		return -1;
	lane_on_unreliable_sent(lane, 999);
	lane_scheduler_update(scheduler, lane);
	lane_scheduler_charge(scheduler, lane, 1000);
	return lane->id;
}

Test(lane_scheduler, one_lane_needs_no_configuration)
{
	struct lane_scheduler scheduler;
	lane_scheduler_init(&scheduler);
	cr_assert_eq(send_one(&scheduler), -1);
	fill(&scheduler, 0, 1);
	cr_assert_eq(send_one(&scheduler), 0);
	cr_assert_eq(send_one(&scheduler), -1);
	lane_scheduler_free(&scheduler);
}

Test(lane_scheduler, priority_is_strict)
{
	struct lane_scheduler scheduler;
	static const int priorities[] = { 5, -1, 5 };
	lane_scheduler_init(&scheduler);
	lane_scheduler_configure(&scheduler, 3, priorities, NULL);
	fill(&scheduler, 0, 2);
	fill(&scheduler, 1, 10);
	for (int i = 0; i < 10; i++)
		cr_assert_eq(send_one(&scheduler), 1);
	cr_assert_eq(send_one(&scheduler), 0);
	lane_scheduler_free(&scheduler);
}

Test(lane_scheduler, weights_share_bytes)
{
	struct lane_scheduler scheduler;
	static const uint16_t weights[] = { 1, 3, 6 };
	int sent[3] = { 0 };
	lane_scheduler_init(&scheduler);
	lane_scheduler_configure(&scheduler, 3, NULL, weights);
	for (uint32_t lane = 0; lane < 3; lane++)
		fill(&scheduler, lane, 2000);
	for (int i = 0; i < 1000; i++)
		sent[send_one(&scheduler)]++;
	cr_assert(sent[0] >= 98 && sent[0] <= 102, "%d", sent[0]);
	cr_assert(sent[1] >= 298 && sent[1] <= 302, "%d", sent[1]);
	lane_scheduler_free(&scheduler);
}

Test(lane_scheduler, silence_is_not_saved_up)
{
	struct lane_scheduler scheduler;
	int sent[2] = { 0 };
	lane_scheduler_init(&scheduler);
	lane_scheduler_configure(&scheduler, 2, NULL, NULL);
	fill(&scheduler, 0, 1000);
	for (int i = 0; i < 500; i++)
		send_one(&scheduler);
	fill(&scheduler, 1, 1000);
	for (int i = 0; i < 100; i++)
		sent[send_one(&scheduler)]++;
	cr_assert(sent[0] >= 49 && sent[0] <= 51, "%d", sent[0]);
	/* The same after both were silent. */
	while (send_one(&scheduler) >= 0)
		;
	sent[0] = 0;
	fill(&scheduler, 1, 100);
	fill(&scheduler, 0, 100);
	for (int i = 0; i < 100; i++)
		sent[send_one(&scheduler)]++;
	cr_assert(sent[0] >= 40, "%d", sent[0]);
	lane_scheduler_free(&scheduler);
}

Test(lane_scheduler, passes_over_lanes_and_handles_all_256)
{
	struct lane_scheduler scheduler;
	struct lane_set except = { { 0 } };
	lane_scheduler_init(&scheduler);
	lane_scheduler_configure(&scheduler, 256, NULL, NULL);
	fill(&scheduler, 3, 1);
	fill(&scheduler, 255, 1);
	lane_set_add(&except, 3);
	cr_assert_eq(lane_scheduler_next_fresh(&scheduler, &except)->id, 255);
	lane_set_add(&except, 255);
	cr_assert_eq(lane_scheduler_next_fresh(&scheduler, &except), NULL);
	lane_scheduler_free(&scheduler);
}
