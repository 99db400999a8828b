/* sim_link: one direction of a simulated link: delay, jitter, loss, reordering, duplication, a
 * bottleneck with a queue.
 *
 * Owns: packets under way. Two for the same moment keep their order; everything follows the seed.
 * Does not know: what is in the packets.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include <stddef.h>

#include "core/base/usec.h"
#include "sim/sim_random.h"

#define SIM_LINK_PACKET_MAX 1500

struct sim_link_settings {
	usec_t delay;
	usec_t jitter;       /* up to this much more, without overtaking */
	uint32_t loss;       /* of a million, as the next three */
	uint32_t burst_loss; /* chance that a loss takes the next 8 packets along */
	uint32_t reorder;    /* delayed by another `reorder_delay` */
	uint32_t duplicate;
	usec_t reorder_delay;
	int64_t rate;  /* bytes per second; 0: infinite */
	int64_t queue; /* bytes that wait for the bottleneck; more are dropped */
};

struct sim_link_packet {
	usec_t at;
	uint64_t order;
	int64_t number;
	size_t size;
	uint8_t bytes[SIM_LINK_PACKET_MAX];
};

struct sim_link {
	struct sim_link_settings settings;
	struct sim_random random;
	struct sim_link_packet **heap;
	size_t count, capacity;
	struct sim_link_packet **spare;
	size_t spare_count, spare_capacity;
	uint64_t next_order;
	usec_t free_at; /* when the bottleneck has sent all it holds */
	usec_t last_at; /* arrival of the last packet that keeps its order */
	int burst_left;
	bool broken; /* loses everything */
	uint64_t sent, lost, overflowed;
	usec_t queued_max; /* longest wait for the bottleneck */
};

void sim_link_init(struct sim_link *link, const struct sim_link_settings *settings, uint64_t seed);
void sim_link_free(struct sim_link *link);
/* `wire_size` is what the bottleneck counts; the bytes are copied. */
void sim_link_send(struct sim_link *link, usec_t now, int64_t number, const uint8_t *bytes, size_t size,
                   size_t wire_size);
usec_t sim_link_next(const struct sim_link *link); /* USEC_NEVER: empty */
/* The packet that arrives at `now` or before, or null. Give it back with sim_link_give_back. */
struct sim_link_packet *sim_link_take(struct sim_link *link, usec_t now);
void sim_link_give_back(struct sim_link *link, struct sim_link_packet *packet);

#endif
