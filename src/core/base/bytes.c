#include "core/base/bytes.h"

#include <stdint.h>

void bytes_wipe(void *at, size_t size)
{
	volatile uint8_t *byte = at;
	for (size_t i = 0; i < size; i++)
		byte[i] = 0;
}

bool bytes_equal_secret(const void *a, const void *b, size_t size)
{
	const volatile uint8_t *left = a;
	const volatile uint8_t *right = b;
	unsigned difference = 0;
	for (size_t i = 0; i < size; i++)
		difference |= (unsigned)(left[i] ^ right[i]);
	return difference == 0;
}
