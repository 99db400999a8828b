#include "core/crypto/replay_window.h"

#include "core/base/bytes.h"
#include "core/base/sequence.h"

static uint64_t *word_of(struct replay_window *window, int64_t number)
{
	return &window->seen[(uint64_t)number / 64 % REPLAY_WINDOW_WORDS];
}

static uint64_t bit_of(int64_t number)
{
	return UINT64_C(1) << ((uint64_t)number % 64);
}

void replay_window_init(struct replay_window *window)
{
	bytes_zero(window, sizeof(*window));
	window->highest = 1;
	*word_of(window, 1) |= bit_of(1);
}

int64_t replay_window_expand(const struct replay_window *window, uint16_t wire_number)
{
	/* Numbers end here and never wrap; no session lives that long. */
	if (window->highest > INT64_MAX - 0x10000)
		return 0;
	return sequence_expand(window->highest, wire_number, 16);
}

enum replay_verdict replay_window_check(const struct replay_window *window, int64_t number)
{
	if (number > window->highest)
		return REPLAY_NEW;
	if (window->highest - number >= REPLAY_WINDOW_SIZE)
		return REPLAY_TOO_OLD;
	if (window->seen[(uint64_t)number / 64 % REPLAY_WINDOW_WORDS] & bit_of(number))
		return REPLAY_DUPLICATE;
	return REPLAY_LATE;
}

void replay_window_accept(struct replay_window *window, int64_t number)
{
	if (number > window->highest) {
		int64_t words = number / 64 - window->highest / 64;

		if (words > REPLAY_WINDOW_WORDS)
			words = REPLAY_WINDOW_WORDS;
		for (int64_t i = 0; i < words; i++)
			*word_of(window, number - i * 64) = 0;
		window->highest = number;
	} else if (window->highest - number >= REPLAY_WINDOW_SIZE) {
		return; /* its word belongs to newer numbers by now */
	}
	*word_of(window, number) |= bit_of(number);
}

bool replay_window_is_wild_jump(const struct replay_window *window, int64_t number)
{
	return number - window->highest > REPLAY_WINDOW_JUMP_MAX;
}
