/* convert.c: values of the library as values of Python, and back. */
#include <stddef.h>
#include <string.h>

#include "native.h"

static PyObject *error_factory, *identity_factory, *address_factory;

/* set_factories(error, identity, address, message type): what of the package's the module makes. */
PyObject *native_set_factories(PyObject *self, PyObject *args)
{
	PyObject *error, *identity, *address, *message;
	(void)self;
	if (!PyArg_ParseTuple(args, "OOOO!", &error, &identity, &address, &PyType_Type, &message))
		return NULL;
	Py_INCREF(error);
	Py_INCREF(identity);
	Py_INCREF(address);
	Py_XSETREF(error_factory, error);
	Py_XSETREF(identity_factory, identity);
	Py_XSETREF(address_factory, address);
	native_message_set_type((PyTypeObject *)message);
	Py_RETURN_NONE;
}

PyObject *native_raise(kith_result result)
{
	/* To have to wait is no failure that the library would write a text about. */
	const char *why = result == KITH_E_AGAIN || result == KITH_E_TIMEOUT ? kith_result_text(result) : kith_last_error();
	PyObject *error;
	if (result == KITH_E_INTERRUPTED && PyErr_CheckSignals() < 0)
		return NULL;
	error = error_factory ? PyObject_CallFunction(error_factory, "iN", (int)result, native_text(why)) : NULL;
	if (error) {
		PyErr_SetObject((PyObject *)Py_TYPE(error), error);
		Py_DECREF(error);
	} else if (!PyErr_Occurred())
		PyErr_Format(PyExc_RuntimeError, "%s: %s", kith_result_name(result), why);
	return NULL;
}

PyObject *native_append(PyObject *result, PyObject *value)
{
	PyObject *both;
	if (!value || !result || result == Py_None) {
		Py_XDECREF(result);
		return value;
	}
	both = PyTuple_Pack(2, result, value);
	Py_DECREF(result);
	Py_DECREF(value);
	return both;
}

PyObject *native_text(const char *text)
{
	/* What a peer took for UTF-8 must not make a call fail. */
	return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "surrogateescape");
}

PyObject *native_identity(const struct kith_identity *identity)
{
	char text[KITH_IDENTITY_TEXT_MAX] = "";
	if (identity->kind == KITH_IDENTITY_NONE)
		Py_RETURN_NONE;
	kith_identity_print(identity, text, sizeof text, NULL);
	return PyObject_CallFunction(identity_factory, "N", native_text(text));
}

PyObject *native_address(const struct kith_address *address)
{
	static const struct kith_address none = KITH_ADDRESS_INIT;
	if (kith_address_equal(address, &none))
		Py_RETURN_NONE;
	return PyObject_CallFunction(address_factory, "y#iI", (const char *)address->ip, (Py_ssize_t)sizeof address->ip,
	                             (int)address->port, (unsigned)address->scope);
}

/* --- structs: a table of fields each */

enum kind { I32, U32, I64, U64, F64, TEXT, CHARS, KEY, IDENTITY, ADDRESS };

struct field {
	size_t offset;
	enum kind kind;
	/* More than 0: an array, of so many. */
	int count;
	size_t stride;
};

#define F(type, name, kind) \
	{ \
		offsetof(struct type, name), kind, 0, 0 \
	}
#define A(type, name, kind) \
	{ \
		offsetof(struct type, name), kind, \
			(int)(sizeof(((struct type *)0)->name) / sizeof(((struct type *)0)->name[0])), \
			sizeof(((struct type *)0)->name[0]) \
	}

static PyObject *value_of(const void *at, enum kind kind)
{
	switch (kind) {
	case I32:
		return PyLong_FromLong(*(const int32_t *)at);
	case U32:
		return PyLong_FromUnsignedLong(*(const uint32_t *)at);
	case I64:
		return PyLong_FromLongLong(*(const int64_t *)at);
	case U64:
		return PyLong_FromUnsignedLongLong(*(const uint64_t *)at);
	case F64:
		return PyFloat_FromDouble(*(const double *)at);
	case TEXT:
		return native_text(*(const char *const *)at ? *(const char *const *)at : "");
	case CHARS:
		return native_text(at);
	case KEY:
		return PyBytes_FromStringAndSize(at, KITH_KEY_SIZE);
	case IDENTITY:
		return native_identity(at);
	case ADDRESS:
		return native_address(at);
	}
	return NULL;
}

static PyObject *field_of(const char *at, const struct field *field)
{
	PyObject *array;
	if (!field->count)
		return value_of(at, field->kind);
	array = PyTuple_New(field->count);
	for (int i = 0; array && i < field->count; i++) {
		PyObject *value = value_of(at + (size_t)i * field->stride, field->kind);
		if (value)
			PyTuple_SET_ITEM(array, i, value);
		else
			Py_CLEAR(array);
	}
	return array;
}

static PyObject *tuple_of(const void *base, const struct field *fields, size_t count)
{
	PyObject *tuple = PyTuple_New((Py_ssize_t)count);
	for (size_t i = 0; tuple && i < count; i++) {
		PyObject *value = field_of((const char *)base + fields[i].offset, &fields[i]);
		if (value)
			PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, value);
		else
			Py_CLEAR(tuple);
	}
	return tuple;
}

#define CONVERTER(name, ...) \
	PyObject *native_##name(const struct kith_##name *value) \
	{ \
		static const struct field fields[] = { __VA_ARGS__ }; \
		return tuple_of(value, fields, sizeof fields / sizeof fields[0]); \
	}

/* clang-format off */
CONVERTER(info,
	F(kith_info, state, I32), F(kith_info, endpoint, U32), F(kith_info, listener, U32),
	F(kith_info, poll_group, U32), F(kith_info, incoming, I32), F(kith_info, virtual_port, I32),
	F(kith_info, route, I32), F(kith_info, reason, I32), F(kith_info, peer_is_gns, I32),
	F(kith_info, user_data, I64), F(kith_info, connect_time_us, I64), F(kith_info, peer, IDENTITY),
	F(kith_info, local, ADDRESS), F(kith_info, remote, ADDRESS), F(kith_info, text, CHARS),
	F(kith_info, name, CHARS))
CONVERTER(status,
	F(kith_status, state, I32), F(kith_status, ping_us, I64), F(kith_status, jitter_us, I64),
	F(kith_status, quality_local, F64), F(kith_status, quality_remote, F64),
	F(kith_status, out_packets_per_second, F64), F(kith_status, out_bytes_per_second, F64),
	F(kith_status, in_packets_per_second, F64), F(kith_status, in_bytes_per_second, F64),
	F(kith_status, send_rate, I64), F(kith_status, pending_reliable, I64), F(kith_status, pending_unreliable, I64),
	F(kith_status, unacked_reliable, I64), F(kith_status, queue_time_us, I64), F(kith_status, packets_sent, U64),
	F(kith_status, packets_received, U64), F(kith_status, bytes_sent, U64), F(kith_status, bytes_received, U64),
	F(kith_status, packets_lost, U64), F(kith_status, packets_dropped, U64), F(kith_status, ping_min_us, I64),
	F(kith_status, ping_deviation_us, I64), F(kith_status, loss_local, F64), F(kith_status, loss_remote, F64),
	F(kith_status, ping_remote_us, I64), F(kith_status, jitter_remote_us, I64), F(kith_status, remote_age_us, I64),
	F(kith_status, unread_messages, I64), F(kith_status, unread_bytes, I64), F(kith_status, messages_sent, U64),
	F(kith_status, messages_received, U64), F(kith_status, messages_dropped, U64),
	F(kith_status, messages_expired, U64), F(kith_status, messages_late, U64),
	F(kith_status, packet_size, I64))
CONVERTER(lane_status,
	F(kith_lane_status, lane, I32), F(kith_lane_status, pending_reliable, I64),
	F(kith_lane_status, pending_unreliable, I64), F(kith_lane_status, unacked_reliable, I64),
	F(kith_lane_status, queue_time_us, I64))
CONVERTER(statistics,
	F(kith_statistics, side, I32), F(kith_statistics, rates_age_us, I64),
	F(kith_statistics, out_packets_per_second, F64), F(kith_statistics, out_bytes_per_second, F64),
	F(kith_statistics, in_packets_per_second, F64), F(kith_statistics, in_bytes_per_second, F64),
	F(kith_statistics, ping_us, I64), F(kith_statistics, loss, F64), F(kith_statistics, disorder, F64),
	F(kith_statistics, jitter_us, I64), F(kith_statistics, lifetime_age_us, I64),
	F(kith_statistics, connected_us, I64), F(kith_statistics, packets_sent, U64),
	F(kith_statistics, bytes_sent, U64), F(kith_statistics, packets_received, U64),
	F(kith_statistics, bytes_received, U64), F(kith_statistics, packets_sequenced, U64),
	F(kith_statistics, packets_lost, U64), F(kith_statistics, packets_out_of_order, U64),
	F(kith_statistics, packets_out_of_order_corrected, U64), F(kith_statistics, packets_duplicate, U64),
	F(kith_statistics, packets_lurch, U64), A(kith_statistics, ping_histogram, U64),
	A(kith_statistics, quality_histogram, U64), A(kith_statistics, jitter_histogram, U64),
	A(kith_statistics, ping_percentiles_us, I64), A(kith_statistics, quality_percentiles, F64))
CONVERTER(security,
	F(kith_security, encrypted, I32), F(kith_security, proof, I32), F(kith_security, has_peer_key, I32),
	F(kith_security, peer_key, KEY), F(kith_security, cipher, CHARS), F(kith_security, certified, I32),
	F(kith_security, doubt, I32), F(kith_security, issuer, U64), F(kith_security, root, U64),
	F(kith_security, created_unix_us, I64), F(kith_security, expires_unix_us, I64),
	F(kith_security, certificate_identity, IDENTITY))
CONVERTER(diagnosis,
	F(kith_diagnosis, stage, I32), F(kith_diagnosis, state, I32), F(kith_diagnosis, reason, I32),
	F(kith_diagnosis, elapsed_us, I64), F(kith_diagnosis, agreed, I32), F(kith_diagnosis, connected, I32),
	F(kith_diagnosis, requests_sent, I32), F(kith_diagnosis, reachable, I32), F(kith_diagnosis, signalings, I32),
	F(kith_diagnosis, signalings_connected, I32), F(kith_diagnosis, signals_sent, I32),
	F(kith_diagnosis, signals_received, I32), F(kith_diagnosis, local_host, I32),
	F(kith_diagnosis, local_public, I32), F(kith_diagnosis, local_relay, I32), F(kith_diagnosis, remote_host, I32),
	F(kith_diagnosis, remote_public, I32), F(kith_diagnosis, remote_relay, I32), F(kith_diagnosis, pair_found, I32),
	F(kith_diagnosis, servers_silent, I32), F(kith_diagnosis, servers_refused, I32),
	F(kith_diagnosis, servers_failed, I32), F(kith_diagnosis, summary, CHARS), F(kith_diagnosis, text, CHARS))
CONVERTER(certificate,
	F(kith_certificate, kind, I32), F(kith_certificate, is_signed, I32), F(kith_certificate, app_id_count, U32),
	F(kith_certificate, key_id, U64), F(kith_certificate, issuer, U64), F(kith_certificate, created_unix_us, I64),
	F(kith_certificate, expires_unix_us, I64), F(kith_certificate, key, KEY),
	F(kith_certificate, identity, IDENTITY), A(kith_certificate, app_ids, U32))
CONVERTER(config_info,
	F(kith_config_info, id, I32), F(kith_config_info, type, I32), F(kith_config_info, lock, I32),
	F(kith_config_info, name, TEXT), F(kith_config_info, min, F64), F(kith_config_info, max, F64),
	F(kith_config_info, default_integer, I64), F(kith_config_info, default_real, F64),
	F(kith_config_info, default_string, TEXT), F(kith_config_info, text, TEXT))
/* clang-format on */

PyObject *native_event(const struct kith_event *event)
{
	static const struct field fields[] = {
		F(kith_event, type, I32),       F(kith_event, endpoint, U32),   F(kith_event, connection, U32),
		F(kith_event, listener, U32),   F(kith_event, poll_group, U32), F(kith_event, signaling, U32),
		F(kith_event, old_state, I32),  F(kith_event, state, I32),      F(kith_event, reason, I32),
		F(kith_event, result, I32),     F(kith_event, route, I32),      F(kith_event, time_us, I64),
		F(kith_event, user_data, I64),  F(kith_event, peer, IDENTITY),  F(kith_event, local, ADDRESS),
		F(kith_event, remote, ADDRESS), F(kith_event, text, CHARS),     F(kith_event, channel, I32),
		F(kith_event, stage, I32)
	};
	PyObject *tuple = tuple_of(event, fields, sizeof fields / sizeof fields[0]);
	PyObject *data = PyBytes_FromStringAndSize(event->data, (Py_ssize_t)event->data_size);
	if (!tuple || !data || _PyTuple_Resize(&tuple, (Py_ssize_t)(sizeof fields / sizeof fields[0]) + 1) < 0) {
		Py_XDECREF(tuple);
		Py_XDECREF(data);
		return NULL;
	}
	PyTuple_SET_ITEM(tuple, PyTuple_GET_SIZE(tuple) - 1, data);
	return tuple;
}

/* --- arguments */

int native_to_identity(PyObject *value, struct kith_identity *identity, const struct kith_identity **out)
{
	const char *text;
	kith_result result;
	*out = NULL;
	if (value == Py_None)
		return 1;
	text = PyUnicode_AsUTF8(value);
	if (!text)
		return 0;
	result = kith_identity_parse(text, identity);
	if (result < 0)
		native_raise(result);
	*out = identity;
	return result == KITH_OK;
}

int native_to_address(PyObject *value, struct kith_address *out_address)
{
	const char *ip;
	Py_ssize_t size;
	memset(out_address, 0, sizeof *out_address);
	if (!PyTuple_Check(value)) {
		PyErr_Format(PyExc_TypeError, "an Address is wanted, not %.80s", Py_TYPE(value)->tp_name);
		return 0;
	}
	if (!PyArg_ParseTuple(value, "y#HI", &ip, &size, &out_address->port, &out_address->scope))
		return 0;
	if (size != (Py_ssize_t)sizeof out_address->ip) {
		PyErr_SetString(PyExc_ValueError, "an address has 16 bytes");
		return 0;
	}
	memcpy(out_address->ip, ip, sizeof out_address->ip);
	return 1;
}

int native_to_u32(PyObject *value, void *out)
{
	unsigned long number = PyLong_AsUnsignedLong(value);
	if (number == (unsigned long)-1 && PyErr_Occurred())
		return 0;
	if (number > UINT32_MAX) {
		PyErr_Format(PyExc_OverflowError, "%lu has more than 32 bits", number);
		return 0;
	}
	*(uint32_t *)out = (uint32_t)number;
	return 1;
}

int native_to_buffer(PyObject *value, Py_buffer *view)
{
	memset(view, 0, sizeof *view);
	return value == Py_None || PyObject_GetBuffer(value, view, PyBUF_SIMPLE) == 0;
}

int native_to_key(PyObject *value, Py_buffer *view)
{
	if (!native_to_buffer(value, view))
		return 0;
	if (view->obj && view->len != KITH_KEY_SIZE) {
		PyErr_Format(PyExc_ValueError, "a key has 32 bytes, not %zd", view->len);
		PyBuffer_Release(view);
		return 0;
	}
	return 1;
}
