#include "engine/handle_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "core/base/alloc.h"

/* kind (3 bits) | generation (11) | slot (18) */
enum {
	SLOT_BITS = 18,
	GENERATION_BITS = 11,
	CHUNK_SLOTS = 1024,
	CHUNKS_MAX = (1 << SLOT_BITS) / CHUNK_SLOTS,
	GENERATION_MASK = (1 << GENERATION_BITS) - 1,
	/* A slot rests until so many others are free too: 2048 generations of 1024 slots make a number
	 * come back after two million objects at the earliest. */
	FREE_SLOTS_MIN = CHUNK_SLOTS - 1,
};

#define SLOT_MASK ((1u << SLOT_BITS) - 1)
#define NO_SLOT UINT32_MAX

/* `word` is the handle in the upper half (0: none) and, in the lower, how many calls pin the object
 * and whether it waits to be finalized. */
#define WORD_DEAD (UINT64_C(1) << 31)
#define WORD_PINS (WORD_DEAD - 1)

struct slot {
	_Atomic uint64_t word;
	void *_Atomic object;
	handle_finalize_fn *finalize;
	uint32_t generation; /* lock */
	uint32_t next_free;  /* lock */
};

/* Chunks are never freed: a stale handle may look into them at any time. */
static struct slot *_Atomic chunks[CHUNKS_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t first_free = NO_SLOT, last_free = NO_SLOT; /* lock; oldest first */
static uint32_t free_count;                                /* lock */
static uint32_t chunks_count;                              /* lock */

static struct slot *find_slot(uint32_t handle)
{
	uint32_t index = handle & SLOT_MASK;
	struct slot *chunk = atomic_load_explicit(&chunks[index / CHUNK_SLOTS], memory_order_acquire);

	return chunk == NULL ? NULL : &chunk[index % CHUNK_SLOTS];
}

static void add_free(uint32_t index)
{
	find_slot(index)->next_free = NO_SLOT;
	if (last_free == NO_SLOT)
		first_free = index;
	else
		find_slot(last_free)->next_free = index;
	last_free = index;
	free_count++;
}

static bool add_chunk(void)
{
	struct slot *chunk;
	uint32_t first = chunks_count * CHUNK_SLOTS;

	if (chunks_count == CHUNKS_MAX)
		return false;
	chunk = alloc_array(CHUNK_SLOTS, sizeof(*chunk));
	atomic_store_explicit(&chunks[chunks_count++], chunk, memory_order_release);
	for (uint32_t i = 0; i < CHUNK_SLOTS; i++)
		add_free(first + i);
	return true;
}

/* The slot that has been free for longest, or NO_SLOT. */
static uint32_t take_free(void)
{
	uint32_t index;

	if (free_count <= FREE_SLOTS_MIN && !add_chunk() && free_count == 0)
		return NO_SLOT;
	index = first_free;
	first_free = find_slot(index)->next_free;
	if (first_free == NO_SLOT)
		last_free = NO_SLOT;
	free_count--;
	return index;
}

uint32_t handle_table_add(enum handle_kind kind, void *object, handle_finalize_fn *finalize)
{
	struct slot *slot;
	uint32_t index, handle;

	pthread_mutex_lock(&lock);
	index = take_free();
	if (index == NO_SLOT) {
		pthread_mutex_unlock(&lock);
		return 0;
	}
	slot = find_slot(index);
	slot->generation = (slot->generation + 1) & GENERATION_MASK;
	handle = (uint32_t)kind << (SLOT_BITS + GENERATION_BITS) | slot->generation << SLOT_BITS | index;
	slot->finalize = finalize;
	pthread_mutex_unlock(&lock);
	atomic_store_explicit(&slot->object, object, memory_order_relaxed);
	/* Only the upper half: a stale handle may pin the slot for an instant. */
	atomic_fetch_add_explicit(&slot->word, (uint64_t)handle << 32, memory_order_release);
	return handle;
}

/* Whoever finds the object dead and unpinned ends it; the exchange lets only one through. */
static void finalize_if_last(struct slot *slot, uint32_t index)
{
	uint64_t dead = WORD_DEAD;
	handle_finalize_fn *finalize;
	void *object;

	if (!atomic_compare_exchange_strong_explicit(&slot->word, &dead, 0, memory_order_acq_rel, memory_order_relaxed))
		return;
	finalize = slot->finalize;
	object = atomic_load_explicit(&slot->object, memory_order_relaxed);
	pthread_mutex_lock(&lock);
	add_free(index);
	pthread_mutex_unlock(&lock);
	finalize(object);
}

static void unpin_slot(struct slot *slot, uint32_t index)
{
	uint64_t before = atomic_fetch_sub_explicit(&slot->word, 1, memory_order_acq_rel);

	if (before == (WORD_DEAD | 1))
		finalize_if_last(slot, index);
}

bool handle_table_remove(uint32_t handle)
{
	struct slot *slot = find_slot(handle);
	uint64_t word;

	if (slot == NULL || handle == 0)
		return false;
	word = atomic_load_explicit(&slot->word, memory_order_relaxed);
	do {
		if ((uint32_t)(word >> 32) != handle)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(&slot->word, &word, (word & WORD_PINS) | WORD_DEAD,
	                                                memory_order_acq_rel, memory_order_relaxed));
	if ((word & WORD_PINS) == 0)
		finalize_if_last(slot, handle & SLOT_MASK);
	return true;
}

void *handle_table_pin(uint32_t handle, enum handle_kind kind)
{
	struct slot *slot;
	uint64_t word;

	if (handle_table_kind(handle) != kind)
		return NULL;
	slot = find_slot(handle);
	if (slot == NULL || (uint32_t)(atomic_load_explicit(&slot->word, memory_order_acquire) >> 32) != handle)
		return NULL;
	word = atomic_fetch_add_explicit(&slot->word, 1, memory_order_acq_rel);
	if ((uint32_t)(word >> 32) != handle) {
		unpin_slot(slot, handle & SLOT_MASK);
		return NULL;
	}
	return atomic_load_explicit(&slot->object, memory_order_relaxed);
}

void handle_table_unpin(uint32_t handle)
{
	unpin_slot(find_slot(handle), handle & SLOT_MASK);
}

void *handle_table_peek(uint32_t handle, enum handle_kind kind)
{
	struct slot *slot;

	if (handle_table_kind(handle) != kind)
		return NULL;
	slot = find_slot(handle);
	if (slot == NULL || (uint32_t)(atomic_load_explicit(&slot->word, memory_order_acquire) >> 32) != handle)
		return NULL;
	return atomic_load_explicit(&slot->object, memory_order_relaxed);
}

uint32_t handle_table_next(enum handle_kind kind, uint32_t *place)
{
	for (; *place < CHUNKS_MAX * CHUNK_SLOTS; (*place)++) {
		struct slot *slot = find_slot(*place);
		uint32_t handle;
		if (slot == NULL)
			break;
		handle = (uint32_t)(atomic_load_explicit(&slot->word, memory_order_acquire) >> 32);
		if (handle_table_kind(handle) == kind) {
			(*place)++;
			return handle;
		}
	}
	return 0;
}

void handle_table_hold(void)
{
	pthread_mutex_lock(&lock);
}

void handle_table_let_go(bool forget)
{
	/* Pins stay: the calls that have them may be this thread's, and their slots are not used again. */
	for (uint32_t index = 0; forget && index < chunks_count * CHUNK_SLOTS; index++)
		atomic_fetch_and_explicit(&find_slot(index)->word, WORD_PINS, memory_order_relaxed);
	pthread_mutex_unlock(&lock);
}

enum handle_kind handle_table_kind(uint32_t handle)
{
	uint32_t kind = handle >> (SLOT_BITS + GENERATION_BITS);

	return kind >= HANDLE_ENDPOINT && kind <= HANDLE_SIGNALING ? (enum handle_kind)kind : 0;
}
