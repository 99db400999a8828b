/* log_sink: lines for the application's log.
 *
 * Owns: the level, the callback, and a limit of lines a second so that a hostile peer cannot fill
 * a disk through us. Guarded by its engine's lock; lines are delivered with no lock held.
 */
#ifndef ENGINE_LOG_SINK_H
#define ENGINE_LOG_SINK_H

#include <kith/endpoint.h>

#include "core/base/usec.h"

struct log_target;

struct log_sink {
	struct log_target *target; /* null: nobody listens */
	int32_t level;
	int lines;         /* in the second that began at `second_began` */
	int lines_dropped; /* by the limit, not told yet */
	usec_t second_began;
};

void log_sink_set(struct log_sink *sink, int32_t level, kith_log_fn log, void *user_data, kith_release_fn release);
void log_sink_free(struct log_sink *sink);
/* Nothing is formatted when nobody listens at this level. */
void log_sink_write(struct log_sink *sink, int32_t level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
