/* seq_ranges: a sorted set of numbers, kept as half-open ranges that neither touch nor overlap.
 *
 * Owns: the array of ranges.
 * Does not know: what is numbered, and how many ranges are too many: the caller asks
 * seq_ranges_count and removes, or refuses to add.
 */
#ifndef BASE_SEQ_RANGES_H
#define BASE_SEQ_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seq_range {
	int64_t begin;
	int64_t end; /* one past the last */
};

/* Zeroed is empty. */
struct seq_ranges {
	struct seq_range *ranges; /* ascending */
	size_t count;
	size_t capacity;
};

void seq_ranges_init(struct seq_ranges *set);
void seq_ranges_free(struct seq_ranges *set);
void seq_ranges_clear(struct seq_ranges *set); /* keeps the memory */

/* Adds [begin, end). Returns how many numbers were not in the set before. */
int64_t seq_ranges_add(struct seq_ranges *set, int64_t begin, int64_t end);
/* True if adding [begin, end) would need one range more. */
bool seq_ranges_would_grow(const struct seq_ranges *set, int64_t begin, int64_t end);
void seq_ranges_remove(struct seq_ranges *set, int64_t begin, int64_t end);
/* Removes every number less than `begin`. */
void seq_ranges_remove_below(struct seq_ranges *set, int64_t begin);

bool seq_ranges_is_empty(const struct seq_ranges *set);
bool seq_ranges_contains(const struct seq_ranges *set, int64_t number);
/* True if every number of [begin, end) is in the set. */
bool seq_ranges_covers(const struct seq_ranges *set, int64_t begin, int64_t end);
/* How many ranges. */
size_t seq_ranges_count(const struct seq_ranges *set);
/* How many numbers. */
int64_t seq_ranges_total(const struct seq_ranges *set);

/* Range `index`, ascending from 0; index < count. */
struct seq_range seq_ranges_at(const struct seq_ranges *set, size_t index);
/* Index of the first range that ends after `number` (it contains it or lies above); count if none. */
size_t seq_ranges_find(const struct seq_ranges *set, int64_t number);
/* The first missing stretch of [begin, end), into `*gap`. False: none is missing. To walk all
 * gaps, ask again from gap->end. */
bool seq_ranges_next_gap(const struct seq_ranges *set, int64_t begin, int64_t end, struct seq_range *gap);

#endif
