/* service_ice: ICE sessions on the service thread, and GLib's loop around ours while there are any.
 *
 * Owns: the main context that libnice lives in. Every function is for the service thread, without
 * the lock, except where it says else.
 */
#ifndef ENGINE_SERVICE_ICE_H
#define ENGINE_SERVICE_ICE_H

#include "engine/service_actions.h"

/* The thread begins and ends. */
void service_ice_enter(struct service *service);
void service_ice_leave(struct service *service);
/* Sleeps until something is ready, and handles it. */
void service_ice_wait(struct service *service);

void service_ice_start(struct service *service, const struct service_command *command);
void service_ice_remote(struct service *service, const struct service_command *command);
void service_ice_candidate(struct service *service, const struct service_command *command);
struct ice;
/* One that is in no table any more. */
void service_ice_close(struct service *service, struct ice *ice);
/* All of them, and waits until nothing of libnice is left, a bounded time. */
void service_ice_close_all(struct service *service);

#endif
