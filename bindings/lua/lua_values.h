/* lua_values: values between Lua and C, the same for every Lua.
 *
 * Owns: the result of a failed call (nil, message, code), handles in objects, structs as tables.
 */
#ifndef KITH_LUA_VALUES_H
#define KITH_LUA_VALUES_H

#include <lauxlib.h>
#include <lua.h>

#include <kith/kith.h>

#include "lua_numbers.h"

#if LUA_VERSION_NUM < 502
#define lua_rawlen lua_objlen
#define lua_setuservalue lua_setfenv
#define lua_getuservalue lua_getfenv
#endif

/* --- failures: pushes nil, the message and the code's name, and returns 3 */
int lua_values_fail(lua_State *L, kith_result result);
/* The same of a failure; of anything else pushes true, and returns 1. */
int lua_values_answer(lua_State *L, kith_result result);

/* --- objects: full userdata that hold a handle; their metatables are the package's */
/* core.object(handle, metatable, fields): the fields, a table, live and die with it */
int lua_values_new_object(lua_State *L);
/* core.fields(object) */
int lua_values_fields(lua_State *L);
/* core.handle(object) */
int lua_values_handle(lua_State *L);
/* An object, a number, or nil (0). */
uint32_t lua_values_to_handle(lua_State *L, int index);

/* --- identities and addresses are their texts */
void lua_values_push_identity(lua_State *L, const struct kith_identity *identity);
void lua_values_push_address(lua_State *L, const struct kith_address *address);
/* nil: null. False: it is none, and the failure is set. */
int lua_values_to_identity(lua_State *L, int index, struct kith_identity *room, const struct kith_identity **out);
int lua_values_to_address(lua_State *L, int index, struct kith_address *room, const struct kith_address **out);

/* --- structs that the library fills in */
enum field_kind {
	FIELD_I32,
	FIELD_U32,
	FIELD_I64,
	FIELD_U64,
	FIELD_F64,
	FIELD_SIZE,
	FIELD_TEXT,
	FIELD_BYTES,
	FIELD_STRING,
	FIELD_IDENTITY,
	FIELD_ADDRESS
};

struct field {
	const char *name; /* null: the end */
	size_t offset;
	enum field_kind kind;
	int count;
};

extern const struct field fields_certificate[], fields_config_info[], fields_diagnosis[], fields_event[], fields_info[],
	fields_lane_status[], fields_security[], fields_statistics[], fields_status[];

/* As a table. */
void lua_values_push_struct(lua_State *L, const void *from, const struct field *fields);

#endif
