/* transfer_frame: the messages of a file transfer, one a frame (docs/transfer.md).
 *
 * Owns: their bytes, both ways; every bound that can be checked without knowing the transfer.
 * Does not know: files, connections, the order in which frames make sense.
 */
#ifndef CLI_TRANSFER_TRANSFER_FRAME_H
#define CLI_TRANSFER_TRANSFER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TRANSFER_VERSION = 1,
	TRANSFER_ID_SIZE = 16,
	TRANSFER_HASH_SIZE = 32,
	TRANSFER_PATH_MAX = 1024,
	TRANSFER_TEXT_MAX = 256,
	TRANSFER_ENTRIES_MAX = 1000000,
	/* Any frame but DATA. */
	TRANSFER_FRAME_MAX = TRANSFER_PATH_MAX + 64,
	/* Entries announced and not begun yet: what a receiver has to remember of them. */
	TRANSFER_AHEAD_MAX = 32,
};

enum transfer_frame_kind {
	TRANSFER_HELLO = 1, /* id, count, size (of all; -1 unknown) */
	TRANSFER_ENTRY,     /* index, entry, mode, modified, size (-1 unknown), text: the path */
	TRANSFER_HAVE,      /* index, state, size: of what is there, hash: of that much */
	TRANSFER_START,     /* index, size: from where on */
	TRANSFER_DATA,      /* data */
	TRANSFER_END,       /* index, size, hash: of all of it */
	TRANSFER_RESULT,    /* index, state: 0 it is there, text: else why not */
	TRANSFER_DONE,      /* every entry has its result */
};

enum transfer_entry_kind { TRANSFER_FILE = 1, TRANSFER_FOLDER = 2 };

/* Of HAVE. */
enum transfer_have {
	TRANSFER_HAVE_PART = 0,  /* the beginning of it, maybe nothing */
	TRANSFER_HAVE_WHOLE = 1, /* a file of that name and size */
	TRANSFER_HAVE_OTHER = 2, /* a file of that name that will not be replaced unless it is the same */
};

struct transfer_frame {
	enum transfer_frame_kind kind;
	uint32_t index;
	uint32_t count;
	uint8_t state;
	uint8_t entry;
	uint32_t mode;
	int64_t modified; /* seconds since 1970 */
	int64_t size;
	uint8_t id[TRANSFER_ID_SIZE];
	uint8_t hash[TRANSFER_HASH_SIZE];
	const char *text; /* of what was read: a view, without a NUL */
	size_t text_size;
	const uint8_t *data;
	size_t data_size;
};

/* False: not a frame of this version. */
bool transfer_frame_read(struct transfer_frame *out, const uint8_t *bytes, size_t size);
/* Any frame but DATA, which is its kind and the bytes. Returns its size; 0: it does not fit. */
size_t transfer_frame_write(const struct transfer_frame *frame, uint8_t *out, size_t capacity);

#endif
