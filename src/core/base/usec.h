/* usec: the one time type. Microseconds on the caller's monotonic clock.
 *
 * Owns: the type, "never", and arithmetic that cannot wrap.
 * Does not know: which clock it is; no code in core reads one.
 */
#ifndef BASE_USEC_H
#define BASE_USEC_H

#include <stdint.h>

typedef int64_t usec_t;

#define USEC_NEVER INT64_MAX
#define USEC_PER_MSEC ((usec_t)1000)
#define USEC_PER_SEC ((usec_t)1000000)

/* `at` + `delay`, or USEC_NEVER when either is or the sum would pass it. `delay` >= 0. */
static inline usec_t usec_add(usec_t at, usec_t delay)
{
	return at > USEC_NEVER - delay ? USEC_NEVER : at + delay;
}

static inline usec_t usec_min(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

static inline usec_t usec_max(usec_t a, usec_t b)
{
	return a > b ? a : b;
}

#endif
