/* Files of certificates: what is read is written as blocks and read again as the same; every request
 * and every authority in it is read in turn. */
#include <stdlib.h>
#include <string.h>

#include "core/crypto/authority.h"
#include "core/crypto/certificate_issue.h"
#include "core/crypto/certificate_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_items(const struct certificate_text *text)
{
	static const uint8_t seed[32] = { 1 };
	static struct certificate_own own;

	for (size_t i = 0; i < text->count; i++) {
		struct certificate_request request;
		struct authority authority;

		if (certificate_issue_read_request(&request, text->items[i].bytes, text->items[i].size) &&
		    request.cert.key_size != PRIMITIVES_KEY_SIZE)
			abort();
		if (authority_read_root(&authority, text->items[i].bytes, text->items[i].size) == AUTHORITY_FINE &&
		    authority.id != authority.issuer)
			abort();
	}
	certificate_load_own(&own, seed, text->items, text->count);
}

static void write_again(const struct certificate_text *text)
{
	static char written[2 * CERTIFICATE_TEXT_SIZE_MAX];
	static struct certificate_text again;
	struct text out;
	size_t expected = 0;

	text_init(&out, written, sizeof(written));
	for (size_t i = 0; i < text->count; i++) {
		certificate_text_write(&out, text->kinds[i], text->items[i].bytes, text->items[i].size);
		expected += certificate_text_size(text->kinds[i], text->items[i].size);
	}
	if (out.cut || out.size != expected || certificate_text_read(&again, written, out.size) != NULL)
		abort();
	if (again.count != text->count)
		abort();
	for (size_t i = 0; i < text->count; i++) {
		if (again.kinds[i] != text->kinds[i] || again.items[i].size != text->items[i].size ||
		    memcmp(again.items[i].bytes, text->items[i].bytes, text->items[i].size) != 0)
			abort();
	}
	certificate_text_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct certificate_text text;

	if (certificate_text_read(&text, data, size) != NULL) {
		if (text.bytes != NULL)
			abort();
		return 0;
	}
	if (text.count == 0 || !certificate_text_is_one(data, size))
		abort();
	read_items(&text);
	write_again(&text);
	certificate_text_free(&text);
	return 0;
}
