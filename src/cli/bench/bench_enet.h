/* bench_enet: ENet as a peer, where its library was found when this was built. */
#ifndef CLI_BENCH_ENET_H
#define CLI_BENCH_ENET_H

#include "cli/bench/bench_peer.h"

extern const struct bench_peer bench_enet;

#endif
