/* native.h: what the C side of the Python binding is made of; SWIG's part is in kith_python.i.
 *
 * Everything here is called with the GIL held and releases it around what can wait. Nothing enters Python from a
 * thread of the library's: what comes from there goes into a mailbox, which the application's thread empties.
 */
#ifndef NATIVE_H
#define NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <kith/kith.h>

/* Room for any text or block of bytes that the library writes. */
#define NATIVE_ROOM 65536

/* The argument of a function that has but one. Borrowed; NULL with an exception when there is none. */
static inline PyObject *native_only(PyObject *args)
{
	return PyTuple_GetItem(args, 0);
}

/* Raises what a failed call returned, by the factory of the package. Returns NULL. */
PyObject *native_raise(kith_result result);
/* A result with one more value: alone, then a tuple of them. Takes both. */
PyObject *native_append(PyObject *result, PyObject *value);
PyObject *native_set_factories(PyObject *self, PyObject *args);

/* Results as values: tuples of a struct's fields in their order, without struct_size and reserved ones. */
PyObject *native_text(const char *text);
PyObject *native_identity(const struct kith_identity *identity);
PyObject *native_address(const struct kith_address *address);
PyObject *native_event(const struct kith_event *event);
PyObject *native_info(const struct kith_info *info);
PyObject *native_status(const struct kith_status *status);
PyObject *native_lane_status(const struct kith_lane_status *status);
PyObject *native_statistics(const struct kith_statistics *statistics);
PyObject *native_security(const struct kith_security *security);
PyObject *native_diagnosis(const struct kith_diagnosis *diagnosis);
PyObject *native_certificate(const struct kith_certificate *certificate);
PyObject *native_config_info(const struct kith_config_info *info);

/* Arguments; 0: an exception is set. An identity is a text or None; an address is (ip, port, scope); a key is 32
 * bytes or None; a buffer may be None. Views are to be released when their obj is set. */
int native_to_identity(PyObject *value, struct kith_identity *identity, const struct kith_identity **out);
int native_to_address(PyObject *value, struct kith_address *out_address);
int native_to_buffer(PyObject *value, Py_buffer *view);
/* For the format "O&", since "I" cuts: a uint32_t. */
int native_to_u32(PyObject *value, void *out);
int native_to_key(PyObject *value, Py_buffer *view);

/* Messages: a type whose objects own the library's; the package's subclass is what receiving makes. */
int native_message_init(PyObject *module);
void native_message_set_type(PyTypeObject *type);
PyObject *native_message_of(kith_message *message);
/* The library's message, NULL with an exception when it is none or has been sent. */
kith_message *native_message_get(PyObject *object);
/* It has been sent, with a reference of the library's own: views of the object's stay valid. */
void native_message_sent(PyObject *object);

/* The mailbox behind a capsule, NULL with an exception when it is none. */
struct mailbox;
struct mailbox *native_mailbox_get(PyObject *capsule);
struct mailbox *native_mailbox_ref(struct mailbox *mailbox);
void native_mailbox_release(void *mailbox);
void native_mailbox_log(void *mailbox, int32_t subject, int32_t level, const char *text);
void native_mailbox_wake(void *mailbox);
PyObject *native_mailbox_new(PyObject *self, PyObject *args);
PyObject *native_mailbox_fd(PyObject *self, PyObject *args);
PyObject *native_mailbox_take(PyObject *self, PyObject *args);
PyObject *native_mailbox_wait(PyObject *self, PyObject *args);
PyObject *native_mailbox_poke(PyObject *self, PyObject *args);
PyObject *native_set_wake(PyObject *self, PyObject *args);
PyObject *native_set_log(PyObject *self, PyObject *args);
PyObject *native_signaling_add(PyObject *self, PyObject *args);

/* Calls with structs that borrow, arrays or callbacks. */
PyObject *native_endpoint_create(PyObject *self, PyObject *args);
PyObject *native_endpoint_next_event(PyObject *self, PyObject *args);
PyObject *native_listen_address(PyObject *self, PyObject *args);
PyObject *native_listen_port(PyObject *self, PyObject *args);
PyObject *native_connect_address(PyObject *self, PyObject *args);
PyObject *native_connect_identity(PyObject *self, PyObject *args);
PyObject *native_pair(PyObject *self, PyObject *args);
PyObject *native_certificate_request(PyObject *self, PyObject *args);
PyObject *native_certificate_sign(PyObject *self, PyObject *args);
PyObject *native_revoked_parse(PyObject *self, PyObject *args);
PyObject *native_set_lanes(PyObject *self, PyObject *args);
PyObject *native_send(PyObject *self, PyObject *args);
PyObject *native_send_batch(PyObject *self, PyObject *args);
PyObject *native_send_message(PyObject *self, PyObject *args);
PyObject *native_send_messages(PyObject *self, PyObject *args);
PyObject *native_receive(PyObject *self, PyObject *args);
PyObject *native_group_receive(PyObject *self, PyObject *args);
PyObject *native_messages_receive(PyObject *self, PyObject *args);

#endif
