/* Credentials of TURN servers that end: the application is asked for others in time. */
#include "pair.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

/* A list of one user that ends so many seconds from now. */
static void set_users(uint32_t object, int seconds)
{
	char list[64];

	snprintf(list, sizeof(list), "%" PRId64 ":gordon", (int64_t)time(NULL) + seconds);
	cr_assert_eq(kith_config_set_text(object, KITH_CONFIG_P2P_TURN_SERVER_LIST, "turn:192.0.2.1"), KITH_OK);
	cr_assert_eq(kith_config_set_text(object, KITH_CONFIG_P2P_TURN_USER_LIST, list), KITH_OK);
	cr_assert_eq(kith_config_set_text(object, KITH_CONFIG_P2P_TURN_PASS_LIST, "xyzzy"), KITH_OK);
}

static double await_asked(kith_endpoint endpoint, kith_connection connection)
{
	int64_t begun = kith_now_us();
	struct kith_event event = pair_await(endpoint, KITH_EVENT_TURN_CREDENTIALS, 0);

	cr_assert_eq(event.endpoint, endpoint);
	cr_assert_eq(event.connection, connection);
	cr_assert_eq(event.time_us > begun, true);
	return (double)(kith_now_us() - begun) / 1e6;
}

Test(turn_credentials, an_endpoint_is_asked_before_they_end_and_once)
{
	kith_endpoint endpoint = pair_endpoint();
	double seconds;

	set_users(endpoint, 8);
	seconds = await_asked(endpoint, KITH_NO_HANDLE);
	cr_assert(seconds > 4 && seconds < 7.5, "after %f s", seconds);
	pair_await_nothing(endpoint, 3000000);
	set_users(endpoint, 4);
	cr_assert_lt(await_asked(endpoint, KITH_NO_HANDLE), 3.5);
	kith_endpoint_destroy(endpoint);
}

Test(turn_credentials, those_of_the_library_are_asked_for_at_each_endpoint)
{
	kith_endpoint first = pair_endpoint(), second;

	set_users(KITH_NO_HANDLE, 4);
	second = pair_endpoint();
	await_asked(first, KITH_NO_HANDLE);
	await_asked(second, KITH_NO_HANDLE);
	kith_endpoint_destroy(first);
	kith_endpoint_destroy(second);
}

Test(turn_credentials, a_connection_is_asked_for_its_own)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	set_users(pair.called, 4);
	await_asked(pair.client, pair.called);
	pair_await_nothing(pair.server, 100000);
	pair_close(&pair);
}

Test(turn_credentials, nobody_is_asked_for_what_does_not_end)
{
	kith_endpoint endpoint = pair_endpoint();

	set_users(endpoint, 3600);
	pair_await_nothing(endpoint, 1000000);
	cr_assert_eq(kith_config_set_text(endpoint, KITH_CONFIG_P2P_TURN_USER_LIST, "gordon"), KITH_OK);
	pair_await_nothing(endpoint, 1000000);
	kith_endpoint_destroy(endpoint);
}
