#include "pair.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

Test(endpoint, makes_itself_a_key_without_an_identity)
{
	kith_endpoint first = pair_endpoint(), second = pair_endpoint();
	struct kith_identity a, b, made;
	uint8_t key[KITH_KEY_SIZE];

	cr_assert_eq(kith_endpoint_identity(first, &a), KITH_OK);
	cr_assert_eq(kith_endpoint_identity(second, &b), KITH_OK);
	cr_assert_eq(a.kind, KITH_IDENTITY_KEY);
	cr_assert_not(kith_identity_equal(&a, &b));
	cr_assert_eq(kith_endpoint_public_key(first, key), KITH_OK);
	cr_assert_eq(kith_identity_from_bytes(key, sizeof(key), &made), KITH_OK);
	cr_assert(kith_identity_equal(&a, &made));
	kith_endpoint_destroy(first);
	kith_endpoint_destroy(second);
}

Test(endpoint, is_who_its_options_say)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity alice, is;
	kith_endpoint endpoint;

	cr_assert_eq(kith_identity_parse("str:alice", &alice), KITH_OK);
	options.identity = &alice;
	cr_assert_eq(kith_endpoint_create(&options, &endpoint), KITH_OK);
	cr_assert_eq(kith_endpoint_identity(endpoint, &is), KITH_OK);
	cr_assert(kith_identity_equal(&alice, &is));
	kith_endpoint_destroy(endpoint);
}

Test(endpoint, of_another_key_is_refused)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	uint8_t mine[KITH_KEY_SIZE], other[KITH_KEY_SIZE];
	struct kith_identity identity;
	kith_endpoint endpoint;

	cr_assert_eq(kith_key_generate(mine), KITH_OK);
	cr_assert_eq(kith_key_generate(other), KITH_OK);
	cr_assert_eq(kith_key_identity(other, &identity), KITH_OK);
	options.identity = &identity;
	options.private_key = mine;
	cr_assert_eq(kith_endpoint_create(&options, &endpoint), KITH_E_AUTH);
	cr_assert_eq(endpoint, KITH_NO_HANDLE);
	options.private_key = other;
	cr_assert_eq(kith_endpoint_create(&options, &endpoint), KITH_OK);
	kith_endpoint_destroy(endpoint);
}

Test(endpoint, bad_options_are_named)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_config_entry entry = { KITH_CONFIG_SEND_RATE_MAX, KITH_TYPE_INT32, NULL, 1, 0, NULL };
	kith_endpoint endpoint = 1;

	options.config = &entry;
	options.config_count = 1;
	cr_assert_eq(kith_endpoint_create(&options, &endpoint), KITH_E_INVALID);
	cr_assert_eq(endpoint, KITH_NO_HANDLE);
	cr_assert(strstr(kith_last_error(), "SendRateMax") != NULL, "%s", kith_last_error());
	options.struct_size = 0;
	cr_assert_eq(kith_endpoint_create(&options, &endpoint), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_create(NULL, NULL), KITH_E_INVALID);
}

Test(endpoint, its_descriptor_is_readable_while_an_event_waits)
{
	struct pair pair;
	struct kith_event event = KITH_EVENT_INIT;
	int32_t fd;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_endpoint_fd(pair.server, &fd), KITH_OK);
	struct pollfd polled = { fd, POLLIN, 0 };
	pair_await_nothing(pair.server, 1000);
	cr_assert_eq(poll(&polled, 1, 0), 0);
	pair_send(pair.client, pair.called, "x", 1, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	cr_assert_eq(poll(&polled, 1, 10000), 1);
	cr_assert_eq(poll(&polled, 1, 10000), 1);
	while (kith_endpoint_next_event(pair.server, &event) == KITH_OK)
		continue;
	cr_assert_eq(poll(&polled, 1, 0), 0);
	pair_close(&pair);
}

Test(endpoint, wait_keeps_to_its_time)
{
	kith_endpoint endpoint = pair_endpoint();
	int64_t begun = kith_now_us();

	cr_assert_eq(kith_endpoint_wait(endpoint, 0), KITH_E_TIMEOUT);
	cr_assert_eq(kith_endpoint_wait(endpoint, 50000), KITH_E_TIMEOUT);
	cr_assert(kith_now_us() - begun >= 50000);
	cr_assert(kith_now_us() - begun < 5000000);
	kith_endpoint_destroy(endpoint);
}

static void *destroy_soon(void *data)
{
	usleep(50000);
	cr_assert_eq(kith_endpoint_destroy(*(kith_endpoint *)data), KITH_OK);
	return NULL;
}

Test(endpoint, destroying_cancels_who_waits)
{
	kith_endpoint endpoint = pair_endpoint();
	pthread_t thread;
	kith_result result;

	pthread_create(&thread, NULL, destroy_soon, &endpoint);
	result = kith_endpoint_wait(endpoint, KITH_FOREVER_US);
	cr_assert_eq(result, KITH_E_CANCELLED, "%s", kith_result_name(result));
	pthread_join(thread, NULL);
	cr_assert_eq(kith_endpoint_wait(endpoint, KITH_FOREVER_US), KITH_E_HANDLE);
	cr_assert_eq(kith_endpoint_dispatch(endpoint, 0), KITH_E_HANDLE);
}

static void on_signal(int number)
{
	(void)number;
}

static void *signal_soon(void *data)
{
	usleep(100000);
	pthread_kill(*(pthread_t *)data, SIGUSR1);
	return NULL;
}

Test(endpoint, a_signal_handler_interrupts_waiting)
{
	kith_endpoint endpoint = pair_endpoint();
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t self = pthread_self(), thread;

	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&thread, NULL, signal_soon, &self);
	cr_assert_eq(kith_endpoint_wait(endpoint, 10000000), KITH_E_INTERRUPTED);
	pthread_join(thread, NULL);
	kith_endpoint_destroy(endpoint);
}

/* --- callbacks */

struct counts {
	int states, readables, others, wakes, releases;
	kith_endpoint to_destroy;
	kith_connection to_close;
};

static void on_release(void *user_data)
{
	__atomic_fetch_add(&((struct counts *)user_data)->releases, 1, __ATOMIC_SEQ_CST);
}

static void on_wake(void *user_data)
{
	__atomic_fetch_add(&((struct counts *)user_data)->wakes, 1, __ATOMIC_SEQ_CST);
}

static int load(int *number)
{
	return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

static void on_state(void *user_data, const struct kith_event *event)
{
	struct counts *counts = user_data;

	counts->states++;
	cr_assert_eq(event->type, KITH_EVENT_STATE);
	if (event->state == KITH_STATE_CONNECTING)
		cr_assert_eq(kith_connection_accept(event->connection), KITH_OK);
}

static void on_readable(void *user_data, const struct kith_event *event)
{
	struct counts *counts = user_data;
	kith_message *messages[4];
	int32_t count = kith_connection_receive(event->connection, messages, 4);

	counts->readables++;
	cr_assert(count > 0);
	cr_assert_eq(kith_connection_send(event->connection, "back", 4, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0, NULL),
	             KITH_OK);
	kith_message_release_batch(messages, (size_t)count);
}

Test(endpoint, dispatch_calls_back_on_this_thread_and_every_call_is_legal_inside)
{
	kith_endpoint server = pair_endpoint(), client = pair_endpoint();
	struct kith_callbacks callbacks = KITH_CALLBACKS_INIT;
	struct counts counts = { 0 };
	struct kith_address address;
	kith_connection called;
	kith_message *message = NULL;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	callbacks.user_data = &counts;
	callbacks.release = on_release;
	callbacks.on_state = on_state;
	callbacks.on_readable = on_readable;
	cr_assert_eq(kith_endpoint_set_callbacks(server, &callbacks), KITH_OK);
	pair_listen(server, NULL, &address);
	cr_assert_eq(kith_endpoint_connect_address(client, &address, NULL, &called), KITH_OK);
	cr_assert_eq(kith_connection_send(called, "there", 5, KITH_SEND_RELIABLE, 0, NULL), KITH_OK);
	while (message == NULL) {
		cr_assert(kith_now_us() < deadline);
		cr_assert(kith_endpoint_dispatch(server, 10000) >= 0);
		cr_assert(kith_connection_receive(called, &message, 1) >= 0);
	}
	cr_assert_eq(kith_message_size(message), 4);
	kith_message_release(message);
	cr_assert(counts.states >= 2 && counts.readables >= 1);
	cr_assert_eq(load(&counts.releases), 0);
	kith_endpoint_destroy(server);
	cr_assert_eq(load(&counts.releases), 1);
	kith_endpoint_destroy(client);
}

static void destroy_in_callback(void *user_data, const struct kith_event *event)
{
	struct counts *counts = user_data;

	counts->others++;
	(void)event;
	cr_assert_eq(kith_endpoint_destroy(counts->to_destroy), KITH_OK);
	cr_assert_eq(kith_endpoint_destroy(counts->to_destroy), KITH_E_HANDLE);
}

Test(endpoint, may_be_destroyed_in_its_own_callback)
{
	struct pair pair;
	struct kith_callbacks callbacks = KITH_CALLBACKS_INIT;
	struct counts counts = { 0 };

	pair_open(&pair, NULL, NULL);
	counts.to_destroy = pair.server;
	callbacks.user_data = &counts;
	callbacks.release = on_release;
	callbacks.on_other = destroy_in_callback;
	cr_assert_eq(kith_endpoint_set_callbacks(pair.server, &callbacks), KITH_OK);
	for (int i = 0; i < 5; i++)
		pair_send(pair.client, pair.called, "x", 1, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	cr_assert_eq(kith_endpoint_dispatch(pair.server, PAIR_PATIENCE_US), 1);
	cr_assert_eq(counts.others, 1);
	cr_assert_eq(load(&counts.releases), 1);
	kith_endpoint_destroy(pair.client);
}

Test(endpoint, the_wake_callback_rings_and_is_released_once)
{
	struct pair pair;
	struct counts counts = { 0 };
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	pair_open(&pair, NULL, NULL);
	pair_await_nothing(pair.server, 1000);
	cr_assert_eq(kith_endpoint_set_wake(pair.server, on_wake, &counts, on_release), KITH_OK);
	cr_assert_eq(load(&counts.wakes), 0);
	pair_send(pair.client, pair.called, "x", 1, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	while (load(&counts.wakes) == 0)
		cr_assert(kith_now_us() < deadline);
	/* Something waits: a new one is told at once. */
	cr_assert_eq(kith_endpoint_set_wake(pair.server, on_wake, &counts, on_release), KITH_OK);
	cr_assert(load(&counts.wakes) >= 2);
	cr_assert_eq(load(&counts.releases), 1);
	pair_close(&pair);
	cr_assert_eq(load(&counts.releases), 2);
	cr_assert_eq(kith_endpoint_set_wake(pair.server, on_wake, &counts, on_release), KITH_E_HANDLE);
	cr_assert_eq(load(&counts.releases), 3);
}

static void *send_much(void *data)
{
	kith_connection connection = *(kith_connection *)data;
	char bytes[100] = { 0 };
	kith_result result;

	do {
		result = kith_connection_send(connection, bytes, sizeof(bytes), KITH_SEND_RELIABLE, 0, NULL);
	} while (result == KITH_OK || result == KITH_E_AGAIN);
	cr_assert(result == KITH_E_HANDLE || result == KITH_E_CLOSED, "%s", kith_result_name(result));
	return NULL;
}

static void *receive_much(void *data)
{
	kith_connection connection = *(kith_connection *)data;
	kith_message *messages[16];
	int32_t count;

	while ((count = kith_connection_receive(connection, messages, 16)) >= 0)
		kith_message_release_batch(messages, (size_t)count);
	cr_assert(count == KITH_E_HANDLE || count == KITH_E_CLOSED);
	return NULL;
}

Test(endpoint, may_be_destroyed_while_other_threads_use_it)
{
	for (int round = 0; round < 10; round++) {
		struct pair pair;
		pthread_t threads[4];
		pair_open(&pair, NULL, NULL);
		pthread_create(&threads[0], NULL, send_much, &pair.called);
		pthread_create(&threads[1], NULL, send_much, &pair.called);
		pthread_create(&threads[2], NULL, receive_much, &pair.accepted);
		pthread_create(&threads[3], NULL, receive_much, &pair.accepted);
		usleep(20000);
		pair_close(&pair);
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
	}
}

static void on_log(void *user_data, int32_t subject, int32_t level, const char *text)
{
	cr_assert(subject >= 0 && subject < KITH_SUBJECTS);
	cr_assert(text[0] != '\0');
	cr_assert(level >= KITH_LOG_ERROR && level <= KITH_LOG_DEBUG);
	__atomic_fetch_add((int *)user_data, 1, __ATOMIC_SEQ_CST);
}

Test(endpoint, the_log_gets_lines)
{
	struct pair pair;
	int lines = 0;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_endpoint_set_log(pair.server, KITH_LOG_INFO, on_log, &lines, NULL), KITH_OK);
	cr_assert_eq(kith_endpoint_set_log(pair.server, 99, on_log, &lines, NULL), KITH_E_INVALID);
	kith_connection_close(pair.called, 0, NULL, 0);
	pair_await(pair.server, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	pair_close(&pair);
	cr_assert(__atomic_load_n(&lines, __ATOMIC_SEQ_CST) > 0);
}

Test(endpoint, an_old_and_a_new_program_fit_too)
{
	struct {
		struct kith_event event;
		char newer[64];
	} larger;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	pair_await_nothing(pair.server, 1000);
	kith_connection_close(pair.called, 0, NULL, 0);
	cr_assert_eq(kith_endpoint_wait(pair.server, PAIR_PATIENCE_US), KITH_OK);
	/* A newer program's struct: what we do not have becomes zero. */
	memset(&larger, 0xff, sizeof(larger));
	larger.event.struct_size = sizeof(larger);
	cr_assert_eq(kith_endpoint_next_event(pair.server, &larger.event), KITH_OK);
	cr_assert_eq(larger.event.struct_size, sizeof(larger));
	cr_assert_eq(larger.event.type, KITH_EVENT_STATE);
	cr_assert_eq(larger.newer[0], 0);
	cr_assert_eq(larger.newer[63], 0);
	/* An older one's: no byte behind it is touched. */
	memset(&larger, 0xff, sizeof(larger));
	larger.event.struct_size = 12;
	cr_assert_eq(kith_endpoint_next_event(pair.server, &larger.event), KITH_E_AGAIN);
	cr_assert_eq(larger.event.type, KITH_EVENT_NONE);
	cr_assert_eq(larger.event.connection, 0xffffffff);
	pair_close(&pair);
}
