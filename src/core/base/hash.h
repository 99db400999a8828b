/* hash: the one way to hash what a peer may choose, and the door to uthash.
 *
 * Owns: SipHash-2-4 under a key the peer does not know, so that it cannot fill one bucket.
 * Does not know: the tables. Include this instead of <uthash.h>; iteration is in insertion order.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/base/alloc.h"

#define uthash_malloc(size) alloc_bytes(size)
#define uthash_free(block, size) alloc_free(block)
#define uthash_fatal(text) abort()
#include <uthash.h>

/* The function itself, with its whole 128-bit key. */
uint64_t hash_sip(uint64_t low, uint64_t high, const void *bytes, size_t size);
uint64_t hash_bytes(uint64_t key, const void *bytes, size_t size);
/* For numbers: tables keyed by an id of ours or of the peer. */
uint64_t hash_u64(uint64_t key, uint64_t value);

/* The 32-bit value for HASH_ADD_BYHASHVALUE and HASH_FIND_BYHASHVALUE. */
static inline unsigned hash_value(uint64_t hash)
{
	return (unsigned)(hash ^ (hash >> 32));
}

#endif
