#include "core/types/message_pool.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* Sizes that share a list: four between a power of two and the next, so that no more than a quarter
 * of a message's bytes is unused. The first has SMALLEST bytes, the last the largest message. */
#define SMALLEST_BITS 6
#define SMALLEST ((size_t)1 << SMALLEST_BITS)
#define LARGEST_BITS 19
#define STEPS 4
#define SHELVES ((LARGEST_BITS - SMALLEST_BITS) * STEPS + 1)
/* Kept for the next messages at most, on each of the two sides. */
#define KEPT_MAX ((size_t)16 * 1024 * 1024)

/* Messages of one size. */
struct shelf {
	struct message *first;
	uint32_t count;
	uint32_t spare; /* the least count since message_pool_relax() */
};

struct message_pool {
	/* The user's own. */
	struct shelf shelves[SHELVES];
	size_t kept_bytes;
	int64_t taken; /* less those that came back */
	/* Of all threads: what was released since the user last looked. A chain by `next`, or &closed. */
	_Atomic(struct message *) returned;
	_Atomic size_t returned_bytes;
	/* While the pool is open, the negative number of messages that went past it; afterwards those that
	 * are still out. Who makes it 0 then frees the pool. */
	_Atomic int64_t left;
};

static struct message closed;

struct message_pool *message_pool_new(void)
{
	return alloc_zeroed(sizeof(struct message_pool));
}

/* --- sizes */

static unsigned shelf_of(size_t size)
{
	unsigned bits = SMALLEST_BITS;

	if (size <= SMALLEST)
		return 0;
	while (bits < LARGEST_BITS && (size - 1) >> (bits + 1) != 0)
		bits++;
	return (bits - SMALLEST_BITS) * STEPS + (unsigned)(((size - 1) >> (bits - 2)) & (STEPS - 1)) + 1;
}

/* Of the whole block. */
static size_t size_of(unsigned index)
{
	size_t size = SMALLEST;

	if (index > 0) {
		size = (size_t)1 << (SMALLEST_BITS + (index - 1) / STEPS);
		size += ((index - 1) % STEPS + 1) * (size / STEPS);
	}
	return sizeof(struct message) + size;
}

/* --- the user's side */

static void push(struct message_pool *pool, struct message *message)
{
	struct shelf *shelf = &pool->shelves[message->pool_shelf];

	message->next = shelf->first;
	shelf->first = message;
	shelf->count++;
	pool->kept_bytes += size_of(message->pool_shelf);
}

static struct message *pop(struct message_pool *pool, unsigned index)
{
	struct shelf *shelf = &pool->shelves[index];
	struct message *message = shelf->first;

	if (message == NULL)
		return NULL;
	shelf->first = message->next;
	shelf->count--;
	if (shelf->count < shelf->spare)
		shelf->spare = shelf->count;
	pool->kept_bytes -= size_of(index);
	return message;
}

static void keep(struct message_pool *pool, struct message *message)
{
	size_t size = size_of(message->pool_shelf);

	pool->taken--;
	if (pool->kept_bytes + size > KEPT_MAX) {
		alloc_free(message);
		return;
	}
	push(pool, message);
}

static void fetch_returned(struct message_pool *pool)
{
	struct message *message, *next;
	size_t size = 0;

	if (atomic_load_explicit(&pool->returned, memory_order_relaxed) == NULL)
		return;
	/* What the releasing threads wrote into them comes before what is written now. */
	message = atomic_exchange_explicit(&pool->returned, NULL, memory_order_acquire);
	for (; message != NULL; message = next) {
		next = message->next;
		size += size_of(message->pool_shelf);
		keep(pool, message);
	}
	atomic_fetch_sub_explicit(&pool->returned_bytes, size, memory_order_relaxed);
}

static void init(struct message *message, struct message_pool *pool, unsigned index, size_t size)
{
	bytes_zero(message, sizeof(*message));
	message->references = 1;
	message->data = (uint8_t *)(message + 1);
	message->size = size;
	message->pool = pool;
	message->pool_shelf = (uint8_t)index;
}

struct message *message_pool_take(struct message_pool *pool, size_t size)
{
	unsigned index = shelf_of(size);
	struct message *message;

	if (pool == NULL || size > (size_t)1 << LARGEST_BITS)
		return message_new(size);
	if (pool->shelves[index].first == NULL)
		fetch_returned(pool);
	message = pop(pool, index);
	if (message == NULL)
		message = alloc_bytes(size_of(index));
	pool->taken++;
	init(message, pool, index, size);
	return message;
}

void message_pool_relax(struct message_pool *pool)
{
	fetch_returned(pool);
	for (unsigned index = 0; index < SHELVES; index++) {
		struct shelf *shelf = &pool->shelves[index];
		for (uint32_t left = shelf->spare; left > 0; left--)
			alloc_free(pop(pool, index));
		shelf->spare = shelf->count;
	}
}

void message_pool_trim(struct message_pool *pool)
{
	/* The first makes all that is kept spare. */
	message_pool_relax(pool);
	message_pool_relax(pool);
}

size_t message_pool_kept(const struct message_pool *pool)
{
	return pool->kept_bytes + atomic_load_explicit(&pool->returned_bytes, memory_order_relaxed);
}

void message_pool_close(struct message_pool *pool)
{
	struct message *message, *next;
	int64_t out;

	fetch_returned(pool);
	for (unsigned index = 0; index < SHELVES; index++)
		while (pool->shelves[index].first != NULL)
			alloc_free(pop(pool, index));
	/* From here on they are freed where they are released. */
	message = atomic_exchange_explicit(&pool->returned, &closed, memory_order_acq_rel);
	for (; message != NULL; message = next) {
		next = message->next;
		pool->taken--;
		alloc_free(message);
	}
	out = pool->taken;
	/* Whoever releases the last of them may be quicker than we are: not a look at the pool after this. */
	if (atomic_fetch_add_explicit(&pool->left, out, memory_order_acq_rel) + out == 0)
		alloc_free(pool);
}

/* --- any thread */

/* They do not come back. */
static void free_chain(struct message_pool *pool, struct message *first, struct message *last)
{
	int64_t count = 0;

	for (struct message *message = first, *next; message != NULL; message = next) {
		next = message == last ? NULL : message->next;
		alloc_free(message);
		count++;
	}
	if (atomic_fetch_sub_explicit(&pool->left, count, memory_order_acq_rel) == count)
		alloc_free(pool);
}

static size_t size_of_chain(const struct message *first, const struct message *last)
{
	size_t size = size_of(first->pool_shelf);

	for (const struct message *message = first; message != last; message = message->next)
		size += size_of(message->next->pool_shelf);
	return size;
}

void message_pool_give(struct message_pool *pool, struct message *first, struct message *last)
{
	size_t size = size_of_chain(first, last);
	struct message *before;

	if (atomic_fetch_add_explicit(&pool->returned_bytes, size, memory_order_relaxed) + size > KEPT_MAX) {
		atomic_fetch_sub_explicit(&pool->returned_bytes, size, memory_order_relaxed);
		free_chain(pool, first, last);
		return;
	}
	before = atomic_load_explicit(&pool->returned, memory_order_relaxed);
	do {
		if (before == &closed) {
			free_chain(pool, first, last);
			return;
		}
		last->next = before;
	} while (!atomic_compare_exchange_weak_explicit(&pool->returned, &before, first, memory_order_release,
	                                                memory_order_relaxed));
}
