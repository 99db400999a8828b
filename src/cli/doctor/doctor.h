/* doctor: `kith doctor`: what of the network around this machine would work, and what would not. */
#ifndef CLI_DOCTOR_DOCTOR_H
#define CLI_DOCTOR_DOCTOR_H

#include "cli/options.h"

int doctor_run(const struct options *options);

#endif
