/* kith_python.i: typemaps that make SWIG's flat module one of plain values: a failure is an exception, what is
 * returned through pointers is the result, buffers are borrowed for the call, structs are tuples (native.h).
 * Calls with structs that borrow, arrays or callbacks are written by hand and named at the end.
 */
%{
#include "native.h"
%}
%nothread;

/* Structs come and go as tuples. */
%rename("$ignore", %$isclass) "";
%rename("$ignore", regextarget=1, %$isfunction) "^kith_.*_init$";

/* By hand, or of no use here. */
%ignore kith_endpoint_create;
%ignore kith_endpoint_set_wake;
%ignore kith_endpoint_set_log;
%ignore kith_endpoint_set_callbacks;
%ignore kith_endpoint_dispatch;
%ignore kith_endpoint_next_event;
%ignore kith_endpoint_listen_address;
%ignore kith_endpoint_listen_port;
%ignore kith_endpoint_connect_address;
%ignore kith_endpoint_connect_identity;
%ignore kith_endpoint_pair;
%ignore kith_connection_send;
%ignore kith_connection_send_message;
%ignore kith_connection_send_messages;
%ignore kith_connection_send_batch;
%ignore kith_connection_set_lanes;
%ignore kith_connection_receive;
%ignore kith_poll_group_receive;
%ignore kith_messages_receive;
%ignore kith_signaling_add;
%ignore kith_certificate_request;
%ignore kith_certificate_sign;
%ignore kith_revoked_parse;
%rename("$ignore", regextarget=1, %$isfunction) "^kith_message_.*";

/* --- what waits, or works for longer than some microseconds: with files, sockets, agents, signatures. The rest keeps
 * the interpreter's lock, for to get it back takes longer than the call when other threads are busy. */
%thread kith_endpoint_destroy;
%thread kith_endpoint_wait;
%thread kith_poll_group_wait;
%thread kith_poll_group_destroy;
%thread kith_listener_close;
%thread kith_connection_accept;
%thread kith_connection_close;
%thread kith_connection_report;
%thread kith_messages_send;
%thread kith_messages_accept;
%thread kith_messages_close;
%thread kith_messages_close_channel;
%thread kith_signaling_open;
%thread kith_signaling_close;
%thread kith_endpoint_add_stun_server;
%thread kith_endpoint_add_turn_server;
%thread kith_endpoint_receive_signal;
%thread kith_endpoint_set_certificate;
%thread kith_endpoint_check_certificate;
%thread kith_endpoint_add_trust;
%thread kith_endpoint_remove_trust;
%thread kith_endpoint_set_revoked;
%thread kith_endpoint_revoke;
%thread kith_certificate_describe;
%thread kith_certificate_convert;
%thread kith_key_public;
%thread kith_key_identity;
%thread kith_key_load;
%thread kith_key_load_public;
%thread kith_key_save;
%thread kith_key_save_public;

/* --- results */
%typemap(out) kith_result {
	if ($1 < 0) {
		native_raise($1);
		SWIG_fail;
	}
	Py_INCREF(Py_None);
	$result = Py_None;
}
/* What it returns is what was asked for. */
%typemap(out) kith_result kith_reason_result { $result = PyLong_FromLong($1); }
%typemap(out) const char * { $result = native_text($1); }

%define KITH_OUT(TYPE, C_TYPE, PYTHON)
%typemap(in, numinputs=0) TYPE (C_TYPE value) { memset(&value, 0, sizeof value); $1 = &value; }
%typemap(argout) TYPE { $result = native_append($result, PYTHON); }
%enddef
%define KITH_OUT_STRUCT(NAME, PARAMETER)
%typemap(in, numinputs=0) struct kith_##NAME *PARAMETER (struct kith_##NAME value) {
	kith_##NAME##_init(&value);
	$1 = &value;
}
%typemap(argout) struct kith_##NAME *PARAMETER { $result = native_append($result, native_##NAME($1)); }
%enddef

KITH_OUT(int32_t *out_fd, int32_t, PyLong_FromLong(*$1))
KITH_OUT(int32_t *out_state, int32_t, PyLong_FromLong(*$1))
KITH_OUT(int32_t *out_believed, int32_t, PyLong_FromLong(*$1))
KITH_OUT(int32_t *out_doubt, int32_t, PyLong_FromLong(*$1))
KITH_OUT(int64_t *out_value, int64_t, PyLong_FromLongLong(*$1))
KITH_OUT(int64_t *out_user_data, int64_t, PyLong_FromLongLong(*$1))
KITH_OUT(uint64_t *out_key_id, uint64_t, PyLong_FromUnsignedLongLong(*$1))
KITH_OUT(double *out_value, double, PyFloat_FromDouble(*$1))
KITH_OUT(const char **out_name, const char *, native_text(*$1))
KITH_OUT(kith_poll_group *out_poll_group, uint32_t, PyLong_FromUnsignedLong(*$1))
KITH_OUT(kith_signaling *out_signaling, uint32_t, PyLong_FromUnsignedLong(*$1))
KITH_OUT(struct kith_identity *out_identity, struct kith_identity, native_identity($1))
KITH_OUT(struct kith_address *out_address, struct kith_address, native_address($1))
KITH_OUT_STRUCT(info, out_info)
KITH_OUT_STRUCT(status, out_status)
KITH_OUT_STRUCT(lane_status, out_status)
KITH_OUT_STRUCT(statistics, out_statistics)
KITH_OUT_STRUCT(security, out_security)
KITH_OUT_STRUCT(diagnosis, out_diagnosis)
KITH_OUT_STRUCT(certificate, out_certificate)
KITH_OUT_STRUCT(config_info, out_info)

/* Texts and bytes of any size that the library has. */
%typemap(in, numinputs=0) (char *buffer, size_t capacity, size_t *out_size) (char *room, size_t size) {
	room = PyMem_RawMalloc(NATIVE_ROOM);
	if (!room) {
		PyErr_NoMemory();
		SWIG_fail;
	}
	$1 = room;
	$2 = NATIVE_ROOM;
	$3 = &size;
}
%typemap(argout) (char *buffer, size_t capacity, size_t *out_size) { $result = native_append($result, native_text($1)); }
%typemap(freearg) (char *buffer, size_t capacity, size_t *out_size) { PyMem_RawFree($1); }
%typemap(in, numinputs=0) (void *buffer, size_t capacity, size_t *out_size) (char *room, size_t size) {
	room = PyMem_RawMalloc(NATIVE_ROOM);
	if (!room) {
		PyErr_NoMemory();
		SWIG_fail;
	}
	$1 = room;
	$2 = NATIVE_ROOM;
	$3 = &size;
}
%typemap(argout) (void *buffer, size_t capacity, size_t *out_size) {
	$result = native_append($result, PyBytes_FromStringAndSize($1, (Py_ssize_t)*$3));
}
%typemap(freearg) (void *buffer, size_t capacity, size_t *out_size) { PyMem_RawFree($1); }

/* Keys are 32 bytes. */
%typemap(in, numinputs=0) void *OUT_KEY (char key[KITH_KEY_SIZE]) { $1 = key; }
%typemap(argout) void *OUT_KEY { $result = native_append($result, PyBytes_FromStringAndSize($1, KITH_KEY_SIZE)); }
%apply void *OUT_KEY { void *out_key, void *out_private_key, void *out_public_key };
%typemap(in) const void *KEY (Py_buffer view) {
	view.obj = NULL;
	if (!native_to_key($input, &view))
		SWIG_fail;
	$1 = view.buf;
}
%typemap(freearg) const void *KEY {
	if (view$argnum.obj)
		PyBuffer_Release(&view$argnum);
}
%apply const void *KEY { const void *private_key, const void *public_key };

/* --- arguments */
%typemap(arginit) (const void *data, size_t size) { memset(&view$argnum, 0, sizeof view$argnum); }
%typemap(in) (const void *data, size_t size) (Py_buffer view) {
	if (!native_to_buffer($input, &view))
		SWIG_fail;
	$1 = view.buf;
	$2 = (size_t)view.len;
}
%typemap(freearg) (const void *data, size_t size) {
	if (view$argnum.obj)
		PyBuffer_Release(&view$argnum);
}
%typemap(in) const struct kith_identity * (struct kith_identity identity) {
	if (!native_to_identity($input, &identity, &$1))
		SWIG_fail;
}
%typemap(in) const struct kith_address * (struct kith_address address) {
	if (!native_to_address($input, &address))
		SWIG_fail;
	$1 = &address;
}

/* --- by hand */
%init %{
	if (native_message_init(m) < 0)
		return NULL;
%}
%native(set_factories) PyObject *native_set_factories(PyObject *, PyObject *);
%native(endpoint_create) PyObject *native_endpoint_create(PyObject *, PyObject *);
%native(endpoint_next_event) PyObject *native_endpoint_next_event(PyObject *, PyObject *);
%native(endpoint_listen_address) PyObject *native_listen_address(PyObject *, PyObject *);
%native(endpoint_listen_port) PyObject *native_listen_port(PyObject *, PyObject *);
%native(endpoint_connect_address) PyObject *native_connect_address(PyObject *, PyObject *);
%native(endpoint_connect_identity) PyObject *native_connect_identity(PyObject *, PyObject *);
%native(endpoint_pair) PyObject *native_pair(PyObject *, PyObject *);
%native(certificate_request) PyObject *native_certificate_request(PyObject *, PyObject *);
%native(certificate_sign) PyObject *native_certificate_sign(PyObject *, PyObject *);
%native(revoked_parse) PyObject *native_revoked_parse(PyObject *, PyObject *);
%native(connection_send) PyObject *native_send(PyObject *, PyObject *);
%native(connection_send_batch) PyObject *native_send_batch(PyObject *, PyObject *);
%native(connection_send_message) PyObject *native_send_message(PyObject *, PyObject *);
%native(connection_send_messages) PyObject *native_send_messages(PyObject *, PyObject *);
%native(connection_set_lanes) PyObject *native_set_lanes(PyObject *, PyObject *);
%native(connection_receive) PyObject *native_receive(PyObject *, PyObject *);
%native(poll_group_receive) PyObject *native_group_receive(PyObject *, PyObject *);
%native(messages_receive) PyObject *native_messages_receive(PyObject *, PyObject *);
%native(mailbox_new) PyObject *native_mailbox_new(PyObject *, PyObject *);
%native(mailbox_fd) PyObject *native_mailbox_fd(PyObject *, PyObject *);
%native(mailbox_take) PyObject *native_mailbox_take(PyObject *, PyObject *);
%native(mailbox_wait) PyObject *native_mailbox_wait(PyObject *, PyObject *);
%native(mailbox_poke) PyObject *native_mailbox_poke(PyObject *, PyObject *);
%native(endpoint_set_wake) PyObject *native_set_wake(PyObject *, PyObject *);
%native(endpoint_set_log) PyObject *native_set_log(PyObject *, PyObject *);
%native(signaling_add) PyObject *native_signaling_add(PyObject *, PyObject *);
