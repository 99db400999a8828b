/* Identities, addresses, messages, keys, options and names: what needs no network. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(values, identities_are_read_and_written)
{
	const char *good[] = { "str:alice", "gen:0a0b", "ip:192.0.2.1:80", "steamid:76561198000000000" };
	const char *bad[] = { "", "alice", "str:", "gen:", "gen:0", "gen:xy", "key:00", "ip:nowhere", "steamid:1x" };
	struct kith_identity identity;
	char text[KITH_IDENTITY_TEXT_MAX];
	size_t size;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cr_assert_eq(kith_identity_parse(good[i], &identity), KITH_OK, "%s", good[i]);
		cr_assert_eq(kith_identity_print(&identity, text, sizeof(text), &size), KITH_OK);
		cr_assert(strcmp(text, good[i]) == 0, "%s became %s", good[i], text);
		cr_assert_eq(size, strlen(text) + 1);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_eq(kith_identity_parse(bad[i], &identity), KITH_E_INVALID, "%s", bad[i]);
		cr_assert_eq(identity.kind, KITH_IDENTITY_NONE);
		cr_assert(kith_last_error()[0] != '\0');
	}
	cr_assert_eq(kith_identity_parse(NULL, &identity), KITH_E_INVALID);
	cr_assert_eq(kith_identity_parse("str:x", NULL), KITH_E_INVALID);
}

Test(values, a_key_is_the_same_as_its_bytes)
{
	char text[KITH_IDENTITY_TEXT_MAX] = "key:";
	struct kith_identity key, bytes;
	uint8_t raw[32], back[32];
	size_t size;

	for (int i = 0; i < 32; i++) {
		raw[i] = (uint8_t)(i * 3);
		snprintf(text + 4 + 2 * i, 3, "%02x", raw[i]);
	}
	cr_assert_eq(kith_identity_parse(text, &key), KITH_OK);
	cr_assert_eq(key.kind, KITH_IDENTITY_KEY);
	cr_assert_eq(kith_identity_from_bytes(raw, 32, &bytes), KITH_OK);
	cr_assert(kith_identity_equal(&key, &bytes));
	cr_assert_eq(kith_identity_bytes(&key, back, sizeof(back), &size), KITH_OK);
	cr_assert_eq(size, 32);
	cr_assert(memcmp(raw, back, 32) == 0);
	cr_assert_eq(kith_identity_bytes(&key, back, 31, &size), KITH_E_TOO_LARGE);
	cr_assert_eq(kith_identity_bytes(&key, NULL, 0, &size), KITH_OK);
	cr_assert_eq(size, 32);
	memset(text, 0, sizeof(text));
	cr_assert_eq(kith_identity_print(&key, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strncmp(text, "key:000306", 10) == 0, "%s", text);
	cr_assert_eq(kith_identity_from_bytes(raw, 33, &bytes), KITH_E_INVALID);
	cr_assert_eq(kith_identity_from_bytes(raw, 0, &bytes), KITH_E_INVALID);
}

Test(values, addresses_are_read_and_written)
{
	const char *texts[] = { "1.2.3.4", "1.2.3.4:5", "::1", "[::1]:5", "[2001:db8::1]:65535" };
	struct kith_address address, other;
	char text[KITH_ADDRESS_TEXT_MAX];
	size_t size;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_assert_eq(kith_address_parse(texts[i], &address), KITH_OK, "%s", texts[i]);
		cr_assert_eq(kith_address_print(&address, text, sizeof(text), &size), KITH_OK);
		cr_assert(strcmp(text, texts[i]) == 0, "%s became %s", texts[i], text);
		cr_assert_eq(kith_address_print(&address, text, size - 1, &size), KITH_E_TOO_LARGE);
		cr_assert_eq(kith_address_parse(texts[i], &other), KITH_OK);
		cr_assert(kith_address_equal(&address, &other));
	}
	cr_assert_eq(kith_address_parse("example.org", &address), KITH_E_INVALID);
	cr_assert_eq(kith_address_parse("1.2.3.4:65536", &address), KITH_E_INVALID);
	cr_assert_not(kith_address_equal(&address, NULL));
}

static int releases;

static void on_release(void *user_data, void *data, size_t size)
{
	(void)data, (void)size;
	cr_assert(user_data == &releases);
	releases++;
}

Test(values, messages_hold_what_they_are_given)
{
	char bytes[] = "bytes";
	kith_message *message;

	cr_assert_eq(kith_message_new(bytes, 5, &message), KITH_OK);
	cr_assert(memcmp(kith_message_data(message), "bytes", 5) == 0);
	cr_assert(kith_message_data(message) != bytes);
	kith_message_set_flags(message, KITH_SEND_RELIABLE);
	kith_message_set_lane(message, 7);
	kith_message_set_user_data(message, -1);
	cr_assert_eq(kith_message_flags(message), KITH_SEND_RELIABLE);
	cr_assert_eq(kith_message_lane(message), 7);
	cr_assert_eq(kith_message_user_data(message), -1);
	cr_assert_eq(kith_message_number(message), 0);
	cr_assert(kith_message_ref(message) == message);
	kith_message_release(message);
	kith_message_release(message);
	cr_assert_eq(kith_message_wrap(bytes, 5, on_release, &releases, &message), KITH_OK);
	cr_assert(kith_message_data(message) == bytes);
	kith_message_release(message);
	cr_assert_eq(releases, 1);
	cr_assert_eq(kith_message_new(NULL, KITH_MESSAGE_SIZE_MAX + 1, &message), KITH_E_TOO_LARGE);
	cr_assert(message == NULL);
	cr_assert_eq(kith_message_wrap(NULL, 1, NULL, NULL, &message), KITH_E_INVALID);
}

Test(values, keys_are_kept_in_files)
{
	char path[] = "/tmp/kith-key-XXXXXX";
	char name[64];
	uint8_t key[KITH_KEY_SIZE], back[KITH_KEY_SIZE];
	struct kith_identity identity, again;
	struct stat status;
	FILE *file;

	cr_assert(mkdtemp(path) != NULL);
	snprintf(name, sizeof(name), "%s/key", path);
	cr_assert_eq(kith_key_generate(key), KITH_OK);
	cr_assert_eq(kith_key_load(name, back), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_key_save(name, key), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(stat(name, &status), 0);
	cr_assert_eq(status.st_mode & 0777, 0600);
	cr_assert_eq(kith_key_save(name, key), KITH_E_EXISTS);
	cr_assert_eq(kith_key_load(name, back), KITH_OK, "%s", kith_last_error());
	cr_assert(memcmp(key, back, sizeof(key)) == 0);
	cr_assert_eq(kith_key_identity(key, &identity), KITH_OK);
	cr_assert_eq(kith_key_identity(back, &again), KITH_OK);
	cr_assert(kith_identity_equal(&identity, &again));
	file = fopen(name, "a");
	fputs("x", file);
	fclose(file);
	cr_assert_eq(kith_key_load(name, back), KITH_E_INVALID);
	unlink(name);
	rmdir(path);
	cr_assert_eq(kith_key_save("/nowhere/at/all", key), KITH_E_SYSTEM);
	cr_assert_eq(kith_key_generate(NULL), KITH_E_INVALID);
}

Test(values, options_are_described_set_and_read)
{
	kith_endpoint endpoint = pair_endpoint();
	struct kith_config_info info = KITH_CONFIG_INFO_INIT;
	char text[64];
	int64_t value;
	double real;
	size_t size;

	for (int32_t id = 1; id <= kith_config_count(); id++) {
		cr_assert_eq(kith_config_describe(id, &info), KITH_OK);
		cr_assert_eq(info.id, id);
		cr_assert_eq(kith_config_find(info.name), id);
		cr_assert_eq(kith_config_get_text(endpoint, id, NULL, 0, &size), KITH_OK, "%s", info.name);
		cr_assert(size >= 1);
	}
	cr_assert_eq(kith_config_describe(0, &info), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_config_describe(kith_config_count() + 1, &info), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_config_find("NoSuchThing"), KITH_CONFIG_NONE);
	cr_assert_eq(kith_config_set_int(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 1234), KITH_OK);
	cr_assert_eq(kith_config_get_int(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, &value), KITH_OK);
	cr_assert_eq(value, 1234);
	cr_assert_eq(kith_config_set_by_name(endpoint, "TimeoutInitial", "4321"), KITH_OK);
	cr_assert_eq(kith_config_get_text(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, text, sizeof(text), &size), KITH_OK);
	cr_assert(strcmp(text, "4321") == 0 && size == 5);
	cr_assert_eq(kith_config_get_text(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, text, 4, &size), KITH_E_TOO_LARGE);
	cr_assert_eq(kith_config_set_by_name(endpoint, "TimeoutInitial", "soon"), KITH_E_INVALID);
	cr_assert(strstr(kith_last_error(), "TimeoutInitial") != NULL, "%s", kith_last_error());
	cr_assert_eq(kith_config_set_by_name(endpoint, "NoSuchThing", "1"), KITH_E_NOT_FOUND);
	cr_assert(strstr(kith_last_error(), "NoSuchThing") != NULL, "%s", kith_last_error());
	cr_assert_eq(kith_config_set_int(endpoint, KITH_CONFIG_UNENCRYPTED, 4), KITH_E_INVALID);
	cr_assert_eq(kith_config_set_int(endpoint, KITH_CONFIG_P2P_STUN_SERVER_LIST, 4), KITH_E_INVALID);
	cr_assert_eq(kith_config_get_int(endpoint, KITH_CONFIG_P2P_STUN_SERVER_LIST, &value), KITH_E_INVALID);
	cr_assert_eq(kith_config_get_real(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, &real), KITH_E_INVALID);
	cr_assert_eq(kith_config_set_int(endpoint, 9999, 4), KITH_E_NOT_FOUND);
	kith_endpoint_destroy(endpoint);
	cr_assert_eq(kith_config_set_int(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 1), KITH_E_HANDLE);
}

Test(values, options_are_inherited_from_above)
{
	struct pair pair;
	kith_endpoint later;
	int64_t value;

	cr_assert_eq(kith_config_set_int(KITH_NO_HANDLE, KITH_CONFIG_TIMEOUT_CONNECTED, 7777), KITH_OK);
	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_config_get_int(pair.server, KITH_CONFIG_TIMEOUT_CONNECTED, &value), KITH_OK);
	cr_assert_eq(value, 7777);
	cr_assert_eq(kith_config_get_int(pair.listener, KITH_CONFIG_TIMEOUT_CONNECTED, &value), KITH_OK);
	cr_assert_eq(value, 7777);
	cr_assert_eq(kith_config_get_int(pair.accepted, KITH_CONFIG_TIMEOUT_CONNECTED, &value), KITH_OK);
	cr_assert_eq(value, 7777);
	cr_assert_eq(kith_config_set_int(pair.called, KITH_CONFIG_TIMEOUT_CONNECTED, 8888), KITH_OK);
	cr_assert_eq(kith_config_get_int(pair.client, KITH_CONFIG_TIMEOUT_CONNECTED, &value), KITH_OK);
	cr_assert_eq(value, 7777);
	/* A connection that has started keeps to some. */
	cr_assert_eq(kith_config_set_int(pair.called, KITH_CONFIG_UNENCRYPTED, 1), KITH_E_STATE);
	cr_assert_eq(kith_config_set_int(KITH_NO_HANDLE, KITH_CONFIG_TIMEOUT_CONNECTED, 10000), KITH_OK);
	later = pair_endpoint();
	cr_assert_eq(kith_config_get_int(later, KITH_CONFIG_TIMEOUT_CONNECTED, &value), KITH_OK);
	cr_assert_eq(value, 10000);
	kith_endpoint_destroy(later);
	pair_close(&pair);
}

Test(values, servers_are_added_to_the_options)
{
	kith_endpoint endpoint = pair_endpoint();
	char text[256];

	cr_assert_eq(kith_endpoint_add_stun_server(endpoint, "stun.example.org:3478"), KITH_OK);
	cr_assert_eq(kith_endpoint_add_stun_server(endpoint, "192.0.2.1"), KITH_OK);
	cr_assert_eq(kith_config_get_text(endpoint, KITH_CONFIG_P2P_STUN_SERVER_LIST, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strcmp(text, "stun.example.org:3478,192.0.2.1") == 0, "%s", text);
	cr_assert_eq(kith_endpoint_add_turn_server(endpoint, "turn:a:1", NULL, NULL), KITH_OK);
	cr_assert_eq(kith_endpoint_add_turn_server(endpoint, "turn:b:2?transport=tcp", "user", "secret"), KITH_OK);
	cr_assert_eq(kith_config_get_text(endpoint, KITH_CONFIG_P2P_TURN_USER_LIST, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strcmp(text, ",user") == 0, "%s", text);
	cr_assert_eq(kith_endpoint_add_stun_server(endpoint, ""), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_add_stun_server(endpoint, "a,b"), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_add_turn_server(endpoint, "turns:a:1", "u", "p"), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_add_turn_server(endpoint, "turn:a:1", "u,v", "p"), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_add_turn_server(endpoint, "turn:a:1", "\"", "p"), KITH_E_INVALID);
	cr_assert_eq(kith_endpoint_add_turn_server(endpoint, "turn:a:1", "u", "\"\""), KITH_E_INVALID);
	kith_endpoint_destroy(endpoint);
}

Test(values, every_constant_has_its_name)
{
	uint32_t count = kith_constant_count();
	const char *name;
	int64_t value;
	int found = 0;

	cr_assert(count > 100);
	for (uint32_t i = 0; i < count; i++) {
		cr_assert_eq(kith_constant_at(i, &name, &value), KITH_OK);
		cr_assert(name != NULL && name[0] != '\0');
		found += strcmp(name, "E_HANDLE") == 0 && value == KITH_E_HANDLE;
		found += strcmp(name, "EVENT_ROUTE") == 0 && value == KITH_EVENT_ROUTE;
		found += strcmp(name, "CONFIG_USE_GSO") == 0 && value == KITH_CONFIG_USE_GSO;
	}
	cr_assert_eq(found, 3);
	cr_assert_eq(kith_constant_at(count, &name, &value), KITH_E_INVALID);
	cr_assert_eq(kith_constant_at(0, NULL, &value), KITH_E_INVALID);
	cr_assert(strcmp(kith_result_name(KITH_E_NO_ROUTE), "E_NO_ROUTE") == 0);
	cr_assert(strcmp(kith_result_name(-9999), "E_UNKNOWN") == 0);
	cr_assert(strcmp(kith_state_name(KITH_STATE_CONNECTED), "CONNECTED") == 0);
	cr_assert(strcmp(kith_route_name(KITH_ROUTE_RELAY), "RELAY") == 0);
	cr_assert(strcmp(kith_event_name(KITH_EVENT_ERROR), "ERROR") == 0);
	cr_assert(strcmp(kith_reason_name(KITH_REASON_TIMEOUT), "TIMEOUT") == 0);
	cr_assert(strcmp(kith_reason_name(1500), "APP") == 0);
	cr_assert(strcmp(kith_reason_name(123456), "UNKNOWN") == 0);
	cr_assert_eq(kith_reason_result(0), KITH_OK);
	cr_assert_eq(kith_version(), KITH_VERSION);
	cr_assert(strcmp(kith_version_text(), "0.9.0") == 0);
}

Test(values, init_functions_do_what_the_macros_do)
{
	struct kith_event event, event_macro = KITH_EVENT_INIT;
	struct kith_endpoint_options options, options_macro = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_status status, status_macro = KITH_STATUS_INIT;

	memset(&event, 1, sizeof(event));
	kith_event_init(&event);
	cr_assert_eq(event.struct_size, event_macro.struct_size);
	cr_assert_eq(event.peer.text[0], 0);
	kith_endpoint_options_init(&options);
	cr_assert(memcmp(&options, &options_macro, sizeof(options)) == 0);
	kith_status_init(&status);
	cr_assert_eq(status.struct_size, status_macro.struct_size);
	cr_assert_eq(status.packets_dropped, 0);
	kith_event_init(NULL);
}
