/* engine_log: the lines of the log that are made up in more than one place, and those of every packet.
 *
 * Owns: their words. All with the lock held; nothing is made up that nobody wants.
 */
#ifndef ENGINE_ENGINE_LOG_H
#define ENGINE_ENGINE_LOG_H

#include <kith/events.h>

#include "core/types/datagram.h"
#include "core/types/message.h"

struct engine;
struct engine_conn;

/* A connection entered the state of the event. */
void engine_log_state(struct engine *engine, const struct engine_conn *conn, const struct kith_event *event);
void engine_log_datagrams(struct engine *engine, const struct datagram *datagrams, size_t count);
void engine_log_burst(struct engine *engine, const struct datagram_burst *burst);
void engine_log_received(struct engine *engine, struct message *const *messages, size_t count);
/* A message is about to be sent, which may be the end of it: keeps it if it is to be logged; else null. */
struct message *engine_log_hold(const struct engine *engine, struct message *message);
/* Lets go of it. `result`: what became of it. */
void engine_log_sent(const struct engine_conn *conn, struct message *message, int32_t result);
/* `what` happened at an address: "listening on". */
void engine_log_address(struct engine *engine, int32_t subject, const char *what, const struct address *address);

#endif
