#include <criterion/criterion.h>

#include "core/direct/cookie.h"

#define UNIT ((usec_t)1 << 20) /* of a cookie's time, in microseconds */

static struct cookie cookie;
static struct address here, there;

static void start(void)
{
	const uint8_t seed[RNG_SEED_SIZE] = { 5 };
	struct rng rng;

	rng_init(&rng, seed);
	cookie_init(&cookie, &rng);
	address_parse(&here, "192.0.2.1:1000");
	address_parse(&there, "192.0.2.1:1001");
}

Test(cookie, proves_an_address_for_three_to_four_seconds)
{
	start();
	for (usec_t made = 100 * UNIT; made < 102 * UNIT; made += UNIT / 7) {
		uint64_t value = cookie_make(&cookie, made, &here);
		cr_assert(cookie_check(&cookie, made, &here, value));
		cr_assert(cookie_check(&cookie, made + 3 * UNIT, &here, value));
		cr_assert_not(cookie_check(&cookie, made + 4 * UNIT, &here, value));
	}
}

Test(cookie, is_for_one_address_and_one_port)
{
	struct address other;
	uint64_t value;

	start();
	value = cookie_make(&cookie, 0, &here);
	cr_assert_not(cookie_check(&cookie, 0, &there, value));
	address_parse(&other, "192.0.2.2:1000");
	cr_assert_not(cookie_check(&cookie, 0, &other, value));
	address_parse(&other, "[2001:db8::1]:1000");
	cr_assert_not(cookie_check(&cookie, 0, &other, value));
}

Test(cookie, no_bit_of_it_may_change)
{
	uint64_t value;

	start();
	value = cookie_make(&cookie, 50 * UNIT, &here);
	for (int bit = 0; bit < 64; bit++)
		cr_assert_not(cookie_check(&cookie, 50 * UNIT, &here, value ^ UINT64_C(1) << bit), "bit %d", bit);
}

/* One from the future has not been made yet, whoever made it. */
Test(cookie, does_not_come_from_the_future)
{
	start();
	cr_assert_not(cookie_check(&cookie, 50 * UNIT, &here, cookie_make(&cookie, 51 * UNIT, &here)));
	cr_assert_not(cookie_check(&cookie, 50 * UNIT, &here, cookie_make(&cookie, 54 * UNIT, &here)));
}

Test(cookie, survives_the_turn_of_its_16_bit_clock)
{
	usec_t turn = 65536 * UNIT;

	start();
	cr_assert(cookie_check(&cookie, turn + UNIT, &here, cookie_make(&cookie, turn - UNIT, &here)));
	cr_assert_not(cookie_check(&cookie, turn + 3 * UNIT, &here, cookie_make(&cookie, turn - 2 * UNIT, &here)));
}

Test(cookie, every_listener_has_its_own_key)
{
	const uint8_t seed[RNG_SEED_SIZE] = { 6 };
	struct cookie other;
	struct rng rng;

	start();
	rng_init(&rng, seed);
	cookie_init(&other, &rng);
	cr_assert_not(cookie_check(&other, 0, &here, cookie_make(&cookie, 0, &here)));
}
