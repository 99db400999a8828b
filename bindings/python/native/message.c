/* message.c: a message as an object of Python: its bytes are the library's, and stay as long as someone looks. */
#include "native.h"

typedef struct {
	PyObject_HEAD kith_message *message;
	/* The library has a reference of its own now, and what it says of the message counts. */
	int sent;
} message_object;

static PyTypeObject *base_type;
static PyTypeObject *made_type;

static kith_message *inside(PyObject *self)
{
	return ((message_object *)self)->message;
}

kith_message *native_message_get(PyObject *object)
{
	if (!PyObject_TypeCheck(object, base_type)) {
		PyErr_Format(PyExc_TypeError, "a Message is wanted, not %.80s", Py_TYPE(object)->tp_name);
		return NULL;
	}
	if (((message_object *)object)->sent) {
		PyErr_SetString(PyExc_ValueError, "this message has been sent");
		return NULL;
	}
	return inside(object);
}

void native_message_sent(PyObject *object)
{
	((message_object *)object)->sent = 1;
}

void native_message_set_type(PyTypeObject *type)
{
	PyTypeObject *old = made_type;
	Py_INCREF(type);
	made_type = type;
	Py_XDECREF(old);
}

PyObject *native_message_of(kith_message *message)
{
	PyTypeObject *type = made_type ? made_type : base_type;
	message_object *self = (message_object *)type->tp_alloc(type, 0);
	if (self)
		self->message = message;
	else
		kith_message_release(message);
	return (PyObject *)self;
}

/* Gives back the buffer of Python that a wrapped message was made around, from whatever thread: the view is put on
 * a list, and those of the list are released by the next one who holds the GIL anyway. */
struct lent {
	Py_buffer view;
	struct lent *next;
};
static struct lent *returned;

static void give_back(void *user_data, void *data, size_t size)
{
	struct lent *lent = user_data;
	struct lent *first = __atomic_load_n(&returned, __ATOMIC_RELAXED);
	(void)data;
	(void)size;
	do
		lent->next = first;
	while (!__atomic_compare_exchange_n(&returned, &first, lent, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

static void release_returned(void)
{
	struct lent *lent = __atomic_exchange_n(&returned, NULL, __ATOMIC_ACQUIRE);
	while (lent) {
		struct lent *next = lent->next;
		PyBuffer_Release(&lent->view);
		PyMem_RawFree(lent);
		lent = next;
	}
}

static kith_result wrap(PyObject *data, kith_message **out)
{
	struct lent *lent = PyMem_RawCalloc(1, sizeof *lent);
	kith_result result = KITH_E_SYSTEM;
	release_returned();
	if (!lent) {
		PyErr_NoMemory();
		return result;
	}
	if (native_to_buffer(data, &lent->view)) {
		result = kith_message_wrap(lent->view.buf, (size_t)lent->view.len, give_back, lent, out);
		if (result == KITH_OK)
			return result;
		PyBuffer_Release(&lent->view);
		native_raise(result);
	}
	PyMem_RawFree(lent);
	return result;
}

static PyObject *message_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "data", "copy", NULL };
	PyObject *data;
	Py_buffer view;
	int copy = 1;
	kith_message *message = NULL;
	message_object *self;
	kith_result result;
	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|$p", names, &data, &copy))
		return NULL;
	if (copy) {
		if (!native_to_buffer(data, &view))
			return NULL;
		result = kith_message_new(view.buf, (size_t)view.len, &message);
		if (view.obj)
			PyBuffer_Release(&view);
		if (result < 0)
			return native_raise(result);
	} else if (wrap(data, &message) < 0)
		return NULL;
	self = (message_object *)type->tp_alloc(type, 0);
	if (self)
		self->message = message;
	else
		kith_message_release(message);
	return (PyObject *)self;
}

static void message_dealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);
	kith_message_release(inside(self));
	if (__atomic_load_n(&returned, __ATOMIC_RELAXED))
		release_returned();
	type->tp_free(self);
	Py_DECREF(type);
}

static int message_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
	kith_message *message = inside(self);
	return PyBuffer_FillInfo(view, self, kith_message_data(message), (Py_ssize_t)kith_message_size(message), 1, flags);
}

static Py_ssize_t message_length(PyObject *self)
{
	return (Py_ssize_t)kith_message_size(inside(self));
}

static PyObject *message_bytes(PyObject *self, PyObject *unused)
{
	(void)unused;
	return PyBytes_FromStringAndSize(kith_message_data(inside(self)), message_length(self));
}

enum { FLAGS, LANE, NUMBER, CONNECTION, CHANNEL, TIME, USER_DATA, TTL };

static PyObject *message_get(PyObject *self, void *what)
{
	const kith_message *message = inside(self);
	switch ((intptr_t)what) {
	case FLAGS:
		return PyLong_FromUnsignedLong(kith_message_flags(message));
	case LANE:
		return PyLong_FromLong(kith_message_lane(message));
	case NUMBER:
		return PyLong_FromLongLong(kith_message_number(message));
	case CONNECTION:
		return PyLong_FromUnsignedLong(kith_message_connection(message));
	case CHANNEL:
		return PyLong_FromLong(kith_message_channel(message));
	case TIME:
		return PyLong_FromLongLong(kith_message_time_us(message));
	case USER_DATA:
		return PyLong_FromLongLong(kith_message_user_data(message));
	default:
		return PyLong_FromLongLong(kith_message_ttl_us(message));
	}
}

static int message_set(PyObject *self, PyObject *value, void *what)
{
	kith_message *message = native_message_get(self);
	int64_t number;
	if (!message)
		return -1;
	if (!value) {
		PyErr_SetString(PyExc_AttributeError, "this cannot be deleted");
		return -1;
	}
	number = PyLong_AsLongLong(value);
	if (number == -1 && PyErr_Occurred())
		return -1;
	switch ((intptr_t)what) {
	case FLAGS:
		kith_message_set_flags(message, (uint32_t)number);
		break;
	case LANE:
		kith_message_set_lane(message, (int32_t)number);
		break;
	case USER_DATA:
		kith_message_set_user_data(message, number);
		break;
	default:
		kith_message_set_ttl_us(message, number);
	}
	return 0;
}

static PyObject *message_peer(PyObject *self, void *unused)
{
	struct kith_identity peer = KITH_IDENTITY_INIT;
	(void)unused;
	kith_message_peer(inside(self), &peer);
	return native_identity(&peer);
}

static PyMethodDef methods[] = {
	{ "__bytes__", message_bytes, METH_NOARGS, "Its content, copied." },
	{ "tobytes", message_bytes, METH_NOARGS, "Its content, copied." },
	{ NULL, NULL, 0, NULL },
};
static PyGetSetDef properties[] = {
	{ "flags", message_get, message_set, NULL, (void *)FLAGS },
	{ "lane", message_get, message_set, "Its lane, 0 to 254.", (void *)LANE },
	{ "number", message_get, NULL, "Counted from 1 in its lane and direction; 0 before it is sent.", (void *)NUMBER },
	{ "connection_handle", message_get, NULL, NULL, (void *)CONNECTION },
	{ "channel", message_get, NULL, "Its channel, of messages between identities.", (void *)CHANNEL },
	{ "time_us", message_get, NULL, "When it had arrived, in microseconds of kith.now_us().", (void *)TIME },
	{ "user_data", message_get, message_set, "The user data of its connection when it arrived.", (void *)USER_DATA },
	{ "ttl_us", message_get, message_set, "Its time to live in microseconds; 0: for ever.", (void *)TTL },
	{ "peer", message_peer, NULL, "Who sent it, of messages between identities; else None.", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};
static PyType_Slot slots[] = {
	{ Py_tp_new, message_new },
	{ Py_tp_dealloc, message_dealloc },
	{ Py_bf_getbuffer, message_getbuffer },
	{ Py_sq_length, message_length },
	{ Py_tp_methods, methods },
	{ Py_tp_getset, properties },
	{ 0, NULL },
};
static PyType_Spec spec = { "kith._kith.Message", sizeof(message_object), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	                        slots };

int native_message_init(PyObject *module)
{
	base_type = (PyTypeObject *)PyType_FromSpec(&spec);
	if (!base_type)
		return -1;
	Py_INCREF(base_type);
	return PyModule_AddObject(module, "Message", (PyObject *)base_type);
}
