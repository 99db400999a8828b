/* transfer_path: which paths a peer may name.
 *
 * Owns: the rule: a path leads down from the folder given, and nothing in it surprises a terminal or
 * another system.
 * Does not know: what is on the disk; symbolic links are refused where files are opened.
 */
#ifndef CLI_TRANSFER_TRANSFER_PATH_H
#define CLI_TRANSFER_TRANSFER_PATH_H

#include <stddef.h>

/* Added to the name of a file that is not complete. */
#define TRANSFER_PATH_PART ".kith-part"

/* Null: it is fine; else why not, static. */
const char *transfer_path_check(const char *path, size_t size);

#endif
