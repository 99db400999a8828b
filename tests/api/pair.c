#include "pair.h"

#include <string.h>

static struct kith_event next_event(kith_endpoint endpoint, int64_t deadline)
{
	struct kith_event event = KITH_EVENT_INIT;

	while (kith_endpoint_next_event(endpoint, &event) != KITH_OK) {
		int64_t left = deadline - kith_now_us();
		cr_assert(left > 0, "no event came");
		kith_result result = kith_endpoint_wait(endpoint, left);
		cr_assert(result == KITH_OK || result == KITH_E_INTERRUPTED, "%s", kith_last_error());
	}
	return event;
}

struct kith_event pair_await(kith_endpoint endpoint, int32_t type, int32_t state)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	struct kith_event event;

	do {
		event = next_event(endpoint, deadline);
	} while (event.type != type || (type == KITH_EVENT_STATE && event.state != state));
	return event;
}

void pair_await_nothing(kith_endpoint endpoint, int64_t for_us)
{
	struct kith_event event = KITH_EVENT_INIT;

	while (kith_endpoint_next_event(endpoint, &event) == KITH_OK)
		continue;
	cr_assert_eq(kith_endpoint_wait(endpoint, for_us), KITH_E_TIMEOUT);
}

kith_message *pair_receive(kith_endpoint endpoint, kith_connection connection)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	kith_message *message = NULL;
	int32_t count;

	while ((count = kith_connection_receive(connection, &message, 1)) == 0)
		next_event(endpoint, deadline);
	cr_assert_eq(count, 1, "%s", kith_last_error());
	return message;
}

void pair_send(kith_endpoint endpoint, kith_connection connection, const void *data, size_t size, uint32_t flags,
               int32_t lane)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	kith_result result;

	while ((result = kith_connection_send(connection, data, size, flags, lane, NULL)) == KITH_E_AGAIN)
		next_event(endpoint, deadline);
	cr_assert_eq(result, KITH_OK, "%s: %s", kith_result_name(result), kith_last_error());
}

kith_endpoint pair_endpoint(void)
{
	kith_endpoint endpoint;

	cr_assert_eq(kith_endpoint_create(NULL, &endpoint), KITH_OK, "%s", kith_last_error());
	return endpoint;
}

kith_listener pair_listen(kith_endpoint endpoint, const struct kith_listener_options *options,
                          struct kith_address *address)
{
	kith_listener listener;

	cr_assert_eq(kith_address_parse("127.0.0.1", address), KITH_OK);
	cr_assert_eq(kith_endpoint_listen_address(endpoint, address, options, &listener), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(kith_listener_address(listener, address), KITH_OK);
	return listener;
}

void pair_open(struct pair *pair, const struct kith_listener_options *listener_options,
               const struct kith_connection_options *connection_options)
{
	struct kith_event event;

	memset(pair, 0, sizeof(*pair));
	pair->server = pair_endpoint();
	pair->client = pair_endpoint();
	pair->listener = pair_listen(pair->server, listener_options, &pair->address);
	cr_assert_eq(kith_endpoint_connect_address(pair->client, &pair->address, connection_options, &pair->called),
	             KITH_OK, "%s", kith_last_error());
	event = pair_await(pair->server, KITH_EVENT_STATE, KITH_STATE_CONNECTING);
	cr_assert_eq(event.listener, pair->listener);
	pair->accepted = event.connection;
	cr_assert_eq(kith_connection_accept(pair->accepted), KITH_OK, "%s", kith_last_error());
	pair_await(pair->client, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	pair_await(pair->server, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
}

void pair_close(struct pair *pair)
{
	cr_assert_eq(kith_endpoint_destroy(pair->client), KITH_OK);
	cr_assert_eq(kith_endpoint_destroy(pair->server), KITH_OK);
}
