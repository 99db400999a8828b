/* echo_messages: `kith echo --messages`: sends back what comes without connections. */
#ifndef CLI_ECHO_MESSAGES_H
#define CLI_ECHO_MESSAGES_H

#include "cli/options.h"

int echo_messages_run(const struct options *options);

#endif
