/* receive: `kith receive`: takes what peers send with `kith send` (docs/transfer.md). */
#ifndef CLI_RECEIVE_H
#define CLI_RECEIVE_H

#include "cli/options.h"

int receive_run(const struct options *options);

#endif
