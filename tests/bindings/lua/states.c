/* states.c: one Lua state after the other loads Kith and runs a script, and unloads it, as the last state does that is
 * closed. Prints N passed, N failed.
 */
#include <stdio.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

enum { STATES = 3 };

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 0; i < STATES && argc == 2; i++) {
		lua_State *L = luaL_newstate();
		luaL_openlibs(L);
		if (luaL_dofile(L, argv[1])) {
			printf("FAILED: state %d: %s\n", i + 1, lua_tostring(L, -1));
			failed++;
		}
		lua_close(L);
	}
	printf("%d passed, %d failed\n", STATES - failed, failed);
	return failed != 0;
}
