/* lua_options: the structs that an application fills in, read from Lua's tables.
 *
 * What they point to is anchored on the Lua stack, so they are good until the C function returns. A table
 * with a field that is none of the struct's is an error of the caller's. nil: the defaults.
 */
#ifndef KITH_LUA_OPTIONS_H
#define KITH_LUA_OPTIONS_H

#include "lua_values.h"

/* Each returns 0 when an identity in it is none; the failure is set then. */
struct lua_options_endpoint {
	struct kith_endpoint_options options;
	struct kith_identity identity;
};
int lua_options_endpoint(lua_State *L, int index, struct lua_options_endpoint *out);

struct lua_options_connection {
	struct kith_connection_options options;
	struct kith_identity peer;
};
int lua_options_connection(lua_State *L, int index, struct lua_options_connection *out);

int lua_options_listener(lua_State *L, int index, struct kith_listener_options *out);

struct lua_options_pair {
	struct kith_pair_options options;
	struct kith_identity first_identity, second_identity;
	struct lua_options_connection first, second;
};
int lua_options_pair(lua_State *L, int index, struct lua_options_pair *out);

struct lua_options_certificate {
	struct kith_certificate_options options;
	struct kith_identity identity;
	uint32_t app_ids[KITH_APP_IDS_MAX + 1];
};
int lua_options_certificate(lua_State *L, int index, struct lua_options_certificate *out);

/* A key's 32 bytes, or nil: null. */
const void *lua_options_key(lua_State *L, int index);

#endif
