/* service_sockets: the sockets that packets arrive at, and reading them.
 *
 * Owns: which descriptor belongs to which transport, on whose epoll it is, how much is read at a time.
 * Does not know: who opened a socket; whoever did closes it, after service_sockets_remove.
 */
#ifndef ENGINE_SERVICE_SOCKETS_H
#define ENGINE_SERVICE_SOCKETS_H

#include "core/types/datagram.h"
#include "transport/ice.h"
#include "transport/loopback.h"
#include "transport/udp.h"

struct service;

struct service_socket {
	struct service_socket *next, *prev; /* of service->sockets */
	uint32_t transport;
	/* One of them: */
	struct udp *udp;
	struct loopback *loopback;
	struct ice *ice; /* whose UDP socket it is; null: nobody's */
};

/* One like this, with the lock held. Null: errno says why. */
struct service_socket *service_sockets_add(struct service *service, const struct service_socket *socket);
/* On the service thread, between service_attend_enter and _leave, with the lock held. */
void service_sockets_remove(struct service *service, struct service_socket *socket);

/* On the service thread, without the lock: what has arrived, within bounds, into the core. */
void service_sockets_read(struct service *service, struct service_socket *socket);
/* The same on the application's thread, which takes the lock again right after and rings nobody. */
void service_sockets_read_some(struct service *service, struct service_socket *socket);

/* Datagrams of one transport into the core; takes the lock itself. `more`: others that arrived with
 * them follow at once. */
void service_sockets_receive(struct service *service, struct datagram *datagrams, size_t count, bool more);

int service_sockets_fd(const struct service_socket *socket);
/* Out of one epoll and into another. */
void service_sockets_watch(struct service_socket *socket, int from_epoll_fd, int to_epoll_fd);

#endif
