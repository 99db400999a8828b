/* file: small files, whole.
 *
 * Owns: the door to the file system; who may read what is written.
 * Does not know: what is in them.
 */
#ifndef ENGINE_FILE_H
#define ENGINE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads at most `capacity` bytes; `*size` larger than that: there is more. Returns KITH_OK,
 * KITH_E_NOT_FOUND or KITH_E_SYSTEM, with the failure set. */
int32_t file_read(const char *path, void *out, size_t capacity, size_t *size);
/* Writes a new file, never over another: KITH_E_EXISTS. `is_secret`: for its owner only. What cannot be
 * written whole is not left behind. */
int32_t file_write_new(const char *path, const void *data, size_t size, bool is_secret);

#endif
