#include "engine/engine_diagnosis.h"

#include <utlist.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/messages/messages.h"
#include "engine/clock.h"
#include "engine/convert.h"
#include "engine/engine_internal.h"
#include "engine/engine_sessions.h"
#include "engine/names.h"

static void fill_signaling(const struct engine *engine, struct diagnosis_signaling *out)
{
	const struct engine_signaling *signaling;
	struct text text;

	bytes_zero(out, sizeof(*out));
	text_init(&text, out->text, sizeof(out->text));
	LL_FOREACH (engine->signalings, signaling) {
		out->count++;
		/* Of those without a state only the application knows. */
		out->connected += signaling->state == KITH_SIGNALING_CONNECTED || signaling->state == KITH_SIGNALING_NONE;
		if (signaling->state != KITH_SIGNALING_FAILED || signaling->text[0] == '\0')
			continue;
		text_init(&text, out->text, sizeof(out->text));
		text_add(&text, signaling->text);
	}
}

/* --- connections */

void engine_diagnosis_collect(const struct engine_conn *conn, struct engine_case *out)
{
	struct diagnosis_facts *facts = &out->facts;

	bytes_zero(out, sizeof(*out));
	sockets_info(conn->conn, &out->info);
	if (out->info.remote.port != 0)
		address_print(&out->info.remote, out->remote);
	facts->state = out->info.state;
	facts->reason = (int32_t)out->info.end_reason;
	facts->end_text = out->info.text;
	facts->peer = out->info.peer.text;
	facts->remote = out->remote;
	sockets_attempt(clock_now(), conn->conn, &facts->attempt);
	if (conn->signaling_at_end != NULL)
		facts->signaling = *conn->signaling_at_end;
	else
		fill_signaling(conn->engine, &facts->signaling);
}

/* The line of the state has said what the peer or the library say; this is the judgement. */
static void write_log(struct engine *engine, const char *what, const char *name, const struct kith_diagnosis *diagnosis)
{
	if (diagnosis->stage == KITH_STAGE_NONE || diagnosis->stage == KITH_STAGE_CLOSED)
		return;
	log_sink_write(&engine->log, KITH_SUBJECT_CONNECTION, KITH_LOG_WARNING, "%s %s: %s: %s", what, name,
	               names_stage(diagnosis->stage), diagnosis->summary);
}

int32_t engine_diagnosis_end(struct engine_conn *conn)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	struct engine_case found;
	struct text text;
	char name[16];

	engine_diagnosis_collect(conn, &found);
	diagnosis_fill(&found.facts, &diagnosis);
	if (found.facts.attempt.p2p && conn->signaling_at_end == NULL) {
		conn->signaling_at_end = alloc_bytes(sizeof(*conn->signaling_at_end));
		*conn->signaling_at_end = found.facts.signaling;
	}
	text_init(&text, name, sizeof(name));
	text_add_hex(&text, conn->handle);
	write_log(conn->engine, "connection", name, &diagnosis);
	return diagnosis.stage;
}

int32_t engine_conn_diagnosis(struct engine_conn *conn, struct kith_diagnosis *out)
{
	struct engine_case found;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	engine_diagnosis_collect(conn, &found);
	engine_unlock(conn->engine);
	diagnosis_fill(&found.facts, out);
	return KITH_OK;
}

/* --- sessions */

/* Of one that has a connection, or whose last one failed; else all that is known is how it ended. */
static void collect_session(const struct engine *engine, const struct messages_info *session,
                            struct diagnosis_facts *out)
{
	if (session->conn != NULL)
		sockets_attempt(clock_now(), session->conn, &out->attempt);
	else if (session->attempt != NULL)
		out->attempt = *session->attempt;
	out->attempt.p2p = true;
	fill_signaling(engine, &out->signaling);
}

int32_t engine_diagnosis_session(struct engine *engine, const struct event *event)
{
	struct diagnosis_facts facts = { .state = event->new_state, .reason = (int32_t)event->end_reason, .remote = "" };
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	struct messages_info session;

	facts.end_text = event->text;
	facts.peer = event->peer.text;
	if (!messages_info(core_messages(engine->core), &event->peer, &session))
		facts.attempt.connected = true; /* it was let go of: nothing was under way */
	collect_session(engine, &session, &facts);
	diagnosis_fill(&facts, &diagnosis);
	write_log(engine, "session with", event->peer.text, &diagnosis);
	return diagnosis.stage;
}

int32_t engine_sessions_diagnosis(struct engine *engine, const struct kith_identity *peer, struct kith_diagnosis *out)
{
	struct diagnosis_facts facts = { .remote = "" };
	struct messages_info session;
	struct sockets_info info;
	struct identity identity;
	int32_t result = engine_sessions_open(engine, peer, &identity, &session);

	if (result != KITH_OK)
		return result;
	facts.peer = identity.text;
	facts.state = session.state;
	facts.reason = (int32_t)session.end_reason;
	facts.end_text = session.text;
	if (session.conn != NULL) {
		sockets_info(session.conn, &info);
		facts.state = info.state;
	}
	collect_session(engine, &session, &facts);
	engine_unlock(engine);
	diagnosis_fill(&facts, out);
	return KITH_OK;
}
