#include "lua_numbers.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if LUA_VERSION_NUM < 503
/* The largest whole number up to which doubles have no gap. */
#define DOUBLE_WHOLE_MAX INT64_C(9007199254740992)
#endif

/* --- to Lua */

void lua_numbers_push_i64(lua_State *L, int64_t value)
{
#if LUA_VERSION_NUM >= 503
	lua_pushinteger(L, value);
#else
	char text[32];

	if (value >= -DOUBLE_WHOLE_MAX && value <= DOUBLE_WHOLE_MAX) {
		lua_pushnumber(L, (lua_Number)value);
		return;
	}
	snprintf(text, sizeof(text), "%lld", (long long)value);
	lua_pushstring(L, text);
#endif
}

void lua_numbers_push_u64(lua_State *L, uint64_t value)
{
	char text[32];

	if (value <= INT64_MAX) {
		lua_numbers_push_i64(L, (int64_t)value);
		return;
	}
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	lua_pushstring(L, text);
}

/* --- from Lua: the bits of a number, signed or not */

/* Decimal digits with `suffix` behind them, and a sign before if one may be. */
static int read_digits(const char *text, const char *suffix, int is_signed, uint64_t *out)
{
	size_t digits = strspn(text, is_signed ? "-0123456789" : "0123456789");
	char *end = NULL;

	if (digits == 0 || strcmp(text + digits, suffix) != 0)
		return 0;
	errno = 0;
	*out = is_signed ? (uint64_t)strtoll(text, &end, 10) : strtoull(text, &end, 10);
	return errno == 0 && end == text + digits;
}

/* Of 1LL and 1ULL: what LuaJIT writes is their value and their type in one; pointers and structs are written otherwise. */
static int read_cdata(lua_State *L, int index, int is_signed, uint64_t *out)
{
	const char *text;
	int found;

	if (!luaL_callmeta(L, index, "__tostring"))
		return 0;
	text = lua_tostring(L, -1);
	found = text != NULL && (read_digits(text, "LL", is_signed, out) || read_digits(text, "ULL", is_signed, out));
	lua_pop(L, 1);
	return found;
}

static int read_double(lua_Number number, int is_signed, uint64_t *out)
{
	if (number != floor(number) || number < (is_signed ? -9223372036854775808.0 : 0.0) ||
	    number >= (is_signed ? 9223372036854775808.0 : 18446744073709551616.0))
		return 0;
	*out = is_signed ? (uint64_t)(int64_t)number : (uint64_t)number;
	return 1;
}

static int read_bits(lua_State *L, int index, int is_signed, uint64_t *out)
{
	switch (lua_type(L, index)) {
	case LUA_TSTRING:
		return read_digits(lua_tostring(L, index), "", is_signed, out);
	case LUA_TNUMBER:
#if LUA_VERSION_NUM >= 503
		if (lua_isinteger(L, index)) {
			*out = (uint64_t)lua_tointeger(L, index);
			return is_signed || lua_tointeger(L, index) >= 0;
		}
#endif
		return read_double(lua_tonumber(L, index), is_signed, out);
	case LUA_NUMBERS_CDATA:
		return read_cdata(L, index, is_signed, out);
	default:
		return 0;
	}
}

int lua_numbers_read_i64(lua_State *L, int index, int64_t *out)
{
	uint64_t bits = 0;
	int found = read_bits(L, index, 1, &bits);

	*out = (int64_t)bits;
	return found;
}

int lua_numbers_read_u64(lua_State *L, int index, uint64_t *out)
{
	return read_bits(L, index, 0, out);
}

/* --- arguments */

static int64_t to_range(lua_State *L, int index, int64_t least, int64_t most, const char *wanted)
{
	int64_t value;

	if (!lua_numbers_read_i64(L, index, &value) || value < least || value > most)
		luaL_error(L, "bad argument #%d (a whole number %s is wanted)", index, wanted);
	return value;
}

int64_t lua_numbers_to_i64(lua_State *L, int index)
{
	return to_range(L, index, INT64_MIN, INT64_MAX, "of 64 bits");
}

uint64_t lua_numbers_to_u64(lua_State *L, int index)
{
	uint64_t value = 0;

	if (!lua_numbers_read_u64(L, index, &value))
		luaL_error(L, "bad argument #%d (a whole number from 0 to 2^64-1 is wanted)", index);
	return value;
}

int32_t lua_numbers_to_i32(lua_State *L, int index)
{
	return (int32_t)to_range(L, index, INT32_MIN, INT32_MAX, "of 32 bits");
}

uint32_t lua_numbers_to_u32(lua_State *L, int index)
{
	return (uint32_t)to_range(L, index, 0, UINT32_MAX, "from 0 to 2^32-1");
}

int64_t lua_numbers_element(lua_State *L, int at, int64_t least, int64_t most)
{
	int64_t value = 0;

	lua_rawgeti(L, -1, at);
	if (!lua_isnil(L, -1) && (!lua_numbers_read_i64(L, lua_gettop(L), &value) || value < least || value > most))
		luaL_error(L, "element %d of an array is no whole number, or out of range", at);
	lua_pop(L, 1);
	return value;
}
