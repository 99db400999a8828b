/* engine_sessions: the Messages interface of an endpoint, as the api calls it.
 *
 * Owns: taking the lock, the words of failures. Sessions have no handles: a peer names its own.
 * Does not know: what a session is (core/messages), how its events wait (session_events).
 */
#ifndef ENGINE_ENGINE_SESSIONS_H
#define ENGINE_ENGINE_SESSIONS_H

#include <kith/messages.h>

#include "core/messages/messages.h"
#include "engine/engine.h"

int32_t engine_sessions_send(struct engine *engine, const struct kith_identity *peer, int32_t channel,
                             const struct kith_outgoing *outgoing);
int32_t engine_sessions_receive(struct engine *engine, int32_t channel, struct message **out, int32_t max);
int32_t engine_sessions_accept(struct engine *engine, const struct kith_identity *peer);
int32_t engine_sessions_close(struct engine *engine, const struct kith_identity *peer, int64_t linger_usec);
int32_t engine_sessions_close_channel(struct engine *engine, const struct kith_identity *peer, int32_t channel);
int32_t engine_sessions_flush(struct engine *engine, const struct kith_identity *peer);
int32_t engine_sessions_info(struct engine *engine, const struct kith_identity *peer, struct kith_info *out);
int32_t engine_sessions_status(struct engine *engine, const struct kith_identity *peer, struct kith_status *out);
int32_t engine_sessions_security(struct engine *engine, const struct kith_identity *peer, struct kith_security *out);
int32_t engine_sessions_diagnosis(struct engine *engine, const struct kith_identity *peer, struct kith_diagnosis *out);

/* What is known of a session, with the lock held on KITH_OK. */
int32_t engine_sessions_open(struct engine *engine, const struct kith_identity *peer, struct identity *identity,
                             struct messages_info *out);

#endif
