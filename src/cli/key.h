/* key: `kith key`: private keys in files, and what follows from them. */
#ifndef CLI_KEY_H
#define CLI_KEY_H

#include "cli/options.h"

int key_run(const struct options *options);

#endif
