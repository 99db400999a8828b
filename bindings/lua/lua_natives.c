#include "lua_natives.h"

#include <stdlib.h>
#include <string.h>

enum { REVOKED_MAX = 4096 };

int lua_natives_next_event(lua_State *L)
{
	struct kith_event event = KITH_EVENT_INIT;
	kith_result result = kith_endpoint_next_event(lua_values_to_handle(L, 1), &event);

	if (result == KITH_E_AGAIN)
		return 0;
	if (result < 0)
		return lua_values_fail(L, result);
	lua_values_push_struct(L, &event, fields_event);
	if (event.data != NULL) {
		lua_pushlstring(L, event.data, event.data_size);
		lua_setfield(L, -2, "data");
	}
	return 1;
}

int lua_natives_set_lanes(lua_State *L)
{
	int32_t priorities[KITH_LANES_MAX] = { 0 };
	uint16_t weights[KITH_LANES_MAX] = { 0 };
	int32_t count = lua_numbers_to_i32(L, 2);
	kith_result result;

	lua_settop(L, 4);
	for (int i = 0; lua_istable(L, 4) && i < KITH_LANES_MAX; i++)
		weights[i] = (uint16_t)lua_numbers_element(L, i + 1, 0, UINT16_MAX);
	lua_pushvalue(L, 3);
	for (int i = 0; lua_istable(L, 3) && i < KITH_LANES_MAX; i++)
		priorities[i] = (int32_t)lua_numbers_element(L, i + 1, INT32_MIN, INT32_MAX);
	result = kith_connection_set_lanes(lua_values_to_handle(L, 1), count, lua_istable(L, 3) ? priorities : NULL,
	                                   lua_istable(L, 4) ? weights : NULL);
	return lua_values_answer(L, result);
}

int lua_natives_revoked_parse(lua_State *L)
{
	size_t size, count = 0;
	const char *text = luaL_checklstring(L, 1, &size);
	uint64_t *ids = lua_newuserdata(L, REVOKED_MAX * sizeof(*ids));
	kith_result result = kith_revoked_parse(text, size, ids, REVOKED_MAX, &count);

	if (result < 0)
		return lua_values_fail(L, result);
	lua_createtable(L, (int)count, 0);
	for (size_t i = 0; i < count; i++) {
		lua_numbers_push_u64(L, ids[i]);
		lua_rawseti(L, -2, (int)i + 1);
	}
	return 1;
}

int lua_natives_identity(lua_State *L)
{
	struct kith_identity identity;
	kith_result result = kith_identity_parse(luaL_checkstring(L, 1), &identity);

	if (result < 0)
		return lua_values_fail(L, result);
	lua_values_push_identity(L, &identity);
	lua_pushinteger(L, identity.kind);
	return 2;
}

int lua_natives_address(lua_State *L)
{
	struct kith_address address;
	kith_result result = kith_address_parse(luaL_checkstring(L, 1), &address);

	if (result < 0)
		return lua_values_fail(L, result);
	lua_values_push_address(L, &address);
	lua_pushinteger(L, address.port);
	lua_pushlstring(L, (const char *)address.ip, sizeof(address.ip));
	lua_pushinteger(L, address.scope);
	return 4;
}
