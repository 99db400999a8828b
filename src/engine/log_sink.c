#include "engine/log_sink.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/base/alloc.h"
#include "engine/box.h"
#include "engine/clock.h"
#include "engine/deferred.h"

enum { LINE_MAX = 512, LINES_PER_SECOND = 200 };

struct log_target {
	struct box box;
	kith_log_fn log;
};

struct line {
	struct deferred deferred;
	struct log_target *target;
	int32_t level;
	char text[LINE_MAX];
};

void log_sink_set(struct log_sink *sink, int32_t level, kith_log_fn log, void *user_data, kith_release_fn release)
{
	struct log_target *target = alloc_zeroed(sizeof(*target));

	log_sink_free(sink);
	box_init(&target->box, user_data, release);
	target->log = log;
	sink->target = target;
	sink->level = log == NULL ? KITH_LOG_NONE : level;
}

void log_sink_free(struct log_sink *sink)
{
	if (sink->target != NULL)
		box_unref(&sink->target->box);
	sink->target = NULL;
	sink->level = KITH_LOG_NONE;
}

static void run_line(struct deferred *deferred)
{
	struct line *line = (struct line *)deferred;

	line->target->log(line->target->box.user_data, line->level, line->text);
	box_unref(&line->target->box);
	alloc_free(line);
}

static struct line *new_line(struct log_sink *sink, int32_t level)
{
	struct line *line = alloc_bytes(sizeof(*line));

	box_ref(&sink->target->box);
	line->deferred.run = run_line;
	line->target = sink->target;
	line->level = level;
	return line;
}

/* Whether one more line may be written in this second. */
static bool may_write(struct log_sink *sink)
{
	usec_t now = clock_now();

	if (now - sink->second_began >= USEC_PER_SEC) {
		if (sink->lines_dropped > 0) {
			struct line *line = new_line(sink, KITH_LOG_WARNING);
			snprintf(line->text, sizeof(line->text), "%d lines were too many and left out", sink->lines_dropped);
			deferred_add(&line->deferred);
		}
		sink->second_began = now;
		sink->lines = 0;
		sink->lines_dropped = 0;
	}
	if (sink->lines == LINES_PER_SECOND) {
		sink->lines_dropped++;
		return false;
	}
	sink->lines++;
	return true;
}

void log_sink_write(struct log_sink *sink, int32_t level, const char *format, ...)
{
	struct line *line;
	va_list arguments;

	if (level > sink->level || sink->target == NULL || !may_write(sink))
		return;
	line = new_line(sink, level);
	va_start(arguments, format);
	vsnprintf(line->text, sizeof(line->text), format, arguments);
	va_end(arguments);
	deferred_add(&line->deferred);
}
