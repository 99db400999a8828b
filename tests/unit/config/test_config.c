#include "core/config/config.h"

#include <criterion/criterion.h>
#include <kith/config.h>

Test(config, table_has_no_holes_and_defaults_in_range)
{
	struct config config;
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
	for (int32_t id = 1; id < CONFIG_END; id++) {
		const struct config_value *value = config_describe(id);
		char text[64];
		cr_assert(value != NULL && value->name != NULL, "number %d has no value", (int)id);
		cr_expect_eq(value->id, id);
		cr_expect_eq(config_find(value->name), value, "%s", value->name);
		cr_expect_leq(value->min, value->max, "%s", value->name);
		config_get_text(&config, (enum config_id)id, text, sizeof(text));
		cr_expect_eq(config_set_text(&config, value->name, text, NULL),
		             value->lock == CONFIG_LOCK_READ_ONLY ? CONFIG_READ_ONLY : CONFIG_OK, "%s = %s", value->name, text);
		cr_expect(value->text != NULL && value->text[0] != '\0' && strchr(value->text, '|') == NULL, "%s", value->name);
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
	cr_assert_eq(CONFIG_REQUIRE_PROOF, 37);
}

Test(config, numbers_are_those_of_the_public_header)
{
#define CONFIG_VALUE(constant, number, name, type, initial, min, max, lock, text) \
	cr_expect_eq((int)KITH_CONFIG_##constant, number, "%s", name);
#include "core/config/config_values.def"
#undef CONFIG_VALUE
}

Test(config, refuses_wrong_type_range_and_number)
{
	struct config config;
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
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
	config_init_defaults(&endpoint, CONFIG_LEVEL_ENDPOINT);
	config_set_string(&endpoint, CONFIG_P2P_STUN_SERVER_LIST, "a:1");
	config_set_int(&endpoint, CONFIG_NAGLE_TIME, 1);
	config_lock_started(&endpoint);
	config_copy(&connection, &endpoint, CONFIG_LEVEL_CONNECTION);
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
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
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
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
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
	config_init_defaults(&config, CONFIG_LEVEL_ENDPOINT);
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

/* Library, endpoint, listener, connection, as the engine stacks them. */
struct stack {
	struct config library, endpoint, listener, connection;
};

static void make_stack(struct stack *stack)
{
	config_init_defaults(&stack->library, CONFIG_LEVEL_LIBRARY);
	config_copy(&stack->endpoint, &stack->library, CONFIG_LEVEL_ENDPOINT);
	config_copy(&stack->listener, &stack->endpoint, CONFIG_LEVEL_LISTENER);
	config_copy(&stack->connection, &stack->listener, CONFIG_LEVEL_CONNECTION);
}

static void free_stack(struct stack *stack)
{
	config_free(&stack->library);
	config_free(&stack->endpoint);
	config_free(&stack->listener);
	config_free(&stack->connection);
}

Test(config, a_change_reaches_what_did_not_set_it_itself)
{
	struct stack s;
	make_stack(&s);
	cr_assert_eq(config_set_int(&s.endpoint, CONFIG_NAGLE_TIME, 7), CONFIG_OK);
	cr_assert(config_inherit(&s.listener, &s.endpoint, CONFIG_NAGLE_TIME));
	cr_assert(config_inherit(&s.connection, &s.listener, CONFIG_NAGLE_TIME));
	cr_assert_eq(config_get_int(&s.connection, CONFIG_NAGLE_TIME), 7);
	cr_assert_not(config_inherit(&s.connection, &s.listener, CONFIG_NAGLE_TIME), "it is the same now");
	cr_assert_eq(config_set_int(&s.connection, CONFIG_NAGLE_TIME, 9), CONFIG_OK);
	cr_assert_eq(config_set_int(&s.listener, CONFIG_NAGLE_TIME, 8), CONFIG_OK);
	cr_assert_not(config_inherit(&s.connection, &s.listener, CONFIG_NAGLE_TIME));
	cr_assert_eq(config_get_int(&s.connection, CONFIG_NAGLE_TIME), 9);
	cr_assert_not(config_inherit(&s.endpoint, &s.library, CONFIG_NAGLE_TIME));
	cr_assert_eq(config_get_int(&s.endpoint, CONFIG_NAGLE_TIME), 7);
	free_stack(&s);
}

/* Its listener is gone: what that had set stays, whatever the endpoint says. */
Test(config, a_change_does_not_pass_who_set_it_further_down)
{
	struct stack s;
	make_stack(&s);
	config_set_string(&s.listener, CONFIG_P2P_STUN_SERVER_LIST, "listener");
	cr_assert(config_inherit(&s.connection, &s.listener, CONFIG_P2P_STUN_SERVER_LIST));
	config_set_string(&s.endpoint, CONFIG_P2P_STUN_SERVER_LIST, "endpoint");
	cr_assert_not(config_inherit(&s.connection, &s.endpoint, CONFIG_P2P_STUN_SERVER_LIST));
	cr_assert_str_eq(config_get_string(&s.connection, CONFIG_P2P_STUN_SERVER_LIST), "listener");
	free_stack(&s);
}

Test(config, what_is_locked_is_not_inherited_any_more)
{
	struct stack s;
	make_stack(&s);
	config_lock_started(&s.connection);
	config_set_int(&s.listener, CONFIG_UNENCRYPTED, 3);
	cr_assert_not(config_inherit(&s.connection, &s.listener, CONFIG_UNENCRYPTED));
	cr_assert_eq(config_get_int(&s.connection, CONFIG_UNENCRYPTED), 0);
	cr_assert_eq(config_reset(&s.connection, &s.listener, CONFIG_UNENCRYPTED), CONFIG_LOCKED);
	cr_assert_not(config_inherit(&s.connection, &s.listener, 0));
	cr_assert_not(config_inherit(&s.connection, &s.listener, CONFIG_END));
	free_stack(&s);
}

Test(config, a_reset_value_is_inherited_again)
{
	struct stack s;
	make_stack(&s);
	config_set_int(&s.connection, CONFIG_NAGLE_TIME, 9);
	cr_assert_eq(config_reset(&s.connection, &s.listener, CONFIG_NAGLE_TIME), CONFIG_OK);
	cr_assert_eq(config_get_int(&s.connection, CONFIG_NAGLE_TIME), 5000);
	config_set_int(&s.listener, CONFIG_NAGLE_TIME, 8);
	cr_assert(config_inherit(&s.connection, &s.listener, CONFIG_NAGLE_TIME));
	cr_assert_eq(config_get_int(&s.connection, CONFIG_NAGLE_TIME), 8);
	config_set_string(&s.library, CONFIG_P2P_STUN_SERVER_LIST, "a");
	cr_assert_eq(config_reset(&s.library, NULL, CONFIG_P2P_STUN_SERVER_LIST), CONFIG_OK);
	cr_assert_str_eq(config_get_string(&s.library, CONFIG_P2P_STUN_SERVER_LIST), "");
	cr_assert_eq(config_reset(&s.library, NULL, 0), CONFIG_UNKNOWN);
	cr_assert_eq(config_reset(&s.library, NULL, CONFIG_MTU_DATA_SIZE), CONFIG_READ_ONLY);
	free_stack(&s);
}

Test(config, a_value_that_follows_another_can_only_be_read)
{
	struct stack s;
	char message[CONFIG_MESSAGE_MAX];
	make_stack(&s);
	cr_assert_eq(config_get_int(&s.endpoint, CONFIG_MTU_DATA_SIZE),
	             config_get_int(&s.endpoint, CONFIG_MTU_PACKET_SIZE) - 100);
	config_set_int(&s.endpoint, CONFIG_MTU_PACKET_SIZE, 600);
	cr_assert_eq(config_get_int(&s.endpoint, CONFIG_MTU_DATA_SIZE), 500);
	config_inherit(&s.listener, &s.endpoint, CONFIG_MTU_PACKET_SIZE);
	cr_assert_eq(config_get_int(&s.listener, CONFIG_MTU_DATA_SIZE), 500);
	cr_assert_eq(config_set_text(&s.endpoint, "MTU_DataSize", "400", message), CONFIG_READ_ONLY);
	cr_assert_str_eq(message, "MTU_DataSize cannot be set: it follows another value");
	free_stack(&s);
}
