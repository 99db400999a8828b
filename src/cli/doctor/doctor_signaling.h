/* doctor_signaling: whether a signaling server carries a line to whom it is for: to ourselves. */
#ifndef CLI_DOCTOR_DOCTOR_SIGNALING_H
#define CLI_DOCTOR_DOCTOR_SIGNALING_H

#include "cli/doctor/doctor_say.h"
#include "cli/options.h"

void doctor_signaling_check(struct doctor_say *say, const struct options_list *urls);

#endif
