/* tale: a story of two peers told line by line, and held against how it ought to go.
 *
 * Owns: a world of two public hosts, 10 ms apart, with signaling that takes 10 ms; what each
 * application does when nobody tells it otherwise: it reads, and lets go of what has ended.
 */
#ifndef TALE_H
#define TALE_H

#include "sim_trace.h"

struct tale {
	struct sim_world world; /* first: hooks find the tale by it */
	struct sim_trace trace;
	char *told;
	size_t told_size;
	struct conn *conns[2]; /* the last one of each peer; null: none, or let go of */
	struct listen_socket *listeners[2];
	bool accepts[2];
	bool over[2];
	uint8_t lose_lead; /* packets with this first byte ... */
	unsigned lose_count;
	unsigned lose_signals; /* that many signals vanish */
	bool quiet;            /* nothing that packets carry arrives */
};

void tale_begin(struct tale *tale);
void tale_end(struct tale *tale);

void tale_listen(struct tale *tale, unsigned peer, bool by_address, bool symmetric);
void tale_call_address(struct tale *tale, unsigned peer);
void tale_call(struct tale *tale, unsigned peer, bool symmetric);
void tale_accept(struct tale *tale, unsigned peer);
void tale_send(struct tale *tale, unsigned peer, const char *text);
void tale_hang_up(struct tale *tale, unsigned peer, uint32_t reason, const char *text, usec_t linger);
void tale_die(struct tale *tale, unsigned peer);
void tale_return(struct tale *tale, unsigned peer);
void tale_wait(struct tale *tale, usec_t duration);

/* Nothing told so far counts. */
void tale_forget(struct tale *tale);
/* The tale since the beginning, or since it was forgotten, is this. */
void tale_was(struct tale *tale, const char *expected);

#endif
