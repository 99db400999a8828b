#include "engine/log_sink.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/alloc.h"
#include "core/base/text.h"
#include "engine/box.h"
#include "engine/clock.h"
#include "engine/deferred.h"

enum { LINE_MAX = 1024, LINES_PER_SECOND = 200 };

struct log_target {
	struct box box;
	kith_log_fn log;
};

struct line {
	struct deferred deferred;
	struct log_target *target;
	int32_t subject, level;
	char text[LINE_MAX];
};

void log_sink_set(struct log_sink *sink, int32_t level, kith_log_fn log, void *user_data, kith_release_fn release)
{
	struct log_target *target = alloc_zeroed(sizeof(*target));

	log_sink_free(sink);
	box_init(&target->box, user_data, release);
	target->log = log;
	sink->target = target;
	log_sink_set_level(sink, KITH_SUBJECT_ALL, level);
}

void log_sink_set_level(struct log_sink *sink, int32_t subject, int32_t level)
{
	if (sink->target == NULL || sink->target->log == NULL)
		level = KITH_LOG_NONE;
	for (int32_t i = 0; i < KITH_SUBJECTS; i++) {
		if (subject == KITH_SUBJECT_ALL || subject == i)
			sink->subjects[i].level = level;
	}
}

void log_sink_free(struct log_sink *sink)
{
	if (sink->target != NULL)
		box_unref(&sink->target->box);
	sink->target = NULL;
	log_sink_set_level(sink, KITH_SUBJECT_ALL, KITH_LOG_NONE);
}

static void run_line(struct deferred *deferred)
{
	struct line *line = (struct line *)deferred;

	line->target->log(line->target->box.user_data, line->subject, line->level, line->text);
	box_unref(&line->target->box);
	alloc_free(line);
}

static struct line *new_line(struct log_sink *sink, int32_t subject, int32_t level)
{
	struct line *line = alloc_bytes(sizeof(*line));

	box_ref(&sink->target->box);
	line->deferred.run = run_line;
	line->target = sink->target;
	line->subject = subject;
	line->level = level;
	return line;
}

/* Whether one more line may be written in this second. */
static bool may_write(struct log_sink *sink, int32_t subject)
{
	struct log_subject *limit = &sink->subjects[subject];
	usec_t now = clock_now();

	if (now - limit->second_began >= USEC_PER_SEC) {
		if (limit->dropped > 0) {
			struct line *line = new_line(sink, subject, KITH_LOG_WARNING);
			snprintf(line->text, sizeof(line->text), "%d lines were too many and left out", limit->dropped);
			deferred_add(&line->deferred);
		}
		limit->second_began = now;
		limit->lines = 0;
		limit->dropped = 0;
	}
	if (limit->lines == LINES_PER_SECOND) {
		limit->dropped++;
		return false;
	}
	limit->lines++;
	return true;
}

void log_sink_write(struct log_sink *sink, int32_t subject, int32_t level, const char *format, ...)
{
	struct line *line;
	va_list arguments;

	if (!log_sink_wants(sink, subject, level) || !may_write(sink, subject))
		return;
	line = new_line(sink, subject, level);
	va_start(arguments, format);
	vsnprintf(line->text, sizeof(line->text), format, arguments);
	va_end(arguments);
	text_clean(line->text);
	deferred_add(&line->deferred);
}
