/* service_transports: the sockets, loopbacks and ICE sessions of an endpoint, by the numbers the core gave them.
 *
 * Owns: which number is what, when each is opened, read and closed. UDP sockets are opened on the
 * thread that connects or listens, so that it learns at once what the system says to that; all are
 * read and closed on the service thread only.
 */
#ifndef ENGINE_SERVICE_TRANSPORTS_H
#define ENGINE_SERVICE_TRANSPORTS_H

#include "core/types/datagram.h"
#include "engine/service.h"
#include "transport/ice.h"
#include "transport/loopback.h"
#include "transport/udp.h"

/* --- with the lock held */
/* A UDP socket bound to `local`, or to any address that reaches `remote`; one of them is null. */
int32_t service_open_udp(struct service *service, const struct address *local, const struct address *remote,
                         const struct config *config, uint32_t *out);
/* Takes the end, also when it fails. */
int32_t service_open_loopback(struct service *service, struct loopback *end, uint32_t *out);
/* Of a UDP socket. */
void service_local_address(const struct service *service, uint32_t transport, struct address *out);
/* The thread closes it in a moment. */
void service_close_transport(struct service *service, uint32_t transport);
/* By way of service_impair. What cannot be sent is lost, as on the network. */
void service_transports_send(struct service *service, usec_t now, const struct datagram_burst *burst);
void service_transports_send_now(struct service *service, const struct datagram_burst *burst);
/* Tells the core of ICE sessions whose credentials end soon. Returns when the next ones do. */
usec_t service_transports_expire(struct service *service, usec_t now);

/* What the options say of sockets. */
void service_fill_udp_options(const struct config *config, struct udp_options *out);

/* --- on the thread, without the lock */
/* Each takes the lock itself. */
/* `lifetime`: its credentials end after that; 0: not. */
void service_transports_add_ice(struct service *service, uint32_t transport, struct ice *ice, usec_t lifetime);
struct ice *service_transports_find_ice(struct service *service, uint32_t transport); /* null: none */
void service_transports_close(struct service *service, uint32_t transport);
/* Between service_attend_enter and _leave, with the lock held. ICE sessions have been closed before. */
void service_transports_close_all(struct service *service);
/* Takes out any ICE session that is left; null: none. Takes the lock itself. */
struct ice *service_transports_take_ice(struct service *service);

#endif
