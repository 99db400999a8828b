#include "lua_values.h"

#include <string.h>

#include "fields.h"

/* --- failures */

int lua_values_fail(lua_State *L, kith_result result)
{
	const char *detail = kith_last_error();

	lua_pushnil(L);
	lua_pushstring(
		L, result != KITH_E_AGAIN && result != KITH_E_TIMEOUT && detail[0] != '\0' ? detail : kith_result_text(result));
	lua_pushstring(L, kith_result_name(result));
	return 3;
}

int lua_values_answer(lua_State *L, kith_result result)
{
	if (result < 0)
		return lua_values_fail(L, result);
	lua_pushboolean(L, 1);
	return 1;
}

/* --- objects */

/* What tells an object from other userdata. */
static const char mark;

struct object {
	const char *mark;
	uint32_t handle;
};

int lua_values_new_object(lua_State *L)
{
	uint32_t handle = (uint32_t)luaL_checknumber(L, 1);
	struct object *object;

	luaL_checktype(L, 2, LUA_TTABLE);
	luaL_checktype(L, 3, LUA_TTABLE);
	object = lua_newuserdata(L, sizeof(*object));
	object->mark = &mark;
	object->handle = handle;
	lua_pushvalue(L, 3);
	lua_setuservalue(L, -2);
	lua_pushvalue(L, 2);
	lua_setmetatable(L, -2);
	return 1;
}

int lua_values_fields(lua_State *L)
{
	if (lua_type(L, 1) != LUA_TUSERDATA)
		return luaL_error(L, "bad argument #1 (an object of Kith is wanted, not a %s)", luaL_typename(L, 1));
	lua_values_to_handle(L, 1);
	lua_getuservalue(L, 1);
	return 1;
}

uint32_t lua_values_to_handle(lua_State *L, int index)
{
	struct object *object;

	if (lua_isnoneornil(L, index))
		return KITH_NO_HANDLE;
	if (lua_type(L, index) == LUA_TNUMBER)
		return (uint32_t)lua_tonumber(L, index);
	object = lua_touserdata(L, index);
	if (object == NULL || lua_rawlen(L, index) < sizeof(*object) || object->mark != &mark)
		luaL_error(L, "bad argument #%d (an object of Kith is wanted, not a %s)", index, luaL_typename(L, index));
	return object->handle;
}

int lua_values_handle(lua_State *L)
{
	lua_pushinteger(L, lua_values_to_handle(L, 1));
	return 1;
}

/* --- identities and addresses */

void lua_values_push_identity(lua_State *L, const struct kith_identity *identity)
{
	char text[KITH_IDENTITY_TEXT_MAX];

	if (identity->kind != KITH_IDENTITY_NONE && kith_identity_print(identity, text, sizeof(text), NULL) == KITH_OK)
		lua_pushstring(L, text);
	else
		lua_pushnil(L);
}

void lua_values_push_address(lua_State *L, const struct kith_address *address)
{
	static const struct kith_address none;
	char text[KITH_ADDRESS_TEXT_MAX];

	if (memcmp(address, &none, sizeof(none)) != 0 && kith_address_print(address, text, sizeof(text), NULL) == KITH_OK)
		lua_pushstring(L, text);
	else
		lua_pushnil(L);
}

int lua_values_to_identity(lua_State *L, int index, struct kith_identity *room, const struct kith_identity **out)
{
	*out = NULL;
	if (lua_isnoneornil(L, index))
		return 1;
	*out = room;
	return kith_identity_parse(luaL_checkstring(L, index), room) == KITH_OK;
}

int lua_values_to_address(lua_State *L, int index, struct kith_address *room, const struct kith_address **out)
{
	*out = NULL;
	if (lua_isnoneornil(L, index))
		return 1;
	*out = room;
	return kith_address_parse(luaL_checkstring(L, index), room) == KITH_OK;
}

/* --- structs */

static void push_value(lua_State *L, const void *at, const struct field *field)
{
	switch (field->kind) {
	case FIELD_I32:
		lua_pushinteger(L, *(const int32_t *)at);
		break;
	case FIELD_U32:
		lua_numbers_push_i64(L, *(const uint32_t *)at);
		break;
	case FIELD_I64:
		lua_numbers_push_i64(L, *(const int64_t *)at);
		break;
	case FIELD_U64:
		lua_numbers_push_u64(L, *(const uint64_t *)at);
		break;
	case FIELD_F64:
		lua_pushnumber(L, *(const double *)at);
		break;
	case FIELD_SIZE:
		lua_numbers_push_u64(L, *(const size_t *)at);
		break;
	case FIELD_TEXT:
		lua_pushstring(L, at);
		break;
	case FIELD_BYTES:
		lua_pushlstring(L, at, (size_t)field->count);
		break;
	case FIELD_STRING:
		lua_pushstring(L, *(const char *const *)at);
		break;
	case FIELD_IDENTITY:
		lua_values_push_identity(L, at);
		break;
	case FIELD_ADDRESS:
		lua_values_push_address(L, at);
		break;
	}
}

static size_t size_of(enum field_kind kind)
{
	return kind == FIELD_I32 || kind == FIELD_U32 ? 4 : 8;
}

static void push_field(lua_State *L, const char *at, const struct field *field)
{
	if (field->count == 1 || field->kind == FIELD_TEXT || field->kind == FIELD_BYTES) {
		push_value(L, at, field);
		return;
	}
	lua_createtable(L, field->count, 0);
	for (int i = 0; i < field->count; i++) {
		push_value(L, at + (size_t)i * size_of(field->kind), field);
		lua_rawseti(L, -2, i + 1);
	}
}

void lua_values_push_struct(lua_State *L, const void *from, const struct field *fields)
{
	lua_newtable(L);
	for (; fields->name != NULL; fields++) {
		push_field(L, (const char *)from + fields->offset, fields);
		lua_setfield(L, -2, fields->name);
	}
}
