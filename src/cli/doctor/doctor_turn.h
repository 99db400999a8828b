/* doctor_turn: whether TURN servers (RFC 8656) answer, take our credentials and give an address. */
#ifndef CLI_DOCTOR_DOCTOR_TURN_H
#define CLI_DOCTOR_DOCTOR_TURN_H

#include "cli/doctor/doctor_say.h"
#include "cli/options.h"

void doctor_turn_check(struct doctor_say *say, const struct options *options);

#endif
