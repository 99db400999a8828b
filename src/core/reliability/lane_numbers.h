/* lane_numbers: what the messages of both kinds have in common on a receiving lane.
 *
 * Owns: which message numbers were seen, and which of the sequenced messages is the newest taken.
 * Does not know: bytes, packets.
 */
#ifndef RELIABILITY_LANE_NUMBERS_H
#define RELIABILITY_LANE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: nothing came yet. */
struct lane_numbers {
	int64_t highest;   /* seen in any header */
	int64_t sequenced; /* of the sequenced message taken last */
};

static inline void lane_numbers_see(struct lane_numbers *numbers, int64_t number)
{
	if (number > numbers->highest)
		numbers->highest = number;
}

/* A sequenced message is complete. False: it is late, a newer one was taken before. */
static inline bool lane_numbers_take_sequenced(struct lane_numbers *numbers, int64_t number)
{
	if (number <= numbers->sequenced)
		return false;
	numbers->sequenced = number;
	return true;
}

#endif
