/* conn_pair: two connections that have shaken hands, and the wire between them in the test's hand.
 *
 * Owns: both ends, their keys, virtual time. Packets go where the test says, or nowhere.
 */
#ifndef CONN_PAIR_H
#define CONN_PAIR_H

#include "core/conn/conn.h"

#define CONN_PAIR_PACKETS_MAX 256

struct conn_pair_packet {
	uint8_t bytes[1500];
	size_t size;
	struct address from; /* as the receiver sees it; of no port: where it is expected */
	struct address to;
};

struct conn_pair {
	usec_t now;
	struct rng rng;
	struct config config;
	struct certificate_own *own[2]; /* shared with the ends */
	struct identity identity[2];
	struct conn *ends[2]; /* 0 called, 1 accepted */
	struct conn_pair_packet packets[CONN_PAIR_PACKETS_MAX];
	size_t packet_count; /* of conn_pair_collect */
};

/* Configure `pair->config` after this, before conn_pair_connect. */
void conn_pair_init(struct conn_pair *pair);
void conn_pair_free(struct conn_pair *pair);
/* Both ends have keys. By address both are connected; peer to peer both still look for a route. */
void conn_pair_connect(struct conn_pair *pair, bool p2p);
/* Peer to peer: both ends have a path, and the first packets have gone both ways. */
void conn_pair_open_paths(struct conn_pair *pair);
void conn_pair_path_ready(struct conn_pair *pair, int end);

/* What `end` sends now, cut into packets, into pair->packets. Returns how many. */
size_t conn_pair_collect(struct conn_pair *pair, int end);
/* Packet `index` of the last conn_pair_collect reaches `end`. */
void conn_pair_deliver(struct conn_pair *pair, int end, size_t index);
/* Lets packets fly both ways until nobody has anything to say. */
void conn_pair_exchange(struct conn_pair *pair);
/* Time passes with its timeouts; `lossy` true: what is sent vanishes. */
void conn_pair_wait(struct conn_pair *pair, usec_t duration, bool lossy);
/* The kind of the last state event of `end`, or 0; takes all its events. */
int32_t conn_pair_last_state(struct conn_pair *pair, int end);
/* Queues text; returns what conn_send says. */
int32_t conn_pair_send(struct conn_pair *pair, int end, uint32_t flags, const char *text);

#endif
