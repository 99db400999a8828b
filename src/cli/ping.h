/* ping: `kith ping`, round trips to a peer. */
#ifndef CLI_PING_H
#define CLI_PING_H

#include "cli/options.h"

int ping_run(const struct options *options);

#endif
