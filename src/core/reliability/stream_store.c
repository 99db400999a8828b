#include "core/reliability/stream_store.h"

#include <assert.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"

#define SPARE_MAX 64
#define CAPACITY_MIN 8

/* --- the pool */

struct spare_page {
	struct spare_page *next;
};

static uint8_t *take_page(struct stream_pool *pool)
{
	struct spare_page *page = pool->spare;
	pool->used_count++;
	if (page == NULL)
		return alloc_bytes(STREAM_PAGE_SIZE);
	pool->spare = page->next;
	pool->spare_count--;
	return (uint8_t *)page;
}

static void give_page(struct stream_pool *pool, uint8_t *bytes)
{
	assert(pool->used_count > 0);
	pool->used_count--;
	if (pool->spare_count >= SPARE_MAX) {
		alloc_free(bytes);
		return;
	}
	struct spare_page *page = (struct spare_page *)(void *)bytes;
	page->next = pool->spare;
	pool->spare = page;
	pool->spare_count++;
}

void stream_pool_free(struct stream_pool *pool)
{
	while (pool->spare != NULL) {
		struct spare_page *page = pool->spare;
		pool->spare = page->next;
		alloc_free(page);
	}
	pool->spare_count = 0;
}

/* --- the store */

static uint8_t **slot(const struct stream_store *store, int64_t page)
{
	return &store->pages[page & (store->capacity - 1)];
}

static void grow(struct stream_store *store, int64_t last)
{
	uint32_t capacity = store->capacity == 0 ? CAPACITY_MIN : store->capacity;
	while (last - store->first >= capacity)
		capacity *= 2;
	if (capacity == store->capacity)
		return;
	struct stream_store larger = { alloc_array(capacity, sizeof(uint8_t *)), capacity, store->count, store->first };
	for (uint32_t i = 0; i < store->capacity; i++)
		*slot(&larger, store->first + i) = *slot(store, store->first + i);
	alloc_free(store->pages);
	*store = larger;
}

bool stream_store_write(struct stream_store *store, struct stream_pool *pool, int64_t floor, int64_t position,
                        const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return true;
	int64_t last = (position + (int64_t)size - 1) / STREAM_PAGE_SIZE;
	/* As if every page were new: near the end of the pool this refuses a little early. */
	if (pool->used_count + (uint64_t)(last - position / STREAM_PAGE_SIZE) + 1 > pool->used_max)
		return false;
	if (store->count == 0)
		store->first = floor / STREAM_PAGE_SIZE;
	grow(store, last);
	while (size > 0) {
		size_t offset = (size_t)(position % STREAM_PAGE_SIZE);
		size_t piece = STREAM_PAGE_SIZE - offset < size ? STREAM_PAGE_SIZE - offset : size;
		uint8_t **page = slot(store, position / STREAM_PAGE_SIZE);
		if (*page == NULL) {
			*page = take_page(pool);
			store->count++;
		}
		bytes_copy(*page + offset, bytes, piece);
		position += (int64_t)piece;
		bytes += piece;
		size -= piece;
	}
	return true;
}

const uint8_t *stream_store_view(const struct stream_store *store, int64_t position, size_t *size)
{
	size_t offset = (size_t)(position % STREAM_PAGE_SIZE);
	if (*size > STREAM_PAGE_SIZE - offset)
		*size = STREAM_PAGE_SIZE - offset;
	return *slot(store, position / STREAM_PAGE_SIZE) + offset;
}

void stream_store_release(struct stream_store *store, struct stream_pool *pool, int64_t floor)
{
	int64_t first = floor / STREAM_PAGE_SIZE;
	for (; store->count > 0 && store->first < first; store->first++) {
		uint8_t **page = slot(store, store->first);
		if (*page == NULL)
			continue;
		give_page(pool, *page);
		*page = NULL;
		store->count--;
	}
	if (store->count == 0)
		store->first = first;
}

void stream_store_free(struct stream_store *store, struct stream_pool *pool)
{
	for (uint32_t i = 0; i < store->capacity; i++)
		if (store->pages[i] != NULL)
			give_page(pool, store->pages[i]);
	alloc_free(store->pages);
	*store = (struct stream_store){ 0 };
}
