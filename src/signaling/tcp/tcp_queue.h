/* tcp_queue: lines that wait for the signaling server.
 *
 * Owns: the lines, their order, and the limits: when it is full the oldest goes, and a line that
 * has waited too long is not worth sending (its call has timed out meanwhile).
 * Does not know: sockets, locks; the caller serialises.
 */
#ifndef SIGNALING_TCP_QUEUE_H
#define SIGNALING_TCP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TCP_QUEUE_LINES_MAX = 1024,
	TCP_QUEUE_BYTES_MAX = 1024 * 1024,
	TCP_QUEUE_AGE_MAX_USEC = 10 * 1000000, /* as long as a call waits for its answer */
};

struct tcp_queue_line {
	struct tcp_queue_line *next;
	int64_t added_usec;
	size_t size;
	char text[];
};

struct tcp_queue {
	struct tcp_queue_line *first;
	struct tcp_queue_line *last;
	size_t count;
	size_t bytes;
	uint64_t dropped;
};

/* A line of `size` bytes to be filled in; null: no memory. The caller owns it until it adds it. */
struct tcp_queue_line *tcp_queue_line_new(size_t size);
void tcp_queue_line_free(struct tcp_queue_line *line);

/* Takes the line. */
void tcp_queue_add(struct tcp_queue *queue, struct tcp_queue_line *line, int64_t now);
/* The next line that is still worth sending; the caller owns it. Null: none. */
struct tcp_queue_line *tcp_queue_take(struct tcp_queue *queue, int64_t now);
bool tcp_queue_is_empty(const struct tcp_queue *queue);
void tcp_queue_free(struct tcp_queue *queue);

#endif
