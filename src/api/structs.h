/* structs: public structs of other ages than ours.
 *
 * Owns: reading min(their size, ours) and zero-filling the rest; writing no more than they have.
 */
#ifndef API_STRUCTS_H
#define API_STRUCTS_H

#include <stddef.h>
#include <stdint.h>

/* Fills `own` (`own_size` bytes) from the caller's struct, whose first field is its size; null reads
 * as zeros. Returns KITH_OK, or KITH_E_INVALID when the size cannot be one. `own` gets our size. */
int32_t structs_read(void *own, size_t own_size, const void *theirs);
/* Whether a struct to be filled has a size that can be one. */
int32_t structs_check(const void *theirs, const char *name);
/* Copies what fits; the caller's size stays as it is, fields it has and we do not become zero. */
void structs_write(void *theirs, const void *own, size_t own_size);
/* Zeroes all but the size. */
void structs_clear(void *theirs);

#endif
