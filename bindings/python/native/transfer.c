/* transfer.c: sending and receiving, many messages with a call. */
#include <string.h>

#include "native.h"

enum {
	/* Messages that are on the stack at once. */
	CHUNK = 64,
	/* So many bytes take longer to be copied than it takes to let other threads run meanwhile. */
	LARGE = 16384
};

/* Null: for so little the lock is kept. */
static PyThreadState *unlock_for(size_t size)
{
	return size >= LARGE ? PyEval_SaveThread() : NULL;
}

static void lock_again(PyThreadState *state)
{
	if (state)
		PyEval_RestoreThread(state);
}

/* connection_send(connection, data, flags, lane) -> number */
PyObject *native_send(PyObject *self, PyObject *args)
{
	unsigned connection, flags;
	int lane;
	Py_buffer view;
	int64_t number;
	kith_result result;
	PyThreadState *state;
	(void)self;
	if (!PyArg_ParseTuple(args, "Iy*Ii", &connection, &view, &flags, &lane))
		return NULL;
	state = unlock_for((size_t)view.len);
	result = kith_connection_send(connection, view.buf, (size_t)view.len, flags, lane, &number);
	lock_again(state);
	PyBuffer_Release(&view);
	return result < 0 ? native_raise(result) : PyLong_FromLongLong(number);
}

static void release_views(Py_buffer *views, int count)
{
	for (int i = 0; i < count; i++)
		PyBuffer_Release(&views[i]);
}

/* connection_send_batch(connection, sequence of buffers, flags, lane, ttl_us) -> how many were sent */
PyObject *native_send_batch(PyObject *self, PyObject *args)
{
	struct kith_outgoing outgoing[CHUNK];
	Py_buffer views[CHUNK];
	unsigned connection, flags;
	int lane;
	long long ttl_us;
	PyObject *contents, *items;
	Py_ssize_t total, sent = 0;
	(void)self;
	if (!PyArg_ParseTuple(args, "IOIiL", &connection, &contents, &flags, &lane, &ttl_us))
		return NULL;
	/* Not the caller's list: what a buffer of Python's own does may change that. */
	items = PySequence_Tuple(contents);
	if (!items)
		return NULL;
	total = PyTuple_GET_SIZE(items);
	while (sent < total) {
		int count = total - sent < CHUNK ? (int)(total - sent) : CHUNK;
		size_t size = 0;
		int32_t taken;
		PyThreadState *state;
		for (int i = 0; i < count; i++) {
			if (PyObject_GetBuffer(PyTuple_GET_ITEM(items, sent + i), &views[i], PyBUF_SIMPLE) < 0) {
				release_views(views, i);
				Py_DECREF(items);
				return NULL;
			}
			outgoing[i] = (struct kith_outgoing){ views[i].buf, (size_t)views[i].len, flags, lane, ttl_us };
			size += outgoing[i].size;
		}
		state = unlock_for(size);
		taken = kith_connection_send_batch(connection, outgoing, (size_t)count);
		lock_again(state);
		release_views(views, count);
		if (taken < 0 && sent == 0) {
			Py_DECREF(items);
			return native_raise(taken);
		}
		sent += taken > 0 ? taken : 0;
		if (taken < count)
			break;
	}
	Py_DECREF(items);
	return PyLong_FromSsize_t(sent);
}

/* connection_send_message(connection, message) -> number */
PyObject *native_send_message(PyObject *self, PyObject *args)
{
	unsigned connection;
	PyObject *object;
	kith_message *message;
	int64_t number;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IO", &connection, &object))
		return NULL;
	message = native_message_get(object);
	if (!message)
		return NULL;
	result = kith_connection_send_message(connection, kith_message_ref(message), &number);
	if (result < 0) {
		kith_message_release(message);
		return native_raise(result);
	}
	native_message_sent(object);
	return PyLong_FromLongLong(number);
}

/* connection_send_messages(connection, sequence of messages) -> how many were sent */
PyObject *native_send_messages(PyObject *self, PyObject *args)
{
	kith_message *messages[CHUNK];
	unsigned connection;
	PyObject *sequence, *items;
	Py_ssize_t total, sent = 0;
	(void)self;
	if (!PyArg_ParseTuple(args, "IO", &connection, &sequence))
		return NULL;
	items = PySequence_Tuple(sequence);
	if (!items)
		return NULL;
	total = PyTuple_GET_SIZE(items);
	while (sent < total) {
		int count = total - sent < CHUNK ? (int)(total - sent) : CHUNK;
		int32_t taken;
		for (int i = 0; i < count; i++) {
			messages[i] = native_message_get(PyTuple_GET_ITEM(items, sent + i));
			if (!messages[i]) {
				kith_message_release_batch(messages, (size_t)i);
				Py_DECREF(items);
				return NULL;
			}
			kith_message_ref(messages[i]);
		}
		taken = kith_connection_send_messages(connection, messages, (size_t)count);
		for (int i = 0; i < count; i++) {
			if (i < taken)
				native_message_sent(PyTuple_GET_ITEM(items, sent + i));
			else
				kith_message_release(messages[i]);
		}
		if (taken < 0 && sent == 0) {
			Py_DECREF(items);
			return native_raise(taken);
		}
		sent += taken > 0 ? taken : 0;
		if (taken < count)
			break;
	}
	Py_DECREF(items);
	return PyLong_FromSsize_t(sent);
}

/* --- receiving: up to `max` messages as a list */

struct source {
	uint32_t handle;
	int channel;
	int32_t (*receive)(const struct source *source, kith_message **out_messages, int32_t max);
};

static int32_t of_connection(const struct source *source, kith_message **out_messages, int32_t max)
{
	return kith_connection_receive(source->handle, out_messages, max);
}

static int32_t of_group(const struct source *source, kith_message **out_messages, int32_t max)
{
	return kith_poll_group_receive(source->handle, out_messages, max);
}

static int32_t of_channel(const struct source *source, kith_message **out_messages, int32_t max)
{
	return kith_messages_receive(source->handle, source->channel, out_messages, max);
}

static PyObject *receive(const struct source *source, int max)
{
	kith_message *messages[CHUNK];
	PyObject *list = PyList_New(0);
	int32_t count;
	if (max < 1) {
		Py_XDECREF(list);
		PyErr_SetString(PyExc_ValueError, "at least 1 message must be asked for");
		return NULL;
	}
	do {
		int32_t wanted = max < CHUNK ? max : CHUNK;
		count = list ? source->receive(source, messages, wanted) : 0;
		if (count < 0 && PyList_GET_SIZE(list) == 0) {
			Py_DECREF(list);
			return native_raise(count);
		}
		for (int32_t i = 0; i < count; i++) {
			PyObject *message = native_message_of(messages[i]);
			if (!message || PyList_Append(list, message) < 0) {
				Py_XDECREF(message);
				kith_message_release_batch(messages + i + 1, (size_t)(count - i - 1));
				Py_DECREF(list);
				return NULL;
			}
			Py_DECREF(message);
		}
		if (count < wanted)
			break;
		max -= count;
	} while (max > 0);
	return list;
}

/* connection_receive(connection, max) -> list */
PyObject *native_receive(PyObject *self, PyObject *args)
{
	struct source source = { 0, 0, of_connection };
	int max;
	(void)self;
	return PyArg_ParseTuple(args, "Ii", &source.handle, &max) ? receive(&source, max) : NULL;
}

/* poll_group_receive(poll_group, max) -> list */
PyObject *native_group_receive(PyObject *self, PyObject *args)
{
	struct source source = { 0, 0, of_group };
	int max;
	(void)self;
	return PyArg_ParseTuple(args, "Ii", &source.handle, &max) ? receive(&source, max) : NULL;
}

/* messages_receive(endpoint, channel, max) -> list */
PyObject *native_messages_receive(PyObject *self, PyObject *args)
{
	struct source source = { 0, 0, of_channel };
	int max;
	(void)self;
	return PyArg_ParseTuple(args, "Iii", &source.handle, &source.channel, &max) ? receive(&source, max) : NULL;
}
