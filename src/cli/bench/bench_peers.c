#include "cli/bench/bench_peers.h"

#include "cli/bench/bench_enet.h"
#include "cli/bench/bench_gns.h"
#include "cli/bench/bench_kith.h"
#include "cli/bench/bench_tcp.h"
#include "cli/bench/bench_udp.h"

const struct bench_peer *const bench_peers[] = {
	&bench_kith_udp,
	&bench_kith_ice,
	&bench_udp_limit,
	&bench_udp_gso,
	&bench_udp_plain,
	&bench_tcp_cubic,
	&bench_tcp_bbr,
	&bench_enet,
	&bench_gns_threaded,
	&bench_gns_manual,
	NULL,
};

const char *bench_peers_missing(const struct bench_peer *peer)
{
	return peer->missing != NULL ? peer->missing(peer->variant) : NULL;
}
