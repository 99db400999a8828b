/* moment: dates as people write them, in UTC.
 *
 * Owns: "2030-12-31", "2030-12-31T23:59:59Z", with a blank in place of the T, without the Z.
 * Does not know: time zones: certificates are read everywhere.
 */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

enum { MOMENT_TEXT_MAX = 32 };

/* Microseconds since 1970. False: not a date, or none from 1970 to 2105. */
bool moment_parse(const char *text, int64_t *out_unix_us);
/* "2030-12-31T23:59:59Z". */
void moment_print(int64_t unix_us, char out[MOMENT_TEXT_MAX]);
int64_t moment_now(void);

#endif
