/* echo: `kith echo`, a peer that sends every message back. */
#ifndef CLI_ECHO_H
#define CLI_ECHO_H

#include "cli/options.h"

int echo_run(const struct options *options);

#endif
