#include "core/reliability/ack_tracker.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* Packets may overtake each other by this much before the overtaken ones are called missing; by
 * less where they have not been seen to do so, and on short paths, where they are lost rather than
 * late. */
#define NACK_DELAY_MAX (3 * USEC_PER_MSEC)
#define NACK_DELAY_CALM USEC_PER_MSEC
#define NACK_DELAY_MIN (USEC_PER_MSEC / 4)
/* Senders expect an acknowledgement within 50 ms; sooner ones keep their estimates sharp. */
#define ACK_DELAY_MAX (25 * USEC_PER_MSEC)
#define ACK_DELAY_MIN USEC_PER_MSEC
#define ACK_DELAY_UNKNOWN (10 * USEC_PER_MSEC)
/* At most this many packets share one acknowledgement; fewer while a connection is young and its
 * sender learns the path. */
#define ACK_PACKETS 32
#define ACK_PACKETS_YOUNG 4
#define YOUNG_PACKETS 128

void ack_tracker_init(struct ack_tracker *tracker)
{
	*tracker = (struct ack_tracker){
		.largest = 1,
		.largest_at = -1,
		.ack_due = USEC_NEVER,
		.nack_due = USEC_NEVER,
		.untold = 1,
		.lateness = NACK_DELAY_MAX,
	};
	ack_tracker_set_rtt(tracker, -1);
}

void ack_tracker_free(struct ack_tracker *tracker)
{
	alloc_free(tracker->gaps);
	tracker->gaps = NULL;
	tracker->count = 0;
	tracker->capacity = 0;
}

static usec_t clamp(usec_t value, usec_t low, usec_t high)
{
	return usec_max(low, usec_min(high, value));
}

static void set_nack_delay(struct ack_tracker *tracker)
{
	usec_t wanted = usec_max(tracker->lateness + tracker->lateness / 4, NACK_DELAY_CALM);
	tracker->nack_delay = usec_min(wanted, tracker->nack_delay_max);
}

void ack_tracker_set_rtt(struct ack_tracker *tracker, usec_t rtt)
{
	tracker->nack_delay_max = rtt < 0 ? NACK_DELAY_MAX : clamp(rtt / 4, NACK_DELAY_MIN, NACK_DELAY_MAX);
	set_nack_delay(tracker);
	tracker->ack_delay = rtt < 0 ? ACK_DELAY_UNKNOWN : clamp(rtt / 4, ACK_DELAY_MIN, ACK_DELAY_MAX);
}

/* --- the gaps */

static struct ack_gap *gap_at(const struct ack_tracker *tracker, uint32_t index)
{
	return &tracker->gaps[tracker->first + index];
}

/* Makes room at the end: by moving to the front, or by growing. */
static void make_room(struct ack_tracker *tracker)
{
	if (tracker->first + tracker->count < tracker->capacity)
		return;
	if (tracker->first > tracker->capacity / 2) {
		bytes_move(tracker->gaps, tracker->gaps + tracker->first, tracker->count * sizeof(*tracker->gaps));
		tracker->first = 0;
		return;
	}
	tracker->capacity = tracker->capacity == 0 ? 8 : tracker->capacity * 2;
	tracker->gaps = alloc_resize(tracker->gaps, tracker->capacity, sizeof(*tracker->gaps));
}

static void insert_gap(struct ack_tracker *tracker, uint32_t index, const struct ack_gap *gap)
{
	make_room(tracker);
	struct ack_gap *at = gap_at(tracker, index);
	bytes_move(at + 1, at, (tracker->count - index) * sizeof(*at));
	*at = *gap;
	tracker->count++;
}

static void remove_gap(struct ack_tracker *tracker, uint32_t index)
{
	struct ack_gap *at = gap_at(tracker, index);
	tracker->count--;
	if (index == 0)
		tracker->first++;
	else
		bytes_move(at, at + 1, (tracker->count - index) * sizeof(*at));
	if (tracker->count == 0)
		tracker->first = 0;
}

/* Index of the first gap that ends above `number`. */
static uint32_t find_gap(const struct ack_tracker *tracker, int64_t number)
{
	uint32_t low = 0;
	uint32_t high = tracker->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (gap_at(tracker, middle)->end <= number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void learn_lateness(struct ack_tracker *tracker, usec_t lateness)
{
	if (lateness <= tracker->lateness)
		return;
	tracker->lateness = usec_min(lateness, NACK_DELAY_MAX);
	set_nack_delay(tracker);
}

/* A packet from inside a gap: a late one. */
static bool fill(struct ack_tracker *tracker, usec_t now, int64_t number)
{
	uint32_t index = find_gap(tracker, number);
	if (index == tracker->count || gap_at(tracker, index)->begin > number)
		return false;
	struct ack_gap *gap = gap_at(tracker, index);
	learn_lateness(tracker, now - gap->noticed_at);
	if (gap->begin == number && gap->end == number + 1) {
		remove_gap(tracker, index);
	} else if (gap->begin == number) {
		gap->begin = number + 1;
		gap->before_at = now;
	} else if (gap->end == number + 1) {
		gap->end = number;
	} else {
		if (tracker->count >= ACK_TRACKER_GAPS_MAX)
			return false;
		struct ack_gap rest = { number + 1, gap->end, gap->noticed_at, now };
		gap->end = number;
		insert_gap(tracker, index + 1, &rest);
	}
	return true;
}

static bool extend(struct ack_tracker *tracker, usec_t now, int64_t number)
{
	int64_t begin = tracker->largest + 1 > tracker->wait_floor ? tracker->largest + 1 : tracker->wait_floor;
	if (begin < number) {
		if (tracker->count >= ACK_TRACKER_GAPS_MAX)
			return false;
		usec_t before_at = begin == tracker->largest + 1 ? tracker->largest_at : -1;
		struct ack_gap gap = { begin, number, now, before_at };
		insert_gap(tracker, tracker->count, &gap);
		/* What was learned fades with each gap that nobody fills. */
		tracker->lateness -= tracker->lateness / 16;
		set_nack_delay(tracker);
		tracker->nack_due = usec_min(tracker->nack_due, now + tracker->nack_delay);
	}
	tracker->largest = number;
	tracker->largest_at = now;
	return true;
}

bool ack_tracker_add(struct ack_tracker *tracker, usec_t now, int64_t number, bool wants_ack)
{
	if (number <= tracker->largest ? !fill(tracker, now, number) : !extend(tracker, now, number))
		return false;
	tracker->received++;
	tracker->untold++;
	if (!wants_ack)
		return true;
	tracker->untold_urgent++;
	uint32_t limit = tracker->received < YOUNG_PACKETS ? ACK_PACKETS_YOUNG : ACK_PACKETS;
	bool enough = tracker->untold_urgent >= limit;
	/* While something is missing every message behind it waits: a lost nack must not cost much. */
	usec_t delay = tracker->count > 0 ? usec_max(tracker->ack_delay / 8, ACK_DELAY_MIN) : tracker->ack_delay;
	ack_tracker_request(tracker, enough ? now : now + delay);
	return true;
}

void ack_tracker_request(struct ack_tracker *tracker, usec_t at)
{
	tracker->ack_due = usec_min(tracker->ack_due, at);
}

bool ack_tracker_stop_waiting(struct ack_tracker *tracker, usec_t now, int64_t number, int64_t floor)
{
	if (floor < tracker->wait_floor)
		return number < tracker->wait_floor_set_by;
	/* More than we have seen cannot be meant. */
	if (floor > tracker->largest + 1)
		floor = tracker->largest + 1;
	if (floor <= tracker->wait_floor)
		return true;
	tracker->wait_floor = floor;
	tracker->wait_floor_set_by = number;
	while (tracker->count > 0 && gap_at(tracker, 0)->end <= floor)
		remove_gap(tracker, 0);
	if (tracker->count > 0 && gap_at(tracker, 0)->begin < floor) {
		gap_at(tracker, 0)->begin = floor;
		gap_at(tracker, 0)->before_at = -1;
	}
	if (tracker->truncated) {
		tracker->truncated = false;
		tracker->nack_due = now;
	}
	return true;
}

/* --- telling */

usec_t ack_tracker_next_timeout(const struct ack_tracker *tracker)
{
	return usec_min(tracker->ack_due, tracker->nack_due);
}

bool ack_tracker_has_news(const struct ack_tracker *tracker)
{
	return tracker->untold > 0;
}

uint32_t ack_tracker_gap_count(const struct ack_tracker *tracker)
{
	return tracker->count;
}

/* The first of the gaps that is not told now: too new, or without room. Sets the deadline for it. */
static uint32_t choose_gaps(struct ack_tracker *tracker, usec_t now, size_t capacity)
{
	size_t size = FRAME_ACK_HEADER_MAX;
	uint32_t index = 0;
	tracker->nack_due = USEC_NEVER;
	tracker->truncated = false;
	for (; index < tracker->count; index++) {
		const struct ack_gap *gap = gap_at(tracker, index);
		if (gap->noticed_at + tracker->nack_delay > now) {
			tracker->nack_due = gap->noticed_at + tracker->nack_delay;
			break;
		}
		int64_t above = index + 1 < tracker->count ? gap_at(tracker, index + 1)->begin : tracker->largest + 1;
		const struct frame_ack_block block = { (uint32_t)(above - gap->end), (uint32_t)(gap->end - gap->begin) };
		size += frame_ack_block_size(&block);
		if (size > capacity || index >= FRAME_ACK_BLOCKS_MAX) {
			tracker->truncated = true;
			break;
		}
	}
	return index;
}

static uint16_t delay_units(usec_t now, usec_t received_at)
{
	if (received_at < 0 || (now - received_at) / FRAME_ACK_DELAY_UNIT_USEC >= FRAME_ACK_DELAY_UNKNOWN)
		return FRAME_ACK_DELAY_UNKNOWN;
	return (uint16_t)((now - received_at) / FRAME_ACK_DELAY_UNIT_USEC);
}

bool ack_tracker_report(struct ack_tracker *tracker, usec_t now, size_t capacity, struct frame_ack *out)
{
	if (capacity < FRAME_ACK_HEADER_MAX)
		return false;
	uint32_t told = choose_gaps(tracker, now, capacity);
	usec_t received_at = tracker->largest_at;
	out->latest = tracker->largest;
	if (told < tracker->count) {
		out->latest = gap_at(tracker, told)->begin - 1;
		received_at = gap_at(tracker, told)->before_at;
	}
	out->delay = delay_units(now, received_at);
	out->block_count = told;
	int64_t above = out->latest + 1;
	for (uint32_t i = 0; i < told; i++) {
		const struct ack_gap *gap = gap_at(tracker, told - 1 - i);
		out->blocks[i].acked = (uint32_t)(above - gap->end);
		out->blocks[i].nacked = (uint32_t)(gap->end - gap->begin);
		above = gap->begin;
	}
	tracker->ack_due = USEC_NEVER;
	tracker->untold = 0;
	tracker->untold_urgent = 0;
	return true;
}
