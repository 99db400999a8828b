/* mailbox.c: what the library says on threads of its own, kept for the application's thread: lines of log, signals
 * of an application's signaling, and that there is an event. Two connected sockets wake who waits for it.
 *
 * A mailbox that went through fork() is the parent's: the child finds it empty, and never takes its lock.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "native.h"

enum { LINES_MAX = 8192, SIGNALS_MAX = 1024, SLICE_MS = 100 };

struct item {
	struct item *next;
	/* Lines have a subject and a level; signals the number of their signaling, and a peer. */
	int is_signal;
	int32_t subject;
	int32_t level;
	uint64_t signaling;
	size_t size;
	char peer[KITH_IDENTITY_TEXT_MAX];
	char data[];
};

struct mailbox {
	pthread_mutex_t lock;
	int references;
	pid_t owner;
	int read_fd;
	int write_fd;
	/* 1: a byte is on its way. */
	int woken;
	struct item *first;
	struct item **end;
	int lines;
	int signals;
	uint64_t lost;
};

static int is_ours(const struct mailbox *mailbox)
{
	return mailbox->owner == getpid();
}

/* With the lock held. */
static void wake(struct mailbox *mailbox)
{
	if (!mailbox->woken)
		mailbox->woken = write(mailbox->write_fd, "", 1) == 1;
}

void native_mailbox_wake(void *user_data)
{
	struct mailbox *mailbox = user_data;
	pthread_mutex_lock(&mailbox->lock);
	wake(mailbox);
	pthread_mutex_unlock(&mailbox->lock);
}

static struct item *item_new(const void *data, size_t size)
{
	struct item *item = calloc(1, sizeof *item + size + 1);
	if (item) {
		item->size = size;
		memcpy(item->data, data, size);
	}
	return item;
}

static int put(struct mailbox *mailbox, struct item *item, int *count, int max)
{
	int taken;
	pthread_mutex_lock(&mailbox->lock);
	taken = item && *count < max;
	if (taken) {
		*mailbox->end = item;
		mailbox->end = &item->next;
		++*count;
		wake(mailbox);
	} else
		mailbox->lost++;
	pthread_mutex_unlock(&mailbox->lock);
	if (!taken)
		free(item);
	return taken;
}

void native_mailbox_log(void *user_data, int32_t subject, int32_t level, const char *text)
{
	struct mailbox *mailbox = user_data;
	struct item *item = item_new(text, strlen(text));
	if (item) {
		item->subject = subject;
		item->level = level;
	}
	put(mailbox, item, &mailbox->lines, LINES_MAX);
}

struct mailbox *native_mailbox_ref(struct mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	mailbox->references++;
	pthread_mutex_unlock(&mailbox->lock);
	return mailbox;
}

void native_mailbox_release(void *user_data)
{
	struct mailbox *mailbox = user_data;
	int last;
	pthread_mutex_lock(&mailbox->lock);
	last = --mailbox->references == 0;
	pthread_mutex_unlock(&mailbox->lock);
	if (!last)
		return;
	while (mailbox->first) {
		struct item *item = mailbox->first;
		mailbox->first = item->next;
		free(item);
	}
	close(mailbox->read_fd);
	close(mailbox->write_fd);
	pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

/* --- for Python */

static const char capsule_name[] = "kith.mailbox";

struct mailbox *native_mailbox_get(PyObject *capsule)
{
	return capsule ? PyCapsule_GetPointer(capsule, capsule_name) : NULL;
}

static void forget(PyObject *capsule)
{
	struct mailbox *mailbox = native_mailbox_get(capsule);
	if (is_ours(mailbox))
		native_mailbox_release(mailbox);
	else {
		/* The parent's; what it has of descriptors here goes, the rest is as it was at fork(). */
		close(mailbox->read_fd);
		close(mailbox->write_fd);
	}
}

PyObject *native_mailbox_new(PyObject *self, PyObject *args)
{
	struct mailbox *mailbox;
	int fds[2];
	(void)self;
	(void)args;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	mailbox = calloc(1, sizeof *mailbox);
	if (!mailbox) {
		close(fds[0]);
		close(fds[1]);
		return PyErr_NoMemory();
	}
	pthread_mutex_init(&mailbox->lock, NULL);
	mailbox->references = 1;
	mailbox->owner = getpid();
	mailbox->read_fd = fds[0];
	mailbox->write_fd = fds[1];
	mailbox->end = &mailbox->first;
	return PyCapsule_New(mailbox, capsule_name, forget);
}

PyObject *native_mailbox_fd(PyObject *self, PyObject *args)
{
	struct mailbox *mailbox = native_mailbox_get(native_only(args));
	(void)self;
	return mailbox ? PyLong_FromLong(mailbox->read_fd) : NULL;
}

PyObject *native_mailbox_poke(PyObject *self, PyObject *args)
{
	struct mailbox *mailbox = native_mailbox_get(native_only(args));
	(void)self;
	if (!mailbox)
		return NULL;
	if (is_ours(mailbox))
		native_mailbox_wake(mailbox);
	Py_RETURN_NONE;
}

static PyObject *item_value(const struct item *item)
{
	if (item->is_signal)
		return Py_BuildValue("KNy#", (unsigned long long)item->signaling, native_text(item->peer), item->data,
		                     (Py_ssize_t)item->size);
	return Py_BuildValue("iiN", (int)item->subject, (int)item->level, native_text(item->data));
}

/* Items become a list; when memory runs out the rest is lost. */
static PyObject *list_of(struct item *item)
{
	PyObject *list = PyList_New(0);
	while (item) {
		struct item *next = item->next;
		PyObject *value = list ? item_value(item) : NULL;
		if (list && (!value || PyList_Append(list, value) < 0))
			Py_CLEAR(list);
		Py_XDECREF(value);
		free(item);
		item = next;
	}
	return list;
}

/* mailbox_take(mailbox) -> (lost, [(subject, level, text) or (signaling, peer, data)...]) or None: nothing there. */
PyObject *native_mailbox_take(PyObject *self, PyObject *args)
{
	struct mailbox *mailbox = native_mailbox_get(native_only(args));
	struct item *first = NULL;
	uint64_t lost = 0;
	char byte;
	(void)self;
	if (!mailbox)
		return NULL;
	if (!is_ours(mailbox))
		Py_RETURN_NONE;
	pthread_mutex_lock(&mailbox->lock);
	while (read(mailbox->read_fd, &byte, 1) == 1)
		;
	mailbox->woken = 0;
	first = mailbox->first;
	lost = mailbox->lost;
	mailbox->first = NULL;
	mailbox->end = &mailbox->first;
	mailbox->lines = 0;
	mailbox->signals = 0;
	mailbox->lost = 0;
	pthread_mutex_unlock(&mailbox->lock);
	if (!first && !lost)
		Py_RETURN_NONE;
	return Py_BuildValue("KN", (unsigned long long)lost, list_of(first));
}

/* mailbox_wait(mailbox, fd, seconds): until there is something in it or fd is readable; negative: no limit. In
 * slices, since the signal that should end it may be handled by another thread. */
PyObject *native_mailbox_wait(PyObject *self, PyObject *args)
{
	PyObject *capsule;
	struct mailbox *mailbox;
	int fd;
	double seconds;
	int64_t end;
	(void)self;
	if (!PyArg_ParseTuple(args, "Oid", &capsule, &fd, &seconds))
		return NULL;
	mailbox = native_mailbox_get(capsule);
	if (!mailbox)
		return NULL;
	end = seconds < 0 || seconds > 1e9 ? INT64_MAX : kith_now_us() + (int64_t)(seconds * 1e6);
	for (;;) {
		struct pollfd fds[2] = { { mailbox->read_fd, POLLIN, 0 }, { fd, POLLIN, 0 } };
		int64_t left_ms = (end - kith_now_us() + 999) / 1000;
		int found;
		Py_BEGIN_ALLOW_THREADS;
		found = poll(fds, 2, left_ms <= 0 ? 0 : left_ms > SLICE_MS ? SLICE_MS : (int)left_ms);
		Py_END_ALLOW_THREADS;
		if (PyErr_CheckSignals() < 0)
			return NULL;
		if (found > 0 || left_ms <= 0)
			return PyBool_FromLong(found > 0);
	}
}

/* --- what the library is given */

/* endpoint_set_wake(endpoint, mailbox or None) */
PyObject *native_set_wake(PyObject *self, PyObject *args)
{
	unsigned endpoint;
	PyObject *capsule;
	struct mailbox *mailbox = NULL;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IO", &endpoint, &capsule))
		return NULL;
	if (capsule != Py_None && !(mailbox = native_mailbox_get(capsule)))
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	result = mailbox ? kith_endpoint_set_wake(endpoint, native_mailbox_wake, native_mailbox_ref(mailbox),
	                                          native_mailbox_release)
	                 : kith_endpoint_set_wake(endpoint, NULL, NULL, NULL);
	Py_END_ALLOW_THREADS;
	if (result < 0)
		return native_raise(result);
	Py_RETURN_NONE;
}

/* endpoint_set_log(endpoint, mailbox, level) */
PyObject *native_set_log(PyObject *self, PyObject *args)
{
	unsigned endpoint;
	int level;
	PyObject *capsule;
	struct mailbox *mailbox;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IOi", &endpoint, &capsule, &level))
		return NULL;
	mailbox = native_mailbox_get(capsule);
	if (!mailbox)
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	result =
		kith_endpoint_set_log(endpoint, level, native_mailbox_log, native_mailbox_ref(mailbox), native_mailbox_release);
	Py_END_ALLOW_THREADS;
	if (result < 0)
		return native_raise(result);
	Py_RETURN_NONE;
}

/* A signaling of the application's: where its signals are put, and under which number. */
struct carrier {
	struct mailbox *mailbox;
	uint64_t number;
};

static kith_result carry(void *user_data, const char *peer, const void *data, size_t size)
{
	const struct carrier *carrier = user_data;
	struct item *item = item_new(data, size);
	if (item) {
		item->is_signal = 1;
		item->signaling = carrier->number;
		strncpy(item->peer, peer, sizeof item->peer - 1);
	}
	return put(carrier->mailbox, item, &carrier->mailbox->signals, SIGNALS_MAX) ? KITH_OK : KITH_E_LIMIT;
}

static void drop_carrier(void *user_data)
{
	struct carrier *carrier = user_data;
	native_mailbox_release(carrier->mailbox);
	free(carrier);
}

/* signaling_add(endpoint, mailbox, number) -> handle */
PyObject *native_signaling_add(PyObject *self, PyObject *args)
{
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;
	unsigned endpoint;
	unsigned long long number;
	PyObject *capsule;
	struct mailbox *mailbox;
	struct carrier *carrier;
	kith_signaling signaling;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IOK", &endpoint, &capsule, &number))
		return NULL;
	mailbox = native_mailbox_get(capsule);
	if (!mailbox)
		return NULL;
	carrier = malloc(sizeof *carrier);
	if (!carrier)
		return PyErr_NoMemory();
	carrier->mailbox = native_mailbox_ref(mailbox);
	carrier->number = number;
	callbacks.send = carry;
	callbacks.release = drop_carrier;
	callbacks.user_data = carrier;
	result = kith_signaling_add(endpoint, &callbacks, &signaling);
	if (result < 0) {
		drop_carrier(carrier);
		return native_raise(result);
	}
	return PyLong_FromUnsignedLong(signaling);
}
