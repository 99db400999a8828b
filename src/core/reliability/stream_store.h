/* stream_store: bytes of a stream that came before their turn, kept by position.
 *
 * Owns: the pages that hold them; a page exists only while something may be in it. All lanes of a
 * connection draw from one pool, which bounds what a peer can make us keep.
 * Does not know: which bytes have been written: the caller keeps the ranges.
 */
#ifndef RELIABILITY_STREAM_STORE_H
#define RELIABILITY_STREAM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_PAGE_SIZE 4096

/* A few pages stay for the next time, so that steady loss allocates nothing. */
struct stream_pool {
	void *spare;
	uint32_t spare_count;
	uint32_t used_count;
	uint32_t used_max;
};

/* Zeroed is empty. */
struct stream_store {
	uint8_t **pages;   /* by page number modulo capacity */
	uint32_t capacity; /* 0 or a power of two */
	uint32_t count;    /* pages in use */
	int64_t first;     /* number of the lowest page that may exist */
};

void stream_pool_free(struct stream_pool *pool);

/* Keeps `size` bytes from `position`; `floor`: no byte below it is wanted any more. False: the pool
 * is exhausted, and nothing was kept. */
bool stream_store_write(struct stream_store *store, struct stream_pool *pool, int64_t floor, int64_t position,
                        const uint8_t *bytes, size_t size);
/* The bytes written from `position` on, as far as they lie in one piece: at most `*size`, which is
 * lowered to what is there. The view is valid until the next call. */
const uint8_t *stream_store_view(const struct stream_store *store, int64_t position, size_t *size);
/* Gives back the pages wholly below `floor`. */
void stream_store_release(struct stream_store *store, struct stream_pool *pool, int64_t floor);
void stream_store_free(struct stream_store *store, struct stream_pool *pool);

#endif
