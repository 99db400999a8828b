/* sim_folk_internal: what the files about folk share. */
#ifndef SIM_FOLK_INTERNAL_H
#define SIM_FOLK_INTERNAL_H

#include "sim_folk.h"

#define SIM_FOLK_PORT 7           /* virtual, of ordinary calls */
#define SIM_FOLK_PORT_SYMMETRIC 8 /* of those that may meet */
#define SIM_FOLK_UDP_PORT 27000

static inline uint32_t sim_folk_draw(struct sim_random *random, uint32_t below)
{
	return (uint32_t)sim_random_below(random, below);
}

/* --- sim_folk_draw.c */
/* `script` null: none. */
void sim_folk_init(struct sim_folk *folk, uint64_t seed, const uint8_t *script, size_t size);
void sim_folk_weather(struct sim_folk *folk);
void sim_folk_good_weather(struct sim_folk *folk);

/* --- sim_folk_act.c */
/* What peer `index` does when it is its turn. */
void sim_folk_act(struct sim_folk *folk, unsigned index);
void sim_folk_start_peer(struct sim_folk *folk, unsigned index);
void sim_folk_kill_peer(struct sim_folk *folk, unsigned index);
void sim_folk_read(struct sim_folk *folk, unsigned index, bool all);
void sim_folk_on_event(struct sim_world *world, unsigned peer, const struct event *event);
/* Whoever lost a connection to the network reads what is left and lets go. */
void sim_folk_let_go(struct sim_folk *folk, unsigned index);
struct sim_talk *sim_folk_other_end(struct sim_folk *folk, struct sim_talk *talk);

/* --- sim_folk_judge.c */
/* After the quiet: what must hold of everything that happened. */
void sim_folk_judge(struct sim_folk *folk);
/* After everybody hung up. */
void sim_folk_judge_end(struct sim_folk *folk);

#endif
