/* names: the words for public numbers, which the api hands out and the engine's own texts use.
 *
 * All static, never null.
 */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include <stdint.h>

/* Without the prefix of the constant; "UNKNOWN" for a number that is none. */
const char *names_state(int32_t state);
const char *names_route(int32_t route);
const char *names_stage(int32_t stage);
const char *names_stage_text(int32_t stage);
/* "1.0.0" */
const char *names_version(void);
/* Of KITH_HISTOGRAM_*: "26-50 ms"; empty when there is no such bucket. */
const char *names_bucket(int32_t histogram, int32_t bucket);

#endif
