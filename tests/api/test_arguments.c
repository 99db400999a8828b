/* Every function with nothing, with what is stale and with what is of another kind. */
#include "pair.h"

#include <string.h>

struct handles {
	kith_endpoint endpoint;
	kith_connection connection;
	kith_listener listener;
	kith_poll_group poll_group;
	kith_signaling signaling;
};

static kith_result send_nowhere(void *user_data, const char *peer, const void *data, size_t size)
{
	(void)user_data, (void)peer, (void)data, (void)size;
	return KITH_OK;
}

static void try_messages(kith_endpoint endpoint, const struct kith_identity *peer)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_status status = KITH_STATUS_INIT;
	struct kith_security security = KITH_SECURITY_INIT;
	kith_message *message = NULL;

	cr_expect_eq(kith_messages_send(endpoint, peer, 0, "x", 1, 0), KITH_E_HANDLE);
	cr_expect_eq(kith_messages_receive(endpoint, 0, &message, 1), KITH_E_HANDLE);
	cr_expect_null(message);
	cr_expect_eq(kith_messages_accept(endpoint, peer), KITH_E_HANDLE);
	cr_expect_eq(kith_messages_close(endpoint, peer, 0), KITH_E_HANDLE);
	cr_expect_eq(kith_messages_close_channel(endpoint, peer, 0), KITH_E_HANDLE);
	cr_expect_eq(kith_messages_flush(endpoint, peer), KITH_E_HANDLE);
	info.state = 3;
	cr_expect_eq(kith_messages_info(endpoint, peer, &info), KITH_E_HANDLE);
	cr_expect_eq(info.state, 0);
	cr_expect_eq(kith_messages_status(endpoint, peer, &status), KITH_E_HANDLE);
	cr_expect_eq(kith_messages_security(endpoint, peer, &security), KITH_E_HANDLE);
}

/* All that take an endpoint, with one that is none. */
static void try_endpoint(kith_endpoint endpoint)
{
	struct kith_address address = KITH_ADDRESS_INIT;
	struct kith_identity identity;
	struct kith_event event = KITH_EVENT_INIT;
	struct kith_callbacks callbacks = KITH_CALLBACKS_INIT;
	struct kith_signaling_callbacks signaling_callbacks = KITH_SIGNALING_CALLBACKS_INIT;
	uint8_t key[KITH_KEY_SIZE];
	uint32_t handle = 7;
	int32_t fd;

	signaling_callbacks.send = send_nowhere;
	address.port = 1;
	address.ip[15] = 1;
	cr_assert_eq(kith_identity_parse("str:x", &identity), KITH_OK);
	cr_expect_eq(kith_endpoint_destroy(endpoint), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_public_key(endpoint, key), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_wait(endpoint, KITH_FOREVER_US), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_fd(endpoint, &fd), KITH_E_HANDLE);
	cr_expect_eq(fd, -1);
	cr_expect_eq(kith_endpoint_set_wake(endpoint, NULL, NULL, NULL), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_set_log(endpoint, 1, NULL, NULL, NULL), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_set_callbacks(endpoint, &callbacks), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_next_event(endpoint, &event), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_dispatch(endpoint, KITH_FOREVER_US), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_listen_address(endpoint, &address, NULL, &handle), KITH_E_HANDLE);
	cr_expect_eq(handle, KITH_NO_HANDLE);
	cr_expect_eq(kith_endpoint_listen_port(endpoint, 0, NULL, &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_connect_address(endpoint, &address, NULL, &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_connect_identity(endpoint, &identity, NULL, &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_poll_group_create(endpoint, &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_signaling_add(endpoint, &signaling_callbacks, &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_signaling_open(endpoint, "tcp://127.0.0.1:1", &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_receive_signal(endpoint, 0, "x", 1), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_add_stun_server(endpoint, "host"), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_add_turn_server(endpoint, "turn:host", NULL, NULL), KITH_E_HANDLE);
	try_messages(endpoint, &identity);
	cr_expect_eq(kith_endpoint_identity(endpoint, &identity), KITH_E_HANDLE);
	cr_expect_eq(identity.kind, KITH_IDENTITY_NONE);
}

static void try_connection(kith_connection connection)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_status status = KITH_STATUS_INIT;
	struct kith_security security = KITH_SECURITY_INIT;
	struct kith_outgoing outgoing = { "x", 1, 0, 0, 0 };
	kith_message *message;
	int64_t number = 7;

	cr_expect_eq(kith_connection_accept(connection), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_close(connection, 0, NULL, 0), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_send(connection, "x", 1, 0, 0, &number), KITH_E_HANDLE);
	cr_expect_eq(number, 0);
	cr_expect_eq(kith_connection_send_batch(connection, &outgoing, 1), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_flush(connection), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_set_lanes(connection, 1, NULL, NULL), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_receive(connection, &message, 1), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_user_data(connection, &number), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_set_user_data(connection, 1), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_set_name(connection, "x"), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_set_poll_group(connection, 0), KITH_E_HANDLE);
	info.state = 3;
	cr_expect_eq(kith_connection_info(connection, &info), KITH_E_HANDLE);
	cr_expect_eq(info.state, 0);
	cr_expect_eq(kith_connection_status(connection, &status), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_security(connection, &security), KITH_E_HANDLE);
	cr_assert_eq(kith_message_new("x", 1, &message), KITH_OK);
	cr_expect_eq(kith_connection_send_message(connection, message, NULL), KITH_E_HANDLE);
	cr_expect_eq(kith_connection_send_messages(connection, &message, 1), KITH_E_HANDLE);
	kith_message_release(message);
}

static void try_others(const struct handles *handles)
{
	struct kith_address address;
	kith_message *message;
	int32_t number;

	cr_expect_eq(kith_listener_close(handles->listener), KITH_E_HANDLE);
	cr_expect_eq(kith_listener_address(handles->listener, &address), KITH_E_HANDLE);
	cr_expect_eq(kith_poll_group_destroy(handles->poll_group), KITH_E_HANDLE);
	cr_expect_eq(kith_poll_group_receive(handles->poll_group, &message, 1), KITH_E_HANDLE);
	cr_expect_eq(kith_poll_group_wait(handles->poll_group, KITH_FOREVER_US), KITH_E_HANDLE);
	cr_expect_eq(kith_poll_group_fd(handles->poll_group, &number), KITH_E_HANDLE);
	cr_expect_eq(kith_signaling_close(handles->signaling), KITH_E_HANDLE);
	cr_expect_eq(kith_signaling_set_state(handles->signaling, 1, NULL), KITH_E_HANDLE);
	cr_expect_eq(kith_signaling_state(handles->signaling, &number), KITH_E_HANDLE);
}

static struct handles make_all(struct pair *pair)
{
	struct handles handles;
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;

	pair_open(pair, NULL, NULL);
	callbacks.send = send_nowhere;
	handles.endpoint = pair->server;
	handles.connection = pair->accepted;
	handles.listener = pair->listener;
	cr_assert_eq(kith_poll_group_create(pair->server, &handles.poll_group), KITH_OK);
	cr_assert_eq(kith_signaling_add(pair->server, &callbacks, &handles.signaling), KITH_OK);
	return handles;
}

Test(arguments, no_handle_is_answered)
{
	const struct handles none = { 0 };

	try_endpoint(KITH_NO_HANDLE);
	try_connection(KITH_NO_HANDLE);
	try_others(&none);
}

Test(arguments, numbers_that_are_no_handles_are_answered)
{
	for (uint32_t i = 0; i < 32; i++) {
		const struct handles wild = { 1u << i, 1u << i, 1u << i, 1u << i, 1u << i };
		try_endpoint(wild.endpoint);
		try_connection(wild.connection);
		try_others(&wild);
	}
	try_endpoint(UINT32_MAX);
	try_connection(UINT32_MAX);
}

Test(arguments, handles_of_another_kind_are_answered)
{
	struct pair pair;
	struct handles handles = make_all(&pair);
	const struct handles mixed = { handles.connection, handles.listener, handles.poll_group, handles.signaling,
		                           handles.endpoint };

	try_endpoint(mixed.endpoint);
	try_connection(mixed.connection);
	try_others(&mixed);
	pair_close(&pair);
}

Test(arguments, stale_handles_are_answered)
{
	struct pair pair;
	struct handles handles = make_all(&pair);

	pair_close(&pair);
	try_endpoint(handles.endpoint);
	try_connection(handles.connection);
	try_others(&handles);
}

Test(arguments, null_is_answered)
{
	struct pair pair;
	struct handles h = make_all(&pair);
	struct kith_address address = pair.address;
	struct kith_identity identity;
	uint32_t handle;

	cr_assert_eq(kith_identity_parse("str:x", &identity), KITH_OK);
	cr_expect_eq(kith_endpoint_identity(h.endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_public_key(h.endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_fd(h.endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_next_event(h.endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_set_callbacks(h.endpoint, NULL), KITH_OK);
	cr_expect_eq(kith_endpoint_listen_address(h.endpoint, NULL, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_listen_address(h.endpoint, &address, NULL, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_listen_port(h.endpoint, 1, NULL, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_connect_address(h.endpoint, NULL, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_connect_address(h.endpoint, &address, NULL, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_connect_identity(h.endpoint, NULL, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_connect_identity(h.endpoint, &identity, NULL, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_receive_signal(h.endpoint, 0, NULL, 1), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_add_stun_server(h.endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_add_turn_server(h.endpoint, NULL, NULL, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_signaling_add(h.endpoint, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_signaling_open(h.endpoint, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_signaling_open(h.endpoint, "tcp://127.0.0.1:1", NULL), KITH_E_INVALID);
	cr_expect_eq(kith_signaling_state(h.signaling, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_listener_address(h.listener, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_connection_send(h.connection, NULL, 1, 0, 0, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_connection_send_message(h.connection, NULL, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_connection_send_messages(h.connection, NULL, 1), KITH_E_INVALID);
	cr_expect_eq(kith_connection_send_batch(h.connection, NULL, 1), KITH_E_INVALID);
	cr_expect_eq(kith_connection_receive(h.connection, NULL, 1), KITH_E_INVALID);
	cr_expect_eq(kith_connection_user_data(h.connection, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_connection_info(h.connection, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_connection_status(h.connection, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_connection_security(h.connection, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_poll_group_create(h.endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_poll_group_receive(h.poll_group, NULL, 1), KITH_E_INVALID);
	cr_expect_eq(kith_poll_group_fd(h.poll_group, NULL), KITH_E_INVALID);
	pair_close(&pair);
}

Test(arguments, numbers_out_of_range_are_answered)
{
	struct pair pair;
	struct handles h = make_all(&pair);
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_identity identity;
	struct kith_address address = KITH_ADDRESS_INIT;
	kith_message *message;
	uint32_t handle;

	cr_assert_eq(kith_identity_parse("str:x", &identity), KITH_OK);
	cr_expect_eq(kith_endpoint_listen_port(h.endpoint, -1, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_listen_port(h.endpoint, 65536, NULL, &handle), KITH_E_INVALID);
	options.virtual_port = 65536;
	cr_expect_eq(kith_endpoint_connect_identity(h.endpoint, &identity, &options, &handle), KITH_E_INVALID);
	options.virtual_port = 0;
	options.poll_group = 77;
	cr_expect_eq(kith_endpoint_connect_identity(h.endpoint, &identity, &options, &handle), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_connect_address(h.endpoint, &address, NULL, &handle), KITH_E_INVALID);
	memset(&identity, 0, sizeof(identity));
	cr_expect_eq(kith_endpoint_connect_identity(h.endpoint, &identity, NULL, &handle), KITH_E_INVALID);
	memset(&identity, 'x', sizeof(identity));
	cr_expect_eq(kith_endpoint_connect_identity(h.endpoint, &identity, NULL, &handle), KITH_E_INVALID);
	cr_expect_eq(kith_connection_receive(h.connection, &message, 0), KITH_E_INVALID);
	cr_expect_eq(kith_connection_receive(h.connection, &message, -1), KITH_E_INVALID);
	cr_expect_eq(kith_connection_accept(h.connection), KITH_E_STATE);
	cr_expect_eq(kith_signaling_set_state(h.signaling, 99, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_endpoint_receive_signal(h.endpoint, h.endpoint, "x", 1), KITH_E_HANDLE);
	cr_expect_eq(kith_endpoint_receive_signal(h.endpoint, 0, "x", KITH_SIGNAL_SIZE_MAX + 1), KITH_E_TOO_LARGE);
	cr_expect_eq(kith_endpoint_receive_signal(h.endpoint, 0, "junk", 4), KITH_OK);
	pair_close(&pair);
}

Test(arguments, a_null_message_is_nothing)
{
	struct kith_identity peer;

	cr_expect(kith_message_ref(NULL) == NULL);
	kith_message_release(NULL);
	kith_message_release_batch(NULL, 3);
	cr_expect(kith_message_data(NULL) == NULL);
	cr_expect_eq(kith_message_size(NULL), 0);
	cr_expect_eq(kith_message_flags(NULL), 0);
	cr_expect_eq(kith_message_lane(NULL), 0);
	cr_expect_eq(kith_message_number(NULL), 0);
	cr_expect_eq(kith_message_connection(NULL), 0);
	cr_expect_eq(kith_message_channel(NULL), 0);
	cr_expect_eq(kith_message_time_us(NULL), 0);
	cr_expect_eq(kith_message_user_data(NULL), 0);
	cr_expect_eq(kith_message_peer(NULL, &peer), KITH_E_INVALID);
	kith_message_set_flags(NULL, 0);
	kith_message_set_lane(NULL, 0);
	kith_message_set_user_data(NULL, 0);
	cr_expect_eq(kith_message_new("x", 1, NULL), KITH_E_INVALID);
}
