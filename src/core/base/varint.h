/* varint: how many bytes a base-128 number takes; reading and writing are the cursors'. */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stddef.h>
#include <stdint.h>

#define VARINT32_SIZE_MAX 5
#define VARINT64_SIZE_MAX 10

static inline size_t varint_size(uint64_t value)
{
	size_t size = 1;
	while (value >= 0x80) {
		value >>= 7;
		size++;
	}
	return size;
}

#endif
