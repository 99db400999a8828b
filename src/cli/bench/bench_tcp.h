/* bench_tcp: the system's TCP as a peer: no encryption, messages framed by their size alone. */
#ifndef CLI_BENCH_TCP_H
#define CLI_BENCH_TCP_H

#include "cli/bench/bench_peer.h"

extern const struct bench_peer bench_tcp_cubic;
extern const struct bench_peer bench_tcp_bbr;

#endif
