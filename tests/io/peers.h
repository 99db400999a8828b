/* peers: two endpoints of one process that carry each other's signals, and connections between them
 * by identity. Only include/kith. */
#ifndef IO_PEERS_H
#define IO_PEERS_H

#include "api/pair.h"

struct peer {
	kith_endpoint endpoint;
	struct kith_identity identity;
	kith_signaling signaling;
	struct peer *other;
	kith_listener listener; /* on virtual port 0 */
	kith_connection connection;
	int64_t connect_us; /* what the last call took */
};

/* Alice listens, Bob calls. `config` is of both, may be null. */
void peers_open(struct peer peers[2], const struct kith_config_entry *config, size_t count);
/* Bob calls; waits until both are connected, or one has failed: the event says how (KITH_EVENT_NONE:
 * connected). */
struct kith_event peers_call(struct peer peers[2]);
/* Ends the connection on both sides. */
void peers_hang_up(struct peer peers[2]);
/* Reliable messages, of `size` bytes each, from one to the other; checks each. */
void peers_carry(struct peer peers[2], int from, size_t size, int count);
void peers_close(struct peer peers[2]);

/* Moves `size` bytes from one end of a connection to the other by messages of 64 KiB, reading while it writes. */
void peers_stream(kith_endpoint from, kith_connection out, kith_endpoint to, kith_connection in, size_t size);

#endif
