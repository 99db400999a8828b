#include "story.h"

#include <criterion/criterion.h>
#include <string.h>

static bool on_packet(struct sim_world *world, unsigned from, const uint8_t *bytes, size_t size)
{
	struct story *story = (struct story *)world; /* its first member */

	(void)from;
	if (story->lose_count == 0 || size == 0 || bytes[0] != story->lose_lead)
		return true;
	story->lose_count--;
	story->lost_count++;
	return false;
}

void story_begin(struct story *story, enum sim_app_mode mode, unsigned reliable)
{
	struct sim_link_options link = { .delay = 5 * USEC_PER_MSEC };
	struct sim_app_options options = { .mode = mode, .lanes = 1, .reliable_count = reliable, .size_max = 1000 };

	memset(story, 0, sizeof *story);
	sim_world_init(&story->world, 1);
	sim_world_add_peer(&story->world, "str:alice", "198.51.100.1", SIM_NAT_NONE, NULL);
	sim_world_add_peer(&story->world, "str:bob", "198.51.100.2", SIM_NAT_NONE, NULL);
	sim_network_set_link(&story->world.network, 0, &link);
	sim_network_set_link(&story->world.network, 1, &link);
	story->world.on_packet = on_packet;
	sim_app_init(&story->app, &story->world, &options);
}

void story_end(struct story *story)
{
	sim_app_free(&story->app);
	sim_world_free(&story->world);
}

void story_lose(struct story *story, uint8_t lead, unsigned count)
{
	story->lose_lead = lead;
	story->lose_count = count;
}

static void count_route(struct sim_world *world, unsigned peer, const struct event *event)
{
	struct story *story = (struct story *)world;

	story->routes_told[peer] += event->kind == EVENT_ROUTE;
	story->on_event(world, peer, event);
}

void story_watch_routes(struct story *story)
{
	story->on_event = story->world.on_event;
	story->world.on_event = count_route;
}

double story_say_more(struct story *story, unsigned count, usec_t patience)
{
	double before = story_ms(story);

	story->app.options.reliable_count += count;
	cr_assert(sim_app_run(&story->app, patience), "the connection did not survive");
	cr_assert_eq(story->app.sides[0].connections_made, 1);
	cr_assert_eq(story->app.sides[1].connections_made, 1);
	return story_ms(story) - before;
}

double story_ms(const struct story *story)
{
	return (double)(story->world.now - 1000 * USEC_PER_SEC) / 1000;
}

void story_wait(struct story *story, usec_t duration)
{
	usec_t until = story->world.now + duration;

	sim_app_work(&story->app);
	while (sim_world_step(&story->world, until))
		sim_app_work(&story->app);
	story->world.now = until;
	sim_app_work(&story->app);
}
