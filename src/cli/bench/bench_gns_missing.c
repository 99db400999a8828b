#include "cli/bench/bench_gns.h"

static const char *missing(int variant)
{
	(void)variant;
	return "it is not built in; see docs/benchmarks.md";
}

const struct bench_peer bench_gns_threaded = {
	.name = "gns",
	.about = "GameNetworkingSockets with its own thread",
	.missing = missing,
};

const struct bench_peer bench_gns_manual = {
	.name = "gns-manual",
	.about = "GameNetworkingSockets polled by the application",
	.missing = missing,
};
