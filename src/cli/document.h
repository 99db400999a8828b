/* document: small files, whole, as the commands about keys and certificates read and write them.
 *
 * Owns: standard input and output as "-", sizes, and that nobody ever reads half of what is written.
 * Does not know: what is in them.
 */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

enum { DOCUMENT_SIZE_MAX = 256 * 1024 };

struct document {
	char *bytes; /* owned; a NUL behind them, which does not count */
	size_t size;
};

bool document_exists(const char *path);
/* "-": standard input. Null, or what is wrong: static, or of strerror; nothing to free then. */
const char *document_read(struct document *out, const char *path);
/* Appends `other` and a line end if it has none. */
void document_append(struct document *document, const char *bytes, size_t size);
/* Wipes and frees; zeroed is allowed. */
void document_free(struct document *document);

/* "-" or null: standard output. A pipe or a device is written to. Of a file that is there this takes the
 * place at once, so that a program that reads it sees the old or the new one. Null, or what is wrong. */
const char *document_write(const char *path, const char *bytes, size_t size);

#endif
