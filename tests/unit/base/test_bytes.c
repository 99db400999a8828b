#include "core/base/bytes.h"

#include <criterion/criterion.h>
#include <stdint.h>

Test(bytes, size_zero_allows_null)
{
	bytes_copy(NULL, NULL, 0);
	bytes_move(NULL, NULL, 0);
	bytes_zero(NULL, 0);
	bytes_wipe(NULL, 0);
	cr_assert(bytes_equal(NULL, NULL, 0));
	cr_assert(bytes_equal_secret(NULL, NULL, 0));
}

Test(bytes, equal_sees_every_position)
{
	uint8_t a[33] = { 0 };
	uint8_t b[33] = { 0 };
	cr_assert(bytes_equal(a, b, sizeof(a)));
	cr_assert(bytes_equal_secret(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(a); i++) {
		b[i] = 0x80;
		cr_expect_not(bytes_equal(a, b, sizeof(a)), "%zu", i);
		cr_expect_not(bytes_equal_secret(a, b, sizeof(a)), "%zu", i);
		b[i] = 0;
	}
}

Test(bytes, move_allows_overlap)
{
	char text[] = "abcdef";
	bytes_move(text + 2, text, 4);
	cr_assert(bytes_equal(text, "ababcd", 6));
}

Test(bytes, wipe_clears_exactly_the_block)
{
	uint8_t block[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const uint8_t expected[8] = { 1, 2, 0, 0, 0, 6, 7, 8 };
	bytes_wipe(block + 2, 3);
	cr_assert(bytes_equal(block, expected, sizeof(block)));
}
