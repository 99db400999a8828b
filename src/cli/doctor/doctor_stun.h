/* doctor_stun: what STUN servers (RFC 8489) say of our address, and what two of them, or one of RFC 5780,
 * tell about the NAT in between.
 *
 * Owns: the questions and what follows from the answers.
 */
#ifndef CLI_DOCTOR_DOCTOR_STUN_H
#define CLI_DOCTOR_DOCTOR_STUN_H

#include "cli/doctor/doctor_say.h"
#include "cli/options.h"

/* Asks each, says what came, then what kind of NAT it is. */
void doctor_stun_check(struct doctor_say *say, const struct options_list *servers);

#endif
