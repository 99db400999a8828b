/* driver: carries a plan out through one of the libraries.
 *
 * Owns: the loop of a test peer, the commands on its standard input, the lines on its standard output.
 * Does not know: the libraries; each kind of peer gives it a struct driver_port.
 *
 * Commands, a line each: "call", "accept", "status", "close", "quit" (without further answers to the
 * peer). Lines: "ready", "incoming PEER", "connected PEER as client|server|either cipher aes|none after
 * N ms route ...", "closed peer|local REASON TEXT", "done", "verified N of M, B bytes in N ms, ...",
 * "received N of M, ...", "status ...", "failed WHY".
 * Exit status: 0 when all was as planned.
 */
#ifndef KITH_TESTS_INTEROP_DRIVER_H
#define KITH_TESTS_INTEROP_DRIVER_H

#include "plan.h"

/* What is known of a connection when it is up. */
struct driver_connected {
	const char *peer;
	const char *role;   /* client, server, or either when the library does not tell */
	const char *cipher; /* aes, none */
	const char *route;
};

/* For the line "status": microseconds and packets, -1 where the library does not tell. */
struct driver_status {
	int64_t ping_usec;
	int64_t packets_sent;
	int64_t packets_received;
	int64_t packets_lost;
	int64_t packets_dropped;
	int64_t messages_expired;
};

enum driver_sent { DRIVER_SENT, DRIVER_FULL, DRIVER_REFUSED };

/* A library as the driver uses it; connections are any number but 0. */
struct driver_port {
	/* True when calls can be made and taken: "ready" follows. */
	bool (*open)(const struct plan_options *options);
	uint64_t (*call)(const struct plan_options *options); /* 0: refused */
	bool (*accept)(uint64_t connection);
	void (*close)(uint64_t connection, int reason, const char *text, bool linger);
	void (*lanes)(uint64_t connection, int count);
	enum driver_sent (*send)(uint64_t connection, const struct plan_message *message, int64_t *number);
	/* Hands what has arrived to driver_on_message() until there is no more or that returns false, in
	 * which case the message is kept for the next time. */
	void (*receive)(uint64_t connection);
	void (*status)(uint64_t connection, struct driver_status *out);
	/* Up to so many milliseconds; what happened is told by the functions below. */
	void (*wait)(int milliseconds);
};

/* What happened, called within `wait`. */
void driver_on_incoming(uint64_t connection, const char *peer);
void driver_on_connected(uint64_t connection, const struct driver_connected *how);
void driver_on_closed(uint64_t connection, bool by_peer, int reason, const char *text);
bool driver_on_message(const struct plan_message *message);

/* Returns the exit status. */
int driver_run(const struct driver_port *port, int count, char **words);

/* Prints a line at once. */
void driver_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
