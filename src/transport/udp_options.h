/* udp_options: what differs between systems: socket options and ancillary data.
 *
 * Owns: every difference by system and kernel in sending and receiving datagrams.
 * Does not know: who uses the socket.
 */
#ifndef TRANSPORT_UDP_OPTIONS_H
#define TRANSPORT_UDP_OPTIONS_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/types/address.h"

union udp_sockaddr {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage storage;
};

/* `family`: of the socket; an IPv6 one takes IPv4 addresses mapped. Returns the length. */
socklen_t udp_options_to_sockaddr(const struct address *address, int family, union udp_sockaddr *out);
void udp_options_from_sockaddr(const union udp_sockaddr *from, struct address *out);

void udp_options_set_buffers(int fd, int size);
/* An IPv6 socket on the unspecified address takes IPv4 as well. */
void udp_options_set_dual_stack(int fd);
/* Lets the kernel hand several datagrams of one sender over as one. False: it cannot. */
bool udp_options_set_coalescing(int fd);
/* No fragments: a datagram that is too large is lost rather than cut. */
void udp_options_set_no_fragments(int fd);

#define UDP_OPTIONS_CONTROL_SIZE 64

/* Adds the segment size to a message to be sent. False: this system cannot. */
bool udp_options_add_segment_size(struct msghdr *message, char control[UDP_OPTIONS_CONTROL_SIZE], uint16_t size);
/* The segment size of a coalesced message that was received; 0: it is one datagram. */
size_t udp_options_get_segment_size(struct msghdr *message);

#endif
