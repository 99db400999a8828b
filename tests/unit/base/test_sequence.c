#include "core/base/sequence.h"

#include <criterion/criterion.h>

Test(sequence, finds_the_nearest_number_on_both_sides)
{
	for (int64_t near = 0x12340; near < 0x12340 + 0x20000; near += 0x333) {
		cr_expect_eq(sequence_expand(near, (uint64_t)(near + 0x7fff) & 0xffff, 16), near + 0x7fff);
		cr_expect_eq(sequence_expand(near, (uint64_t)(near - 0x7fff) & 0xffff, 16), near - 0x7fff);
		cr_expect_eq(sequence_expand(near, (uint64_t)near & 0xffff, 16), near);
	}
}

Test(sequence, half_way_means_behind)
{
	cr_assert_eq(sequence_expand(0x10000, 0x8000, 16), 0x8000);
}

Test(sequence, may_be_negative_near_the_start)
{
	cr_assert_eq(sequence_expand(1, 0xffff, 16), -1);
	cr_assert_eq(sequence_expand(1, 0, 16), 0);
	cr_assert_eq(sequence_expand(1, 2, 16), 2);
}

Test(sequence, other_widths)
{
	cr_assert_eq(sequence_expand(300, 0x01, 8), 257);
	cr_assert_eq(sequence_expand(INT64_C(1) << 40, 5, 32), (INT64_C(1) << 40) + 5);
	cr_assert_eq(sequence_expand(INT64_C(1) << 50, (UINT64_C(1) << 48) - 1, 48), (INT64_C(1) << 50) - 1);
}
