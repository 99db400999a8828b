#include <kith/sockets.h>

#include "api/find.h"
#include "api/structs.h"
#include "core/base/bytes.h"
#include "engine/failure.h"

/* A batch answers with an int32_t. */
enum { BATCH_MAX = INT32_MAX };

/* --- listening */

kith_result kith_endpoint_listen_address(kith_endpoint endpoint, const struct kith_address *address,
                                         const struct kith_listener_options *options, kith_listener *out_listener)
{
	struct kith_listener_options own;
	struct engine *engine;
	kith_result result;

	if (out_listener == NULL)
		return failure_set(KITH_E_INVALID, "out_listener: null");
	*out_listener = KITH_NO_HANDLE;
	if (address == NULL)
		return failure_set(KITH_E_INVALID, "address: null");
	result = structs_read(&own, sizeof(own), options);
	if (result != KITH_OK)
		return result;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_listen_address(engine, address, &own, out_listener);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_listen_port(kith_endpoint endpoint, int32_t virtual_port,
                                      const struct kith_listener_options *options, kith_listener *out_listener)
{
	struct kith_listener_options own;
	struct engine *engine;
	kith_result result;

	if (out_listener == NULL)
		return failure_set(KITH_E_INVALID, "out_listener: null");
	*out_listener = KITH_NO_HANDLE;
	result = structs_read(&own, sizeof(own), options);
	if (result != KITH_OK)
		return result;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_listen_port(engine, virtual_port, &own, out_listener);
	find_done(endpoint);
	return result;
}

kith_result kith_listener_close(kith_listener listener)
{
	struct engine_listener *object = find_listener(listener);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_listener_close(object);
	find_done(listener);
	return result;
}

kith_result kith_listener_address(kith_listener listener, struct kith_address *out_address)
{
	struct engine_listener *object;
	kith_result result;

	if (out_address == NULL)
		return failure_set(KITH_E_INVALID, "out_address: null");
	bytes_zero(out_address, sizeof(*out_address));
	object = find_listener(listener);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_listener_address(object, out_address);
	find_done(listener);
	return result;
}

/* --- connecting */

kith_result kith_endpoint_connect_address(kith_endpoint endpoint, const struct kith_address *address,
                                          const struct kith_connection_options *options,
                                          kith_connection *out_connection)
{
	struct kith_connection_options own;
	struct engine *engine;
	kith_result result;

	if (out_connection == NULL)
		return failure_set(KITH_E_INVALID, "out_connection: null");
	*out_connection = KITH_NO_HANDLE;
	if (address == NULL)
		return failure_set(KITH_E_INVALID, "address: null");
	result = structs_read(&own, sizeof(own), options);
	if (result != KITH_OK)
		return result;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_connect_address(engine, address, &own, out_connection);
	find_done(endpoint);
	return result;
}

kith_result kith_endpoint_connect_identity(kith_endpoint endpoint, const struct kith_identity *peer,
                                           const struct kith_connection_options *options,
                                           kith_connection *out_connection)
{
	struct kith_connection_options own;
	struct engine *engine;
	kith_result result;

	if (out_connection == NULL)
		return failure_set(KITH_E_INVALID, "out_connection: null");
	*out_connection = KITH_NO_HANDLE;
	if (peer == NULL)
		return failure_set(KITH_E_INVALID, "peer: null");
	result = structs_read(&own, sizeof(own), options);
	if (result != KITH_OK)
		return result;
	engine = find_endpoint(endpoint);
	if (engine == NULL)
		return KITH_E_HANDLE;
	result = engine_connect_identity(engine, peer, &own, out_connection);
	find_done(endpoint);
	return result;
}

kith_result kith_connection_accept(kith_connection connection)
{
	struct engine_conn *object = find_connection(connection);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_accept(object);
	find_done(connection);
	return result;
}

kith_result kith_connection_close(kith_connection connection, int32_t reason, const char *text, int64_t linger_us)
{
	struct engine_conn *object = find_connection(connection);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_close(object, reason, text, linger_us);
	find_done(connection);
	return result;
}

/* --- sending */

kith_result kith_connection_send(kith_connection connection, const void *data, size_t size, uint32_t flags,
                                 int32_t lane, int64_t *out_number)
{
	struct kith_outgoing outgoing = { data, size, flags, lane, 0 };
	struct engine_conn *object;
	int64_t number = 0;
	int32_t result;

	if (out_number != NULL)
		*out_number = 0;
	if (data == NULL && size > 0)
		return failure_set(KITH_E_INVALID, "data: null, but size is %zu", size);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_send_copies(object, &outgoing, 1, &number);
	find_done(connection);
	if (result > 0 && out_number != NULL)
		*out_number = number;
	return result > 0 ? KITH_OK : result;
}

kith_result kith_connection_send_message(kith_connection connection, kith_message *message, int64_t *out_number)
{
	struct engine_conn *object;
	int64_t number = 0;
	int32_t result;

	if (out_number != NULL)
		*out_number = 0;
	if (message == NULL)
		return failure_set(KITH_E_INVALID, "message: null");
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_send(object, (struct message *const *)&message, 1, &number);
	find_done(connection);
	if (result > 0 && out_number != NULL)
		*out_number = number;
	return result > 0 ? KITH_OK : result;
}

int32_t kith_connection_send_messages(kith_connection connection, kith_message *const *messages, size_t count)
{
	struct engine_conn *object;
	int64_t number;
	int32_t result;

	if (messages == NULL || count == 0 || count > BATCH_MAX)
		return failure_set(KITH_E_INVALID, "messages: null, or count is 0");
	for (size_t i = 0; i < count; i++) {
		if (messages[i] == NULL)
			return failure_set(KITH_E_INVALID, "messages: %zu is null", i);
	}
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_send(object, (struct message *const *)messages, count, &number);
	find_done(connection);
	return result;
}

int32_t kith_connection_send_batch(kith_connection connection, const struct kith_outgoing *outgoing, size_t count)
{
	struct engine_conn *object;
	int64_t number;
	int32_t result;

	if (outgoing == NULL || count == 0 || count > BATCH_MAX)
		return failure_set(KITH_E_INVALID, "outgoing: null, or count is 0");
	for (size_t i = 0; i < count; i++) {
		if (outgoing[i].data == NULL && outgoing[i].size > 0)
			return failure_set(KITH_E_INVALID, "outgoing: data of %zu is null", i);
	}
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_send_copies(object, outgoing, count, &number);
	find_done(connection);
	return result;
}

kith_result kith_connection_flush(kith_connection connection)
{
	struct engine_conn *object = find_connection(connection);
	kith_result result;

	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_flush(object);
	find_done(connection);
	return result;
}

static kith_result check_lanes(int32_t count, const uint16_t *weights)
{
	if (count < 1 || count > KITH_LANES_MAX)
		return failure_set(KITH_E_INVALID, "count: %d is not in 1 to %d", (int)count, KITH_LANES_MAX);
	for (int32_t i = 0; weights != NULL && i < count; i++) {
		if (weights[i] == 0)
			return failure_set(KITH_E_INVALID, "weights: %d is 0", (int)i);
	}
	return KITH_OK;
}

kith_result kith_connection_set_lanes(kith_connection connection, int32_t count, const int32_t *priorities,
                                      const uint16_t *weights)
{
	struct engine_conn *object;
	kith_result result = check_lanes(count, weights);

	if (result != KITH_OK)
		return result;
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_set_lanes(object, count, priorities, weights);
	find_done(connection);
	return result;
}

/* --- receiving */

static kith_result check_receive(kith_message **out_messages, int32_t max)
{
	if (out_messages == NULL)
		return failure_set(KITH_E_INVALID, "out_messages: null");
	return max > 0 ? KITH_OK : failure_set(KITH_E_INVALID, "max: %d is not 1 or more", (int)max);
}

int32_t kith_connection_receive(kith_connection connection, kith_message **out_messages, int32_t max)
{
	struct engine_conn *object;
	int32_t result = check_receive(out_messages, max);

	if (result != KITH_OK)
		return result;
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_receive(object, (struct message **)out_messages, max);
	find_done(connection);
	return result;
}

int32_t kith_poll_group_receive(kith_poll_group poll_group, kith_message **out_messages, int32_t max)
{
	struct engine_group *object;
	int32_t result = check_receive(out_messages, max);

	if (result != KITH_OK)
		return result;
	object = find_poll_group(poll_group);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_group_receive(object, (struct message **)out_messages, max);
	find_done(poll_group);
	return result;
}
