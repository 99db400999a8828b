#include "pair.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child cannot assert: it ends with the line of what failed, at most 255. */
#define CHILD_WANTS(condition) \
	do { \
		if (!(condition)) \
			_exit(__LINE__); \
	} while (0)

static struct pair pair;

static void set_up(void)
{
	pair_open(&pair, NULL, NULL);
}

static void tear_down(void)
{
	pair_close(&pair);
}

/* How the child ended. One that waits for ever is ended by its alarm. */
static int await_child(pid_t child)
{
	int status = 0;

	cr_assert_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static pid_t fork_child(void)
{
	pid_t child = fork();

	cr_assert(child >= 0);
	if (child == 0)
		alarm(10);
	return child;
}

static void child_finds_handles_stale(void)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_event event = KITH_EVENT_INIT;
	kith_message *message;

	CHILD_WANTS(kith_connection_send(pair.called, "x", 1, KITH_SEND_RELIABLE, 0, NULL) == KITH_E_HANDLE);
	CHILD_WANTS(kith_connection_receive(pair.accepted, &message, 1) == KITH_E_HANDLE);
	CHILD_WANTS(kith_connection_info(pair.called, &info) == KITH_E_HANDLE);
	CHILD_WANTS(kith_connection_close(pair.called, 0, NULL, 0) == KITH_E_HANDLE);
	CHILD_WANTS(kith_listener_close(pair.listener) == KITH_E_HANDLE);
	CHILD_WANTS(kith_endpoint_wait(pair.client, KITH_FOREVER_US) == KITH_E_HANDLE);
	CHILD_WANTS(kith_endpoint_next_event(pair.client, &event) == KITH_E_HANDLE);
	CHILD_WANTS(kith_endpoint_dispatch(pair.server, 0) == KITH_E_HANDLE);
	CHILD_WANTS(kith_endpoint_destroy(pair.client) == KITH_E_HANDLE);
	CHILD_WANTS(kith_endpoint_destroy(pair.server) == KITH_E_HANDLE);
	_exit(0);
}

Test(fork, in_the_child_every_handle_is_stale_and_the_parent_goes_on, .init = set_up, .fini = tear_down)
{
	pid_t child = fork_child();
	kith_message *message;

	if (child == 0)
		child_finds_handles_stale();
	cr_assert_eq(await_child(child), 0);
	pair_send(pair.client, pair.called, "still here", 10, KITH_SEND_RELIABLE, 0);
	message = pair_receive(pair.server, pair.accepted);
	cr_assert_eq(kith_message_size(message), 10u);
	kith_message_release(message);
}

Test(fork, messages_outlive_it_on_both_sides, .init = set_up, .fini = tear_down)
{
	kith_message *message;
	pid_t child;

	pair_send(pair.client, pair.called, "hello", 5, KITH_SEND_RELIABLE, 0);
	message = pair_receive(pair.server, pair.accepted);
	child = fork_child();
	if (child == 0) {
		CHILD_WANTS(kith_message_size(message) == 5 && memcmp(kith_message_data(message), "hello", 5) == 0);
		kith_message_release(message);
		_exit(0);
	}
	cr_assert_eq(await_child(child), 0);
	cr_assert_eq(memcmp(kith_message_data(message), "hello", 5), 0);
	kith_message_release(message);
}

/* ThreadSanitizer does not have threads begin in such a child. */
#ifndef __SANITIZE_THREAD__
static void child_talks_to_itself(void)
{
	kith_endpoint endpoint;
	kith_connection first, second;
	kith_message *message;

	CHILD_WANTS(kith_endpoint_create(NULL, &endpoint) == KITH_OK);
	CHILD_WANTS(kith_endpoint_pair(endpoint, endpoint, NULL, &first, &second) == KITH_OK);
	CHILD_WANTS(kith_connection_send(first, "own", 3, KITH_SEND_RELIABLE, 0, NULL) == KITH_OK);
	CHILD_WANTS(kith_endpoint_wait(endpoint, PAIR_PATIENCE_US) == KITH_OK);
	CHILD_WANTS(kith_connection_receive(second, &message, 1) == 1);
	kith_message_release(message);
	CHILD_WANTS(kith_connection_send(pair.called, "x", 1, KITH_SEND_RELIABLE, 0, NULL) == KITH_E_HANDLE);
	CHILD_WANTS(kith_endpoint_destroy(endpoint) == KITH_OK);
	_exit(0);
}

Test(fork, the_child_may_make_endpoints_of_its_own, .init = set_up, .fini = tear_down)
{
	pid_t child = fork_child();

	if (child == 0)
		child_talks_to_itself();
	cr_assert_eq(await_child(child), 0);
}
#endif

static atomic_bool enough;

/* Takes the locks of the whole process as often as it can. */
static void *make_and_end_objects(void *unused)
{
	(void)unused;
	while (!enough) {
		kith_poll_group group;
		int64_t value;
		if (kith_poll_group_create(pair.server, &group) == KITH_OK)
			kith_poll_group_destroy(group);
		kith_config_get_int(KITH_NO_HANDLE, KITH_CONFIG_NAGLE_TIME, &value);
	}
	return NULL;
}

static void child_finds_no_lock_held(void)
{
	int64_t value;

	CHILD_WANTS(kith_config_get_int(KITH_NO_HANDLE, KITH_CONFIG_NAGLE_TIME, &value) == KITH_OK);
	CHILD_WANTS(kith_endpoint_wait(pair.server, KITH_FOREVER_US) == KITH_E_HANDLE);
	_exit(0);
}

Test(fork, no_lock_of_the_process_is_held_in_the_child, .init = set_up, .fini = tear_down)
{
	pthread_t threads[2];

	enough = false;
	for (int i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, make_and_end_objects, NULL), 0);
	for (int i = 0; i < 100; i++) {
		pid_t child = fork_child();
		if (child == 0)
			child_finds_no_lock_held();
		cr_assert_eq(await_child(child), 0, "child %d", i);
	}
	enough = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}
