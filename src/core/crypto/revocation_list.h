/* revocation_list: a text that names keys which count no longer.
 *
 * One a line: a key id in decimal digits, with or without "ID" before it, or a public key in any form
 * that key_text reads. What follows '#' is a comment.
 * Does not know: what comes of it (trust_store).
 */
#ifndef CRYPTO_REVOCATION_LIST_H
#define CRYPTO_REVOCATION_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills `key_ids` with at most `capacity` ids. False: a line is none of that, or there are too many:
 * `*bad_line`, counted from 1. Half a list is no list. */
bool revocation_list_read(const char *text, size_t size, uint64_t *key_ids, size_t capacity, size_t *count,
                          size_t *bad_line);

#endif
