/* A program that runs Lua scripts with Kith built in: embed SCRIPT [ARGUMENT...]
 *
 * The C side of the module is linked into the program; the package of Lua files is found on LUA_PATH. */
#include <stdio.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

int luaopen_kith_core(lua_State *L);

/* require "kith.core" finds what is linked in. */
static void preload(lua_State *L)
{
	lua_getglobal(L, "package");
	lua_getfield(L, -1, "preload");
	lua_pushcfunction(L, luaopen_kith_core);
	lua_setfield(L, -2, "kith.core");
	lua_pop(L, 2);
}

static void set_arguments(lua_State *L, int count, char **arguments)
{
	lua_createtable(L, count, 0);
	for (int i = 0; i < count; i++) {
		lua_pushstring(L, arguments[i]);
		lua_rawseti(L, -2, i);
	}
	lua_setglobal(L, "arg");
}

int main(int argc, char **argv)
{
	lua_State *L = luaL_newstate();
	int failed;

	if (L == NULL || argc < 2)
		return fprintf(stderr, "usage: embed SCRIPT [ARGUMENT...]\n"), 2;
	luaL_openlibs(L);
	preload(L);
	set_arguments(L, argc - 1, argv + 1);
	failed = luaL_dofile(L, argv[1]);
	if (failed)
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
	lua_close(L);
	return failed != 0;
}
