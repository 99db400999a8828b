#include "engine/service_credentials.h"

#include <utlist.h>

#include "engine/clock.h"
#include "engine/engine_internal.h"
#include "engine/service_transports.h"

/* The clock that tells the end may be set, or go on while the machine sleeps. */
#define LOOK_AGAIN (600 * USEC_PER_SEC)

void service_credentials_look(struct service *service, usec_t at)
{
	if (at >= service->credentials_due)
		return;
	service->credentials_due = at;
	service_arm(service, at);
}

void service_credentials_on_config(struct service *service, int32_t id)
{
	if (id == CONFIG_P2P_TURN_SERVER_LIST || id == CONFIG_P2P_TURN_USER_LIST || id == CONFIG_P2P_TURN_SECRET_LIST)
		service_credentials_look(service, clock_now());
}

/* Looks at the lists of an endpoint (no connection) or a connection. Returns when it is to be looked again. */
static usec_t look_at(struct engine *engine, struct engine_conn *conn, const struct config *config, usec_t now)
{
	struct turn_watch *watch = conn != NULL ? &conn->turn_watch : &engine->turn_watch;
	int64_t unix_now = clock_unix_seconds();

	turn_watch_set(watch, turn_credentials_end(config), unix_now);
	if (turn_watch_is_due(watch, unix_now))
		engine_events_add_credentials(engine, conn);
	if (watch->ask_at == 0)
		return USEC_NEVER;
	return now + usec_min(LOOK_AGAIN, (watch->ask_at - unix_now) * USEC_PER_SEC);
}

void service_credentials_step(struct service *service, usec_t now)
{
	struct engine *engine = service->engine;
	struct engine_conn *conn;
	usec_t at;

	if (service->credentials_due > now) {
		if (service->credentials_due != USEC_NEVER)
			service_arm(service, service->credentials_due);
		return;
	}
	at = usec_min(service_transports_expire(service, now), look_at(engine, NULL, core_config(engine->core), now));
	DL_FOREACH (engine->conns, conn) {
		const struct config *config = conn->dead || conn->conn == NULL ? NULL : sockets_config(conn->conn);
		/* Who has what the endpoint has is told by the endpoint's event. */
		if (config != NULL && config->set_at[CONFIG_P2P_TURN_USER_LIST] > CONFIG_LEVEL_ENDPOINT)
			at = usec_min(at, look_at(engine, conn, config, now));
	}
	service->credentials_due = USEC_NEVER;
	service_credentials_look(service, at);
}
