#include "cli/bench/bench_usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define NSEC_PER_SEC INT64_C(1000000000)

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

int64_t bench_usage_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t bench_usage_cpu(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t bench_usage_memory(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	int64_t kib, sum = 0;

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Private_Dirty: %" SCNd64, &kib) == 1 || sscanf(line, "Swap: %" SCNd64, &kib) == 1)
			sum += kib * 1024;
	fclose(file);
	return sum;
}
