/* tcp_server: the signaling server: passes lines between clients that gave their names.
 *
 * Owns: the listening socket, its clients and the limits on them, one epoll loop in one thread.
 * Whatever it cannot deliver it drops; signals may be lost by contract.
 * Does not know: what a signal means, or that Kith exists. docs/signaling.md is its manual.
 */
#ifndef SIGNALING_TCP_SERVER_H
#define SIGNALING_TCP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tcp_server;

struct tcp_server_options {
	const char *host; /* an address or a name; "::" listens on both families */
	const char *port; /* a number; "0" picks one */
	size_t clients_max;
	size_t memory_max;     /* bytes of unfinished and undelivered lines, of all clients together */
	int64_t rate;          /* bytes per second that one client may send */
	int64_t burst;         /* bytes it may send at once */
	int64_t greeting_usec; /* a client that has not given its name by then has to go */
	void (*log)(void *log_data, const char *text);
	void *log_data;
};

/* What a server for 10,000 clients needs; change what should differ. */
void tcp_server_options_init(struct tcp_server_options *options);

struct tcp_server_stats {
	uint64_t clients; /* now */
	uint64_t accepted, refused, replaced;
	uint64_t delivered;
	uint64_t dropped_unknown;   /* nobody of that name */
	uint64_t dropped_full;      /* the receiver does not read */
	uint64_t dropped_malformed; /* no space, a bad name, or too long */
	uint64_t throttled;         /* times a client was made to wait */
};

enum { TCP_SERVER_ERROR_MAX = 256 };

/* Null: `error` says what failed. The caller owns the result. */
struct tcp_server *tcp_server_new(const struct tcp_server_options *options, char error[TCP_SERVER_ERROR_MAX]);
void tcp_server_destroy(struct tcp_server *server);

/* The address it listens on, as ADDR:PORT with brackets around IPv6. */
const char *tcp_server_address(const struct tcp_server *server);

/* Waits up to `timeout_msec` (-1: for ever) for something to happen and handles it.
 * False: tcp_server_stop was called. */
bool tcp_server_step(struct tcp_server *server, int timeout_msec);
/* May be called from another thread or a signal handler. */
void tcp_server_stop(struct tcp_server *server);

void tcp_server_stats(const struct tcp_server *server, struct tcp_server_stats *out);

#endif
