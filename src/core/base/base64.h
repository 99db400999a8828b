/* base64: bytes as text of 64 letters (RFC 4648, section 4), with padding.
 *
 * Owns: both directions, strict: of several texts for the same bytes only one is read.
 * Does not know: lines and armour around it (crypto/certificate_text); blanks are passed over.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "core/base/text.h"

/* Letters that `size` bytes become, without line ends. */
#define BASE64_TEXT_SIZE(size) (((size) + 2) / 3 * 4)

void base64_write(struct text *text, const uint8_t *bytes, size_t size);
/* Spaces, tabs and line ends may stand anywhere. False: no base64, or more than `capacity` bytes;
 * `*out_size` is then 0. */
bool base64_read(const char *text, size_t size, uint8_t *out, size_t capacity, size_t *out_size);

#endif
