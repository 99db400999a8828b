/* impair: a bad network: datagrams lost, late, wavering, reordered, doubled, above a rate.
 *
 * Owns: chance, the datagrams that are late.
 * Does not know: where rules come from, whose datagrams these are, sockets, the clock. What it lets
 * through is the caller's to carry on; what it holds is asked for with impair_next, before new ones.
 */
#ifndef TRANSPORT_IMPAIR_H
#define TRANSPORT_IMPAIR_H

#include "core/base/usec.h"
#include "core/types/datagram.h"

enum impair_direction { IMPAIR_SEND, IMPAIR_RECEIVE };

/* What happens to datagrams, in this order. Zeroed: nothing. */
struct impair_rules {
	int64_t rate;  /* bytes/s; what is above it is lost. 0: no limit */
	int64_t burst; /* bytes that may pass at once after a pause */
	double loss;   /* percent of datagrams, as all of these */
	usec_t lag;
	double jitter_share;   /* percent that waver ... */
	usec_t jitter_average; /* ... by so much on average, exponentially; they keep their order */
	usec_t jitter_max;
	double reorder; /* percent that are later by this than their place in the order */
	usec_t reorder_time;
	double duplicate; /* percent that come twice, the second one up to so much later */
	usec_t duplicate_time_max;
};

/* What is to be remembered of one way in one direction. Zeroed at first. */
struct impair_flow {
	bool has_tokens; /* false: the bucket is full */
	int64_t tokens;  /* bytes that may pass, times a million */
	usec_t tokens_at;
	usec_t last_at; /* when the last datagram that keeps its order passed, or will */
};

struct impair;

struct impair *impair_new(uint64_t seed);
void impair_free(struct impair *impair); /* null is allowed */

/* A datagram (copied if it is held). True: it goes on now. */
bool impair_pass(struct impair *impair, usec_t now, const struct impair_rules *rules, struct impair_flow *flow,
                 enum impair_direction direction, const struct datagram *datagram);
/* True if the rules do something, or the flow has not recovered from what they did before. */
bool impair_is_active(const struct impair_rules *rules, const struct impair_flow *flow, usec_t now);

/* When the next one that is late goes on; USEC_NEVER: there is none. */
usec_t impair_next_timeout(const struct impair *impair);
/* The next one that is due at `now`; its bytes stay until the next call. False: there is none. */
bool impair_next(struct impair *impair, usec_t now, enum impair_direction *direction, struct datagram *out);

#endif
