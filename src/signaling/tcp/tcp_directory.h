/* tcp_directory: the clients of a signaling server by name.
 *
 * Owns: the table. Its hash is keyed at random, since strangers choose the names.
 * Does not know: who the clients are, or that they have sockets.
 */
#ifndef SIGNALING_TCP_DIRECTORY_H
#define SIGNALING_TCP_DIRECTORY_H

#include "signaling/tcp/tcp_server_client.h"

struct tcp_directory {
	struct tcp_server_client **buckets;
	size_t buckets_count; /* a power of two */
	size_t count;
	uint64_t key;
};

/* Sized once for `names_max`; more is allowed and only gets slower. False: no memory. */
bool tcp_directory_init(struct tcp_directory *directory, size_t names_max, uint64_t key);
void tcp_directory_free(struct tcp_directory *directory);

struct tcp_server_client *tcp_directory_find(const struct tcp_directory *directory, const char *name, size_t size);
/* `client` has a name, and nobody in the table has the same. */
void tcp_directory_add(struct tcp_directory *directory, struct tcp_server_client *client);
void tcp_directory_remove(struct tcp_directory *directory, struct tcp_server_client *client);

#endif
