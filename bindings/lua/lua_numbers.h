/* lua_numbers: whole numbers between Lua and C, of which none is cut.
 *
 * Where Lua has only doubles, those of 64 bits that do not fit are decimal texts. Such texts, and LuaJIT's 1LL and 1ULL,
 * are read wherever a number is.
 */
#ifndef KITH_LUA_NUMBERS_H
#define KITH_LUA_NUMBERS_H

#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

/* What LuaJIT's lua_type() says of values of its FFI. */
enum { LUA_NUMBERS_CDATA = 10 };

void lua_numbers_push_i64(lua_State *L, int64_t value);
void lua_numbers_push_u64(lua_State *L, uint64_t value);

/* False: it is no whole number, or out of range; `out` is then not to be used. */
int lua_numbers_read_i64(lua_State *L, int index, int64_t *out);
int lua_numbers_read_u64(lua_State *L, int index, uint64_t *out);

/* Of arguments: anything else is an error of the caller's. */
int64_t lua_numbers_to_i64(lua_State *L, int index);
uint64_t lua_numbers_to_u64(lua_State *L, int index);
int32_t lua_numbers_to_i32(lua_State *L, int index);
uint32_t lua_numbers_to_u32(lua_State *L, int index);

/* Of an array at the top of the stack: its element number `at` from 1 on, from `least` to `most`; nil is 0. */
int64_t lua_numbers_element(lua_State *L, int at, int64_t least, int64_t most);

#endif
