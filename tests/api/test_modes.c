/* Delivery modes: sequenced messages, and messages with a time to live. */
#include "pair.h"

#include <string.h>

/* A client that has called a server which has not accepted yet: what is sent waits. */
static void open_waiting(struct pair *pair)
{
	memset(pair, 0, sizeof(*pair));
	pair->server = pair_endpoint();
	pair->client = pair_endpoint();
	pair->listener = pair_listen(pair->server, NULL, &pair->address);
	cr_assert_eq(kith_endpoint_connect_address(pair->client, &pair->address, NULL, &pair->called), KITH_OK);
	pair->accepted = pair_await(pair->server, KITH_EVENT_STATE, KITH_STATE_CONNECTING).connection;
}

static uint64_t count_expired(kith_connection connection)
{
	struct kith_status status = KITH_STATUS_INIT;

	cr_assert_eq(kith_connection_status(connection, &status), KITH_OK);
	return status.messages_expired;
}

static void await_expired(const struct pair *pair, uint64_t count)
{
	while (count_expired(pair->called) < count)
		cr_assert_eq(pair_await(pair->client, KITH_EVENT_EXPIRED, 0).connection, pair->called);
	cr_assert_eq(count_expired(pair->called), count);
}

static void expect(const struct pair *pair, const char *text, uint32_t flags, int64_t number)
{
	kith_message *message = pair_receive(pair->server, pair->accepted);

	cr_assert_eq(kith_message_size(message), strlen(text));
	cr_assert(memcmp(kith_message_data(message), text, strlen(text)) == 0);
	cr_assert_eq(kith_message_flags(message), flags);
	cr_assert_eq(kith_message_number(message), number);
	kith_message_release(message);
}

Test(modes, what_waited_too_long_is_dropped_and_told_of)
{
	struct pair pair;
	const struct kith_outgoing outgoing[] = {
		{ "too late", 8, KITH_SEND_RELIABLE, 0, 30000 },          { "a", 1, KITH_SEND_RELIABLE, 0, 0 },
		{ "too late as well", 16, KITH_SEND_RELIABLE, 0, 40000 }, { "b", 1, KITH_SEND_RELIABLE, 0, INT64_MAX },
		{ "and so is this", 14, KITH_SEND_UNRELIABLE, 0, 1 },
	};

	open_waiting(&pair);
	cr_assert_eq(kith_connection_send_batch(pair.called, outgoing, 5), 5);
	await_expired(&pair, 3);
	cr_assert_eq(kith_connection_accept(pair.accepted), KITH_OK);
	expect(&pair, "a", KITH_SEND_RELIABLE, 2);
	expect(&pair, "b", KITH_SEND_RELIABLE, 4);
	cr_assert_eq(count_expired(pair.called), 3);
	pair_close(&pair);
}

Test(modes, what_leaves_in_time_arrives)
{
	struct pair pair;
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_message_new("in time", 7, &message), KITH_OK);
	kith_message_set_flags(message, KITH_SEND_RELIABLE);
	kith_message_set_ttl_us(message, 5000000);
	cr_assert_eq(kith_message_ttl_us(message), 5000000);
	cr_assert_eq(kith_connection_send_message(pair.called, message, NULL), KITH_OK);
	expect(&pair, "in time", KITH_SEND_RELIABLE, 1);
	cr_assert_eq(count_expired(pair.called), 0);
	pair_close(&pair);
}

static int released;

static void on_release(void *user_data, void *data, size_t size)
{
	(void)user_data, (void)data, (void)size;
	__atomic_fetch_add(&released, 1, __ATOMIC_SEQ_CST);
}

Test(modes, the_buffer_of_an_expired_message_is_given_back)
{
	struct pair pair;
	static char bytes[] = "abc";
	kith_message *message;

	open_waiting(&pair);
	cr_assert_eq(kith_message_wrap(bytes, 3, on_release, NULL, &message), KITH_OK);
	kith_message_set_ttl_us(message, 1000);
	cr_assert_eq(kith_connection_send_message(pair.called, message, NULL), KITH_OK);
	await_expired(&pair, 1);
	/* The thread gives it back when it has left its lock, which may be after the event. */
	for (int64_t end = kith_now_us() + PAIR_PATIENCE_US; __atomic_load_n(&released, __ATOMIC_SEQ_CST) == 0;)
		cr_assert(kith_now_us() < end);
	pair_close(&pair);
	cr_assert_eq(released, 1);
}

Test(modes, expiring_makes_room_that_was_asked_for)
{
	struct pair pair;
	static char bytes[100000];
	const struct kith_outgoing outgoing = { bytes, sizeof(bytes), KITH_SEND_RELIABLE, 0, 50000 };
	int sent = 0;

	open_waiting(&pair);
	int32_t result;
	while ((result = kith_connection_send_batch(pair.called, &outgoing, 1)) == 1)
		sent++;
	cr_assert_eq(result, KITH_E_AGAIN);
	pair_await(pair.client, KITH_EVENT_WRITABLE, 0);
	while (count_expired(pair.called) < (uint64_t)sent)
		pair_await(pair.client, KITH_EVENT_EXPIRED, 0);
	cr_assert_eq(kith_connection_send(pair.called, "room", 4, KITH_SEND_RELIABLE, 0, NULL), KITH_OK);
	cr_assert_eq(kith_connection_accept(pair.accepted), KITH_OK);
	expect(&pair, "room", KITH_SEND_RELIABLE, sent + 1);
	pair_close(&pair);
}

Test(modes, sequenced_messages_say_so)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	pair_send(pair.client, pair.called, "s", 1, KITH_SEND_SEQUENCED | KITH_SEND_NO_NAGLE, 0);
	expect(&pair, "s", KITH_SEND_SEQUENCED, 1);
	pair_send(pair.client, pair.called, "r", 1, KITH_SEND_SEQUENCED | KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	expect(&pair, "r", KITH_SEND_SEQUENCED | KITH_SEND_RELIABLE, 2);
	pair_send(pair.client, pair.called, "u", 1, KITH_SEND_UNRELIABLE | KITH_SEND_NO_NAGLE, 0);
	expect(&pair, "u", KITH_SEND_UNRELIABLE, 3);
	pair_close(&pair);
}

Test(modes, what_must_not_wait_is_dropped_where_it_would)
{
	enum { RATE = 20000 };
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	const struct kith_config_entry slow[] = { { KITH_CONFIG_CONGESTION_CONTROL, KITH_TYPE_INT32, NULL, 1, 0, NULL },
		                                      { KITH_CONFIG_SEND_RATE_MAX, KITH_TYPE_INT32, NULL, RATE, 0, NULL } };
	static const char much[RATE];
	struct pair pair;
	uint32_t now = KITH_SEND_UNRELIABLE | KITH_SEND_NO_DELAY;

	options.config = slow;
	options.config_count = 2;
	pair_open(&pair, NULL, &options);
	cr_assert_eq(kith_connection_send(pair.called, "at once", 7, now, 0, NULL), KITH_OK);
	expect(&pair, "at once", KITH_SEND_UNRELIABLE, 1);
	cr_assert_eq(kith_connection_send(pair.called, much, sizeof(much), KITH_SEND_RELIABLE, 0, NULL), KITH_OK);
	cr_assert_eq(kith_connection_send(pair.called, "late", 4, now, 0, NULL), KITH_E_LIMIT);
	/* One that arrives for sure, or may wait, is taken. */
	cr_assert_eq(kith_connection_send(pair.called, "sure", 4, KITH_SEND_RELIABLE | KITH_SEND_NO_DELAY, 0, NULL),
	             KITH_OK);
	cr_assert_eq(kith_connection_send(pair.called, "slow", 4, KITH_SEND_UNRELIABLE, 0, NULL), KITH_OK);
	pair_close(&pair);
}

Test(modes, flags_and_times_that_make_no_sense_are_refused)
{
	struct pair pair;
	struct kith_outgoing outgoing = { "x", 1, KITH_SEND_RELIABLE, 0, -1 };
	kith_message *message;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_send_batch(pair.called, &outgoing, 1), KITH_E_INVALID);
	cr_assert(strstr(kith_last_error(), "ttl_us") != NULL, "%s", kith_last_error());
	cr_assert_eq(kith_connection_send(pair.called, "x", 1, 0x80000000u, 0, NULL), KITH_E_INVALID);
	cr_assert(strstr(kith_last_error(), "flags") != NULL, "%s", kith_last_error());
	cr_assert_eq(kith_message_new("x", 1, &message), KITH_OK);
	kith_message_set_ttl_us(message, -5);
	cr_assert_eq(kith_connection_send_message(pair.called, message, NULL), KITH_E_INVALID);
	kith_message_release(message);
	cr_assert_eq(kith_message_ttl_us(NULL), 0);
	kith_message_set_ttl_us(NULL, 1);
	pair_close(&pair);
}
