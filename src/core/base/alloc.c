#include "core/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/base/bytes.h"

static void *check(void *block)
{
	if (block == NULL)
		abort();
	return block;
}

void *alloc_zeroed(size_t size)
{
	return check(calloc(1, size > 0 ? size : 1));
}

void *alloc_array(size_t count, size_t size)
{
	if (count == 0 || size == 0)
		return alloc_zeroed(0);
	return check(calloc(count, size)); /* refuses a product that overflows */
}

void *alloc_bytes(size_t size)
{
	return check(malloc(size > 0 ? size : 1));
}

void *alloc_resize(void *block, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		abort();
	size_t total = count * size;
	return check(realloc(block, total > 0 ? total : 1));
}

char *alloc_text(const char *text)
{
	if (text == NULL)
		return NULL;
	size_t size = strlen(text) + 1;
	char *copy = alloc_bytes(size);
	bytes_copy(copy, text, size);
	return copy;
}

void alloc_free(void *block)
{
	free(block);
}
