/* loopback: datagrams between two ends in one process, without the network.
 *
 * Owns: what is on its way in each direction, a descriptor for each end that is readable while
 * something waits there. What one end has sent reaches the other even when the first is gone.
 * Does not know: the loops that watch it, what datagrams say. The ends may be on different threads;
 * receiving at one end is for one thread. Nothing here blocks.
 */
#ifndef TRANSPORT_LOOPBACK_H
#define TRANSPORT_LOOPBACK_H

#include "core/types/datagram.h"

/* Bytes on their way in one direction. More than that is lost, as in a full socket. */
#define LOOPBACK_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct loopback; /* one end */

/* False: no descriptors; `*error` is the errno. */
bool loopback_open(struct loopback *out[2], int *error);
/* One end. The other may go on sending, to nobody. */
void loopback_close(struct loopback *end);
int loopback_fd(const struct loopback *end);
/* False: it did not go. */
bool loopback_send(struct loopback *end, const struct datagram_burst *burst);
/* Up to `max` datagrams that have arrived, transport 0, of and to no address. Their bytes stay until
 * the next call. */
size_t loopback_receive(struct loopback *end, struct datagram *out, size_t max);

#endif
