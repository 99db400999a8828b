/* cert: `kith cert`: asking for certificates, making, reading, checking and revoking them. */
#ifndef CLI_CERT_H
#define CLI_CERT_H

#include "cli/options.h"

int cert_run(const struct options *options);

#endif
