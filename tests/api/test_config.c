/* Options: how they spread from the library down to a connection, and what is refused. */
#include "pair.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int64_t get(uint32_t object, int32_t id)
{
	int64_t value = INT64_MIN;

	cr_assert_eq(kith_config_get_int(object, id, &value), KITH_OK, "%s", kith_last_error());
	return value;
}

static void expect_all(const struct pair *pair, int32_t id, int64_t value)
{
	cr_expect_eq(get(pair->server, id), value);
	cr_expect_eq(get(pair->listener, id), value);
	cr_expect_eq(get(pair->accepted, id), value);
	cr_expect_eq(get(pair->client, id), value);
	cr_expect_eq(get(pair->called, id), value);
}

Test(config, a_default_of_the_library_reaches_everything_at_once)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	expect_all(&pair, KITH_CONFIG_NAGLE_TIME, 5000);
	cr_assert_eq(kith_config_set_int(KITH_NO_HANDLE, KITH_CONFIG_NAGLE_TIME, 77), KITH_OK);
	expect_all(&pair, KITH_CONFIG_NAGLE_TIME, 77);
	cr_assert_eq(kith_config_reset(KITH_NO_HANDLE, KITH_CONFIG_NAGLE_TIME), KITH_OK);
	expect_all(&pair, KITH_CONFIG_NAGLE_TIME, 5000);
	pair_close(&pair);
}

Test(config, what_is_set_below_stays)
{
	struct pair pair;
	struct kith_config_entry entry = { KITH_CONFIG_NAGLE_TIME, KITH_TYPE_INT32, NULL, 11, 0, NULL };
	struct kith_listener_options options = KITH_LISTENER_OPTIONS_INIT;

	options.config = &entry;
	options.config_count = 1;
	pair_open(&pair, &options, NULL);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_NAGLE_TIME), 11);
	cr_assert_eq(kith_config_set_int(pair.server, KITH_CONFIG_NAGLE_TIME, 22), KITH_OK);
	cr_assert_eq(get(pair.listener, KITH_CONFIG_NAGLE_TIME), 11);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_NAGLE_TIME), 11);
	cr_assert_eq(kith_config_set_int(pair.listener, KITH_CONFIG_NAGLE_TIME, 33), KITH_OK);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_NAGLE_TIME), 33);
	cr_assert_eq(kith_config_set_int(pair.accepted, KITH_CONFIG_NAGLE_TIME, 44), KITH_OK);
	cr_assert_eq(kith_config_set_int(pair.listener, KITH_CONFIG_NAGLE_TIME, 55), KITH_OK);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_NAGLE_TIME), 44);
	cr_assert_eq(kith_config_reset(pair.accepted, KITH_CONFIG_NAGLE_TIME), KITH_OK);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_NAGLE_TIME), 55);
	cr_assert_eq(kith_listener_close(pair.listener), KITH_OK);
	cr_assert_eq(kith_config_set_int(pair.server, KITH_CONFIG_NAGLE_TIME, 66), KITH_OK);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_NAGLE_TIME), 55);
	cr_assert_eq(get(pair.called, KITH_CONFIG_NAGLE_TIME), 5000);
	cr_assert_eq(kith_config_set_int(pair.client, KITH_CONFIG_NAGLE_TIME, 88), KITH_OK);
	cr_assert_eq(get(pair.called, KITH_CONFIG_NAGLE_TIME), 88);
	pair_close(&pair);
}

Test(config, a_connection_that_has_started_keeps_what_it_agreed_on)
{
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_config_set_int(pair.server, KITH_CONFIG_UNENCRYPTED, 2), KITH_OK);
	cr_assert_eq(get(pair.listener, KITH_CONFIG_UNENCRYPTED), 2);
	cr_assert_eq(get(pair.accepted, KITH_CONFIG_UNENCRYPTED), 0);
	cr_assert_eq(kith_config_set_int(pair.accepted, KITH_CONFIG_UNENCRYPTED, 2), KITH_E_STATE);
	cr_assert_eq(kith_config_reset(pair.accepted, KITH_CONFIG_UNENCRYPTED), KITH_E_STATE);
	cr_assert(strstr(kith_last_error(), "Unencrypted") != NULL, "%s", kith_last_error());
	pair_close(&pair);
}

Test(config, servers_that_are_added_reach_listeners)
{
	kith_endpoint endpoint = pair_endpoint();
	kith_listener listener;
	char text[64];

	cr_assert_eq(kith_endpoint_listen_port(endpoint, 5, NULL, &listener), KITH_OK);
	cr_assert_eq(kith_endpoint_add_stun_server(endpoint, "192.0.2.1:3478"), KITH_OK);
	cr_assert_eq(kith_config_get_text(listener, KITH_CONFIG_P2P_STUN_SERVER_LIST, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strcmp(text, "192.0.2.1:3478") == 0, "%s", text);
	kith_endpoint_destroy(endpoint);
}

/* Refused with the option's name and its range, one by one, and nothing changes. */
Test(config, every_option_refuses_what_is_out_of_its_range)
{
	kith_endpoint endpoint = pair_endpoint();
	struct kith_config_info info = KITH_CONFIG_INFO_INIT;
	char before[8192], after[8192], bound[32];

	for (int32_t id = 1; id <= kith_config_count(); id++) {
		cr_assert_eq(kith_config_describe(id, &info), KITH_OK);
		cr_assert(info.text != NULL && info.text[0] != '\0');
		cr_assert_eq(kith_config_get_text(endpoint, id, before, sizeof(before), NULL), KITH_OK);
		if (info.lock == KITH_LOCK_READ_ONLY) {
			cr_expect_eq(kith_config_set_text(endpoint, id, before), KITH_E_STATE);
		} else if (info.type == KITH_TYPE_INT32) {
			cr_expect_eq(kith_config_set_int(endpoint, id, (int64_t)info.min - 1), KITH_E_INVALID, "%s", info.name);
			cr_expect_eq(kith_config_set_int(endpoint, id, (int64_t)info.max + 1), KITH_E_INVALID, "%s", info.name);
			snprintf(bound, sizeof(bound), "%.0f", info.max);
			cr_expect(strstr(kith_last_error(), bound) != NULL, "%s", kith_last_error());
		} else if (info.type == KITH_TYPE_FLOAT) {
			cr_expect_eq(kith_config_set_real(endpoint, id, info.min - 0.5), KITH_E_INVALID, "%s", info.name);
			cr_expect_eq(kith_config_set_real(endpoint, id, info.max + 0.5), KITH_E_INVALID, "%s", info.name);
			cr_expect_eq(kith_config_set_text(endpoint, id, "nan"), KITH_E_INVALID, "%s", info.name);
		} else {
			memset(after, 'x', sizeof(after));
			after[(size_t)info.max + 1] = '\0';
			cr_expect_eq(kith_config_set_text(endpoint, id, after), KITH_E_INVALID, "%s", info.name);
		}
		cr_expect(strstr(kith_last_error(), info.name) != NULL, "%s", kith_last_error());
		cr_assert_eq(kith_config_get_text(endpoint, id, after, sizeof(after), NULL), KITH_OK);
		cr_expect(strcmp(before, after) == 0, "%s", info.name);
	}
	kith_endpoint_destroy(endpoint);
}

/* Both ends of every range are taken, at every level. */
Test(config, every_option_takes_both_ends_of_its_range)
{
	struct pair pair;
	struct kith_config_info info = KITH_CONFIG_INFO_INIT;
	uint32_t objects[3];

	pair_open(&pair, NULL, NULL);
	objects[0] = KITH_NO_HANDLE;
	objects[1] = pair.client;
	objects[2] = pair.listener;
	for (int32_t id = 1; id <= kith_config_count(); id++) {
		cr_assert_eq(kith_config_describe(id, &info), KITH_OK);
		for (int i = 0; i < 3 && info.type == KITH_TYPE_INT32 && info.lock != KITH_LOCK_READ_ONLY; i++) {
			cr_expect_eq(kith_config_set_int(objects[i], id, (int64_t)info.min), KITH_OK, "%s", kith_last_error());
			cr_expect_eq(kith_config_set_int(objects[i], id, (int64_t)info.max), KITH_OK, "%s", kith_last_error());
			cr_expect_eq(get(objects[i], id), (int64_t)info.max);
			cr_expect_eq(kith_config_reset(objects[i], id), KITH_OK);
		}
	}
	cr_assert_eq(kith_config_reset(KITH_NO_HANDLE, 0), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_config_reset(12345, 1), KITH_E_HANDLE);
	pair_close(&pair);
}

static void *set_defaults(void *data)
{
	(void)data;
	for (int i = 0; i < 2000; i++)
		cr_assert_eq(kith_config_set_int(KITH_NO_HANDLE, KITH_CONFIG_NAGLE_TIME, i % 100), KITH_OK);
	return NULL;
}

/* No endpoint that comes to be meanwhile misses a change. */
Test(config, defaults_may_change_while_endpoints_come_and_go)
{
	enum { COUNT = 50 };
	kith_endpoint endpoints[COUNT];
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, set_defaults, NULL), 0);
	for (int i = 0; i < COUNT; i++)
		endpoints[i] = pair_endpoint();
	pthread_join(thread, NULL);
	for (int i = 0; i < COUNT; i++) {
		cr_expect_eq(get(endpoints[i], KITH_CONFIG_NAGLE_TIME), 99);
		kith_endpoint_destroy(endpoints[i]);
	}
	cr_assert_eq(kith_config_reset(KITH_NO_HANDLE, KITH_CONFIG_NAGLE_TIME), KITH_OK);
}
