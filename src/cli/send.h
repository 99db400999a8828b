/* send: `kith send`: files, folders or standard input to a peer (docs/transfer.md). */
#ifndef CLI_SEND_H
#define CLI_SEND_H

#include "cli/options.h"

int send_run(const struct options *options);

#endif
