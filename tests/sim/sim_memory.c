#include "sim_memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static int64_t held;

void *__real_alloc_zeroed(size_t size);
void *__real_alloc_array(size_t count, size_t size);
void *__real_alloc_bytes(size_t size);
void *__real_alloc_resize(void *block, size_t count, size_t size);
void __real_alloc_free(void *block);

void *__wrap_alloc_zeroed(size_t size);
void *__wrap_alloc_array(size_t count, size_t size);
void *__wrap_alloc_bytes(size_t size);
void *__wrap_alloc_resize(void *block, size_t count, size_t size);
char *__wrap_alloc_text(const char *text);
void __wrap_alloc_free(void *block);

int64_t sim_memory_held(void)
{
	return held;
}

static void *count(void *block)
{
	held += (int64_t)malloc_usable_size(block);
	return block;
}

void *__wrap_alloc_zeroed(size_t size)
{
	return count(__real_alloc_zeroed(size));
}

void *__wrap_alloc_array(size_t number, size_t size)
{
	return count(__real_alloc_array(number, size));
}

void *__wrap_alloc_bytes(size_t size)
{
	return count(__real_alloc_bytes(size));
}

void *__wrap_alloc_resize(void *block, size_t number, size_t size)
{
	held -= (int64_t)malloc_usable_size(block);
	return count(__real_alloc_resize(block, number, size));
}

/* The real one allocates without passing through here. */
char *__wrap_alloc_text(const char *text)
{
	char *copy;

	if (text == NULL)
		return NULL;
	copy = __wrap_alloc_bytes(strlen(text) + 1);
	return strcpy(copy, text);
}

void __wrap_alloc_free(void *block)
{
	held -= (int64_t)malloc_usable_size(block);
	__real_alloc_free(block);
}
