/* lua_bytes: functions that are given bytes: a string; or a pointer, which is light userdata or a cdata `const void *` of
 * LuaJIT's, with the size as the next argument. Further arguments keep alive what a pointer points to.
 */
#ifndef KITH_LUA_BYTES_H
#define KITH_LUA_BYTES_H

#include "lua_values.h"

/* core.connection_send(connection, data, size, flags, lane): the message's number */
int lua_bytes_send(lua_State *L);
/* core.messages_send(endpoint, peer, channel, data, size, flags) */
int lua_bytes_send_to(lua_State *L);
/* core.message_new(data, size): nil for data: zeros */
int lua_bytes_message(lua_State *L);
/* core.endpoint_receive_signal(endpoint, signaling, data, size) */
int lua_bytes_signal(lua_State *L);

#endif
