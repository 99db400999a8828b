/* alloc: memory that is always there.
 *
 * Owns: the choice that running out of memory aborts, so that no room has branches for it.
 * Does not know: limits; whatever a peer can make us keep is bounded where it is kept.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

/* Zeroed; `size` 0 gives a block that may be freed but not used. */
void *alloc_zeroed(size_t size);
/* `count` zeroed elements; aborts when the product does not fit. */
void *alloc_array(size_t count, size_t size);
/* Not zeroed: for blocks that are filled at once. */
void *alloc_bytes(size_t size);
/* Grows or shrinks; new elements are not initialized. Null is allowed. */
void *alloc_resize(void *block, size_t count, size_t size);
/* A copy of `text`; null stays null. */
char *alloc_text(const char *text);
void alloc_free(void *block); /* null is allowed */

#endif
