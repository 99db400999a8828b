/* What needs no endpoint: numbers and their names, addresses, identities, keys, messages, options. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

static bool says(int64_t text, const char *wanted)
{
	return strcmp((const char *)(uintptr_t)text, wanted) == 0;
}

static void check_names(struct session *session)
{
	session_check(session, says(foreign_call("kith_result_name", session_constant("KITH_E_TOO_LARGE")), "E_TOO_LARGE"),
	              "the name of a result");
	session_check(session, says(foreign_call("kith_log_name", session_constant("KITH_LOG_DEBUG")), "DEBUG"),
	              "of a level");
	session_check(session, strlen((char *)(uintptr_t)foreign_call("kith_stage_name", (int64_t)0)) > 0, "of a stage");
	foreign_call("kith_stage_text", (int64_t)0);
	session_check(session, strlen((char *)(uintptr_t)foreign_call("kith_subject_name", (int64_t)0)) > 0,
	              "of a subject");
	session_check(session, strlen((char *)(uintptr_t)foreign_call("kith_histogram_bucket", (int64_t)0, (int64_t)0)) > 0,
	              "of a bucket");
	session_check(session, strlen((char *)(uintptr_t)foreign_call("kith_result_text", (int64_t)0)) > 0, "its text");
	session_check(session, says(foreign_call("kith_event_name", session_constant("KITH_EVENT_STATE")), "STATE"),
	              "the name of an event");
	session_check(session, says(foreign_call("kith_state_name", session_constant("KITH_STATE_CONNECTED")), "CONNECTED"),
	              "the name of a state");
	session_check(session, says(foreign_call("kith_route_name", session_constant("KITH_ROUTE_LAN")), "LAN"),
	              "the name of a route");
	session_check(session, says(foreign_call("kith_reason_name", session_constant("KITH_REASON_TIMEOUT")), "TIMEOUT"),
	              "the name of a reason");
	session_check(session,
	              foreign_call("kith_reason_result", (int64_t)0) == 0 &&
	                  foreign_call("kith_reason_result", session_constant("KITH_REASON_TIMEOUT")) ==
	                      session_constant("KITH_E_TIMEOUT"),
	              "the result of a reason");
	session_check(session,
	              foreign_call("kith_version") == session_constant("KITH_VERSION_MAJOR") * 1000000 +
	                                                  session_constant("KITH_VERSION_MINOR") * 1000 +
	                                                  session_constant("KITH_VERSION_PATCH") ||
	                  foreign_call("kith_version") > 0,
	              "the version");
	session_check(session, strlen((char *)(uintptr_t)foreign_call("kith_version_text")) >= 5, "its text");
}

/* The constants that the library tells at run time are those of the headers. */
static void check_constants(struct session *session)
{
	int64_t count = foreign_call("kith_constant_count");
	bool good = count > 0;

	for (int64_t i = 0; i < count; i++) {
		const char *name = "";
		int64_t value = 0;
		char full[128];
		if (foreign_call("kith_constant_at", i, &name, &value) != 0) {
			good = false;
			break;
		}
		snprintf(full, sizeof(full), "KITH_%s", name);
		if (session_constant(full) == value)
			continue;
		printf("%s is another number at run time\n", full);
		good = false;
	}
	session_check(session, good, "the constants at run time");
}

static void check_addresses(struct session *session)
{
	void *address = foreign_new("kith_address"), *identity = foreign_new("kith_identity");
	char text[128];
	size_t size;

	SESSION_CALL(session, "kith_address_parse", "[2001:db8::1]:27015", address);
	session_check(session, foreign_get("kith_address", address, "port") == 27015, "a port");
	SESSION_CALL(session, "kith_address_print", address, text, (int64_t)sizeof(text), &size);
	session_check(session, strcmp(text, "[2001:db8::1]:27015") == 0 && size == strlen(text) + 1, "an address as text");
	session_check(session, foreign_call("kith_address_equal", address, address) == 1, "an address is itself");
	SESSION_CALL(session, "kith_identity_from_address", address, identity);
	session_check(session, session_text("kith_identity", identity, "text", "ip:[2001:db8::1]:27015"), "ip: identity");
	free(address);
	free(identity);
}

static void check_identities(struct session *session)
{
	void *identity = foreign_new("kith_identity"), *other = foreign_new("kith_identity");
	unsigned char bytes[32];
	char text[128];
	size_t size;

	SESSION_CALL(session, "kith_identity_parse", "gen:0a0b0c", identity);
	SESSION_CALL(session, "kith_identity_bytes", identity, bytes, (int64_t)sizeof(bytes), &size);
	session_check(session, size == 3 && bytes[2] == 12, "the bytes of an identity");
	SESSION_CALL(session, "kith_identity_from_bytes", bytes, (int64_t)3, other);
	session_check(session, foreign_call("kith_identity_equal", identity, other) == 1, "equal identities");
	SESSION_CALL(session, "kith_identity_print", identity, text, (int64_t)sizeof(text), NULL);
	session_check(session, strcmp(text, "gen:0a0b0c") == 0, "an identity as text");
	session_check(session, foreign_call("kith_identity_parse", "nonsense", identity) < 0, "what is no identity");
	session_check(session, strstr((char *)(uintptr_t)foreign_call("kith_last_error"), "identity") != NULL,
	              "why it is none");
	free(identity);
	free(other);
}

static void check_keys(struct session *session)
{
	void *identity = foreign_new("kith_identity");
	unsigned char key[32], again[32], public_key[32], bytes[32];
	char path[] = "/tmp/kith-abi-XXXXXX";
	size_t size;

	SESSION_CALL(session, "kith_key_generate", key);
	SESSION_CALL(session, "kith_key_public", key, public_key);
	SESSION_CALL(session, "kith_key_identity", key, identity);
	SESSION_CALL(session, "kith_identity_bytes", identity, bytes, (int64_t)sizeof(bytes), &size);
	session_check(session, size == 32 && memcmp(bytes, public_key, 32) == 0, "the identity of a key");
	close(mkstemp(path));
	unlink(path);
	SESSION_CALL(session, "kith_key_save", path, key);
	SESSION_CALL(session, "kith_key_load", path, again);
	session_check(session, memcmp(key, again, 32) == 0, "a key in a file");
	unlink(path);
	free(identity);
}

static int64_t count_release(void *data, const struct function *type, void **values)
{
	(void)type, (void)values;
	++*(int *)data;
	return 0;
}

static void check_messages(struct session *session)
{
	static int released;
	static char buffer[] = "mine";
	void *message, *wrapped, *peer = foreign_new("kith_identity");

	SESSION_CALL(session, "kith_message_new", "hello", (int64_t)5, &message);
	foreign_call("kith_message_set_flags", message, session_constant("KITH_SEND_RELIABLE"));
	foreign_call("kith_message_set_lane", message, (int64_t)3);
	foreign_call("kith_message_set_user_data", message, INT64_MIN);
	foreign_call("kith_message_set_ttl_us", message, (int64_t)5000);
	session_check(session, foreign_call("kith_message_ttl_us", message) == 5000, "its time to live");
	session_check(session, foreign_call("kith_message_size", message) == 5, "the size of a message");
	session_check(session, memcmp((void *)(uintptr_t)foreign_call("kith_message_data", message), "hello", 5) == 0,
	              "its data");
	session_check(session, foreign_call("kith_message_flags", message) == session_constant("KITH_SEND_RELIABLE"),
	              "its flags");
	session_check(session, foreign_call("kith_message_lane", message) == 3, "its lane");
	session_check(session, foreign_call("kith_message_user_data", message) == INT64_MIN, "its user data");
	session_check(session, foreign_call("kith_message_number", message) == 0, "its number");
	session_check(session, foreign_call("kith_message_connection", message) == 0, "its connection");
	session_check(session, foreign_call("kith_message_channel", message) == 0, "its channel");
	session_check(session, foreign_call("kith_message_peer", message, peer) == session_constant("KITH_E_NOT_FOUND"),
	              "its peer");
	session_check(session, (void *)(uintptr_t)foreign_call("kith_message_ref", message) == message,
	              "one more reference");
	foreign_call("kith_message_release_batch", &message, (int64_t)1);
	foreign_call("kith_message_release", message);
	SESSION_CALL(session, "kith_message_wrap", buffer, (int64_t)4,
	             foreign_closure("kith_message_release_fn", count_release, &released), NULL, &wrapped);
	session_check(session, (void *)(uintptr_t)foreign_call("kith_message_data", wrapped) == buffer,
	              "a buffer of the caller's");
	foreign_call("kith_message_release", wrapped);
	session_check(session, released == 1, "which is given back once");
	free(peer);
}

static void check_options(struct session *session)
{
	int64_t none = 0, id = foreign_call("kith_config_find", "SendRateMax"), value = 0;
	void *info = foreign_new("kith_config_info");
	double real = 0;
	char text[64];

	session_check(session, id == session_constant("KITH_CONFIG_SEND_RATE_MAX"), "an option by name");
	session_check(session, foreign_call("kith_config_count") >= id, "the number of options");
	SESSION_CALL(session, "kith_config_describe", id, info);
	session_check(session, strcmp((char *)(uintptr_t)foreign_get("kith_config_info", info, "name"), "SendRateMax") == 0,
	              "an option's name");
	SESSION_CALL(session, "kith_config_set_int", none, id, (int64_t)1000000);
	SESSION_CALL(session, "kith_config_get_int", none, id, &value);
	session_check(session, value == 1000000, "an option that was set");
	SESSION_CALL(session, "kith_config_set_text", none, id, "2000000");
	SESSION_CALL(session, "kith_config_set_by_name", none, "SendRateMax", "3000000");
	SESSION_CALL(session, "kith_config_get_text", none, id, text, (int64_t)sizeof(text), NULL);
	session_check(session, strcmp(text, "3000000") == 0, "an option as text");
	SESSION_CALL(session, "kith_config_reset", none, id);
	id = foreign_call("kith_config_find", "FakePacketLoss_Send");
	SESSION_CALL(session, "kith_config_set_real", none, id, 12.5);
	SESSION_CALL(session, "kith_config_get_real", none, id, &real);
	session_check(session, real == 12.5, "a real option");
	SESSION_CALL(session, "kith_config_reset", none, id);
	free(info);
}

void session_values(struct session *session)
{
	check_names(session);
	check_constants(session);
	check_addresses(session);
	check_identities(session);
	check_keys(session);
	check_messages(session);
	check_options(session);
}
