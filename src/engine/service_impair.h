/* service_impair: what the options of a connection do to its datagrams: a bad network, simulated.
 *
 * Owns: which rules a datagram falls under, what they remember of each connection. Nothing of it
 * exists, and nothing is asked for each datagram, before an option wants it.
 * All with the engine's lock held.
 */
#ifndef ENGINE_SERVICE_IMPAIR_H
#define ENGINE_SERVICE_IMPAIR_H

#include "core/types/datagram.h"
#include "engine/service.h"

/* Options came into force, at whichever object of the endpoint. */
void service_impair_notice(struct service *service, const struct config *config);

/* Datagrams on their way out. True: they are taken care of. */
bool service_impair_send(struct service *service, usec_t now, const struct datagram_burst *burst);
/* Datagrams that came. Those that go on at once are moved to the front; returns how many. */
size_t service_impair_receive(struct service *service, usec_t now, struct datagram *datagrams, size_t count);

usec_t service_impair_next_timeout(const struct service *service);
/* What is late by now goes on, out or into the core. */
void service_impair_step(struct service *service, usec_t now);
/* The end: what is on its way out arrives, as on a network that is still there. */
void service_impair_close(struct service *service);

#endif
