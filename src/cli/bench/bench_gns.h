/* bench_gns: GameNetworkingSockets as a peer, with its own thread and driven by hand. The `kith` command
 * does without it; the driver in tests/bench has it where its CMake package was found.
 */
#ifndef CLI_BENCH_GNS_H
#define CLI_BENCH_GNS_H

#include "cli/bench/bench_peer.h"

extern const struct bench_peer bench_gns_threaded;
extern const struct bench_peer bench_gns_manual;

#endif
