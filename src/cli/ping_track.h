/* ping_track: which pings are out, which came back, and how long they took.
 *
 * Owns: the form of a ping (docs/cli.md): 8 bytes nonce of its sender, 4 bytes number, 4 bytes how
 * many its sender still means to send, filling; and the statistics of round trips.
 * Does not know: connections, output.
 */
#ifndef CLI_PING_TRACK_H
#define CLI_PING_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PING_TRACK_HEADER = 16,
	PING_TRACK_WINDOW = 1 << 16,  /* pings whose times are remembered; older ones count as lost */
	PING_TRACK_SAMPLES = 1 << 20, /* round trips kept for the percentiles; then the oldest go */
};

#define PING_TRACK_ENDLESS UINT32_MAX /* its sender means to go on */

struct ping_track {
	uint8_t nonce[8];
	uint32_t sent; /* the number of the last ping; the first is 1 */
	uint32_t received;
	int64_t *sent_usec; /* by number modulo the window; 0: came back, or not sent */
	int64_t *samples;
	size_t samples_capacity;
};

struct ping_summary {
	uint32_t sent, received, lost;
	int64_t min, p50, p99, max; /* microseconds; 0 when nothing came back */
};

/* The nonce is random. False: no memory, or no randomness. */
bool ping_track_init(struct ping_track *track);
void ping_track_free(struct ping_track *track);

/* Writes the next ping over the first bytes of a message. */
void ping_track_write(const struct ping_track *track, uint8_t *message, uint32_t remaining);
/* That ping has been sent. */
void ping_track_on_sent(struct ping_track *track, int64_t now);
/* Whether the message is one of ours that came back. */
bool ping_track_is_ours(const struct ping_track *track, const void *message, size_t size);
/* Counts one of ours. Returns its round trip and its number; -1 when it had come back already or
 * nobody remembers it. */
int64_t ping_track_read(struct ping_track *track, const void *message, int64_t now, uint32_t *number);
/* How many more pings the sender of this message, which is not ours, means to send. */
uint32_t ping_track_remaining(const void *message, size_t size);

void ping_track_sum_up(struct ping_track *track, struct ping_summary *out);

#endif
