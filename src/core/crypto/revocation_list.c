#include "core/crypto/revocation_list.h"

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/crypto/certificate.h"
#include "core/crypto/key_text.h"

/* Without blanks around it and without a comment. */
static size_t trim(const char **line, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if ((*line)[i] == '#')
			size = i;
	}
	while (size > 0 && (**line == ' ' || **line == '\t')) {
		(*line)++;
		size--;
	}
	while (size > 0 && strchr(" \t\r", (*line)[size - 1]) != NULL && (*line)[size - 1] != '\0')
		size--;
	return size;
}

static bool read_entry(const char *text, size_t size, uint64_t *out)
{
	uint8_t key[PRIMITIVES_KEY_SIZE];

	/* Of that length it is a key in one of its forms, and else a number. */
	if (size >= 2 * (size_t)PRIMITIVES_KEY_SIZE) {
		if (key_text_read_public(text, size, key) != KEY_TEXT_FINE)
			return false;
		*out = certificate_key_id(key);
		return true;
	}
	if (size > 2 && bytes_equal(text, "ID", 2))
		return text_read_u64(text + 2, size - 2, out);
	return text_read_u64(text, size, out);
}

bool revocation_list_read(const char *text, size_t size, uint64_t *key_ids, size_t capacity, size_t *count,
                          size_t *bad_line)
{
	*count = 0;
	for (*bad_line = 1; size > 0; (*bad_line)++) {
		const char *line = text;
		size_t length = 0, used;

		while (length < size && text[length] != '\n')
			length++;
		used = length < size ? length + 1 : length;
		text += used;
		size -= used;
		length = trim(&line, length);
		if (length == 0)
			continue;
		if (*count == capacity || !read_entry(line, length, &key_ids[*count]))
			return false;
		(*count)++;
	}
	*bad_line = 0;
	return true;
}
