/* bench_allocations_counted: the C library's allocation, counted. Put before it by the linker. */
#include <dlfcn.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "cli/bench/bench_allocations.h"

/* The C library's own, by names that it keeps for this purpose. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic int64_t count;

static void count_one(void)
{
	atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
}

int64_t bench_allocations_count(void)
{
	return atomic_load_explicit(&count, memory_order_relaxed);
}

void *malloc(size_t size)
{
	count_one();
	return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	count_one();
	return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size)
{
	count_one();
	return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size)
{
	count_one();
	return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	count_one();
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	count_one();
	*block = __libc_memalign(alignment, size);
	return *block != NULL ? 0 : 12;
}
