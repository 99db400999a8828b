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

/* A UDP socket that is not inherited and never blocks. -1: errno says why. */
int udp_options_open(int family);
void udp_options_close(int fd);
/* Where a socket is bound. False: it is no internet socket, or not bound. */
bool udp_options_local(int fd, struct address *out);
void udp_options_set_buffers(int fd, int size);
/* An IPv6 socket on the unspecified address takes IPv4 as well. */
void udp_options_set_dual_stack(int fd);
/* Lets the kernel hand several datagrams of one sender over as one. False: it cannot. */
bool udp_options_set_coalescing(int fd);
/* Has the kernel tell at which of our addresses each datagram arrived. */
void udp_options_set_arrival(int fd, int family);
/* Not whole: routers, and the system itself, may cut a datagram that is too large for them. */
void udp_options_set_whole(int fd, int family, bool whole);
/* `to` leaves by the interface that `from` is tied to. */
void udp_options_copy_interface(int from, int to, int family);

/* Room for all that may come or go beside a message. */
union udp_control {
	size_t align; /* as of struct cmsghdr */
	char bytes[128];
};

/* What came beside a received message. */
struct udp_arrival {
	size_t segment_size;  /* of a coalesced one; 0: it is one datagram */
	struct address local; /* the port is 0; zero: not told */
};

void udp_options_read_arrival(struct msghdr *message, struct udp_arrival *out);
/* Both add to a message to be sent. False: this system cannot. */
bool udp_options_add_segment_size(struct msghdr *message, union udp_control *control, uint16_t size);
bool udp_options_add_source(struct msghdr *message, union udp_control *control, int family,
                            const struct address *source);

#endif
