#include "cli/bench/bench_enet.h"

static const char *missing(int variant)
{
	(void)variant;
	return "built without libenet";
}

const struct bench_peer bench_enet = { .name = "enet", .about = "ENet", .missing = missing };
