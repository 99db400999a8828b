/* sim_folk: a handful of peers who do what applications do, in any order and at any time: listen,
 * call by address, by signals and both at once, accept late or never, send, read slowly, change
 * options, hang up, die and come back, while the network and the signaling have weather.
 *
 * Owns: the drawing of a world from its seed, the peers' doings, the checks at the end: both sides
 * agree, what had to arrive has arrived, nothing is left.
 */
#ifndef SIM_FOLK_H
#define SIM_FOLK_H

#include "sim_spy.h"
#include "sim_talk.h"

#define SIM_FOLK_PEERS 4
#define SIM_FOLK_TALKS 64

/* How a world is; the rest follows from it. */
struct sim_folk_world {
	unsigned peer_count;
	bool calm;    /* good links, nobody dies, nobody attacks: then everything has to work, */
	bool perfect; /* and as nothing is lost either, at once and to the letter */
	bool hostile; /* somebody sends what was never meant */
	bool plain;   /* some of the peers do not want encryption */
	usec_t active;
	usec_t pause_max; /* between the doings of a peer */
	usec_t quiet;     /* after which nothing may hang */
	size_t size_max;  /* of messages; every receiver takes it */
	unsigned talks_max;
	unsigned lanes_max;
};

struct sim_folk_peer {
	usec_t act_at;
	usec_t revive_at; /* dead until then */
	struct config config;
	struct listen_socket *udp, *p2p, *symmetric;
	uint32_t udp_transport;
	struct poll_group *group; /* null: reads connection by connection */
	bool polite;              /* reads only when told, and then everything */
	unsigned read_max;        /* else: so many at a time */
	bool behind_nat;
};

struct sim_folk {
	struct sim_world world; /* first: hooks find the folk by it */
	struct sim_folk_world options;
	struct sim_random links; /* a script does not decide about single packets */
	struct sim_spy spy;
	struct sim_folk_peer peers[SIM_FOLK_PEERS];
	struct sim_talk *talks[SIM_FOLK_TALKS];
	unsigned talk_count;
	usec_t weather_at;
	int64_t memory_before;
	bool quiet; /* nobody starts anything any more */
};

/* The world of `seed`, from its beginning to its end. Returns the digest. Failures end the process. */
uint64_t sim_folk_live(uint64_t seed, bool verbose);
/* A short world in which the script decides: who does what, when, under what conditions. */
void sim_folk_play(const uint8_t *script, size_t size, bool verbose);

#endif
