#include "lua_options.h"

#include <stdio.h>
#include <string.h>

/* --- fields of a table: what is read is left on the stack, which anchors it */

static int find(lua_State *L, int table, const char *name)
{
	lua_getfield(L, table, name);
	return !lua_isnil(L, -1);
}

static int64_t read_whole(lua_State *L, int table, const char *name, int64_t otherwise)
{
	int64_t value = otherwise;

	if (find(L, table, name)) {
		if (lua_isboolean(L, -1))
			value = lua_toboolean(L, -1);
		else if (!lua_numbers_read_i64(L, lua_gettop(L), &value))
			luaL_error(L, "option '%s' is no whole number of 64 bits", name);
	}
	lua_pop(L, 1);
	return value;
}

static int32_t read_i32(lua_State *L, int table, const char *name, int32_t otherwise)
{
	int64_t value = read_whole(L, table, name, otherwise);

	if (value != (int32_t)value)
		luaL_error(L, "option '%s' is out of range", name);
	return (int32_t)value;
}

static uint32_t read_u32(lua_State *L, int table, const char *name)
{
	int64_t value = read_whole(L, table, name, 0);

	if (value != (uint32_t)value)
		luaL_error(L, "option '%s' is out of range", name);
	return (uint32_t)value;
}

static const char *read_string(lua_State *L, int table, const char *name, size_t *size)
{
	if (!find(L, table, name)) {
		if (size != NULL)
			*size = 0;
		return NULL;
	}
	if (lua_type(L, -1) != LUA_TSTRING)
		luaL_error(L, "option '%s' is a %s, not a string", name, luaL_typename(L, -1));
	return lua_tolstring(L, -1, size);
}

static const void *read_key(lua_State *L, int table, const char *name)
{
	size_t size;
	const char *key = read_string(L, table, name, &size);

	if (key != NULL && size != KITH_KEY_SIZE)
		luaL_error(L, "option '%s' has %d bytes, not %d", name, (int)size, KITH_KEY_SIZE);
	return key;
}

static int read_identity(lua_State *L, int table, const char *name, struct kith_identity *room,
                         const struct kith_identity **out)
{
	lua_getfield(L, table, name);
	return lua_values_to_identity(L, lua_gettop(L), room, out);
}

static uint32_t read_handle(lua_State *L, int table, const char *name)
{
	uint32_t handle;

	lua_getfield(L, table, name);
	handle = lua_values_to_handle(L, lua_gettop(L));
	lua_pop(L, 1);
	return handle;
}

static void check_names(lua_State *L, int table, const char *const *names)
{
	luaL_checktype(L, table, LUA_TTABLE);
	luaL_checkstack(L, 64, "too many options");
	lua_pushnil(L);
	while (lua_next(L, table) != 0) {
		int i = 0;
		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "bad argument #%d (options have names)", table);
		while (names[i] != NULL && strcmp(names[i], lua_tostring(L, -2)) != 0)
			i++;
		if (names[i] == NULL)
			luaL_error(L, "there is no option '%s'", lua_tostring(L, -2));
		lua_pop(L, 1);
	}
}

/* The value at the top as the library reads it; whole numbers with all their digits, which Lua would round. */
static void push_text(lua_State *L)
{
	char text[32];
	int64_t value;

	if (lua_isboolean(L, -1))
		lua_pushstring(L, lua_toboolean(L, -1) ? "1" : "0");
	else if (lua_type(L, -1) != LUA_TSTRING && lua_numbers_read_i64(L, lua_gettop(L), &value)) {
		snprintf(text, sizeof(text), "%lld", (long long)value);
		lua_pushstring(L, text);
	} else
		lua_pushvalue(L, -1);
}

/* { NagleTime = 0, ... } */
static const struct kith_config_entry *read_config(lua_State *L, int table, uint32_t *out_count)
{
	struct kith_config_entry *entries;
	uint32_t count = 0;
	int from;

	*out_count = 0;
	if (!find(L, table, "config"))
		return NULL;
	from = lua_gettop(L);
	luaL_checktype(L, from, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, from) != 0; lua_pop(L, 1))
		count++;
	if (count == 0)
		return NULL;
	entries = lua_newuserdata(L, count * sizeof(*entries));
	memset(entries, 0, count * sizeof(*entries));
	luaL_checkstack(L, (int)count + 8, "too many options");
	lua_newtable(L); /* keeps the texts of numbers */
	for (lua_pushnil(L); lua_next(L, from) != 0; lua_pop(L, 1)) {
		struct kith_config_entry *entry = &entries[(*out_count)++];
		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "option 'config' has a key that is no name");
		entry->type = KITH_TYPE_TEXT;
		entry->name = lua_tostring(L, -2);
		push_text(L);
		entry->string = lua_tostring(L, -1);
		if (entry->string == NULL)
			luaL_error(L, "option 'config': %s is a %s", entry->name, luaL_typename(L, -1));
		lua_rawseti(L, -4, (int)*out_count);
	}
	return entries;
}

/* --- structs */

int lua_options_endpoint(lua_State *L, int index, struct lua_options_endpoint *out)
{
	static const char *const names[] = { "identity",    "private_key", "config",  "app_id",
		                                 "certificate", "trust",       "revoked", NULL };

	kith_endpoint_options_init(&out->options);
	if (lua_isnoneornil(L, index))
		return 1;
	check_names(L, index, names);
	out->options.private_key = read_key(L, index, "private_key");
	out->options.config = read_config(L, index, &out->options.config_count);
	out->options.app_id = read_u32(L, index, "app_id");
	out->options.certificate = read_string(L, index, "certificate", &out->options.certificate_size);
	out->options.trust = read_string(L, index, "trust", &out->options.trust_size);
	out->options.revoked = read_string(L, index, "revoked", &out->options.revoked_size);
	return read_identity(L, index, "identity", &out->identity, &out->options.identity);
}

int lua_options_connection(lua_State *L, int index, struct lua_options_connection *out)
{
	static const char *const names[] = { "peer",      "name",       "user_data", "virtual_port",
		                                 "symmetric", "poll_group", "config",    NULL };

	kith_connection_options_init(&out->options);
	if (lua_isnoneornil(L, index))
		return 1;
	check_names(L, index, names);
	out->options.config = read_config(L, index, &out->options.config_count);
	out->options.name = read_string(L, index, "name", NULL);
	out->options.user_data = read_whole(L, index, "user_data", 0);
	out->options.virtual_port = read_i32(L, index, "virtual_port", 0);
	out->options.symmetric = read_i32(L, index, "symmetric", 0);
	out->options.poll_group = read_handle(L, index, "poll_group");
	return read_identity(L, index, "peer", &out->peer, &out->options.peer);
}

int lua_options_listener(lua_State *L, int index, struct kith_listener_options *out)
{
	static const char *const names[] = { "user_data", "symmetric", "poll_group", "config", NULL };

	kith_listener_options_init(out);
	if (lua_isnoneornil(L, index))
		return 1;
	check_names(L, index, names);
	out->config = read_config(L, index, &out->config_count);
	out->user_data = read_whole(L, index, "user_data", 0);
	out->symmetric = read_i32(L, index, "symmetric", 0);
	out->poll_group = read_handle(L, index, "poll_group");
	return 1;
}

int lua_options_pair(lua_State *L, int index, struct lua_options_pair *out)
{
	static const char *const names[] = { "network", "first_identity", "second_identity", "first", "second", NULL };

	kith_pair_options_init(&out->options);
	if (lua_isnoneornil(L, index))
		return 1;
	check_names(L, index, names);
	out->options.network = read_i32(L, index, "network", 0);
	find(L, index, "first");
	if (!lua_options_connection(L, lua_gettop(L), &out->first))
		return 0;
	find(L, index, "second");
	if (!lua_options_connection(L, lua_gettop(L), &out->second))
		return 0;
	out->options.first = &out->first.options;
	out->options.second = &out->second.options;
	return read_identity(L, index, "first_identity", &out->first_identity, &out->options.first_identity) &&
	       read_identity(L, index, "second_identity", &out->second_identity, &out->options.second_identity);
}

int lua_options_certificate(lua_State *L, int index, struct lua_options_certificate *out)
{
	static const char *const names[] = { "kind", "signing_key",     "public_key",      "identity", "app_ids",
		                                 "form", "created_unix_us", "expires_unix_us", NULL };
	struct kith_certificate_options *options = &out->options;

	kith_certificate_options_init(options);
	check_names(L, index, names);
	options->kind = read_i32(L, index, "kind", options->kind);
	options->form = read_i32(L, index, "form", options->form);
	options->created_unix_us = read_whole(L, index, "created_unix_us", 0);
	options->expires_unix_us = read_whole(L, index, "expires_unix_us", 0);
	options->signing_key = read_key(L, index, "signing_key");
	options->public_key = read_key(L, index, "public_key");
	if (find(L, index, "app_ids")) {
		int from = lua_gettop(L);
		luaL_checktype(L, from, LUA_TTABLE);
		/* One more than there may be is enough to be refused. */
		while (options->app_id_count < lua_rawlen(L, from) && options->app_id_count <= KITH_APP_IDS_MAX) {
			int64_t app_id = lua_numbers_element(L, (int)options->app_id_count + 1, 0, UINT32_MAX);
			out->app_ids[options->app_id_count++] = (uint32_t)app_id;
		}
		options->app_ids = out->app_ids;
	}
	return read_identity(L, index, "identity", &out->identity, &options->identity);
}

const void *lua_options_key(lua_State *L, int index)
{
	size_t size;
	const char *key;

	if (lua_isnoneornil(L, index))
		return NULL;
	key = luaL_checklstring(L, index, &size);
	if (size != KITH_KEY_SIZE)
		luaL_error(L, "bad argument #%d (a key has %d bytes, not %d)", index, KITH_KEY_SIZE, (int)size);
	return key;
}
