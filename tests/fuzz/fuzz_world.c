/* A script for a whole world: two peers listen, call, send, read, hang up, die, come back, over links and
 * signaling as good or bad as the input says. Everything that holds in random worlds has to hold. */
#include "sim/sim_folk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0)
		sim_folk_play(data, size, false);
	return 0;
}
