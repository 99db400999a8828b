/* lua_natives: functions whose arguments are tables of more than one kind, which SWIG cannot map. */
#ifndef KITH_LUA_NATIVES_H
#define KITH_LUA_NATIVES_H

#include "lua_values.h"

/* core.endpoint_next_event(endpoint): a table; nothing when there is none */
int lua_natives_next_event(lua_State *L);
/* core.connection_set_lanes(connection, count, priorities, weights) */
int lua_natives_set_lanes(lua_State *L);
/* core.revoked_parse(text): an array of key ids */
int lua_natives_revoked_parse(lua_State *L);
/* core.identity_parse(text): its text as it is printed, its kind */
int lua_natives_identity(lua_State *L);
/* core.address_parse(text): ip (16 bytes), port, scope */
int lua_natives_address(lua_State *L);

#endif
