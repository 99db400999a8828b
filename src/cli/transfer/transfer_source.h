/* transfer_source: what a sender has to send: files, what is in folders, or standard input.
 *
 * Owns: the list of entries, in the order they are sent (a folder before what is in it), with the
 * path that the receiver sees and the one that is opened here.
 * Does not know: what became of an entry.
 */
#ifndef CLI_TRANSFER_TRANSFER_SOURCE_H
#define CLI_TRANSFER_TRANSFER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/transfer/transfer_frame.h"

struct transfer_source_entry {
	enum transfer_entry_kind kind;
	char *path; /* the receiver's */
	char *file; /* ours; null: standard input */
	uint32_t mode;
	int64_t modified;
	int64_t size; /* -1: unknown */
};

/* What is left out: links, devices, what cannot be read. */
typedef void transfer_source_skip_fn(void *owner, const char *file, const char *why);

struct transfer_source {
	struct transfer_source_entry *entries;
	uint32_t count, capacity;
	int64_t size; /* of all; -1: unknown */
	transfer_source_skip_fn *on_skip;
	void *owner;
};

void transfer_source_init(struct transfer_source *source, transfer_source_skip_fn *on_skip, void *owner);
void transfer_source_free(struct transfer_source *source);
/* Adds a file or a folder with all that is in it; `name`: what the receiver shall call it, null: as it
 * is called here. False: `why` (static) says why not. */
bool transfer_source_add(struct transfer_source *source, const char *file, const char *name, const char **why);
bool transfer_source_add_stdin(struct transfer_source *source, const char *name, const char **why);

#endif
