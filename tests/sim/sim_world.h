/* sim_world: several cores, their clock, their network and their signaling service, in one place.
 *
 * Owns: virtual time. A step finds the earliest of packet, signal and timeout, jumps there, does it.
 * Same seed, same commands: the same trace, byte for byte (world->digest covers all that moved).
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "core/core.h"
#include "core/sockets/sockets.h"
#include "sim_ice.h"
#include "sim_network.h"

#define SIM_SOCKETS_MAX 64

struct sim_trace;

struct sim_socket {
	uint32_t transport; /* 0: free */
	struct address address;
	struct sim_ice *ice; /* null: plain UDP */
};

struct sim_peer {
	struct core *core; /* null: not alive */
	struct identity identity;
	struct sim_socket sockets[SIM_SOCKETS_MAX];
	uint16_t next_port;
	uint64_t wake_count;
	unsigned spin_count; /* timeouts in a row without time passing */
};

/* A packet as it leaves a socket. */
struct sim_wire {
	unsigned from;
	uint32_t transport;
	struct address local, remote;
	const uint8_t *bytes;
	size_t size;
};

/* What the signaling service does to signals. */
struct sim_signaling_options {
	usec_t delay, jitter;     /* jitter reorders */
	uint32_t loss, duplicate; /* millionths */
};

struct sim_world {
	usec_t now;
	uint64_t seed;
	struct sim_random random;
	struct sim_queue queue;
	struct sim_network network;
	struct sim_signaling_options signaling;
	struct sim_peer peers[SIM_HOSTS_MAX];
	unsigned current; /* peer whose path changes are being reported */
	bool relayed;     /* whatever pair is found is told to go through a relay */
	uint64_t digest;
	uint64_t step_count;
	uint64_t signal_count;
	uint64_t packet_count;
	const struct sim_trace *trace; /* null: the world is not told */
	struct sim_random poke_random;
	uint32_t poke; /* millionths of steps before which cores are asked, in vain, to do something early */
	void *user;
	void (*on_event)(struct sim_world *world, unsigned peer, const struct event *event);
	/* Return false to make the packet vanish; for stories that lose exactly one. */
	bool (*on_packet)(struct sim_world *world, unsigned from, const uint8_t *bytes, size_t size);
	/* Sees every packet that leaves, before on_packet decides. */
	void (*on_wire)(struct sim_world *world, const struct sim_wire *wire);
	/* The same for a signal. */
	bool (*on_signal)(struct sim_world *world, unsigned from, const struct action *action);
};

void sim_world_init(struct sim_world *world, uint64_t seed);
void sim_world_free(struct sim_world *world);
/* A core on a new host; identity is text ("str:alice"). `nat_address` null: none. */
unsigned sim_world_add_peer(struct sim_world *world, const char *identity, const char *address, enum sim_nat_kind kind,
                            const char *nat_address);
/* The core vanishes without a word, as a killed process does. */
void sim_world_kill_peer(struct sim_world *world, unsigned peer);
/* After a kill: a new process of the same identity on the same host. */
void sim_world_revive_peer(struct sim_world *world, unsigned peer);
/* Every ICE session of the peer loses its way, and looks for one again. */
void sim_world_break_paths(struct sim_world *world, unsigned peer);
/* The host has another address from now on. Its UDP sockets are bound to none and go with it; those of ICE
 * stay behind. `noticed`: the core is told at once. */
void sim_world_move_peer(struct sim_world *world, unsigned peer, const char *address, bool noticed);
/* A UDP socket; port 0 picks one. */
uint32_t sim_world_open_udp(struct sim_world *world, unsigned peer, uint16_t port);
/* Call after every command to a core. */
void sim_world_drain(struct sim_world *world, unsigned peer);
/* False: nothing will ever happen again, or the next thing is after `limit`. */
bool sim_world_step(struct sim_world *world, usec_t limit);
/* Steps until `done` says so or `limit`; returns what `done` said last. Null: until `limit`. */
bool sim_world_run(struct sim_world *world, usec_t limit, bool (*done)(struct sim_world *world));
void sim_world_close_udp(struct sim_world *world, unsigned peer, uint32_t transport);
void sim_world_send_raw(struct sim_world *world, unsigned peer, const struct address *from, const struct address *to,
                        const uint8_t *bytes, size_t size);
/* Adds to the digest what a user of the world has seen. */
void sim_world_digest(struct sim_world *world, const void *bytes, size_t size);
/* Ends the process: prints the seed, the time and what was wrong. */
void sim_world_fail(const struct sim_world *world, const char *what);

#endif
