/* out_text: a text into the caller's buffer. */
#ifndef API_OUT_TEXT_H
#define API_OUT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* `out_size` (may be null) gets the bytes needed with the NUL. KITH_E_TOO_LARGE: nothing written. */
int32_t out_text(const char *text, char *buffer, size_t capacity, size_t *out_size);

#endif
