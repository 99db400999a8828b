/* result: results in words, and the result that an end reason comes to.
 *
 * Owns: both tables; the api hands them to applications, the engine writes them into errors.
 */
#ifndef ENGINE_RESULT_H
#define ENGINE_RESULT_H

#include <kith/types.h>

/* As kith_result_text(). */
const char *result_text(int32_t result);
/* As kith_reason_result(). */
int32_t result_of_reason(int32_t reason);

#endif
