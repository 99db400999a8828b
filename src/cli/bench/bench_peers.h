/* bench_peers: all peers there are, in the order in which they take turns. */
#ifndef CLI_BENCH_PEERS_H
#define CLI_BENCH_PEERS_H

#include "cli/bench/bench_peer.h"

enum { BENCH_PEERS_MAX = 16 };

extern const struct bench_peer *const bench_peers[]; /* ends with null */

/* Null: this peer can be used here; else why not. */
const char *bench_peers_missing(const struct bench_peer *peer);

#endif
