#include "core/reliability/refusal.h"

/* So many in a row, over more than a round trip, and not one that came through: chance does not do
 * that where one in five gets lost, and a path that is down loses nothing by it. */
#define RUN_MIN 8u
/* What goes after a question was heard; as in a path's beginning, each acknowledgement doubles it. */
#define ROOM_MIN 4800
/* The first question goes at once, the others ever more rarely: a program reads once a frame, or
 * has stopped reading for good. */
#define ASK_MIN (5 * USEC_PER_MSEC)
#define ASK_MAX (50 * USEC_PER_MSEC)
#define DOUBLINGS_MAX 4u

void refusal_init(struct refusal *refusal)
{
	*refusal = (struct refusal){ .since = USEC_NEVER, .room = INT64_MAX, .ask_at = USEC_NEVER };
}

void refusal_on_acked(struct refusal *refusal)
{
	refusal->run = 0;
}

void refusal_on_lost(struct refusal *refusal)
{
	refusal->run++;
}

/* How long after the last question the next one follows. */
static usec_t pause_of(const struct refusal *refusal, usec_t rtt)
{
	usec_t least = usec_max(2 * rtt, ASK_MIN);
	unsigned doublings = refusal->asked_count < DOUBLINGS_MAX ? refusal->asked_count : DOUBLINGS_MAX;

	if (refusal->asked_count == 0)
		return 0;
	return usec_min(least << (doublings - 1), usec_max(2 * rtt, ASK_MAX));
}

/* Most of it refused: the peer's program reads, but slower than we send. */
static bool is_mostly_lost(const struct refusal_news *news)
{
	return news->lost >= ROOM_MIN && news->lost > 2 * news->acked;
}

static void set_room(struct refusal *refusal, const struct refusal_news *news)
{
	if (is_mostly_lost(news)) {
		int64_t room = 2 * news->acked;
		refusal->room = room > ROOM_MIN ? room : ROOM_MIN;
	} else if (refusal->room != INT64_MAX) {
		refusal->room += news->acked;
	}
	if (refusal->room == INT64_MAX || refusal->room < news->window)
		return;
	refusal->room = INT64_MAX;
	refusal->asked_count = 0;
}

void refusal_update(struct refusal *refusal, usec_t now, const struct refusal_news *news)
{
	set_room(refusal, news);
	if (refusal->run == 0) {
		refusal->since = USEC_NEVER;
		refusal->refuses = false;
		refusal->ask_at = USEC_NEVER;
		return;
	}
	if (refusal->since == USEC_NEVER)
		refusal->since = now;
	if (refusal->refuses || refusal->run < RUN_MIN || now - refusal->since < usec_max(news->rtt, 1))
		return;
	refusal->refuses = true;
	refusal->room = ROOM_MIN;
	refusal->ask_at = now + pause_of(refusal, news->rtt);
}

void refusal_on_asked(struct refusal *refusal, usec_t now, usec_t rtt)
{
	refusal->asked_count++;
	refusal->ask_at = now + pause_of(refusal, rtt);
}

bool refusal_holds(const struct refusal *refusal, int64_t in_flight)
{
	return refusal->refuses || in_flight >= refusal->room;
}
