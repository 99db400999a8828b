/* bytes: copying, clearing and comparing blocks of memory, sizes of 0 with null included.
 *
 * Owns: the only names by which most of the library touches raw memory.
 * Does not know: what the bytes mean; cursors are byte_reader and byte_writer.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The blocks must not overlap. */
static inline void bytes_copy(void *to, const void *from, size_t size)
{
	if (size > 0)
		memcpy(to, from, size);
}

/* The blocks may overlap. */
static inline void bytes_move(void *to, const void *from, size_t size)
{
	if (size > 0)
		memmove(to, from, size);
}

static inline void bytes_zero(void *at, size_t size)
{
	if (size > 0)
		memset(at, 0, size);
}

static inline bool bytes_equal(const void *a, const void *b, size_t size)
{
	return size == 0 || memcmp(a, b, size) == 0;
}

/* Clears secrets: not removed by the optimizer although nobody reads the block again. */
void bytes_wipe(void *at, size_t size);

/* Takes the same time wherever the blocks differ. */
bool bytes_equal_secret(const void *a, const void *b, size_t size);

#endif
