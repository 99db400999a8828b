/* pipe: `kith connect` and `kith listen`: standard input and output through one connection. */
#ifndef CLI_PIPE_H
#define CLI_PIPE_H

#include "cli/options.h"

int pipe_run(const struct options *options);

#endif
