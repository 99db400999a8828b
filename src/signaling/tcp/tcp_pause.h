/* tcp_pause: when a client of the signaling server tries to reach it again.
 *
 * Owns: how pauses grow, and who may cut them short: somebody who has something to say.
 * Does not know: sockets, clocks, chance.
 */
#ifndef SIGNALING_TCP_PAUSE_H
#define SIGNALING_TCP_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

/* How an attempt ended: nobody was reached, or for how long there was a connection, in microseconds. One that was
 * nobody's fault counts as a good one, however short. */
#define TCP_PAUSE_NOBODY INT64_C(-1)
#define TCP_PAUSE_GOOD INT64_C(10000000)

struct tcp_backoff {
	int64_t msec; /* of the next pause; 0: the first */
};

/* When the next attempt is due, in microseconds: with nothing to say; with something; with something said from now on,
 * as it may be said because the network is back. */
struct tcp_pause {
	int64_t until, eager, prompt;
};

/* After an attempt that ended `now`. `random`: any number, so that a restarted server is not met by all at once. */
struct tcp_pause tcp_pause_after(struct tcp_backoff *backoff, int64_t now, int64_t lasted, uint32_t random);
int64_t tcp_pause_end(const struct tcp_pause *pause, bool has_something);
/* Something is said. */
void tcp_pause_hasten(struct tcp_pause *pause);

#endif
