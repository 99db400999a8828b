#include "lua_bytes.h"

#include "lua_message.h"

static const void *read_bytes(lua_State *L, int index, size_t *size)
{
	const void *pointer;

	if (lua_type(L, index) == LUA_TSTRING)
		return lua_tolstring(L, index, size);
	if (lua_type(L, index) == LUA_NUMBERS_CDATA)
		pointer = *(const void *const *)lua_topointer(L, index);
	else {
		if (!lua_islightuserdata(L, index))
			luaL_error(L, "bad argument #%d (a string or a pointer is wanted, not a %s)", index,
			           luaL_typename(L, index));
		pointer = lua_touserdata(L, index);
	}
	*size = (size_t)lua_numbers_to_u64(L, index + 1);
	if (pointer == NULL && *size > 0)
		luaL_error(L, "bad argument #%d (the pointer is null)", index);
	return pointer;
}

int lua_bytes_send(lua_State *L)
{
	size_t size;
	const void *data = read_bytes(L, 2, &size);
	uint32_t connection = lua_values_to_handle(L, 1), flags = lua_numbers_to_u32(L, 4);
	int64_t number;
	kith_result result = kith_connection_send(connection, data, size, flags, lua_numbers_to_i32(L, 5), &number);

	if (result < 0)
		return lua_values_fail(L, result);
	lua_numbers_push_i64(L, number);
	return 1;
}

int lua_bytes_send_to(lua_State *L)
{
	struct kith_identity room;
	const struct kith_identity *peer;
	size_t size;
	const void *data = read_bytes(L, 4, &size);
	uint32_t endpoint = lua_values_to_handle(L, 1);
	int32_t channel = lua_numbers_to_i32(L, 3);

	if (!lua_values_to_identity(L, 2, &room, &peer))
		return lua_values_fail(L, KITH_E_INVALID);
	return lua_values_answer(L, kith_messages_send(endpoint, peer, channel, data, size, lua_numbers_to_u32(L, 6)));
}

int lua_bytes_message(lua_State *L)
{
	size_t size;
	const void *data = lua_isnil(L, 1) ? NULL : read_bytes(L, 1, &size);
	kith_message *message;
	kith_result result;

	if (data == NULL)
		size = (size_t)lua_numbers_to_u64(L, 2);
	result = kith_message_new(data, size, &message);
	if (result < 0)
		return lua_values_fail(L, result);
	lua_message_push(L, message);
	return 1;
}

int lua_bytes_signal(lua_State *L)
{
	size_t size;
	const void *data = read_bytes(L, 3, &size);

	return lua_values_answer(
		L, kith_endpoint_receive_signal(lua_values_to_handle(L, 1), lua_values_to_handle(L, 2), data, size));
}
