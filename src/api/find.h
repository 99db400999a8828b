/* find: a handle to its object, for the length of a call.
 *
 * Owns: the words of the failure. What was found must be given back with find_done.
 */
#ifndef API_FIND_H
#define API_FIND_H

#include "engine/engine.h"
#include "engine/handle_table.h"

/* Null: no such object; the failure is set, KITH_E_HANDLE is the result. */
struct engine *find_endpoint(kith_endpoint endpoint);
struct engine_conn *find_connection(kith_connection connection);
struct engine_listener *find_listener(kith_listener listener);
struct engine_group *find_poll_group(kith_poll_group poll_group);
struct engine_signaling *find_signaling(kith_signaling signaling);
void find_done(uint32_t handle);

#endif
