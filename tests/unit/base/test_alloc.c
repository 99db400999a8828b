#include "core/base/alloc.h"

#include <criterion/criterion.h>
#include <stdint.h>

Test(alloc, new_memory_is_zero_and_resizing_keeps_content)
{
	uint32_t *array = alloc_array(100, sizeof(*array));
	for (int i = 0; i < 100; i++)
		cr_assert_eq(array[i], 0);
	array[99] = 5;
	array = alloc_resize(array, 1000, sizeof(*array));
	cr_assert_eq(array[99], 5);
	alloc_free(array);
}

Test(alloc, size_zero_gives_a_block_that_can_be_freed)
{
	void *blocks[] = { alloc_zeroed(0), alloc_array(0, 8), alloc_bytes(0), alloc_resize(NULL, 0, 8) };
	for (int i = 0; i < 4; i++) {
		cr_assert_not_null(blocks[i]);
		alloc_free(blocks[i]);
	}
	alloc_free(NULL);
}

Test(alloc, text_is_copied)
{
	char text[] = "hello";
	char *copy = alloc_text(text);
	text[0] = 'j';
	cr_assert_str_eq(copy, "hello");
	cr_assert_null(alloc_text(NULL));
	alloc_free(copy);
}
