#include <criterion/criterion.h>

#include "core/crypto/trust_limits.h"

static struct trust_limits limits_with(int64_t created, int64_t expiry, uint32_t app_id)
{
	struct trust_limits limits;

	trust_limits_init(&limits);
	limits.created = created;
	limits.expiry = expiry;
	limits.any_app = app_id == 0;
	limits.app_ids[0] = app_id;
	limits.app_id_count = app_id == 0 ? 0 : 1;
	limits.authorities[0] = app_id;
	limits.authority_count = 1;
	return limits;
}

Test(trust_limits, hold_what_both_allow)
{
	struct trust_limits low = limits_with(10, 100, 0), high = limits_with(20, 90, 7), other = limits_with(0, 200, 8);

	cr_assert(trust_limits_allow_app(&low, 7));
	cr_assert(trust_limits_intersect(&low, &high));
	cr_assert(low.created == 20 && low.expiry == 90);
	cr_assert(trust_limits_allow_app(&low, 7) && !trust_limits_allow_app(&low, 8));
	cr_assert(trust_limits_intersect(&low, &other));
	cr_assert(low.created == 20 && low.expiry == 90);
	cr_assert_not(trust_limits_allow_app(&low, 7) || trust_limits_allow_app(&low, 8));
	cr_assert_eq(low.authority_count, 3);
	cr_assert_eq(low.authorities[2], 8);
}

Test(trust_limits, hold_five_authorities)
{
	struct trust_limits low = limits_with(0, 1, 1), one = limits_with(0, 1, 2);

	for (int i = 1; i < TRUST_CHAIN_MAX; i++)
		cr_assert(trust_limits_intersect(&low, &one));
	cr_assert_not(trust_limits_intersect(&low, &one));
}

Test(trust_limits, know_the_moment)
{
	cr_assert_eq(trust_limits_doubt_time(1000, 2000, 1000), DOUBT_NONE);
	cr_assert_eq(trust_limits_doubt_time(1000, 2000, 2000), DOUBT_NONE);
	cr_assert_eq(trust_limits_doubt_time(1000, 2000, 2001), DOUBT_EXPIRED);
	cr_assert_eq(trust_limits_doubt_time(1000, 2000, 1000 - TRUST_CLOCK_TOLERANCE), DOUBT_NONE);
	cr_assert_eq(trust_limits_doubt_time(1000, 2000, 999 - TRUST_CLOCK_TOLERANCE), DOUBT_NOT_YET_VALID);
	cr_assert_eq(trust_limits_doubt_time(0, INT64_MAX, INT64_MAX), DOUBT_NONE);
	cr_assert_eq(trust_limits_doubt_time(0, INT64_MAX, 0), DOUBT_NONE);
}
