/* Lists of revoked keys: bounded, and wrong in one place is wrong. */
#include <stdlib.h>

#include "core/base/text.h"
#include "core/crypto/revocation_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAPACITY = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t ids[CAPACITY + 1], again[CAPACITY];
	char written[CAPACITY * 24];
	struct text text;
	size_t count, other_count, bad_line;

	ids[CAPACITY] = 99;
	if (!revocation_list_read((const char *)data, size, ids, CAPACITY, &count, &bad_line)) {
		if (bad_line == 0 || count > CAPACITY)
			abort();
		return 0;
	}
	if (bad_line != 0 || count > CAPACITY || ids[CAPACITY] != 99)
		abort();
	text_init(&text, written, sizeof(written));
	for (size_t i = 0; i < count; i++) {
		text_add_u64(&text, ids[i]);
		text_add_char(&text, '\n');
	}
	if (text.cut || !revocation_list_read(written, text.size, again, CAPACITY, &other_count, &bad_line) ||
	    other_count != count)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (ids[i] != again[i])
			abort();
	}
	return 0;
}
