/* failure: what exactly was wrong when a function last failed on this thread.
 *
 * Owns: the thread's text behind kith_last_error().
 */
#ifndef ENGINE_FAILURE_H
#define ENGINE_FAILURE_H

#include <stdint.h>

/* Remembers the text and returns `result`, so that a failing function can end with it. */
int32_t failure_set(int32_t result, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with the system's words for `error` (an errno) behind the text. */
int32_t failure_set_system(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Never null. */
const char *failure_text(void);

#endif
