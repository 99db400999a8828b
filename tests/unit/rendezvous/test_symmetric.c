#include <criterion/criterion.h>

#include "core/rendezvous/symmetric.h"

static bool stays_client(uint32_t local, uint32_t remote)
{
	static const uint8_t certificate[] = { 1, 2, 3 };
	const struct symmetric_side ours = { local, certificate, sizeof certificate };
	const struct symmetric_side theirs = { remote, certificate, sizeof certificate };

	return symmetric_stays_client(&ours, &theirs);
}

/* docs/wire.md, "Symmetric connect": of equal parity the smaller id calls, else the larger. */
Test(symmetric, keeps_to_the_table_of_the_wire)
{
	static const struct {
		uint32_t local, remote;
		bool client;
	} rows[] = {
		{ 2, 4, true },
		{ 4, 2, false },
		{ 3, 5, true },
		{ 5, 3, false },
		{ 2, 3, false },
		{ 3, 2, true },
		{ 4, 3, true },
		{ 3, 4, false },
		{ 0x10001, 0xffffffffu, true },
		{ 0xffffffffu, 0x10001, false },
		{ 0x10002, 0xffffffffu, false },
		{ 0xffffffffu, 0x10002, true },
		{ 0x7fffffff, 0x80000000u, false }, /* as unsigned numbers */
		{ 0x80000000u, 0x7fffffff, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert_eq(stays_client(rows[i].local, rows[i].remote), rows[i].client, "row %zu", i);
}

Test(symmetric, both_ends_always_agree)
{
	uint64_t state = 1;

	for (int i = 0; i < 100000; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		uint32_t a = (uint32_t)(state >> 32);
		state = state * 6364136223846793005u + 1442695040888963407u;
		uint32_t b = (uint32_t)(state >> 32);
		if (a != b)
			cr_assert(stays_client(a, b) != stays_client(b, a), "%u %u", a, b);
	}
}

Test(symmetric, equal_ids_are_told_apart_by_their_certificates)
{
	static const uint8_t low[] = { 1, 2, 3 };
	static const uint8_t high[] = { 1, 2, 4, 0 };
	const struct symmetric_side a = { 7, low, sizeof low };
	const struct symmetric_side b = { 7, high, sizeof high };
	const struct symmetric_side shorter = { 7, high, 2 };

	cr_assert(symmetric_stays_client(&a, &b));
	cr_assert_not(symmetric_stays_client(&b, &a));
	/* Over their common length they are the same: both go on calling, and time out. */
	cr_assert(symmetric_stays_client(&a, &shorter));
	cr_assert(symmetric_stays_client(&shorter, &a));
}
