#include <criterion/criterion.h>

#include "core/crypto/replay_window.h"

static bool receive(struct replay_window *window, int64_t number)
{
	enum replay_verdict verdict = replay_window_check(window, number);

	if (verdict == REPLAY_DUPLICATE || verdict == REPLAY_TOO_OLD)
		return false;
	replay_window_accept(window, number);
	return true;
}

Test(replay_window, counts_the_handshake_as_number_one)
{
	struct replay_window window;

	replay_window_init(&window);
	cr_assert_eq(window.highest, 1);
	cr_assert_eq(replay_window_check(&window, 1), REPLAY_DUPLICATE);
	cr_assert_eq(replay_window_check(&window, 2), REPLAY_NEW);
}

Test(replay_window, takes_each_number_once_in_any_order)
{
	struct replay_window window;

	replay_window_init(&window);
	for (int64_t base = 2; base < 5000; base += 50) {
		for (int64_t i = 0; i < 50; i++)
			cr_assert(receive(&window, base + (i * 37 + 11) % 50));
		for (int64_t i = 0; i < 50; i++)
			cr_assert_eq(replay_window_check(&window, base + i), REPLAY_DUPLICATE);
	}
}

Test(replay_window, does_not_move_before_accept)
{
	struct replay_window window;

	replay_window_init(&window);
	cr_assert_eq(replay_window_check(&window, 9000), REPLAY_NEW);
	cr_assert_eq(replay_window_check(&window, 9000), REPLAY_NEW);
	cr_assert_eq(window.highest, 1);
}

Test(replay_window, tolerates_exactly_its_size_of_reordering)
{
	for (int64_t highest = 20000; highest < 20000 + 130; highest++) {
		struct replay_window window;

		replay_window_init(&window);
		replay_window_accept(&window, highest);
		cr_assert_eq(replay_window_check(&window, highest - REPLAY_WINDOW_SIZE), REPLAY_TOO_OLD);
		for (int64_t n = highest - REPLAY_WINDOW_SIZE + 1; n < highest; n++)
			cr_assert(receive(&window, n), "highest %lld number %lld", (long long)highest, (long long)n);
		for (int64_t n = highest - REPLAY_WINDOW_SIZE + 1; n <= highest; n++)
			cr_assert_not(receive(&window, n));
	}
}

/* Every step, against the plainest model there is. */
Test(replay_window, agrees_with_a_list_of_all_numbers)
{
	static bool seen[200000];
	struct replay_window window;
	uint32_t state = 12345;
	int64_t highest = 1;

	replay_window_init(&window);
	seen[1] = true;
	for (int i = 0; i < 100000; i++) {
		state = state * 1664525u + 1013904223u;
		int64_t step = (int64_t)(state >> 20) % 1200 - 1100;
		int64_t number = (state >> 8) % 40 == 0 && highest < 190000 ? highest + (state >> 12) % 3000 : highest + step;

		if (number < 1 || number >= 200000)
			continue;
		bool fresh = !seen[number] && number > highest - REPLAY_WINDOW_SIZE;
		cr_assert_eq(receive(&window, number), fresh);
		seen[number] = true;
		highest = number > highest ? number : highest;
		cr_assert_eq(window.highest, highest);
	}
}

Test(replay_window, ignores_an_accept_below_the_window)
{
	struct replay_window window;

	replay_window_init(&window);
	replay_window_accept(&window, 5000);
	replay_window_accept(&window, 5000 - REPLAY_WINDOW_WORDS * 64 + 1);
	cr_assert_eq(replay_window_check(&window, 5001), REPLAY_NEW);
	cr_assert_eq(replay_window_check(&window, 4999), REPLAY_LATE);
	for (int64_t n = 5001; n < 5001 + 64; n++)
		cr_assert(receive(&window, n));
}

Test(replay_window, expands_to_the_nearest_number)
{
	struct replay_window window;

	replay_window_init(&window);
	cr_assert_eq(replay_window_expand(&window, 2), 2);
	cr_assert_eq(replay_window_expand(&window, 1), 1);
	cr_assert_eq(replay_window_expand(&window, 0), 0);
	cr_assert_eq(replay_window_expand(&window, 0xffff), -1);
	cr_assert_eq(replay_window_expand(&window, 0x8000), 0x8000);
	cr_assert_eq(replay_window_expand(&window, 0x8001), 0x8001 - 0x10000);

	window.highest = 0x1fffe;
	cr_assert_eq(replay_window_expand(&window, 0x0003), 0x20003);
	cr_assert_eq(replay_window_expand(&window, 0xfff0), 0x1fff0);
	cr_assert_eq(replay_window_expand(&window, 0x7ffe), 0x1fffe - 0x8000);
	cr_assert_eq(replay_window_expand(&window, 0x7ffd), 0x27ffd);
}

Test(replay_window, expands_every_wire_number_over_seventy_thousand_packets)
{
	struct replay_window window;

	replay_window_init(&window);
	for (int64_t n = 2; n < 140000; n++) {
		cr_assert_eq(replay_window_expand(&window, (uint16_t)(n & 0xffff)), n);
		cr_assert(receive(&window, n));
	}
}

Test(replay_window, has_no_number_after_the_last)
{
	struct replay_window window;

	replay_window_init(&window);
	window.highest = INT64_MAX;
	for (unsigned wire = 0; wire < 0x10000; wire += 0x111)
		cr_assert_eq(replay_window_expand(&window, (uint16_t)wire), 0);
}

Test(replay_window, calls_a_jump_wild_only_above_its_limit)
{
	struct replay_window window;

	replay_window_init(&window);
	cr_assert_not(replay_window_is_wild_jump(&window, 1 + 0x4000));
	cr_assert(replay_window_is_wild_jump(&window, 1 + 0x4001));
	cr_assert_not(replay_window_is_wild_jump(&window, 1));
	cr_assert_not(replay_window_is_wild_jump(&window, -30000));
}
