/* Files of keys: what is read is written and read again as the same; what is refused leaves nothing. */
#include <stdlib.h>
#include <string.h>

#include "core/crypto/key_openssh.h"
#include "core/crypto/key_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum key_text_result read_fn(const void *data, size_t size, uint8_t out[PRIMITIVES_KEY_SIZE]);
typedef void write_fn(struct text *text, const uint8_t key[PRIMITIVES_KEY_SIZE]);

static void check(read_fn *read, write_fn *write, const uint8_t *data, size_t size)
{
	static const uint8_t zeros[PRIMITIVES_KEY_SIZE];
	uint8_t key[PRIMITIVES_KEY_SIZE], again[PRIMITIVES_KEY_SIZE];
	char line[KEY_TEXT_WRITTEN_MAX];
	struct text text;

	memset(key, 0xAA, sizeof(key));
	if (read(data, size, key) != KEY_TEXT_FINE) {
		if (memcmp(key, zeros, sizeof(key)) != 0)
			abort();
		return;
	}
	text_init(&text, line, sizeof(line));
	write(&text, key);
	if (text.cut || read(line, text.size, again) != KEY_TEXT_FINE || memcmp(key, again, sizeof(key)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(key_text_read_private, key_text_write_private, data, size);
	check(key_text_read_public, key_text_write_public, data, size);
	check(key_text_read_public, key_openssh_write_public, data, size);
	return 0;
}
