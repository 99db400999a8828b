#include <criterion/criterion.h>

#include "core/endpoint/connection_ids.h"

static struct connection_ids ids;
static struct rng rng;

static void start(void)
{
	const uint8_t seed[RNG_SEED_SIZE] = { 1 };

	rng_init(&rng, seed);
	connection_ids_init(&ids);
}

Test(connection_ids, both_halves_are_never_zero)
{
	start();
	for (int i = 0; i < 50000; i++) {
		uint32_t id = connection_ids_draw(&ids, &rng);
		cr_assert((id & 0xFFFF) != 0 && id >> 16 != 0);
		connection_ids_release(&ids, id);
	}
}

Test(connection_ids, no_two_live_ones_have_the_same_low_half)
{
	static uint8_t seen[65536];

	start();
	for (int i = 0; i < 40000; i++) {
		uint32_t id = connection_ids_draw(&ids, &rng);
		cr_assert_neq(id, 0);
		cr_assert_not(seen[id & 0xFFFF]);
		seen[id & 0xFFFF] = 1;
	}
}

Test(connection_ids, a_number_rests_after_its_connection)
{
	uint32_t ended[CONNECTION_IDS_RECENT];

	start();
	for (int i = 0; i < CONNECTION_IDS_RECENT; i++)
		ended[i] = connection_ids_draw(&ids, &rng);
	for (int i = 0; i < CONNECTION_IDS_RECENT; i++)
		connection_ids_release(&ids, ended[i]);
	for (int i = 0; i < 50000; i++) {
		uint32_t id = connection_ids_draw(&ids, &rng);
		for (int j = 0; j < CONNECTION_IDS_RECENT; j++)
			cr_assert_neq(id & 0xFFFF, ended[j] & 0xFFFF);
	}
}

Test(connection_ids, there_is_an_end_and_a_way_back)
{
	uint32_t id, last = 0;
	unsigned count = 0;

	start();
	for (; (id = connection_ids_draw(&ids, &rng)) != 0; count++)
		last = id;
	cr_assert_eq(count, 60000u);
	connection_ids_release(&ids, last);
	cr_assert_neq(connection_ids_draw(&ids, &rng), 0u);
}
