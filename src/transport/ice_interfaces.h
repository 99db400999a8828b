/* ice_interfaces: the addresses of this machine that a peer could reach.
 *
 * Owns: which interfaces count: up, not link-local, not a container bridge; loopback only when
 * there is nothing else, so that two programs on one machine find each other without a network.
 * Does not know: ICE.
 */
#ifndef TRANSPORT_ICE_INTERFACES_H
#define TRANSPORT_ICE_INTERFACES_H

#include "core/types/address.h"

/* Every address multiplies the pairs to be checked. */
#define ICE_INTERFACES_MAX 8

struct ice_interfaces {
	struct address addresses[ICE_INTERFACES_MAX]; /* port 0 */
	unsigned count;
	bool only_loopback;
};

/* One address as the system tells it. */
struct ice_interface {
	const char *name;
	bool up; /* and something is plugged in */
	struct address address;
};

void ice_interfaces_read(struct ice_interfaces *out);
/* The choice itself. The families take turns, so that many of one leave room for the other. */
void ice_interfaces_select(struct ice_interfaces *out, const struct ice_interface *found, size_t count);
/* Is it an address of this machine? */
bool ice_interfaces_has(const struct ice_interfaces *interfaces, const struct address *address);

#endif
