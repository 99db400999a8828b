/* service_network: the core hears that the addresses or routes of this machine have changed.
 *
 * Owns: the watch of an endpoint, from its first transport on; how long a change may take until it is looked at.
 * Does not know: what the core makes of it.
 */
#ifndef ENGINE_SERVICE_NETWORK_H
#define ENGINE_SERVICE_NETWORK_H

#include "core/base/usec.h"
#include "engine/service.h"

/* With the lock held. Where it cannot be, connections find out by their own means. */
void service_network_watch(struct service *service);
void service_network_close(struct service *service);
/* Something was told; the addresses are looked at when the dust has settled. */
void service_network_read(struct service *service);
void service_network_step(struct service *service, usec_t now);

#endif
