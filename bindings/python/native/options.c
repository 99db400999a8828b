/* options.c: making things, with options that borrow from Python for the call. */
#include <string.h>

#include "native.h"

/* --- options of the configuration: a sequence of (name, value as text) */

struct config {
	PyObject *items;
	struct kith_config_entry *entries;
	uint32_t count;
};

static void config_free(struct config *config)
{
	Py_XDECREF(config->items);
	PyMem_Free(config->entries);
}

static int config_read(PyObject *value, struct config *config)
{
	memset(config, 0, sizeof *config);
	config->items = PySequence_Fast(value, "pairs of names and texts are wanted");
	if (!config->items)
		return 0;
	config->count = (uint32_t)PySequence_Fast_GET_SIZE(config->items);
	config->entries = PyMem_Calloc(config->count + 1, sizeof *config->entries);
	if (!config->entries) {
		PyErr_NoMemory();
		config_free(config);
		return 0;
	}
	for (uint32_t i = 0; i < config->count; i++) {
		struct kith_config_entry *entry = &config->entries[i];
		entry->type = KITH_TYPE_TEXT;
		if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(config->items, i), "ss", &entry->name, &entry->string)) {
			config_free(config);
			return 0;
		}
	}
	return 1;
}

static PyObject *handle_or_error(kith_result result, uint32_t handle)
{
	return result < 0 ? native_raise(result) : PyLong_FromUnsignedLong(handle);
}

/* endpoint_create(identity, private_key, config, app_id, certificate, trust, revoked, mailbox, log_level) -> handle */
PyObject *native_endpoint_create(PyObject *self, PyObject *args)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	PyObject *identity, *key, *pairs, *blobs[3], *capsule, *made = NULL;
	struct kith_identity room;
	Py_buffer key_view, views[3];
	struct config config;
	struct mailbox *mailbox;
	kith_endpoint endpoint;
	kith_result result;
	int viewed = 0;
	(void)self;
	if (!PyArg_ParseTuple(args, "OOOO&OOOOi", &identity, &key, &pairs, native_to_u32, &options.app_id, &blobs[0],
	                      &blobs[1], &blobs[2], &capsule, &options.log_level))
		return NULL;
	mailbox = native_mailbox_get(capsule);
	if (!mailbox || !native_to_identity(identity, &room, &options.identity) || !native_to_key(key, &key_view))
		return NULL;
	if (config_read(pairs, &config)) {
		while (viewed < 3 && native_to_buffer(blobs[viewed], &views[viewed]))
			viewed++;
		if (viewed == 3) {
			options.private_key = key_view.buf;
			options.config = config.entries;
			options.config_count = config.count;
			options.certificate = views[0].buf;
			options.certificate_size = (size_t)views[0].len;
			options.trust = views[1].buf;
			options.trust_size = (size_t)views[1].len;
			options.revoked = views[2].buf;
			options.revoked_size = (size_t)views[2].len;
			options.log = native_mailbox_log;
			options.log_user_data = native_mailbox_ref(mailbox);
			options.log_release = native_mailbox_release;
			Py_BEGIN_ALLOW_THREADS;
			result = kith_endpoint_create(&options, &endpoint);
			Py_END_ALLOW_THREADS;
			made = handle_or_error(result, endpoint);
		}
		while (viewed > 0)
			PyBuffer_Release(&views[--viewed]);
		config_free(&config);
	}
	PyBuffer_Release(&key_view);
	return made;
}

/* endpoint_next_event(endpoint) -> tuple, or None: there is none */
PyObject *native_endpoint_next_event(PyObject *self, PyObject *args)
{
	struct kith_event event = KITH_EVENT_INIT;
	unsigned endpoint;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "I", &endpoint))
		return NULL;
	result = kith_endpoint_next_event(endpoint, &event);
	if (result == KITH_E_AGAIN)
		Py_RETURN_NONE;
	return result < 0 ? native_raise(result) : native_event(&event);
}

/* --- listening: (endpoint, where, config, user_data, symmetric, poll_group) -> handle */

static PyObject *listen(PyObject *args, int by_address)
{
	struct kith_listener_options options = KITH_LISTENER_OPTIONS_INIT;
	struct kith_address address;
	struct config config;
	unsigned endpoint;
	PyObject *where, *pairs;
	long long user_data;
	long port = 0;
	kith_listener listener;
	kith_result result;
	if (!PyArg_ParseTuple(args, "IOOLpI", &endpoint, &where, &pairs, &user_data, &options.symmetric,
	                      &options.poll_group))
		return NULL;
	if (by_address ? !native_to_address(where, &address) : ((port = PyLong_AsLong(where)) == -1 && PyErr_Occurred()))
		return NULL;
	if (!config_read(pairs, &config))
		return NULL;
	options.config = config.entries;
	options.config_count = config.count;
	options.user_data = user_data;
	Py_BEGIN_ALLOW_THREADS;
	result = by_address ? kith_endpoint_listen_address(endpoint, &address, &options, &listener)
	                    : kith_endpoint_listen_port(endpoint, (int32_t)port, &options, &listener);
	Py_END_ALLOW_THREADS;
	config_free(&config);
	return handle_or_error(result, listener);
}

PyObject *native_listen_address(PyObject *self, PyObject *args)
{
	(void)self;
	return listen(args, 1);
}

PyObject *native_listen_port(PyObject *self, PyObject *args)
{
	(void)self;
	return listen(args, 0);
}

/* --- connecting. Options are a tuple (config, peer, name, user_data, virtual_port, symmetric, poll_group). */

struct connecting {
	struct kith_connection_options options;
	struct kith_identity peer;
	struct config config;
};

static int connecting_read(PyObject *value, struct connecting *connecting)
{
	struct kith_connection_options *options = &connecting->options;
	PyObject *pairs, *peer;
	long long user_data;
	kith_connection_options_init(options);
	memset(&connecting->config, 0, sizeof connecting->config);
	if (!PyArg_ParseTuple(value, "OOzLipI", &pairs, &peer, &options->name, &user_data, &options->virtual_port,
	                      &options->symmetric, &options->poll_group))
		return 0;
	options->user_data = user_data;
	if (!native_to_identity(peer, &connecting->peer, &options->peer) || !config_read(pairs, &connecting->config))
		return 0;
	options->config = connecting->config.entries;
	options->config_count = connecting->config.count;
	return 1;
}

/* endpoint_connect_address(endpoint, address, options) -> handle */
PyObject *native_connect_address(PyObject *self, PyObject *args)
{
	struct connecting connecting;
	struct kith_address address;
	unsigned endpoint;
	PyObject *where, *options;
	kith_connection connection;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IOO!", &endpoint, &where, &PyTuple_Type, &options) ||
	    !native_to_address(where, &address) || !connecting_read(options, &connecting))
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	result = kith_endpoint_connect_address(endpoint, &address, &connecting.options, &connection);
	Py_END_ALLOW_THREADS;
	config_free(&connecting.config);
	return handle_or_error(result, connection);
}

/* endpoint_connect_identity(endpoint, peer, options) -> handle */
PyObject *native_connect_identity(PyObject *self, PyObject *args)
{
	struct connecting connecting;
	struct kith_identity room;
	const struct kith_identity *peer;
	unsigned endpoint;
	PyObject *who, *options;
	kith_connection connection;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IOO!", &endpoint, &who, &PyTuple_Type, &options) ||
	    !native_to_identity(who, &room, &peer) || !connecting_read(options, &connecting))
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	result = kith_endpoint_connect_identity(endpoint, peer, &connecting.options, &connection);
	Py_END_ALLOW_THREADS;
	config_free(&connecting.config);
	return handle_or_error(result, connection);
}

/* endpoint_pair(first, second, network, first identity, second identity, options, options) -> (handle, handle) */
PyObject *native_pair(PyObject *self, PyObject *args)
{
	struct kith_pair_options options = KITH_PAIR_OPTIONS_INIT;
	struct connecting connecting[2];
	struct kith_identity rooms[2];
	unsigned first, second;
	PyObject *identities[2], *ends[2];
	kith_connection made[2];
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IIpOOO!O!", &first, &second, &options.network, &identities[0], &identities[1],
	                      &PyTuple_Type, &ends[0], &PyTuple_Type, &ends[1]) ||
	    !native_to_identity(identities[0], &rooms[0], &options.first_identity) ||
	    !native_to_identity(identities[1], &rooms[1], &options.second_identity) ||
	    !connecting_read(ends[0], &connecting[0]))
		return NULL;
	if (!connecting_read(ends[1], &connecting[1])) {
		config_free(&connecting[0].config);
		return NULL;
	}
	options.first = &connecting[0].options;
	options.second = &connecting[1].options;
	Py_BEGIN_ALLOW_THREADS;
	result = kith_endpoint_pair(first, second, &options, &made[0], &made[1]);
	Py_END_ALLOW_THREADS;
	config_free(&connecting[0].config);
	config_free(&connecting[1].config);
	return result < 0 ? native_raise(result) : Py_BuildValue("II", (unsigned)made[0], (unsigned)made[1]);
}

/* connection_set_lanes(connection, priorities, weights): sequences of numbers, as long as there are lanes */
PyObject *native_set_lanes(PyObject *self, PyObject *args)
{
	int32_t priorities[KITH_LANES_MAX];
	uint16_t weights[KITH_LANES_MAX];
	unsigned connection;
	PyObject *first, *second;
	Py_ssize_t count;
	kith_result result;
	(void)self;
	if (!PyArg_ParseTuple(args, "IO!O!", &connection, &PyTuple_Type, &first, &PyTuple_Type, &second))
		return NULL;
	count = PyTuple_GET_SIZE(first);
	if (count != PyTuple_GET_SIZE(second) || count > KITH_LANES_MAX) {
		PyErr_SetString(PyExc_ValueError, "there are up to 255 lanes, and a priority and weight of each");
		return NULL;
	}
	for (Py_ssize_t i = 0; i < count; i++) {
		long priority = PyLong_AsLong(PyTuple_GET_ITEM(first, i)), weight = PyLong_AsLong(PyTuple_GET_ITEM(second, i));
		if (!PyErr_Occurred() && (priority != (int32_t)priority || weight != (uint16_t)weight))
			PyErr_SetString(PyExc_OverflowError, "a priority has 32 bits and a weight 16");
		priorities[i] = (int32_t)priority;
		weights[i] = (uint16_t)weight;
	}
	if (PyErr_Occurred())
		return NULL;
	result = kith_connection_set_lanes(connection, (int32_t)count, priorities, weights);
	if (result < 0)
		return native_raise(result);
	Py_RETURN_NONE;
}

/* --- certificates: (kind, signing key, public key, identity, app ids, form, created, expires) -> bytes */

typedef kith_result certificate_fn(const struct kith_certificate_options *, void *, size_t, size_t *);

static PyObject *certificate(PyObject *args, certificate_fn *make)
{
	struct kith_certificate_options options = KITH_CERTIFICATE_OPTIONS_INIT;
	uint32_t app_ids[KITH_APP_IDS_MAX];
	struct kith_identity room;
	Py_buffer signing, public;
	PyObject *keys[2], *identity, *apps, *made = NULL;
	long long created, expires;
	char buffer[8192];
	size_t size = 0;
	kith_result result;
	if (!PyArg_ParseTuple(args, "iOOOO!iLL", &options.kind, &keys[0], &keys[1], &identity, &PyTuple_Type, &apps,
	                      &options.form, &created, &expires))
		return NULL;
	if (PyTuple_GET_SIZE(apps) > KITH_APP_IDS_MAX) {
		PyErr_Format(PyExc_ValueError, "a certificate lists at most %d applications", KITH_APP_IDS_MAX);
		return NULL;
	}
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(apps); i++) {
		if (!native_to_u32(PyTuple_GET_ITEM(apps, i), &app_ids[i]))
			return NULL;
	}
	if (!native_to_identity(identity, &room, &options.identity) || !native_to_key(keys[0], &signing))
		return NULL;
	if (native_to_key(keys[1], &public)) {
		options.signing_key = signing.buf;
		options.public_key = public.buf;
		options.app_id_count = (uint32_t)PyTuple_GET_SIZE(apps);
		options.app_ids = options.app_id_count ? app_ids : NULL;
		options.created_unix_us = created;
		options.expires_unix_us = expires;
		Py_BEGIN_ALLOW_THREADS;
		result = make(&options, buffer, sizeof buffer, &size);
		Py_END_ALLOW_THREADS;
		made = result < 0 ? native_raise(result) : PyBytes_FromStringAndSize(buffer, (Py_ssize_t)size);
		PyBuffer_Release(&public);
	}
	PyBuffer_Release(&signing);
	return made;
}

PyObject *native_certificate_request(PyObject *self, PyObject *args)
{
	(void)self;
	return certificate(args, kith_certificate_request);
}

PyObject *native_certificate_sign(PyObject *self, PyObject *args)
{
	(void)self;
	return certificate(args, kith_certificate_sign);
}

/* revoked_parse(data) -> tuple of key ids */
PyObject *native_revoked_parse(PyObject *self, PyObject *args)
{
	uint64_t ids[4096];
	size_t count = 0;
	Py_buffer view;
	kith_result result;
	PyObject *tuple;
	(void)self;
	if (!native_only(args) || !native_to_buffer(native_only(args), &view))
		return NULL;
	result = kith_revoked_parse(view.buf, (size_t)view.len, ids, sizeof ids / sizeof ids[0], &count);
	PyBuffer_Release(&view);
	if (result < 0)
		return native_raise(result);
	tuple = PyTuple_New((Py_ssize_t)count);
	for (size_t i = 0; tuple && i < count; i++)
		PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, PyLong_FromUnsignedLongLong(ids[i]));
	return tuple;
}
