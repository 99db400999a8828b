#include "sim_network.h"

#include <stdlib.h>
#include <string.h>

void sim_network_init(struct sim_network *network, struct sim_random *random, struct sim_queue *queue)
{
	memset(network, 0, sizeof *network);
	network->random = random;
	network->queue = queue;
}

unsigned sim_network_add_host(struct sim_network *network, const char *address, enum sim_nat_kind kind,
                              const char *nat_address)
{
	struct sim_host *host = &network->hosts[network->host_count];
	struct address outside = { { 0 }, 0 };

	if (network->host_count == SIM_HOSTS_MAX || !address_parse(&host->address, address))
		abort();
	if (kind != SIM_NAT_NONE && !address_parse(&outside, nat_address))
		abort();
	sim_nat_init(&host->nat, kind, &outside);
	return network->host_count++;
}

void sim_network_set_link(struct sim_network *network, unsigned host, const struct sim_link_options *options)
{
	network->hosts[host].up.options = *options;
	network->hosts[host].down.options = *options;
}

/* What IP and UDP add. */
static size_t ip_size(const struct sim_packet *packet)
{
	return packet->size + (address_is_ipv4(packet->destination) ? 28 : 48);
}

/* Is it too large to go on? */
static bool is_stuck(struct sim_link *link, const struct sim_packet *packet)
{
	if (link->options.mtu == 0 || ip_size(packet) <= link->options.mtu)
		return false;
	if (packet->whole || !link->options.cuts)
		return true;
	link->cut_count++;
	return false;
}

/* When a packet that enters the link now leaves it; USEC_NEVER: it is lost. */
static usec_t pass_link(struct sim_network *network, struct sim_link *link, usec_t now, const struct sim_packet *packet)
{
	const struct sim_link_options *options = &link->options;
	usec_t start = usec_max(now, link->busy_until);
	usec_t jitter = options->jitter > 0 ? (usec_t)sim_random_below(network->random, (uint64_t)options->jitter) : 0;
	usec_t at;

	if (link->down || is_stuck(link, packet) || sim_random_chance(network->random, options->loss)) {
		link->lost_count++;
		return USEC_NEVER;
	}
	if (options->rate > 0) {
		if (start - now > options->queue) {
			link->lost_count++;
			return USEC_NEVER;
		}
		link->busy_until = start + (usec_t)((int64_t)packet->size * USEC_PER_SEC / options->rate);
		start = link->busy_until;
	}
	at = start + options->delay + jitter;
	if (sim_random_chance(network->random, options->reorder))
		return at + options->delay / 2 + 1000;
	at = usec_max(at, link->last_arrival);
	link->last_arrival = at;
	link->delivered_count++;
	return at;
}

/* The host that a public or shared address belongs to; the inside address of the packet. */
static int find_host(struct sim_network *network, unsigned from, const struct address *source,
                     struct address *destination)
{
	for (unsigned i = 0; i < network->host_count; i++) {
		struct sim_host *host = &network->hosts[i];
		bool natted = host->nat.kind != SIM_NAT_NONE;
		if (natted && i != from && address_equal_ip(&host->nat.outside, destination))
			return sim_nat_inbound(&host->nat, source, destination) ? (int)i : -1;
		if (!natted && address_equal_ip(&host->address, destination))
			return (int)i;
	}
	return -1;
}

static void deliver(struct sim_network *network, usec_t at, unsigned host, const struct address *ends,
                    const uint8_t *bytes, size_t size)
{
	struct sim_item item = { .at = at, .kind = SIM_PACKET, .host = host, .source = ends[0], .destination = ends[1] };

	sim_queue_add(network->queue, &item, bytes, size);
}

void sim_network_send(struct sim_network *network, usec_t now, unsigned host, const struct sim_packet *packet)
{
	struct sim_host *from = &network->hosts[host];
	struct address ends[2] = { *packet->source, *packet->destination };
	bool twice = sim_random_chance(network->random, from->up.options.duplicate);
	int to;

	if (from->nat.kind != SIM_NAT_NONE && !sim_nat_outbound(&from->nat, &ends[0], packet->destination))
		return;
	to = find_host(network, host, &ends[0], &ends[1]);
	if (to < 0) {
		network->unroutable_count++;
		return;
	}
	for (int copy = 0; copy < (twice ? 2 : 1); copy++) {
		usec_t at = pass_link(network, &from->up, now, packet);
		if (at != USEC_NEVER)
			at = pass_link(network, &network->hosts[to].down, at, packet);
		if (at != USEC_NEVER)
			deliver(network, at, (unsigned)to, ends, packet->bytes, packet->size);
	}
}

bool sim_network_reflexive(struct sim_network *network, unsigned host, const struct address *socket,
                           struct address *out)
{
	struct sim_host *from = &network->hosts[host];
	struct address server;

	*out = *socket;
	if (from->nat.kind == SIM_NAT_NONE)
		return false;
	address_parse(&server, "203.0.113.200:3478");
	return sim_nat_outbound(&from->nat, out, &server);
}
