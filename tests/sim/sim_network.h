/* sim_network: hosts, their translators and the links between them and the core of the network.
 *
 * Owns: who has which address, what a link does to a packet: delay, jitter, loss, reordering,
 * duplication, rate and queue.
 * Does not know: what packets say. Every host has one uplink; its two directions are alike.
 */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "sim_nat.h"
#include "sim_queue.h"
#include "sim_random.h"

#define SIM_HOSTS_MAX 8

struct sim_link_options {
	usec_t delay;       /* one way */
	usec_t jitter;      /* 0..this is added, order kept */
	uint32_t loss;      /* millionths */
	uint32_t reorder;   /* millionths that overtake: skip the jitter's order, arrive later */
	uint32_t duplicate; /* millionths */
	int64_t rate;       /* bytes/s; 0 unlimited */
	size_t mtu;         /* largest packet, IP header and all; 0: any */
	bool cuts;          /* larger ones pass in fragments, unless they must not be cut; else they vanish */
	usec_t queue;       /* longest wait in the queue before a packet is dropped */
};

struct sim_link {
	struct sim_link_options options;
	usec_t busy_until; /* the rate's queue */
	usec_t last_arrival;
	uint64_t lost_count, delivered_count, cut_count;
	bool down;
};

struct sim_host {
	struct address address; /* its own; private behind a translator; port 0 */
	struct sim_nat nat;     /* kind SIM_NAT_NONE: none */
	struct sim_link up, down;
};

struct sim_packet {
	const struct address *source;
	const struct address *destination;
	const uint8_t *bytes;
	size_t size;
	bool whole; /* must not be cut */
};

struct sim_network {
	struct sim_random *random;
	struct sim_queue *queue;
	struct sim_host hosts[SIM_HOSTS_MAX];
	unsigned host_count;
	uint64_t unroutable_count;
};

void sim_network_init(struct sim_network *network, struct sim_random *random, struct sim_queue *queue);
/* Returns the host's number. `nat_address` is used when `kind` is not NONE. */
unsigned sim_network_add_host(struct sim_network *network, const char *address, enum sim_nat_kind kind,
                              const char *nat_address);
void sim_network_set_link(struct sim_network *network, unsigned host, const struct sim_link_options *options);
/* Sends from host's socket `source` (its own address and port). */
void sim_network_send(struct sim_network *network, usec_t now, unsigned host, const struct sim_packet *packet);
/* What a STUN server far away would see of this socket. */
bool sim_network_reflexive(struct sim_network *network, unsigned host, const struct address *socket,
                           struct address *out);

#endif
