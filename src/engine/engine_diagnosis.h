/* engine_diagnosis: the facts about a connection or session of an engine, for diagnosis and report.
 *
 * Owns: where each fact is found, and keeping those that would change after the end.
 * Does not know: what follows from them (diagnosis). All with the lock held.
 */
#ifndef ENGINE_ENGINE_DIAGNOSIS_H
#define ENGINE_ENGINE_DIAGNOSIS_H

#include "core/sockets/sockets.h"
#include "engine/diagnosis.h"

struct engine;
struct engine_conn;
struct event;

/* The facts, and what they point to. */
struct engine_case {
	struct diagnosis_facts facts;
	struct sockets_info info;
	char remote[ADDRESS_TEXT_MAX];
};

void engine_diagnosis_collect(const struct engine_conn *conn, struct engine_case *out);
/* A connection has just ended: at which stage, KITH_STAGE_*. Keeps what may change, and tells the log. */
int32_t engine_diagnosis_end(struct engine_conn *conn);
/* The same of a session, from the event that tells its end. */
int32_t engine_diagnosis_session(struct engine *engine, const struct event *event);

#endif
