/* sequence: full numbers from the low bits that travel.
 *
 * Owns: the choice of the number nearest to one already known.
 * Does not know: what is counted.
 */
#ifndef BASE_SEQUENCE_H
#define BASE_SEQUENCE_H

#include <stdint.h>

/* The number with `wire` as its low `bits` (1-63) that lies in [near - 2^(bits-1), near +
 * 2^(bits-1)). May be negative; near the ends of int64 it wraps, so callers keep clear of them. */
static inline int64_t sequence_expand(int64_t near, uint64_t wire, unsigned bits)
{
	uint64_t mask = (UINT64_C(1) << bits) - 1;
	uint64_t half = UINT64_C(1) << (bits - 1);
	uint64_t ahead = (wire - (uint64_t)near) & mask;
	uint64_t base = (uint64_t)near + ahead;
	return (int64_t)(ahead >= half ? base - mask - 1 : base);
}

#endif
