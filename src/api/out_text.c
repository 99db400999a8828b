#include "api/out_text.h"

#include <string.h>

#include <kith/errors.h>

#include "core/base/bytes.h"
#include "engine/failure.h"

int32_t out_text(const char *text, char *buffer, size_t capacity, size_t *out_size)
{
	size_t size = strlen(text) + 1;

	if (out_size != NULL)
		*out_size = size;
	if (buffer == NULL && capacity > 0)
		return failure_set(KITH_E_INVALID, "buffer: null");
	if (buffer == NULL && out_size != NULL)
		return KITH_OK;
	if (capacity < size)
		return failure_set(KITH_E_TOO_LARGE, "capacity: %zu bytes are needed", size);
	bytes_copy(buffer, text, size);
	return KITH_OK;
}
