/* tcp_server_socket: the listening socket of the signaling server, and the settings of its clients'.
 *
 * Owns: which address is bound, and the text that names it.
 * Does not know: the server.
 */
#ifndef SIGNALING_TCP_SERVER_SOCKET_H
#define SIGNALING_TCP_SERVER_SOCKET_H

#include <stddef.h>

enum { TCP_SERVER_SOCKET_TEXT_MAX = 64 };

/* A non-blocking listening socket; "::" takes both families. -1: `error` says why. */
int tcp_server_socket_listen(const char *host, const char *port, char *error, size_t error_size);
/* Its own address as ADDR:PORT or [ADDR]:PORT. */
void tcp_server_socket_text(int fd, char text[TCP_SERVER_SOCKET_TEXT_MAX]);
/* A peer that is gone is noticed within a minute, idle or not; small lines leave at once. */
void tcp_server_socket_tune(int fd);

#endif
