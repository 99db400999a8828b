/* What an endpoint logs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verbs.h"

static void on_line(void *user_data, int32_t subject, int32_t level, const char *text)
{
	struct peer *peer = user_data;
	struct log_line *line;

	pthread_mutex_lock(&peer->world->lock);
	peer->lines = realloc(peer->lines, (peer->lines_count + 1) * sizeof(*line));
	if (peer->lines == NULL)
		abort();
	line = &peer->lines[peer->lines_count++];
	*line = (struct log_line){ subject, level, "" };
	snprintf(line->text, sizeof(line->text), "%s", text);
	pthread_mutex_unlock(&peer->world->lock);
}

static kith_result log_all(struct world *world, struct step *step)
{
	struct peer *peer = world_argument(world, step, 0, OBJECT_ENDPOINT)->peer;

	__atomic_add_fetch(&world->borrowed, 1, __ATOMIC_SEQ_CST);
	return kith_endpoint_set_log(peer->handle, (int32_t)value_constant(world, "LOG_", step_string(step, "level")),
	                             on_line, peer, world_release_peer);
}

static kith_result log_level(struct world *world, struct step *step)
{
	return kith_endpoint_set_log_level(world_argument(world, step, 0, OBJECT_ENDPOINT)->handle,
	                                   (int32_t)value_constant(world, "SUBJECT_", step_string(step, "subject")),
	                                   (int32_t)value_constant(world, "LOG_", step_string(step, "level")));
}

struct wanted_line {
	struct peer *peer;
	const char *subject, *level, *contains;
};

static bool was_logged(struct world *world, void *data)
{
	const struct wanted_line *wanted = data;
	bool found = false;

	pthread_mutex_lock(&world->lock);
	for (size_t i = 0; i < wanted->peer->lines_count && !found; i++) {
		const struct log_line *line = &wanted->peer->lines[i];
		found = (wanted->subject == NULL || strcmp(kith_subject_name(line->subject), wanted->subject) == 0) &&
		        (wanted->level == NULL || strcmp(kith_log_name(line->level), wanted->level) == 0) &&
		        (wanted->contains == NULL || strstr(line->text, wanted->contains) != NULL);
	}
	pthread_mutex_unlock(&world->lock);
	return found;
}

static kith_result logged(struct world *world, struct step *step)
{
	struct wanted_line wanted = { .peer = world_argument(world, step, 0, OBJECT_ENDPOINT)->peer };

	wanted.subject = step_string(step, "subject");
	wanted.level = step_string(step, "level");
	wanted.contains = step_string(step, "contains");
	VERBS_EXPECT(world, world_await(world, was_logged, &wanted, WORLD_PATIENCE_US), "%zu lines, none of them like that",
	             wanted.peer->lines_count);
	return KITH_OK;
}

const struct verb verbs_log[] = { { "log", log_all }, { "log_level", log_level }, { "logged", logged }, { 0 } };
