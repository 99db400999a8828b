/* commands: the entry points of all subcommands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/bench/bench.h"
#include "cli/cert.h"
#include "cli/doctor/doctor.h"
#include "cli/echo.h"
#include "cli/key.h"
#include "cli/ping.h"
#include "cli/pipe.h"
#include "cli/receive.h"
#include "cli/send.h"
#include "cli/signald.h"

#endif
