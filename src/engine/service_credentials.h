/* service_credentials: credentials of TURN servers that end: sessions are renewed before, or the application is asked.
 *
 * Owns: when it is looked at them. With the lock held.
 * Does not know: how they are made, what a session is.
 */
#ifndef ENGINE_SERVICE_CREDENTIALS_H
#define ENGINE_SERVICE_CREDENTIALS_H

#include "engine/service.h"
#include "engine/turn_credentials.h"

/* At `at`, or before. */
void service_credentials_look(struct service *service, usec_t at);
/* Option `id` changed somewhere. */
void service_credentials_on_config(struct service *service, int32_t id);
/* What time brings. */
void service_credentials_step(struct service *service, usec_t now);

#endif
