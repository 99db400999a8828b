/* bench_kith: Kith as a peer, through its public headers: by address, and peer to peer. */
#ifndef CLI_BENCH_KITH_H
#define CLI_BENCH_KITH_H

#include "cli/bench/bench_peer.h"

extern const struct bench_peer bench_kith_udp;
extern const struct bench_peer bench_kith_ice;

#endif
