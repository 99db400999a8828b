#include "core/base/seq_ranges.h"

#include <criterion/criterion.h>

static bool is_range(const struct seq_ranges *set, size_t index, int64_t begin, int64_t end)
{
	struct seq_range range = seq_ranges_at(set, index);
	return range.begin == begin && range.end == end;
}

Test(seq_ranges, merges_what_touches_or_overlaps)
{
	struct seq_ranges set;
	seq_ranges_init(&set);
	cr_assert_eq(seq_ranges_add(&set, 10, 20), 10);
	cr_assert_eq(seq_ranges_add(&set, 30, 40), 10);
	cr_assert_eq(seq_ranges_add(&set, 20, 22), 2);
	cr_assert_eq(seq_ranges_add(&set, 28, 30), 2);
	cr_assert_eq(seq_ranges_count(&set), 2);
	cr_assert(is_range(&set, 0, 10, 22));
	cr_assert(is_range(&set, 1, 28, 40));
	cr_assert_eq(seq_ranges_add(&set, 15, 35), 6);
	cr_assert_eq(seq_ranges_count(&set), 1);
	cr_assert(is_range(&set, 0, 10, 40));
	cr_assert_eq(seq_ranges_add(&set, 10, 40), 0);
	cr_assert_eq(seq_ranges_add(&set, 50, 50), 0);
	cr_assert_eq(seq_ranges_total(&set), 30);
	seq_ranges_free(&set);
}

Test(seq_ranges, remove_splits)
{
	struct seq_ranges set;
	seq_ranges_init(&set);
	seq_ranges_add(&set, 0, 100);
	seq_ranges_remove(&set, 40, 60);
	cr_assert_eq(seq_ranges_count(&set), 2);
	cr_assert(is_range(&set, 0, 0, 40));
	cr_assert(is_range(&set, 1, 60, 100));
	seq_ranges_remove(&set, 30, 200);
	cr_assert_eq(seq_ranges_count(&set), 1);
	cr_assert(is_range(&set, 0, 0, 30));
	seq_ranges_free(&set);
}

Test(seq_ranges, remove_below_cuts_the_range_it_falls_in)
{
	struct seq_ranges set;
	seq_ranges_init(&set);
	seq_ranges_add(&set, 0, 5);
	seq_ranges_add(&set, 10, 20);
	seq_ranges_remove_below(&set, 5);
	cr_assert_eq(seq_ranges_count(&set), 1);
	seq_ranges_remove_below(&set, 15);
	cr_assert(is_range(&set, 0, 15, 20));
	seq_ranges_remove_below(&set, 0);
	cr_assert(is_range(&set, 0, 15, 20));
	seq_ranges_remove_below(&set, 20);
	cr_assert(seq_ranges_is_empty(&set));
	seq_ranges_free(&set);
}

Test(seq_ranges, walks_the_gaps)
{
	struct seq_ranges set;
	struct seq_range gap;
	seq_ranges_init(&set);
	cr_assert(seq_ranges_next_gap(&set, 3, 7, &gap));
	cr_assert(gap.begin == 3 && gap.end == 7);
	seq_ranges_add(&set, 5, 10);
	seq_ranges_add(&set, 20, 30);
	cr_assert(seq_ranges_next_gap(&set, 0, 40, &gap));
	cr_assert(gap.begin == 0 && gap.end == 5);
	cr_assert(seq_ranges_next_gap(&set, gap.end, 40, &gap));
	cr_assert(gap.begin == 10 && gap.end == 20);
	cr_assert(seq_ranges_next_gap(&set, gap.end, 40, &gap));
	cr_assert(gap.begin == 30 && gap.end == 40);
	cr_assert_not(seq_ranges_next_gap(&set, gap.end, 40, &gap));
	cr_assert_not(seq_ranges_next_gap(&set, 6, 10, &gap));
	seq_ranges_free(&set);
}

/* A plain array of booleans does the same, slowly. */
#define UNIVERSE 200

static void check_against(const struct seq_ranges *set, const bool *model)
{
	size_t ranges = 0;
	int64_t total = 0;
	for (int64_t i = 0; i < UNIVERSE; i++) {
		cr_assert_eq(seq_ranges_contains(set, i), model[i], "number %d", (int)i);
		total += model[i];
		ranges += model[i] && (i == 0 || !model[i - 1]);
	}
	cr_assert_eq(seq_ranges_count(set), ranges);
	cr_assert_eq(seq_ranges_total(set), total);
}

static bool model_covers(const bool *model, int64_t begin, int64_t end)
{
	for (int64_t i = begin; i < end; i++)
		if (!model[i])
			return false;
	return true;
}

Test(seq_ranges, behaves_like_a_plain_set)
{
	bool model[UNIVERSE] = { false };
	struct seq_ranges set;
	uint32_t random = 1;
	seq_ranges_init(&set);
	for (int step = 0; step < 3000; step++) {
		random = random * 1664525 + 1013904223;
		int64_t begin = random >> 8 & 127;
		int64_t end = begin + (random >> 20 & 15);
		unsigned verb = random >> 28;
		int64_t fresh = 0;
		for (int64_t i = begin; i < end; i++)
			fresh += !model[i];
		cr_assert_eq(seq_ranges_covers(&set, begin, end), model_covers(model, begin, end));
		size_t before = seq_ranges_count(&set);
		if (verb < 9) {
			bool grows = seq_ranges_would_grow(&set, begin, end);
			cr_assert_eq(seq_ranges_add(&set, begin, end), fresh);
			cr_assert_eq(seq_ranges_count(&set) == before + 1, grows);
		} else if (verb < 15) {
			seq_ranges_remove(&set, begin, end);
		} else {
			seq_ranges_remove_below(&set, begin);
		}
		for (int64_t i = verb < 15 ? begin : 0; i < (verb < 15 ? end : begin); i++)
			model[i] = verb < 9;
		check_against(&set, model);
	}
	seq_ranges_free(&set);
}
