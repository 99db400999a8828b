/* service_ice: ICE sessions on the service thread.
 *
 * Owns: the main contexts that libnice lives in, one a session. Every function is for the service
 * thread, without the lock, except where it says else.
 */
#ifndef ENGINE_SERVICE_ICE_H
#define ENGINE_SERVICE_ICE_H

#include "engine/service_actions.h"

void service_ice_start(struct service *service, const struct service_command *command);
void service_ice_remote(struct service *service, const struct service_command *command);
void service_ice_candidate(struct service *service, const struct service_command *command);
/* Something in a context is ready or due. */
void service_ice_run(struct service *service);
struct ice;
/* One that is in no table any more. */
void service_ice_close(struct service *service, struct ice *ice);
/* All of them, and waits until nothing of libnice is left, a bounded time: the thread ends. */
void service_ice_close_all(struct service *service);

#endif
