/* service_actions: what the core asks of the world.
 *
 * Owns: signals on their way to the application's plug-ins, with no lock held, and the commands to
 * transports, which wait for the service thread: libnice may be touched there only.
 */
#ifndef ENGINE_SERVICE_ACTIONS_H
#define ENGINE_SERVICE_ACTIONS_H

#include "engine/service.h"

/* What to do with a transport, and all that it takes. */
struct service_command {
	struct service_command *next, *prev;
	enum action_kind kind;
	uint32_t transport;
	bool controlling;
	bool has_config;
	uint32_t share;
	char *username;
	char *password;
	char *candidate;
	struct config config; /* of the connection; of ACTION_ICE_START */
};

/* With the lock held: takes every action of the core. */
void service_actions_collect(struct engine *engine);
/* With the lock held: has the thread close a transport. */
void service_actions_add_close(struct service *service, uint32_t transport);
/* On the thread, without the lock: does what waits. */
void service_actions_run(struct service *service);
/* Drops what waits. */
void service_actions_free(struct service *service);

#endif
