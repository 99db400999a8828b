/* sim_queue: everything in flight in a simulated world, ordered by arrival.
 *
 * Owns: packets, signals and timers until their moment. Two for the same moment keep the order in
 * which they were added, so that a world replays byte for byte.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "core/base/usec.h"
#include "core/types/address.h"

enum sim_item_kind { SIM_PACKET, SIM_SIGNAL, SIM_TIMER };

struct sim_item {
	usec_t at;
	uint64_t order;
	enum sim_item_kind kind;
	unsigned host;              /* where it arrives */
	struct address source;      /* of a packet, as the receiver sees it */
	struct address destination; /* inside address of a packet */
	uint64_t argument;          /* of a timer */
	uint8_t *bytes;             /* owned */
	size_t size;
};

struct sim_queue {
	struct sim_item *items; /* binary heap */
	size_t count, capacity;
	uint64_t next_order;
};

void sim_queue_init(struct sim_queue *queue);
void sim_queue_free(struct sim_queue *queue);
/* Copies `bytes`. */
void sim_queue_add(struct sim_queue *queue, const struct sim_item *item, const uint8_t *bytes, size_t size);
usec_t sim_queue_next(const struct sim_queue *queue); /* USEC_NEVER: empty */
/* Takes the first; the caller frees item->bytes. */
bool sim_queue_take(struct sim_queue *queue, struct sim_item *out);

#endif
