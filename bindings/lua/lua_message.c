#include "lua_message.h"

enum { BATCH_MAX = 256 };

static const char metatable_key;

struct message {
	kith_message *message;
};

int lua_message_metatable(lua_State *L)
{
	lua_pushlightuserdata(L, (void *)&metatable_key);
	lua_rawget(L, LUA_REGISTRYINDEX);
	if (!lua_isnil(L, -1))
		return 1;
	lua_pop(L, 1);
	lua_newtable(L);
	lua_pushcfunction(L, lua_message_release);
	lua_setfield(L, -2, "__gc");
	lua_pushlightuserdata(L, (void *)&metatable_key);
	lua_pushvalue(L, -2);
	lua_rawset(L, LUA_REGISTRYINDEX);
	return 1;
}

/* With the metatable at `metatable`; so that an error of Lua's, for want of memory, leaks nothing. */
static struct message *push_empty(lua_State *L, int metatable)
{
	struct message *made = lua_newuserdata(L, sizeof(*made));

	made->message = NULL;
	lua_pushvalue(L, metatable);
	lua_setmetatable(L, -2);
	return made;
}

void lua_message_push(lua_State *L, kith_message *message)
{
	lua_message_metatable(L);
	push_empty(L, lua_gettop(L))->message = message;
	lua_remove(L, -2);
}

static struct message *check(lua_State *L, int index)
{
	struct message *found = lua_touserdata(L, index);
	int same = 0;

	if (found != NULL && lua_getmetatable(L, index)) {
		lua_message_metatable(L);
		same = lua_rawequal(L, -1, -2);
		lua_pop(L, 2);
	}
	if (!same)
		luaL_error(L, "bad argument #%d (a message is wanted, not a %s)", index, luaL_typename(L, index));
	return found;
}

kith_message *lua_message_at(lua_State *L, int index)
{
	return check(L, index)->message;
}

int lua_message_data(lua_State *L)
{
	kith_message *message = lua_message_at(L, 1);

	if (message != NULL)
		lua_pushlstring(L, kith_message_data(message), kith_message_size(message));
	else
		lua_pushnil(L);
	return 1;
}

int lua_message_pointer(lua_State *L)
{
	kith_message *message = lua_message_at(L, 1);

	if (message == NULL) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushlightuserdata(L, kith_message_data(message));
	lua_numbers_push_u64(L, kith_message_size(message));
	return 2;
}

int lua_message_release(lua_State *L)
{
	struct message *message = check(L, 1);

	kith_message_release(message->message);
	message->message = NULL;
	return 0;
}

/* --- receiving */

/* The array stands below; whatever Lua does, each message is somebody's. */
static void fill(lua_State *L, kith_message *const *messages, int32_t count, int as_strings)
{
	for (int32_t i = 0; i < count; i++) {
		if (as_strings)
			lua_pushlstring(L, kith_message_data(messages[i]), kith_message_size(messages[i]));
		else
			lua_message_push(L, kith_message_ref(messages[i]));
		lua_rawseti(L, -2, i + 1);
	}
}

static int push_received(lua_State *L, kith_message *const *messages, int32_t count, int as_strings)
{
	if (count < 0)
		return lua_values_fail(L, count);
	lua_createtable(L, count, 0);
	fill(L, messages, count, as_strings);
	kith_message_release_batch(messages, (size_t)count);
	return 1;
}

static int32_t read_max(lua_State *L, int index)
{
	int32_t max = lua_isnoneornil(L, index) ? BATCH_MAX : lua_numbers_to_i32(L, index);

	return max > BATCH_MAX ? BATCH_MAX : max;
}

int lua_message_receive(lua_State *L)
{
	kith_message *messages[BATCH_MAX];
	int32_t count = kith_connection_receive(lua_values_to_handle(L, 1), messages, read_max(L, 2));

	return push_received(L, messages, count, lua_toboolean(L, 3));
}

int lua_message_group_receive(lua_State *L)
{
	kith_message *messages[BATCH_MAX];
	int32_t count = kith_poll_group_receive(lua_values_to_handle(L, 1), messages, read_max(L, 2));

	return push_received(L, messages, count, lua_toboolean(L, 3));
}

int lua_message_channel_receive(lua_State *L)
{
	kith_message *messages[BATCH_MAX];
	int32_t count =
		kith_messages_receive(lua_values_to_handle(L, 1), lua_numbers_to_i32(L, 2), messages, read_max(L, 3));

	return push_received(L, messages, count, lua_toboolean(L, 4));
}

/* --- sending */

int lua_message_send(lua_State *L)
{
	struct message *message = check(L, 2);
	int64_t number;
	kith_result result = kith_connection_send_message(lua_values_to_handle(L, 1), message->message, &number);

	if (result < 0)
		return lua_values_fail(L, result);
	message->message = NULL;
	lua_numbers_push_i64(L, number);
	return 1;
}

int lua_message_send_messages(lua_State *L)
{
	kith_message *messages[BATCH_MAX];
	uint32_t connection = lua_values_to_handle(L, 1);
	int32_t sent;
	int count;

	luaL_checktype(L, 2, LUA_TTABLE);
	count = (int)lua_rawlen(L, 2);
	if (count > BATCH_MAX)
		count = BATCH_MAX;
	for (int i = 0; i < count; i++) {
		lua_rawgeti(L, 2, i + 1);
		messages[i] = lua_message_at(L, -1);
		lua_pop(L, 1);
	}
	sent = kith_connection_send_messages(connection, messages, (size_t)count);
	for (int32_t i = 0; i < sent; i++) {
		lua_rawgeti(L, 2, i + 1);
		check(L, -1)->message = NULL;
		lua_pop(L, 1);
	}
	if (sent < 0)
		return lua_values_fail(L, sent);
	lua_pushinteger(L, sent);
	return 1;
}

int lua_message_send_batch(lua_State *L)
{
	struct kith_outgoing outgoing[BATCH_MAX];
	uint32_t connection = lua_values_to_handle(L, 1), flags = lua_numbers_to_u32(L, 3);
	int32_t lane = lua_numbers_to_i32(L, 4), sent;
	int64_t ttl_us = lua_numbers_to_i64(L, 5);
	int count;

	luaL_checktype(L, 2, LUA_TTABLE);
	count = (int)lua_rawlen(L, 2);
	if (count > BATCH_MAX)
		count = BATCH_MAX;
	for (int i = 0; i < count; i++) {
		/* The table keeps the string: it is one, and not made of a number just now. */
		lua_rawgeti(L, 2, i + 1);
		if (lua_type(L, -1) != LUA_TSTRING)
			return luaL_error(L, "bad argument #2 (element %d is a %s, not a string)", i + 1, luaL_typename(L, -1));
		outgoing[i].data = lua_tolstring(L, -1, &outgoing[i].size);
		outgoing[i].flags = flags;
		outgoing[i].lane = lane;
		outgoing[i].ttl_us = ttl_us;
		lua_pop(L, 1);
	}
	sent = kith_connection_send_batch(connection, outgoing, (size_t)count);
	if (sent < 0)
		return lua_values_fail(L, sent);
	lua_pushinteger(L, sent);
	return 1;
}
