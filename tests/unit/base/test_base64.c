#include <criterion/criterion.h>
#include <string.h>

#include "core/base/base64.h"

/* RFC 4648, section 10. */
static const struct {
	const char *bytes, *text;
} vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static uint8_t out[256];
static size_t out_size;

static bool reads(const char *text)
{
	return base64_read(text, strlen(text), out, sizeof(out), &out_size);
}

Test(base64, knows_the_vectors_of_the_rfc)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		char buffer[64];
		struct text text;

		text_init(&text, buffer, sizeof(buffer));
		base64_write(&text, (const uint8_t *)vectors[i].bytes, strlen(vectors[i].bytes));
		cr_assert_str_eq(buffer, vectors[i].text);
		cr_assert_eq(text.size, BASE64_TEXT_SIZE(strlen(vectors[i].bytes)));
		cr_assert(reads(vectors[i].text));
		cr_assert_eq(out_size, strlen(vectors[i].bytes));
		cr_assert(memcmp(out, vectors[i].bytes, out_size) == 0);
	}
}

Test(base64, brings_every_byte_back)
{
	uint8_t bytes[256];
	char buffer[BASE64_TEXT_SIZE(256) + 1];

	for (unsigned i = 0; i < 256; i++)
		bytes[i] = (uint8_t)(i * 7 + 3);
	for (size_t size = 0; size <= 256; size++) {
		struct text text;

		text_init(&text, buffer, sizeof(buffer));
		base64_write(&text, bytes, size);
		cr_assert_not(text.cut);
		cr_assert(reads(buffer));
		cr_assert_eq(out_size, size);
		cr_assert(memcmp(out, bytes, size) == 0);
	}
}

Test(base64, passes_over_blanks)
{
	cr_assert(reads(" Zm9v\r\nYm\tFy \n"));
	cr_assert_eq(out_size, 6);
}

Test(base64, refuses_everything_else)
{
	static const char *const bad[] = {
		"Z",        "Zg",   "Zg=",  "Zm9",  "Zm9v=", "=",        "====",  "Z===", "Zg==Zg==", "Zg=v",
		"Zm9v====", "Zh==", "Zm9=", "Zm9-", "Zm9_",  "Zm9v\x80", "Zg==!", "Z g",  "*m9v",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_not(reads(bad[i]), "%s", bad[i]);
		cr_assert_eq(out_size, 0);
	}
	cr_assert_not(base64_read("Zm\0v", 4, out, sizeof(out), &out_size));
}

Test(base64, keeps_within_the_room_it_has)
{
	memset(out, 0xAA, sizeof(out));
	cr_assert(base64_read("Zm9v", 4, out, 3, &out_size));
	cr_assert_eq(out[3], 0xAA);
	for (size_t capacity = 0; capacity < 3; capacity++) {
		cr_assert_not(base64_read("Zm9v", 4, out, capacity, &out_size));
		cr_assert_eq(out_size, 0);
		cr_assert_eq(out[capacity + 1], capacity + 1 < 3 ? out[capacity + 1] : 0xAA);
	}
	cr_assert(base64_read("Zg==", 4, out, 1, &out_size));
}
