/* transfer_sink: where a receiver puts what comes: one folder, one file at a time being written.
 *
 * Owns: opening without following links, the file that is not complete yet (NAME.kith-part, locked)
 * and what of it can be kept, the checksum, and that a file appears under its name only when it is
 * whole.
 * Does not know: frames, connections.
 */
#ifndef CLI_TRANSFER_TRANSFER_SINK_H
#define CLI_TRANSFER_TRANSFER_SINK_H

#include "cli/transfer/transfer_digest.h"

/* An entry that was announced. */
struct transfer_sink_entry {
	uint32_t index;
	uint8_t kind; /* enum transfer_entry_kind */
	uint32_t mode;
	int64_t modified;
	int64_t size; /* -1: unknown */
	char path[TRANSFER_PATH_MAX + 1];
	/* What is there, filled by transfer_sink_look. */
	enum transfer_have have;
	struct transfer_digest digest; /* of so much */
};

struct transfer_sink {
	int folder;     /* descriptor; -1: not open */
	bool overwrite; /* files that are there and differ may be replaced */
	int file;       /* being written; -1: none */
	int parent;     /* its folder */
	struct transfer_sink_entry *entry;
};

enum { TRANSFER_SINK_TEXT_MAX = TRANSFER_TEXT_MAX };

/* False: errno says why the folder cannot be used. */
bool transfer_sink_init(struct transfer_sink *sink, const char *folder, bool overwrite);
/* Leaves an unfinished file as it is, to be gone on with. */
void transfer_sink_free(struct transfer_sink *sink);

/* Each of these: false: `text` says why the entry cannot be had. */

/* Makes folders; for a file finds out what is there already. */
bool transfer_sink_look(struct transfer_sink *sink, struct transfer_sink_entry *entry,
                        char text[TRANSFER_SINK_TEXT_MAX]);
/* The bytes from `offset` on follow, which is what is there, or 0. */
bool transfer_sink_start(struct transfer_sink *sink, struct transfer_sink_entry *entry, int64_t offset,
                         char text[TRANSFER_SINK_TEXT_MAX]);
bool transfer_sink_write(struct transfer_sink *sink, const void *bytes, size_t size, char text[TRANSFER_SINK_TEXT_MAX]);
/* It was all: checks it and gives it its name. */
bool transfer_sink_finish(struct transfer_sink *sink, int64_t size, const uint8_t hash[TRANSFER_HASH_SIZE],
                          char text[TRANSFER_SINK_TEXT_MAX]);
/* Gives the file being written up, as it is. */
void transfer_sink_leave(struct transfer_sink *sink);

#endif
