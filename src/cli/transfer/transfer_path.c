#include "cli/transfer/transfer_path.h"

#include <string.h>

#include "cli/transfer/transfer_frame.h"
#include "core/base/bytes.h"

enum { NAME_SIZE_MAX = 255 - (int)sizeof(TRANSFER_PATH_PART) };

static const char *check_name(const char *name, size_t size)
{
	size_t part = sizeof(TRANSFER_PATH_PART) - 1;

	if (size == 0)
		return "the path has an empty name";
	if (size > NAME_SIZE_MAX)
		return "a name of the path is too long";
	if ((size == 1 && name[0] == '.') || (size == 2 && name[0] == '.' && name[1] == '.'))
		return "the path leads elsewhere";
	if (size >= part && bytes_equal(name + size - part, TRANSFER_PATH_PART, part))
		return "the name is kept for files that are not complete";
	return NULL;
}

const char *transfer_path_check(const char *path, size_t size)
{
	size_t begin = 0;

	if (size > TRANSFER_PATH_MAX)
		return "the path is too long";
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)path[i] < 0x20 || path[i] == 0x7f)
			return "the path has control characters";
	for (size_t i = 0; i <= size; i++) {
		const char *why;
		if (i < size && path[i] != '/')
			continue;
		why = check_name(path + begin, i - begin);
		if (why != NULL)
			return why;
		begin = i + 1;
	}
	return NULL;
}
