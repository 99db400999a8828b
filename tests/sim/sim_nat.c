#include "sim_nat.h"

#include <string.h>

void sim_nat_init(struct sim_nat *nat, enum sim_nat_kind kind, const struct address *outside)
{
	memset(nat, 0, sizeof *nat);
	nat->kind = kind;
	nat->outside = *outside;
	nat->next_port = 20000;
}

static struct sim_nat_mapping *find_outbound(struct sim_nat *nat, const struct address *inside,
                                             const struct address *destination)
{
	for (unsigned i = 0; i < nat->mapping_count; i++) {
		struct sim_nat_mapping *mapping = &nat->mappings[i];
		bool same = address_equal(&mapping->inside, inside);
		if (same && (nat->kind != SIM_NAT_SYMMETRIC || address_equal(&mapping->destination, destination)))
			return mapping;
	}
	return NULL;
}

static bool knows_peer(const struct sim_nat *nat, const struct sim_nat_mapping *mapping, const struct address *peer)
{
	for (unsigned i = 0; i < mapping->peer_count; i++) {
		if (nat->kind == SIM_NAT_ADDRESS_RESTRICTED ? address_equal_ip(&mapping->peers[i], peer)
		                                            : address_equal(&mapping->peers[i], peer))
			return true;
	}
	return false;
}

bool sim_nat_outbound(struct sim_nat *nat, struct address *source, const struct address *destination)
{
	struct sim_nat_mapping *mapping = find_outbound(nat, source, destination);

	if (mapping == NULL) {
		if (nat->mapping_count == SIM_NAT_MAPPINGS_MAX)
			memmove(nat->mappings, nat->mappings + 1, --nat->mapping_count * sizeof *nat->mappings);
		mapping = &nat->mappings[nat->mapping_count++];
		memset(mapping, 0, sizeof *mapping);
		mapping->inside = *source;
		mapping->destination = *destination;
		mapping->port = nat->next_port++;
	}
	if (!knows_peer(nat, mapping, destination) && mapping->peer_count < SIM_NAT_PEERS_MAX)
		mapping->peers[mapping->peer_count++] = *destination;
	*source = nat->outside;
	source->port = mapping->port;
	return true;
}

bool sim_nat_inbound(const struct sim_nat *nat, const struct address *source, struct address *destination)
{
	for (unsigned i = 0; i < nat->mapping_count; i++) {
		const struct sim_nat_mapping *mapping = &nat->mappings[i];
		if (mapping->port != destination->port)
			continue;
		if (nat->kind != SIM_NAT_FULL_CONE && !knows_peer(nat, mapping, source))
			return false;
		*destination = mapping->inside;
		return true;
	}
	return false;
}

void sim_nat_rebind(struct sim_nat *nat)
{
	nat->mapping_count = 0;
	nat->next_port = (uint16_t)(nat->next_port + 1000);
}
