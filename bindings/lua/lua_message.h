/* lua_message: messages as userdata, and arrays of them.
 *
 * A message holds one reference to the library's memory until it is collected or released. Its bytes
 * become a Lua string when they are asked for.
 */
#ifndef KITH_LUA_MESSAGE_H
#define KITH_LUA_MESSAGE_H

#include "lua_values.h"

/* core.message_metatable(): empty at first; the package puts methods into it. */
int lua_message_metatable(lua_State *L);
/* Takes the reference. */
void lua_message_push(lua_State *L, kith_message *message);
/* Null when it was released. */
kith_message *lua_message_at(lua_State *L, int index);

/* core.message_data(message), core.message_pointer(message): and the size, core.message_release(message) */
int lua_message_data(lua_State *L);
int lua_message_pointer(lua_State *L);
int lua_message_release(lua_State *L);

/* core.connection_receive(connection, max, as_strings) and so on: an array. */
int lua_message_receive(lua_State *L);
int lua_message_group_receive(lua_State *L);
int lua_message_channel_receive(lua_State *L);

/* core.connection_send_message(connection, message): the message is empty after it was sent. */
int lua_message_send(lua_State *L);
int lua_message_send_messages(lua_State *L);
/* core.connection_send_batch(connection, strings, flags, lane, ttl_us): how many */
int lua_message_send_batch(lua_State *L);

#endif
