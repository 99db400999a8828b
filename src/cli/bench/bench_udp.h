/* bench_udp: bare datagrams as peers: what the system alone costs, and with sealing the limit.
 *
 * Owns: the form of a datagram: 8 bytes number, content (sealed, of the limit). A datagram of 8 bytes
 * is a credit: how many have arrived; a sender is never so far ahead that the receiver's buffer overflows.
 */
#ifndef CLI_BENCH_UDP_H
#define CLI_BENCH_UDP_H

#include "cli/bench/bench_peer.h"

extern const struct bench_peer bench_udp_plain;
extern const struct bench_peer bench_udp_gso;
extern const struct bench_peer bench_udp_limit;

#endif
