/* doctor_portmap: whether the router maps ports on request (NAT-PMP, RFC 6886; PCP answers there too).
 *
 * Owns: the question for its public address, which changes nothing.
 */
#ifndef CLI_DOCTOR_DOCTOR_PORTMAP_H
#define CLI_DOCTOR_DOCTOR_PORTMAP_H

#include "cli/doctor/doctor_say.h"

/* `gateway`: HOST:PORT, or "default" for the router of the default route. */
void doctor_portmap_check(struct doctor_say *say, const char *gateway);

#endif
