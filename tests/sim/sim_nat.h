/* sim_nat: a network address translator of one of the four classic kinds (RFC 3489 §5 names).
 *
 * Owns: mappings from inside to outside and what each lets in.
 * Does not know: links, time (a mapping ends when there are too many; sim_nat_rebind forgets them all).
 */
#ifndef SIM_NAT_H
#define SIM_NAT_H

#include "core/types/address.h"

enum sim_nat_kind {
	SIM_NAT_NONE,
	SIM_NAT_FULL_CONE,
	SIM_NAT_ADDRESS_RESTRICTED,
	SIM_NAT_PORT_RESTRICTED,
	SIM_NAT_SYMMETRIC,
};

#define SIM_NAT_MAPPINGS_MAX 64
#define SIM_NAT_PEERS_MAX 64

struct sim_nat_mapping {
	struct address inside;
	struct address destination;              /* symmetric: one mapping for each */
	uint16_t port;                           /* outside */
	struct address peers[SIM_NAT_PEERS_MAX]; /* whom the inside has sent to */
	unsigned peer_count;
};

struct sim_nat {
	enum sim_nat_kind kind;
	struct address outside; /* port 0 */
	uint16_t next_port;
	struct sim_nat_mapping mappings[SIM_NAT_MAPPINGS_MAX];
	unsigned mapping_count;
};

void sim_nat_init(struct sim_nat *nat, enum sim_nat_kind kind, const struct address *outside);
/* A packet leaves: `*source` becomes what the world sees. False: no mapping is free. */
bool sim_nat_outbound(struct sim_nat *nat, struct address *source, const struct address *destination);
/* A packet arrives for our outside address: `*destination` becomes the inside. False: filtered. */
bool sim_nat_inbound(const struct sim_nat *nat, const struct address *source, struct address *destination);
/* As after a reboot: the same inside gets new outside ports. */
void sim_nat_rebind(struct sim_nat *nat);

#endif
