#include "core/base/usec.h"

#include <criterion/criterion.h>

Test(usec, never_stays_never)
{
	cr_assert_eq(usec_add(USEC_NEVER, 0), USEC_NEVER);
	cr_assert_eq(usec_add(USEC_NEVER, 5), USEC_NEVER);
	cr_assert_eq(usec_add(5, USEC_NEVER), USEC_NEVER);
	cr_assert_eq(usec_add(USEC_NEVER - 5, 6), USEC_NEVER);
	cr_assert_eq(usec_add(USEC_NEVER - 5, 4), USEC_NEVER - 1);
	cr_assert_eq(usec_add(1, 2), 3);
}
