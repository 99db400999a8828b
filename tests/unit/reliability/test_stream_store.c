#include <criterion/criterion.h>
#include <string.h>

#include "core/reliability/stream_store.h"

static struct stream_pool pool;
static struct stream_store store;

static void start(void)
{
	pool = (struct stream_pool){ .used_max = 100 };
	store = (struct stream_store){ 0 };
}

static void stop(void)
{
	stream_store_free(&store, &pool);
	cr_assert_eq(pool.used_count, 0u);
	stream_pool_free(&pool);
}

Test(stream_store, gives_back_what_was_written_across_pages)
{
	start();
	uint8_t bytes[10000];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	cr_assert(stream_store_write(&store, &pool, 1, 5000, bytes, sizeof(bytes)));
	size_t done = 0;
	while (done < sizeof(bytes)) {
		size_t size = sizeof(bytes) - done;
		const uint8_t *view = stream_store_view(&store, 5000 + (int64_t)done, &size);
		cr_assert(size > 0);
		cr_assert_eq(memcmp(view, bytes + done, size), 0);
		done += size;
	}
	stop();
}

Test(stream_store, refuses_beyond_the_pool)
{
	start();
	pool.used_max = 2;
	uint8_t bytes[STREAM_PAGE_SIZE] = { 0 };
	cr_assert(stream_store_write(&store, &pool, 1, STREAM_PAGE_SIZE, bytes, sizeof(bytes)));
	cr_assert(stream_store_write(&store, &pool, 1, 5 * STREAM_PAGE_SIZE, bytes, sizeof(bytes)));
	cr_assert_not(stream_store_write(&store, &pool, 1, 9 * STREAM_PAGE_SIZE, bytes, 1));
	cr_assert_eq(pool.used_count, 2u);
	stop();
}

Test(stream_store, releases_pages_and_reuses_them)
{
	start();
	uint8_t byte = 1;
	for (int64_t page = 0; page < 50; page++)
		cr_assert(stream_store_write(&store, &pool, 1, page * STREAM_PAGE_SIZE + 10, &byte, 1));
	cr_assert_eq(pool.used_count, 50u);
	stream_store_release(&store, &pool, 40 * STREAM_PAGE_SIZE);
	cr_assert_eq(pool.used_count, 10u);
	cr_assert_eq(pool.spare_count, 40u);
	for (int64_t page = 50; page < 80; page++)
		cr_assert(stream_store_write(&store, &pool, 40 * STREAM_PAGE_SIZE, page * STREAM_PAGE_SIZE, &byte, 1));
	cr_assert_eq(pool.spare_count, 10u);
	size_t size = 1;
	cr_assert_eq(*stream_store_view(&store, 45 * STREAM_PAGE_SIZE + 10, &size), 1);
	stop();
}

Test(stream_store, grows_without_losing_pages)
{
	start();
	for (int64_t page = 0; page < 90; page += 3) {
		uint8_t byte = (uint8_t)page;
		cr_assert(stream_store_write(&store, &pool, 1, page * STREAM_PAGE_SIZE + 5, &byte, 1));
	}
	for (int64_t page = 0; page < 90; page += 3) {
		size_t size = 1;
		cr_assert_eq(*stream_store_view(&store, page * STREAM_PAGE_SIZE + 5, &size), (uint8_t)page);
	}
	stop();
}
