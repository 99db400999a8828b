/* tcp_dial: from a host and a port to a connected socket, while somebody may say stop.
 *
 * Owns: name resolution, trying each address in turn, the settings of the socket.
 * Does not know: what will be said on it.
 */
#ifndef SIGNALING_TCP_DIAL_H
#define SIGNALING_TCP_DIAL_H

#include <stdbool.h>

#include "signaling/tcp/tcp_url.h"

enum { TCP_DIAL_ERROR_MAX = 256 };

/* Returns a connected non-blocking socket. -1: `error` says why, or is empty because `stop` (asked
 * whenever `wake_fd` is readable, which it must change) said so. Resolving may block for as long
 * as the system's resolver likes; everything else is bounded. */
int tcp_dial(const struct tcp_url *url, int wake_fd, int (*stop)(void *stop_data), void *stop_data,
             char error[TCP_DIAL_ERROR_MAX]);
/* A new connection to the same host would leave from another address, or could not leave. */
bool tcp_dial_is_stranded(int fd);

#endif
