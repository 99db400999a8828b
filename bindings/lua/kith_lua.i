/* kith_lua.i: how the flat module kith.core has its arguments and results. One source for every Lua.
 *
 * A call that fails returns nil, the message, the code's name; one that succeeds returns true if it has
 * nothing else to say, or what it has. The package in kith/ is on top of it.
 */
%{
#include "lua_bytes.h"
#include "lua_log.h"
#include "lua_message.h"
#include "lua_natives.h"
#include "lua_options.h"
#include "lua_values.h"
%}

/* --- what Lua has in another way: missing.txt says why */
%rename("$ignore", regextarget=1, %$isfunction) "^kith_.*_init$";
%rename("$ignore", %$isclass) "";
%ignore kith_event::local;
%ignore kith_info::local;
%rename("$ignore", regextarget=1, %$istypedef) "";
%ignore kith_endpoint_dispatch;
%ignore kith_endpoint_set_callbacks;
%ignore kith_endpoint_set_log;
%ignore kith_endpoint_set_wake;
%ignore kith_signaling_add;
%ignore kith_message_wrap;

/* --- and by functions of its own */
%ignore kith_endpoint_next_event;
%ignore kith_connection_set_lanes;
%ignore kith_connection_send;
%ignore kith_messages_send;
%ignore kith_message_new;
%ignore kith_endpoint_receive_signal;
%ignore kith_connection_send_batch;
%ignore kith_connection_send_message;
%ignore kith_connection_send_messages;
%ignore kith_connection_receive;
%ignore kith_poll_group_receive;
%ignore kith_messages_receive;
%ignore kith_message_data;
%ignore kith_message_ref;
%ignore kith_message_release;
%ignore kith_message_release_batch;
%ignore kith_revoked_parse;
%ignore kith_identity_parse;
%ignore kith_identity_print;
%ignore kith_identity_equal;
%ignore kith_address_parse;
%ignore kith_address_print;
%ignore kith_address_equal;
%native(object) int lua_values_new_object(lua_State *L);
%native(fields) int lua_values_fields(lua_State *L);
%native(handle) int lua_values_handle(lua_State *L);
%native(endpoint_next_event) int lua_natives_next_event(lua_State *L);
%native(connection_set_lanes) int lua_natives_set_lanes(lua_State *L);
%native(connection_send) int lua_bytes_send(lua_State *L);
%native(messages_send) int lua_bytes_send_to(lua_State *L);
%native(message_new) int lua_bytes_message(lua_State *L);
%native(endpoint_receive_signal) int lua_bytes_signal(lua_State *L);
%native(connection_send_batch) int lua_message_send_batch(lua_State *L);
%native(connection_send_message) int lua_message_send(lua_State *L);
%native(connection_send_messages) int lua_message_send_messages(lua_State *L);
%native(connection_receive) int lua_message_receive(lua_State *L);
%native(poll_group_receive) int lua_message_group_receive(lua_State *L);
%native(messages_receive) int lua_message_channel_receive(lua_State *L);
%native(message_metatable) int lua_message_metatable(lua_State *L);
%native(message_data) int lua_message_data(lua_State *L);
%native(message_pointer) int lua_message_pointer(lua_State *L);
%native(message_release) int lua_message_release(lua_State *L);
%native(revoked_parse) int lua_natives_revoked_parse(lua_State *L);
%native(identity_parse) int lua_natives_identity(lua_State *L);
%native(address_parse) int lua_natives_address(lua_State *L);
%native(log_start) int lua_log_start(lua_State *L);
%native(log_take) int lua_log_take(lua_State *L);

/* --- results */
%typemap(out) kith_result %{
	if ($1 < 0)
		return lua_values_fail(L, $1);
	lua_pushboolean(L, 1); SWIG_arg++; %}
%typemap(out) kith_result kith_reason_result %{ lua_pushinteger(L, $1); SWIG_arg++; %}
%typemap(out) int32_t, uint32_t, size_t %{ lua_numbers_push_i64(L, (int64_t)$1); SWIG_arg++; %}
%typemap(out) int64_t %{ lua_numbers_push_i64(L, $1); SWIG_arg++; %}
%typemap(out) const char * %{ lua_pushstring(L, $1); SWIG_arg++; %}

/* --- numbers and handles */
%typemap(in) int64_t %{ $1 = lua_numbers_to_i64(L, $input); %}
%typemap(in) uint64_t %{ $1 = lua_numbers_to_u64(L, $input); %}
%typemap(in) double %{ $1 = luaL_checknumber(L, $input); %}
%typemap(in) int32_t, kith_result %{ $1 = lua_numbers_to_i32(L, $input); %}
%typemap(in) uint32_t flags, uint32_t hide, uint32_t index %{ $1 = lua_numbers_to_u32(L, $input); %}
%typemap(in) uint32_t object, kith_endpoint, kith_connection, kith_listener, kith_poll_group, kith_signaling
	%{ $1 = lua_values_to_handle(L, $input); %}
%typemap(in, numinputs=0) int32_t *OUTPUT ($*1_ltype value) %{ $1 = &value; %}
%typemap(argout) int32_t *OUTPUT %{ lua_numbers_push_i64(L, (int64_t)*$1); SWIG_arg++; %}
%apply int32_t *OUTPUT {
	int32_t *out_fd, int32_t *out_state, int32_t *out_believed, int32_t *out_doubt,
	kith_endpoint *out_endpoint, kith_connection *out_connection, kith_connection *out_first,
	kith_connection *out_second, kith_listener *out_listener, kith_poll_group *out_poll_group,
	kith_signaling *out_signaling,
	int64_t *out_value, int64_t *out_number, int64_t *out_user_data
};
%typemap(in, numinputs=0) uint64_t *out_key_id (uint64_t value) %{ $1 = &value; %}
%typemap(argout) uint64_t *out_key_id %{ lua_numbers_push_u64(L, *$1); SWIG_arg++; %}
%typemap(in, numinputs=0) double *out_value (double value) %{ $1 = &value; %}
%typemap(argout) double *out_value %{ lua_pushnumber(L, *$1); SWIG_arg++; %}
%typemap(in, numinputs=0) const char **out_name (const char *value) %{ $1 = (char **)&value; %}
%typemap(argout) const char **out_name %{ lua_pushstring(L, *$1); SWIG_arg++; %}

/* --- texts and bytes */
%typemap(in) const char * %{ $1 = (char *)luaL_optstring(L, $input, NULL); %}
%typemap(in) (const void *data, size_t size) (size_t size) %{
	$1 = (void *)luaL_optlstring(L, $input, NULL, &size);
	$2 = $1 == NULL ? 0 : size; %}
%typemap(in) const void *private_key, const void *public_key %{ $1 = (void *)lua_options_key(L, $input); %}
%typemap(in, numinputs=0) void *out_private_key (uint8_t key[KITH_KEY_SIZE]) %{ $1 = key; %}
%typemap(argout) void *out_private_key %{ lua_pushlstring(L, (const char *)$1, KITH_KEY_SIZE); SWIG_arg++; %}
%apply void *out_private_key { void *out_public_key, void *out_key };
/* Longer than anything that is written; made when the arguments have been counted, which are those on the stack. */
%typemap(in, numinputs=0) (char *buffer, size_t capacity, size_t *out_size) (size_t needed)
	%{ $1 = NULL; $2 = 131072; $3 = &needed; %}
%typemap(check) (char *buffer, size_t capacity, size_t *out_size) %{ $1 = lua_newuserdata(L, $2); %}
%typemap(argout) (char *buffer, size_t capacity, size_t *out_size) %{ lua_pushlstring(L, $1, *$3 - 1); SWIG_arg++; %}
%typemap(in, numinputs=0) (void *buffer, size_t capacity, size_t *out_size) (size_t needed)
	%{ $1 = NULL; $2 = 131072; $3 = &needed; %}
%typemap(check) (void *buffer, size_t capacity, size_t *out_size) %{ $1 = lua_newuserdata(L, $2); %}
%typemap(argout) (void *buffer, size_t capacity, size_t *out_size) %{ lua_pushlstring(L, $1, *$3); SWIG_arg++; %}

/* --- identities and addresses */
%typemap(in) const struct kith_identity * (struct kith_identity room, const struct kith_identity *found) %{
	if (!lua_values_to_identity(L, $input, &room, &found))
		return lua_values_fail(L, KITH_E_INVALID);
	$1 = (struct kith_identity *)found; %}
%typemap(in, numinputs=0) struct kith_identity * (struct kith_identity made) %{ $1 = &made; %}
%typemap(argout) struct kith_identity * %{ lua_values_push_identity(L, $1); SWIG_arg++; %}
%typemap(argout) const struct kith_identity * "";
%typemap(in) const struct kith_address * (struct kith_address room, const struct kith_address *found) %{
	if (!lua_values_to_address(L, $input, &room, &found))
		return lua_values_fail(L, KITH_E_INVALID);
	$1 = (struct kith_address *)found; %}
%typemap(in, numinputs=0) struct kith_address * (struct kith_address made) %{ $1 = &made; %}
%typemap(argout) struct kith_address * %{ lua_values_push_address(L, $1); SWIG_arg++; %}
%typemap(argout) const struct kith_address * "";

/* --- structs that the library fills in */
%define FILLED(NAME)
%typemap(in, numinputs=0) struct kith_ ## NAME * (struct kith_ ## NAME made) %{
	kith_ ## NAME ## _init(&made);
	$1 = &made; %}
%typemap(argout) struct kith_ ## NAME * %{ lua_values_push_struct(L, $1, fields_ ## NAME); SWIG_arg++; %}
%enddef
FILLED(certificate)
FILLED(config_info)
FILLED(diagnosis)
FILLED(info)
FILLED(lane_status)
FILLED(security)
FILLED(statistics)
FILLED(status)

/* --- structs that the application fills in */
%define OPTIONS(NAME)
%typemap(in) const struct kith_ ## NAME ## _options * (struct lua_options_ ## NAME room) %{
	if (!lua_options_ ## NAME(L, $input, &room))
		return lua_values_fail(L, KITH_E_INVALID);
	$1 = &room.options; %}
%typemap(argout) const struct kith_ ## NAME ## _options * "";
%enddef
OPTIONS(endpoint)
OPTIONS(connection)
OPTIONS(pair)
OPTIONS(certificate)
%typemap(in) const struct kith_listener_options * (struct kith_listener_options room) %{
	lua_options_listener(L, $input, &room);
	$1 = &room; %}

/* --- messages */
%typemap(in) kith_message *, const kith_message * %{ $1 = lua_message_at(L, $input); %}
%typemap(in, numinputs=0) kith_message **out_message (kith_message *made) %{ $1 = &made; %}
%typemap(argout) kith_message **out_message %{ lua_message_push(L, *$1); SWIG_arg++; %}
