/* replay_window: which packet numbers were received (docs/wire.md, "Replay window").
 *
 * Owns: the highest number received, the expansion of 16-bit wire numbers around it, a sliding
 * window of REPLAY_WINDOW_SIZE numbers below it. Moves only after authentication.
 * Does not know: keys; the caller checks before it opens a packet and accepts after.
 */
#ifndef CRYPTO_REPLAY_WINDOW_H
#define CRYPTO_REPLAY_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* Eight times the protocol's minimum and more: reordering over two paths and bursts of a gigabit
 * stay inside. One word more than the window, so that clearing ahead never touches what counts. */
#define REPLAY_WINDOW_SIZE 1024
#define REPLAY_WINDOW_WORDS (REPLAY_WINDOW_SIZE / 64 + 1)
/* An authentic packet further ahead than this comes from a broken peer: numbers are 16 bits on the
 * wire and half of their range is behind us. */
#define REPLAY_WINDOW_JUMP_MAX 0x4000

struct replay_window {
	int64_t highest;
	uint64_t seen[REPLAY_WINDOW_WORDS]; /* ring: number n is bit n % 64 of word n / 64 % WORDS */
};

enum replay_verdict {
	REPLAY_NEW,       /* above everything received */
	REPLAY_LATE,      /* out of order, not seen yet */
	REPLAY_DUPLICATE, /* drop */
	REPLAY_TOO_OLD,   /* drop: below the window, nobody knows any more */
};

/* Number 1 counts as received: it is the handshake message. */
void replay_window_init(struct replay_window *window);

/* The full number nearest to the highest one. 0 or less: drop the packet. */
int64_t replay_window_expand(const struct replay_window *window, uint16_t wire_number);
/* Before opening; `number` > 0. Changes nothing. */
enum replay_verdict replay_window_check(const struct replay_window *window, int64_t number);
/* After opening a packet whose check said NEW or LATE. */
void replay_window_accept(struct replay_window *window, int64_t number);
/* After opening, before accepting: an honest peer is never this far ahead. End with reason 5001. */
bool replay_window_is_wild_jump(const struct replay_window *window, int64_t number);

#endif
