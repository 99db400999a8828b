#include "engine/clock.h"

#include <time.h>

usec_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (usec_t)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

int64_t clock_unix_seconds(void)
{
	return (int64_t)time(NULL);
}
