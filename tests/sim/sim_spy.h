/* sim_spy: looks at everything that leaves, remembers some of it, and throws it back changed.
 *
 * Owns: the check that no packet number (and so no nonce) is used twice under one key, sizes; a
 * store of what it saw, for attacks with it.
 * Does not know: keys.
 */
#ifndef SIM_SPY_H
#define SIM_SPY_H

#include "sim_world.h"

#define SIM_SPY_STREAMS 1024 /* a power of two */
#define SIM_SPY_KEPT 48

struct sim_spy_stream {
	uint64_t key; /* sender's connection and recipient's connection id; 0: free */
	int64_t last; /* packet number */
};

struct sim_spy_kept {
	bool is_signal;
	unsigned from, to; /* `to` of a signal */
	struct address local, remote;
	uint8_t *bytes;
	size_t size;
};

struct sim_spy {
	struct sim_world *world;
	struct sim_spy_stream streams[SIM_SPY_STREAMS];
	size_t mtu[SIM_HOSTS_MAX];
	struct sim_random random;
	struct sim_spy_kept kept[SIM_SPY_KEPT];
	unsigned kept_count;
	bool keeps;
	uint64_t attack_count;
};

void sim_spy_init(struct sim_spy *spy, struct sim_world *world);
void sim_spy_free(struct sim_spy *spy);
/* `tag`: of the connection whose packet it is, if it is a data packet. */
void sim_spy_on_wire(struct sim_spy *spy, const struct sim_wire *wire, uint32_t tag);
void sim_spy_on_signal(struct sim_spy *spy, unsigned from, const struct action *action);
/* Something kept is sent again, as it was or changed, from where it came or from elsewhere. */
void sim_spy_attack(struct sim_spy *spy);

#endif
