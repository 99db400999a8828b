#include "cli/bench/bench_seal.h"

#include <stdlib.h>

const char *bench_seal_missing(void)
{
	return "built without GnuTLS";
}

struct bench_seal *bench_seal_new(void)
{
	abort();
}

bool bench_seal_close(struct bench_seal *seal, uint64_t number, const uint8_t *bytes, size_t size, uint8_t *out)
{
	(void)seal, (void)number, (void)bytes, (void)size, (void)out;
	return false;
}

bool bench_seal_open(struct bench_seal *seal, uint64_t number, const uint8_t *bytes, size_t size, uint8_t *out)
{
	(void)seal, (void)number, (void)bytes, (void)size, (void)out;
	return false;
}
