/* clock: the door to the time.
 *
 * Owns: which clocks are read.
 */
#ifndef ENGINE_CLOCK_H
#define ENGINE_CLOCK_H

#include "core/base/usec.h"

/* The monotonic clock, in microseconds. */
usec_t clock_now(void);
/* Seconds since 1970, which may jump: for certificates only. */
int64_t clock_unix_seconds(void);

#endif
