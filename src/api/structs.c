#include "api/structs.h"

#include <kith/errors.h>

#include "core/base/bytes.h"
#include "engine/failure.h"

/* Larger than any struct will ever be: who passes such a size forgot to set it. */
enum { SIZE_MAX_SANE = 64 * 1024 };

static uint32_t size_of(const void *theirs)
{
	uint32_t size;

	bytes_copy(&size, theirs, sizeof(size));
	return size;
}

int32_t structs_check(const void *theirs, const char *name)
{
	if (theirs == NULL)
		return failure_set(KITH_E_INVALID, "%s: null", name);
	if (size_of(theirs) < sizeof(uint32_t) || size_of(theirs) > SIZE_MAX_SANE)
		return failure_set(KITH_E_INVALID, "%s: struct_size is %u, is it initialized?", name,
		                   (unsigned)size_of(theirs));
	return KITH_OK;
}

int32_t structs_read(void *own, size_t own_size, const void *theirs)
{
	uint32_t size = (uint32_t)own_size;
	int32_t result;

	bytes_zero(own, own_size);
	if (theirs != NULL) {
		result = structs_check(theirs, "options");
		if (result != KITH_OK)
			return result;
		bytes_copy(own, theirs, size_of(theirs) < own_size ? size_of(theirs) : own_size);
	}
	bytes_copy(own, &size, sizeof(size));
	return KITH_OK;
}

void structs_write(void *theirs, const void *own, size_t own_size)
{
	uint32_t size = size_of(theirs);

	structs_clear(theirs);
	if (own_size > size)
		own_size = size;
	bytes_copy((char *)theirs + sizeof(size), (const char *)own + sizeof(size), own_size - sizeof(size));
}

void structs_clear(void *theirs)
{
	uint32_t size = size_of(theirs);

	bytes_zero((char *)theirs + sizeof(size), size - sizeof(size));
}
