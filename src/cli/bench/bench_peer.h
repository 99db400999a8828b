/* bench_peer: what a means of transport has to offer to be measured.
 *
 * Owns: the functions that the workloads drive every peer by, so that all do the same work.
 * Does not know: workloads, processes, figures. Each function runs in a process of its own, whose end
 * releases what is left; a failure ends it (bench_child_fail).
 */
#ifndef CLI_BENCH_PEER_H
#define CLI_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BENCH_WHERE_MAX = 256,
	BENCH_BATCH = 64, /* messages given to a peer at once, at most */
};

/* What a peer can do. */
enum {
	BENCH_CAN_RELIABLE = 1,
	BENCH_CAN_UNRELIABLE = 2,
	BENCH_CAN_CONNECT = 4,
	BENCH_CAN_CONNECT_MANY = 8,
	BENCH_CAN_IDLE = 16,
};

/* One run, the same for both its processes. */
struct bench_plan {
	const struct bench_peer *peer;
	bool is_server;
	bool reliable;
	bool urgent; /* each message leaves at once: somebody waits for it */
	size_t size; /* of every message, a multiple of 8 */
	int connections;
	int64_t duration_usec;
	int rounds; /* round trips, or connections one after the other */
	const char *signaling;
	const char *const *config; /* NAME=VALUE for Kith */
	int config_count;
};

/* Takes a message that arrived; the bytes are borrowed. */
typedef void bench_take_fn(void *data, const uint8_t *bytes, size_t size);

struct bench_peer {
	const char *name;
	const char *about;                   /* what it is, and its settings */
	const char *(*missing)(int variant); /* null, or answers null: it can be used; else why not */
	unsigned abilities;
	int variant;         /* for peers that share functions */
	int connections_max; /* 0: any number */
	int64_t settle_usec; /* how long a connection that is up goes on with setting up; 0: a second at most */
	/* The server listens and writes where; the client is told. */
	void *(*open)(const struct bench_plan *plan, char where[BENCH_WHERE_MAX]);
	/* The client begins so many connections; messages go through the first. */
	void (*call)(void *link, int count);
	/* The client ends all of them. */
	void (*hang_up)(void *link);
	/* How many connections are up. */
	int (*connected)(void *link);
	/* How many of the messages were taken, from the first on. */
	int (*send)(void *link, const uint8_t *const *messages, int count);
	/* Hands over what has arrived. Returns how many messages. */
	int (*receive)(void *link, bench_take_fn *take, void *data);
	/* Waits until something happens: a connection, a message, and if `for_room` room to send. */
	void (*wait)(void *link, bool for_room, int64_t usec);
};

#endif
