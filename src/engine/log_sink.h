/* log_sink: lines for the application's log.
 *
 * Owns: the levels, the callback, and a limit of lines a second for each subject so that a hostile
 * peer cannot fill a disk through us. Guarded by its engine's lock; lines are delivered with no lock
 * held, without control characters.
 */
#ifndef ENGINE_LOG_SINK_H
#define ENGINE_LOG_SINK_H

#include <stdbool.h>

#include <kith/endpoint.h>

#include "core/base/usec.h"

struct log_target;

struct log_subject {
	int32_t level;
	int lines;   /* in the second that began at `second_began` */
	int dropped; /* by the limit, not told yet */
	usec_t second_began;
};

struct log_sink {
	struct log_target *target; /* null: nobody listens */
	struct log_subject subjects[KITH_SUBJECTS];
};

/* `level` is that of every subject. */
void log_sink_set(struct log_sink *sink, int32_t level, kith_log_fn log, void *user_data, kith_release_fn release);
/* KITH_SUBJECT_ALL: of every one. Has no effect while nobody listens. */
void log_sink_set_level(struct log_sink *sink, int32_t subject, int32_t level);
void log_sink_free(struct log_sink *sink);
/* Whether a line would be written: ask before making one up costs something. */
static inline bool log_sink_wants(const struct log_sink *sink, int32_t subject, int32_t level)
{
	return level <= sink->subjects[subject].level;
}

/* Nothing is formatted when nobody listens at this level. */
void log_sink_write(struct log_sink *sink, int32_t subject, int32_t level, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
