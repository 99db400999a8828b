#include "core/base/seq_ranges.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

void seq_ranges_init(struct seq_ranges *set)
{
	*set = (struct seq_ranges){ NULL, 0, 0 };
}

void seq_ranges_free(struct seq_ranges *set)
{
	alloc_free(set->ranges);
	seq_ranges_init(set);
}

void seq_ranges_clear(struct seq_ranges *set)
{
	set->count = 0;
}

/* Index of the first range whose end is at least `number`; count if none. */
static size_t lower_bound(const struct seq_ranges *set, int64_t number)
{
	size_t low = 0;
	size_t high = set->count;
	/* Most additions are at the end: look there first. */
	if (high > 0 && set->ranges[high - 1].end < number)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (set->ranges[middle].end < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Replaces ranges [from, to) by `count` (0-2) new ones. */
static void replace(struct seq_ranges *set, size_t from, size_t to, const struct seq_range *with, size_t count)
{
	size_t new_count = set->count - (to - from) + count;
	if (new_count > set->capacity) {
		set->capacity = set->capacity < 4 ? 8 : set->capacity * 2;
		set->ranges = alloc_resize(set->ranges, set->capacity, sizeof(*set->ranges));
	}
	if (set->count > to && from + count != to)
		bytes_move(set->ranges + from + count, set->ranges + to, (set->count - to) * sizeof(*set->ranges));
	for (size_t i = 0; i < count; i++)
		set->ranges[from + i] = with[i];
	set->count = new_count;
}

int64_t seq_ranges_add(struct seq_ranges *set, int64_t begin, int64_t end)
{
	if (begin >= end)
		return 0;
	struct seq_range merged = { begin, end };
	size_t from = lower_bound(set, begin);
	size_t to = from;
	int64_t known = 0;
	for (; to < set->count && set->ranges[to].begin <= end; to++) {
		const struct seq_range *range = &set->ranges[to];
		int64_t overlap_begin = range->begin > begin ? range->begin : begin;
		int64_t overlap_end = range->end < end ? range->end : end;
		known += overlap_end - overlap_begin;
		if (range->begin < merged.begin)
			merged.begin = range->begin;
		if (range->end > merged.end)
			merged.end = range->end;
	}
	replace(set, from, to, &merged, 1);
	return end - begin - known;
}

bool seq_ranges_would_grow(const struct seq_ranges *set, int64_t begin, int64_t end)
{
	size_t at = lower_bound(set, begin);
	return begin < end && (at == set->count || set->ranges[at].begin > end);
}

void seq_ranges_remove(struct seq_ranges *set, int64_t begin, int64_t end)
{
	struct seq_range left[2];
	size_t count = 0;
	if (begin >= end)
		return;
	size_t from = seq_ranges_find(set, begin);
	size_t to = from;
	for (; to < set->count && set->ranges[to].begin < end; to++) {
		struct seq_range range = set->ranges[to];
		if (range.begin < begin)
			left[count++] = (struct seq_range){ range.begin, begin };
		if (range.end > end)
			left[count++] = (struct seq_range){ end, range.end };
	}
	if (to > from)
		replace(set, from, to, left, count);
}

void seq_ranges_remove_below(struct seq_ranges *set, int64_t begin)
{
	size_t from = seq_ranges_find(set, begin);
	if (from > 0)
		replace(set, 0, from, NULL, 0);
	if (set->count > 0 && set->ranges[0].begin < begin)
		set->ranges[0].begin = begin;
}

bool seq_ranges_is_empty(const struct seq_ranges *set)
{
	return set->count == 0;
}

size_t seq_ranges_find(const struct seq_ranges *set, int64_t number)
{
	size_t at = lower_bound(set, number);
	return at < set->count && set->ranges[at].end == number ? at + 1 : at;
}

bool seq_ranges_contains(const struct seq_ranges *set, int64_t number)
{
	size_t at = seq_ranges_find(set, number);
	return at < set->count && set->ranges[at].begin <= number;
}

bool seq_ranges_covers(const struct seq_ranges *set, int64_t begin, int64_t end)
{
	if (begin >= end)
		return true;
	size_t at = seq_ranges_find(set, begin);
	return at < set->count && set->ranges[at].begin <= begin && set->ranges[at].end >= end;
}

size_t seq_ranges_count(const struct seq_ranges *set)
{
	return set->count;
}

int64_t seq_ranges_total(const struct seq_ranges *set)
{
	int64_t total = 0;
	for (size_t i = 0; i < set->count; i++)
		total += set->ranges[i].end - set->ranges[i].begin;
	return total;
}

struct seq_range seq_ranges_at(const struct seq_ranges *set, size_t index)
{
	return set->ranges[index];
}

bool seq_ranges_next_gap(const struct seq_ranges *set, int64_t begin, int64_t end, struct seq_range *gap)
{
	size_t at = seq_ranges_find(set, begin);
	if (at < set->count && set->ranges[at].begin <= begin)
		begin = set->ranges[at++].end;
	if (begin >= end)
		return false;
	gap->begin = begin;
	gap->end = at < set->count && set->ranges[at].begin < end ? set->ranges[at].begin : end;
	return true;
}
