/* signald: `kith signald`, the signaling server as a program. */
#ifndef CLI_SIGNALD_H
#define CLI_SIGNALD_H

#include "cli/options.h"

int signald_run(const struct options *options);

#endif
