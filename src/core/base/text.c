#include "core/base/text.h"

#include "core/base/bytes.h"

void text_init(struct text *text, char *buffer, size_t capacity)
{
	text->start = buffer;
	text->size = 0;
	text->capacity = capacity;
	text->cut = false;
	buffer[0] = '\0';
}

void text_add_bytes(struct text *text, const char *bytes, size_t size)
{
	size_t room = text->capacity - 1 - text->size;
	if (size > room) {
		size = room;
		text->cut = true;
	}
	bytes_copy(text->start + text->size, bytes, size);
	text->size += size;
	text->start[text->size] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_char(struct text *text, char character)
{
	text_add_bytes(text, &character, 1);
}

static void add_digits(struct text *text, uint64_t number, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number > 0);
	text_add_bytes(text, digits + at, sizeof(digits) - at);
}

void text_add_u64(struct text *text, uint64_t number)
{
	add_digits(text, number, 10);
}

void text_add_i64(struct text *text, int64_t number)
{
	if (number < 0)
		text_add_char(text, '-');
	add_digits(text, number < 0 ? -(uint64_t)number : (uint64_t)number, 10);
}

void text_add_hex(struct text *text, uint64_t number)
{
	add_digits(text, number, 16);
}

void text_add_hex_bytes(struct text *text, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		text_add_char(text, "0123456789abcdef"[bytes[i] >> 4]);
		text_add_char(text, "0123456789abcdef"[bytes[i] & 15]);
	}
}

void text_add_double(struct text *text, double number)
{
	if (number < 0)
		text_add_char(text, '-');
	uint64_t thousandths = (uint64_t)((number < 0 ? -number : number) * 1000 + 0.5);
	text_add_u64(text, thousandths / 1000);
	unsigned rest = (unsigned)(thousandths % 1000);
	if (rest == 0)
		return;
	text_add_char(text, '.');
	for (unsigned unit = 100; rest > 0; unit /= 10) {
		text_add_char(text, (char)('0' + rest / unit));
		rest %= unit;
	}
}

bool text_read_u64(const char *bytes, size_t size, uint64_t *out)
{
	uint64_t value = 0;
	if (size == 0)
		return false;
	for (size_t i = 0; i < size; i++) {
		unsigned digit = (unsigned)(unsigned char)bytes[i] - '0';
		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool text_read_i64(const char *bytes, size_t size, int64_t *out)
{
	bool negative = size > 0 && bytes[0] == '-';
	uint64_t value = 0;
	if (!text_read_u64(bytes + negative, size - negative, &value))
		return false;
	if (value > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

bool text_read_double(const char *bytes, size_t size, double *out)
{
	bool negative = size > 0 && bytes[0] == '-';
	double value = 0;
	double unit = 1;
	bool fraction = false;
	bool any = false;
	for (size_t i = negative; i < size; i++) {
		unsigned digit = (unsigned)(unsigned char)bytes[i] - '0';
		if (bytes[i] == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (digit > 9)
			return false;
		any = true;
		value = value * 10 + digit;
		unit = fraction ? unit * 10 : unit;
	}
	if (!any || size > 32)
		return false;
	*out = negative ? -value / unit : value / unit;
	return true;
}

static int hex_digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	if (character >= 'A' && character <= 'F')
		return character - 'A' + 10;
	return -1;
}

size_t text_read_hex(const char *bytes, size_t size, uint8_t *out, size_t capacity)
{
	if (size % 2 != 0 || size / 2 > capacity)
		return 0;
	for (size_t i = 0; i < size; i += 2) {
		int high = hex_digit(bytes[i]);
		int low = hex_digit(bytes[i + 1]);
		if (high < 0 || low < 0)
			return 0;
		out[i / 2] = (uint8_t)(high << 4 | low);
	}
	return size / 2;
}

void text_clean(char *string)
{
	for (char *at = string; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	}
}
