#include "core/config/config.h"

#include <criterion/criterion.h>
#include <kith/config.h>

Test(config, table_has_no_holes_and_defaults_in_range)
{
	struct config config;
	config_init_defaults(&config);
	for (int32_t id = 1; id < CONFIG_END; id++) {
		const struct config_value *value = config_describe(id);
		char text[64];
		cr_assert(value != NULL && value->name != NULL, "number %d has no value", (int)id);
		cr_expect_eq(value->id, id);
		cr_expect_eq(config_find(value->name), value, "%s", value->name);
		cr_expect_leq(value->min, value->max, "%s", value->name);
		config_get_text(&config, (enum config_id)id, text, sizeof(text));
		cr_expect_eq(config_set_text(&config, value->name, text, NULL), CONFIG_OK, "%s = %s", value->name, text);
	}
	cr_assert_null(config_describe(0));
	cr_assert_null(config_describe(CONFIG_END));
	cr_assert_null(config_describe(-1));
	cr_assert_null(config_find("timeoutinitial"));
	config_free(&config);
}

/* Public numbers never change: these were given with the first version. */
Test(config, numbers_are_for_ever)
{
	cr_assert_eq(CONFIG_TIMEOUT_INITIAL, 1);
	cr_assert_eq(CONFIG_SEND_BUFFER_SIZE, 6);
	cr_assert_eq(CONFIG_MTU_PACKET_SIZE, 15);
	cr_assert_eq(CONFIG_SYMMETRIC_CONNECT, 20);
	cr_assert_eq(CONFIG_P2P_TURN_PASS_LIST, 25);
	cr_assert_eq(CONFIG_RELAY_ONLY, 30);
	cr_assert_eq(CONFIG_USE_SIBLING_SOCKET, 33);
}

Test(config, numbers_are_those_of_the_public_header)
{
#define CONFIG_VALUE(constant, number, name, type, initial, min, max, lock) \
	cr_expect_eq((int)KITH_CONFIG_##constant, number, "%s", name);
#include "core/config/config_values.def"
#undef CONFIG_VALUE
}

Test(config, refuses_wrong_type_range_and_number)
{
	struct config config;
	config_init_defaults(&config);
	cr_assert_eq(config_set_int(&config, CONFIG_NAGLE_TIME, 20000), CONFIG_OK);
	cr_assert_eq(config_set_int(&config, CONFIG_NAGLE_TIME, 20001), CONFIG_OUT_OF_RANGE);
	cr_assert_eq(config_set_int(&config, CONFIG_NAGLE_TIME, -1), CONFIG_OUT_OF_RANGE);
	cr_assert_eq(config_set_int64(&config, CONFIG_NAGLE_TIME, INT64_MAX), CONFIG_OUT_OF_RANGE);
	cr_assert_eq(config_set_float(&config, CONFIG_NAGLE_TIME, 1), CONFIG_WRONG_TYPE);
	cr_assert_eq(config_set_string(&config, CONFIG_NAGLE_TIME, "1"), CONFIG_WRONG_TYPE);
	cr_assert_eq(config_set_int(&config, CONFIG_P2P_STUN_SERVER_LIST, 1), CONFIG_WRONG_TYPE);
	cr_assert_eq(config_set_int(&config, 0, 1), CONFIG_UNKNOWN);
	cr_assert_eq(config_set_int(&config, 9999, 1), CONFIG_UNKNOWN);
	cr_assert_eq(config_set_float(&config, -5, 1), CONFIG_UNKNOWN);
	cr_assert_eq(config_set_string(&config, INT32_MIN, ""), CONFIG_UNKNOWN);
	cr_assert_eq(config_get_int(&config, CONFIG_NAGLE_TIME), 20000, "a refusal changes nothing");
	cr_assert_eq(config_get_int64(&config, CONFIG_NAGLE_TIME), 20000);
	config_free(&config);
}

Test(config, a_copy_is_independent)
{
	struct config endpoint, connection;
	config_init_defaults(&endpoint);
	config_set_string(&endpoint, CONFIG_P2P_STUN_SERVER_LIST, "a:1");
	config_set_int(&endpoint, CONFIG_NAGLE_TIME, 1);
	config_lock_started(&endpoint);
	config_copy(&connection, &endpoint);
	cr_assert_eq(config_set_string(&connection, CONFIG_P2P_STUN_SERVER_LIST, "b:2"), CONFIG_OK, "a copy is unlocked");
	cr_assert_str_eq(config_get_string(&endpoint, CONFIG_P2P_STUN_SERVER_LIST), "a:1");
	cr_assert_str_eq(config_get_string(&connection, CONFIG_P2P_STUN_SERVER_LIST), "b:2");
	cr_assert_eq(config_get_int(&connection, CONFIG_NAGLE_TIME), 1);
	config_free(&endpoint);
	config_free(&connection);
	config_free(&connection);
}

Test(config, a_started_connection_keeps_what_it_agreed_on)
{
	struct config config;
	config_init_defaults(&config);
	config_lock_started(&config);
	cr_assert_eq(config_set_int(&config, CONFIG_UNENCRYPTED, 1), CONFIG_LOCKED);
	cr_assert_eq(config_set_int(&config, CONFIG_SYMMETRIC_CONNECT, 1), CONFIG_LOCKED);
	cr_assert_eq(config_set_int(&config, CONFIG_SEND_RATE_MAX, 50000), CONFIG_OK);
	config_free(&config);
}

Test(config, a_refused_text_is_explained)
{
	struct config config;
	char message[CONFIG_MESSAGE_MAX];
	config_init_defaults(&config);
	cr_assert_eq(config_set_text(&config, "NagleTime", "x", message), CONFIG_WRONG_TYPE);
	cr_assert_str_eq(message, "NagleTime cannot be \"x\": allowed is a whole number from 0 to 20000");
	cr_assert_eq(config_set_text(&config, "NagleTime", "99999999999999999999", message), CONFIG_WRONG_TYPE);
	cr_assert_eq(config_set_text(&config, "MTU_PacketSize", "9000", message), CONFIG_OUT_OF_RANGE);
	cr_assert_str_eq(message, "MTU_PacketSize cannot be \"9000\": allowed is a whole number from 200 to 1300");
	cr_assert_eq(config_set_text(&config, "Nagle", "1", message), CONFIG_UNKNOWN);
	cr_assert_str_eq(message, "there is no configuration value \"Nagle\"");
	config_lock_started(&config);
	cr_assert_eq(config_set_text(&config, "Unencrypted", "1", message), CONFIG_LOCKED);
	cr_assert_str_eq(message, "Unencrypted cannot change any more: the connection has started");
	config_free(&config);
}

Test(config, long_strings_are_refused_with_a_message_that_fits)
{
	static char text[8192];
	char message[CONFIG_MESSAGE_MAX];
	struct config config;
	memset(text, 'a', sizeof(text) - 1);
	config_init_defaults(&config);
	cr_assert_eq(config_set_text(&config, "P2P_TURN_ServerList", text, message), CONFIG_OUT_OF_RANGE);
	cr_assert(strstr(message, "P2P_TURN_ServerList cannot be \"aaaa") != NULL);
	cr_assert(strstr(message, "allowed is text of 0 to 4095 bytes") != NULL);
	cr_assert_str_eq(config_get_string(&config, CONFIG_P2P_TURN_SERVER_LIST), "");
	text[4095] = '\0';
	cr_assert_eq(config_set_text(&config, "P2P_TURN_ServerList", text, message), CONFIG_OK);
	cr_assert_eq(config_get_text(&config, CONFIG_P2P_TURN_SERVER_LIST, message, sizeof(message)), 4095);
	cr_assert_eq(strlen(message), CONFIG_MESSAGE_MAX - 1);
	config_free(&config);
}
