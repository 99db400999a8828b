#include "core/base/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct text *text, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (i + 1 < size)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < size)
			group |= bytes[i + 2];
		text_add_char(text, letters[group >> 18]);
		text_add_char(text, letters[group >> 12 & 63]);
		text_add_char(text, i + 1 < size ? letters[group >> 6 & 63] : '=');
		text_add_char(text, i + 2 < size ? letters[group & 63] : '=');
	}
}

/* 0-63; 64: padding; 65: a blank; less than 0: something else. */
static int value_of(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 26;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52;
	switch (letter) {
	case '+':
		return 62;
	case '/':
		return 63;
	case '=':
		return 64;
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return 65;
	default:
		return -1;
	}
}

/* A group of four letters, the last `padding` of them '='. False: not one, or no room. */
static bool take_group(uint32_t group, unsigned padding, uint8_t *out, size_t capacity, size_t *size)
{
	size_t count = 3 - padding;

	if (padding > 2 || capacity - *size < count || (group & ((UINT32_C(1) << 8 * padding) - 1)) != 0)
		return false; /* bits that no byte has must be 0, or the text could be another */
	for (size_t i = 0; i < count; i++)
		out[(*size)++] = (uint8_t)(group >> (16 - 8 * i));
	return true;
}

static bool read_all(const char *text, size_t size, uint8_t *out, size_t capacity, size_t *out_size)
{
	uint32_t group = 0;
	unsigned count = 0, padding = 0;

	for (size_t i = 0; i < size; i++) {
		int value = value_of(text[i]);

		if (value == 65)
			continue;
		if (value < 0 || (padding > 0 && (value != 64 || count == 0)))
			return false;
		padding += value == 64 ? 1 : 0;
		group = group << 6 | (value == 64 ? 0 : (uint32_t)value);
		if (++count < 4)
			continue;
		if (!take_group(group & 0xFFFFFF, padding, out, capacity, out_size))
			return false;
		group = 0;
		count = 0;
	}
	return count == 0;
}

bool base64_read(const char *text, size_t size, uint8_t *out, size_t capacity, size_t *out_size)
{
	*out_size = 0;
	if (read_all(text, size, out, capacity, out_size))
		return true;
	*out_size = 0;
	return false;
}
