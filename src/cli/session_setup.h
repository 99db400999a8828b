/* session_setup: the common options that become configuration of the endpoint. */
#ifndef CLI_SESSION_SETUP_H
#define CLI_SESSION_SETUP_H

#include <kith/endpoint.h>

#include "cli/options.h"

/* What can be refused before anything is opened. -1 to go on, else EXIT_USAGE. */
int session_setup_check(const struct options *options);
/* Sets everything. -1 to go on, else EXIT_USAGE. */
int session_setup_configure(const struct options *options, kith_endpoint endpoint);

#endif
