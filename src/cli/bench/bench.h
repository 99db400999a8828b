/* bench: `kith bench`, how fast Kith is here, beside others that do the same work. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "cli/options.h"

int bench_run(const struct options *options);

#endif
