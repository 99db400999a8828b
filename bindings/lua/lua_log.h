/* lua_log: lines of log wait in a queue for the program that asks for them: they come from any thread, and
 * only one may run Lua.
 */
#ifndef KITH_LUA_LOG_H
#define KITH_LUA_LOG_H

#include "lua_values.h"

/* core.log_start(endpoint, level): a queue, whose lines end with the endpoint */
int lua_log_start(lua_State *L);
/* core.log_take(queue): the oldest line as subject, level, text; nothing: there is none */
int lua_log_take(lua_State *L);

#endif
