/* udp: one UDP socket: many datagrams in and out with few system calls.
 *
 * Owns: the descriptor, the buffer that received datagrams lie in.
 * Does not know: the loop that watches it, locks, what datagrams say. Receiving is for one thread;
 * sending may run beside it, from one thread at a time. Nothing here blocks.
 */
#ifndef TRANSPORT_UDP_H
#define TRANSPORT_UDP_H

#include "core/types/datagram.h"

struct udp;

struct udp_options {
	int buffer_size; /* asked of the kernel for each direction */
	bool use_gso;    /* segments and coalescing by the kernel, where it can */
	bool use_batch;  /* several datagrams in one call */
};

/* `local` null: any address of the family of `remote`, a port of the system's choice. An unspecified
 * IPv6 address takes IPv4 too. Null: `*error` is the errno. */
struct udp *udp_open(const struct address *local, const struct address *remote, const struct udp_options *options,
                     int *error);
void udp_close(struct udp *udp);
int udp_fd(const struct udp *udp);
void udp_local(const struct udp *udp, struct address *out);
/* Up to `max` datagrams that have arrived, transport 0. Their bytes stay until the next call.
 * A socket bound to no address tells of each at which of ours it arrived. */
size_t udp_receive(struct udp *udp, struct datagram *out, size_t max);
/* After udp_receive: it is worth calling again at once. */
bool udp_may_have_more(const struct udp *udp);
/* True: datagrams that the last call had no room for are waiting here, and no descriptor tells of them. */
bool udp_has_some(const struct udp *udp);
/* From `burst->local`, if that is set and the socket is bound to no address. False: it did not all
 * go; as on any other hop what is lost is lost. */
bool udp_send(struct udp *udp, const struct datagram_burst *burst);
/* Takes a bound socket that somebody else opened. */
struct udp *udp_adopt(int fd, int family, const struct udp_options *options);

#endif
