#include "engine/entropy.h"

#include <errno.h>
#include <sys/random.h>

#include "core/base/bytes.h"

bool entropy_fill(void *out, size_t size)
{
	unsigned char *at = out;
	size_t left = size;

	while (left > 0) {
		ssize_t count = getrandom(at, left, 0);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			bytes_wipe(out, size);
			return false;
		}
		at += count;
		left -= (size_t)count;
	}
	return true;
}
