/* tcp_server_client: one client of the signaling server.
 *
 * Owns: its socket, its name, what it has not finished sending, what it has not yet read, and its
 * share of the server's time (a token bucket over bytes and lines).
 * Does not know: the other clients, epoll.
 */
#ifndef SIGNALING_TCP_SERVER_CLIENT_H
#define SIGNALING_TCP_SERVER_CLIENT_H

#include "signaling/tcp/tcp_line.h"
#include "signaling/tcp/tcp_line_reader.h"

enum {
	/* What waits for a client that does not read: room for one of the longest lines and then some. */
	TCP_SERVER_CLIENT_QUEUE_MAX = 256 * 1024,
	/* Each line costs this much beside its bytes, so that tiny lines are limited too. */
	TCP_SERVER_CLIENT_LINE_COST = 512,
};

struct tcp_server_client {
	int fd;
	bool closed;    /* dead, freed at the end of the step */
	bool throttled; /* has used up its tokens: not read until it has some again */
	bool writing;   /* waits until its socket takes more */
	uint8_t name_size;
	char *name; /* null until it has greeted */
	struct tcp_line_reader reader;
	char *queue;
	size_t queue_start;
	size_t queue_end;
	size_t queue_capacity;
	int64_t tokens; /* may be negative: one read is let through whole, then paid off */
	int64_t refilled_usec;
	int64_t accepted_usec;
	uint64_t name_hash;
	struct tcp_server_client *name_next;             /* in the directory */
	struct tcp_server_client *list_prev, *list_next; /* in one of the server's lists */
};

struct tcp_server_client *tcp_server_client_new(int fd, struct tcp_budget *budget, int64_t now, int64_t burst);
void tcp_server_client_destroy(struct tcp_server_client *client);

/* False: no memory. */
bool tcp_server_client_set_name(struct tcp_server_client *client, const char *name, size_t size);

enum tcp_server_send_result {
	TCP_SERVER_SENT,    /* on its way */
	TCP_SERVER_DROPPED, /* its queue is full, or no memory: the line is lost, the client lives */
	TCP_SERVER_BROKEN,  /* its socket has failed */
};

/* Sends `<from> <payload>\n`, queueing what the socket does not take. */
enum tcp_server_send_result tcp_server_client_send(struct tcp_server_client *client, const char *from, size_t from_size,
                                                   const char *payload, size_t payload_size);
/* Sends what was queued. False: its socket has failed. */
bool tcp_server_client_flush(struct tcp_server_client *client);
bool tcp_server_client_is_empty(const struct tcp_server_client *client);

/* Adds what `rate` per second gave since the last call, at most `burst` in all. */
void tcp_server_client_refill(struct tcp_server_client *client, int64_t now, int64_t rate, int64_t burst);

#endif
