/* At which stage a connection fails, with real sockets; and what is told of one that works. */
#include "pair.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SHORT_MS = 600 };

struct peer {
	kith_endpoint endpoint;
	struct kith_identity identity;
	struct peer *other;
};

static struct peer alice, bob;

static void make_peer(struct peer *peer, const char *name, struct peer *other)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;

	memset(peer, 0, sizeof(*peer));
	cr_assert_eq(kith_identity_parse(name, &peer->identity), KITH_OK);
	options.identity = &peer->identity;
	cr_assert_eq(kith_endpoint_create(&options, &peer->endpoint), KITH_OK);
	peer->other = other;
}

static void set(uint32_t object, const char *name, const char *value)
{
	cr_assert_eq(kith_config_set_by_name(object, name, value), KITH_OK, "%s", kith_last_error());
}

static void begin(void)
{
	make_peer(&alice, "str:alice", &bob);
	make_peer(&bob, "str:bob", &alice);
	set(alice.endpoint, "TimeoutInitial", "600");
	set(bob.endpoint, "TimeoutInitial", "600");
}

static void end(void)
{
	cr_assert_eq(kith_endpoint_destroy(alice.endpoint), KITH_OK);
	cr_assert_eq(kith_endpoint_destroy(bob.endpoint), KITH_OK);
}

/* A UDP socket that nobody reads. */
static int silence(char address[32])
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	socklen_t size = sizeof(own);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&own, size) == 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&own, &size), 0);
	snprintf(address, 32, "127.0.0.1:%u", (unsigned)ntohs(own.sin_port));
	return fd;
}

static kith_connection call_address(const char *text, const struct kith_connection_options *options)
{
	struct kith_address address;
	kith_connection connection;

	cr_assert_eq(kith_address_parse(text, &address), KITH_OK);
	cr_assert_eq(kith_endpoint_connect_address(alice.endpoint, &address, options, &connection), KITH_OK, "%s",
	             kith_last_error());
	return connection;
}

static kith_connection call_peer(void)
{
	kith_connection connection;

	cr_assert_eq(kith_endpoint_connect_identity(alice.endpoint, &bob.identity, NULL, &connection), KITH_OK, "%s",
	             kith_last_error());
	return connection;
}

static bool is_over(const struct kith_event *event)
{
	return event->type == KITH_EVENT_STATE &&
	       (event->state == KITH_STATE_CLOSED_BY_PEER || event->state == KITH_STATE_PROBLEM_DETECTED_LOCALLY);
}

/* One event of a peer, with signals carried by hand unless they shall be lost. */
static bool step(struct peer *peer, bool carry, struct kith_event *event)
{
	if (kith_endpoint_next_event(peer->endpoint, event) != KITH_OK)
		return false;
	if (event->type == KITH_EVENT_SIGNAL && carry)
		cr_assert_eq(kith_endpoint_receive_signal(peer->other->endpoint, KITH_NO_HANDLE, event->data, event->data_size),
		             KITH_OK);
	return true;
}

enum carried { CARRY_NOTHING, CARRY_ALL, CARRY_UNTIL_AGREED };

/* Until the call of alice has ended; bob accepts, or does nothing. */
static struct kith_event run(enum carried carried, bool accept)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	struct kith_event event = KITH_EVENT_INIT;
	bool carry = carried != CARRY_NOTHING;

	while (kith_now_us() < deadline) {
		if (step(&alice, carry, &event) && is_over(&event))
			return event;
		if (event.state == KITH_STATE_FINDING_ROUTE && carried == CARRY_UNTIL_AGREED)
			carry = false;
		if (step(&bob, carry, &event) && event.type == KITH_EVENT_STATE && event.listener != KITH_NO_HANDLE && accept)
			cr_assert_eq(kith_connection_accept(event.connection), KITH_OK);
		kith_endpoint_wait(alice.endpoint, 1000);
	}
	cr_assert_fail("it does not end");
	return event;
}

static struct kith_diagnosis diagnose(const struct kith_event *event, int32_t stage)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;

	cr_assert_eq(event->stage, stage, "%s: %s", kith_stage_name(event->stage), event->text);
	cr_assert_eq(kith_connection_diagnosis(event->connection, &diagnosis), KITH_OK, "%s", kith_last_error());
	cr_assert_eq(diagnosis.stage, stage, "%s", kith_stage_name(diagnosis.stage));
	cr_assert_eq(diagnosis.state, event->state);
	cr_assert_eq(diagnosis.reason, event->reason);
	cr_assert(diagnosis.summary[0] != '\0' && diagnosis.text[0] != '\0');
	return diagnosis;
}

/* --- by address */

Test(diagnosis, nobody_is_at_the_address)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	char address[32];
	int fd = silence(address);

	begin();
	call_address(address, NULL);
	event = run(CARRY_NOTHING, false);
	diagnosis = diagnose(&event, KITH_STAGE_PEER_SILENT);
	cr_assert(strstr(diagnosis.summary, address) != NULL, "%s", diagnosis.summary);
	cr_assert(diagnosis.requests_sent >= 1 && diagnosis.reachable == 0 && !diagnosis.connected);
	cr_assert(diagnosis.elapsed_us >= SHORT_MS * 1000 && diagnosis.elapsed_us < PAIR_PATIENCE_US, "%lld",
	          (long long)diagnosis.elapsed_us);
	end();
	close(fd);
}

static void listen_at(struct peer *peer, char text[KITH_ADDRESS_TEXT_MAX])
{
	struct kith_address address;

	pair_listen(peer->endpoint, NULL, &address);
	cr_assert_eq(kith_address_print(&address, text, KITH_ADDRESS_TEXT_MAX, NULL), KITH_OK);
}

Test(diagnosis, nobody_accepts)
{
	struct kith_event event;
	char address[KITH_ADDRESS_TEXT_MAX];

	begin();
	listen_at(&bob, address);
	call_address(address, NULL);
	event = run(CARRY_NOTHING, false);
	cr_assert_eq(diagnose(&event, KITH_STAGE_NOT_ACCEPTED).reachable, 1);
	end();
}

Test(diagnosis, the_application_refuses)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	char address[KITH_ADDRESS_TEXT_MAX];

	begin();
	listen_at(&bob, address);
	call_address(address, NULL);
	event = pair_await(bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTING);
	kith_connection_close(event.connection, 1234, "the game is full", 0);
	event = run(CARRY_NOTHING, false);
	diagnosis = diagnose(&event, KITH_STAGE_REFUSED);
	cr_assert(strstr(diagnosis.summary, "the game is full") != NULL, "%s", diagnosis.summary);
	end();
}

Test(diagnosis, somebody_else_is_at_the_address)
{
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_identity expected;
	struct kith_event event;
	char address[KITH_ADDRESS_TEXT_MAX];

	begin();
	listen_at(&bob, address);
	cr_assert_eq(kith_identity_parse("str:carol", &expected), KITH_OK);
	options.peer = &expected;
	call_address(address, &options);
	event = run(CARRY_NOTHING, true);
	diagnose(&event, KITH_STAGE_CERTIFICATE);
	end();
}

/* --- by signals */

Test(diagnosis, no_signaling_service_can_be_reached)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	kith_signaling signaling;

	begin();
	cr_assert_eq(kith_signaling_open(alice.endpoint, "tcp://127.0.0.1:1", &signaling), KITH_OK, "%s",
	             kith_last_error());
	pair_await(alice.endpoint, KITH_EVENT_SIGNALING_STATE, 0);
	call_peer();
	event = run(CARRY_NOTHING, false);
	diagnosis = diagnose(&event, KITH_STAGE_SIGNALING);
	cr_assert(diagnosis.signalings == 1 && diagnosis.signalings_connected == 0);
	end();
}

Test(diagnosis, nobody_of_that_identity_is_there)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;

	begin();
	call_peer();
	event = run(CARRY_NOTHING, false);
	diagnosis = diagnose(&event, KITH_STAGE_PEER_SILENT);
	cr_assert(diagnosis.signals_sent > 0 && diagnosis.signals_received == 0);
	cr_assert(strstr(diagnosis.summary, "str:bob") != NULL, "%s", diagnosis.summary);
	end();
}

static void listen_as_bob(void)
{
	kith_listener listener;

	cr_assert_eq(kith_endpoint_listen_port(bob.endpoint, 0, NULL, &listener), KITH_OK);
}

Test(diagnosis, no_kind_of_address_is_allowed)
{
	struct kith_event event;

	begin();
	set(alice.endpoint, "IceShare", "0");
	call_peer();
	event = run(CARRY_ALL, true);
	diagnose(&event, KITH_STAGE_LOCAL);
	end();
}

/* Only a relay may be told, and it is silent: nothing is told for as long as that is waited for. */
static void allow_only_a_silent_relay(struct peer *peer, const char *address)
{
	char server[48];

	snprintf(server, sizeof(server), "turn:%s", address);
	set(peer->endpoint, "TimeoutInitial", "30000");
	set(peer->endpoint, "IceShare", "1");
	cr_assert_eq(kith_endpoint_add_turn_server(peer->endpoint, server, "gordon", "xyzzy"), KITH_OK);
}

Test(diagnosis, both_agree_and_no_pair_works)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	char address[32];
	int fd = silence(address);

	begin();
	listen_as_bob();
	allow_only_a_silent_relay(&bob, address);
	call_peer();
	event = run(CARRY_ALL, true);
	diagnosis = diagnose(&event, KITH_STAGE_NO_PATH);
	cr_assert(diagnosis.agreed && diagnosis.local_host > 0 && diagnosis.remote_host == 0 && !diagnosis.pair_found);
	end();
	close(fd);
}

Test(diagnosis, the_machine_of_the_peer_cannot, .timeout = 60)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	char address[32];
	int fd = silence(address);

	begin();
	listen_as_bob();
	allow_only_a_silent_relay(&bob, address);
	set(alice.endpoint, "TimeoutInitial", "30000");
	call_peer();
	event = run(CARRY_ALL, true);
	cr_assert_eq(event.state, KITH_STATE_CLOSED_BY_PEER);
	diagnosis = diagnose(&event, KITH_STAGE_NO_PATH);
	cr_assert(strstr(diagnosis.summary, "TURN server does not answer") != NULL, "%s", diagnosis.summary);
	end();
	close(fd);
}

Test(diagnosis, no_server_answers_over_udp, .timeout = 60)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	char address[32];
	int fd = silence(address);

	begin();
	listen_as_bob();
	allow_only_a_silent_relay(&bob, address);
	set(alice.endpoint, "TimeoutInitial", "5000");
	set(alice.endpoint, "P2P_STUN_ServerList", address);
	call_peer();
	event = run(CARRY_UNTIL_AGREED, true);
	diagnosis = diagnose(&event, KITH_STAGE_UDP_BLOCKED);
	cr_assert_eq(diagnosis.servers_silent, 1);
	cr_assert(strstr(diagnosis.summary, "127.0.0.1") != NULL, "%s", diagnosis.summary);
	end();
	close(fd);
}

Test(diagnosis, the_relay_is_silent, .timeout = 60)
{
	struct kith_diagnosis diagnosis;
	struct kith_event event;
	char address[32];
	int fd = silence(address);

	begin();
	listen_as_bob();
	allow_only_a_silent_relay(&alice, address);
	set(bob.endpoint, "TimeoutInitial", "30000");
	call_peer();
	event = run(CARRY_ALL, true);
	diagnosis = diagnose(&event, KITH_STAGE_RELAY);
	cr_assert(strstr(diagnosis.text, "xyzzy") == NULL && strstr(diagnosis.text, "gordon") == NULL);
	end();
	close(fd);
}

/* --- afterwards */

Test(diagnosis, the_contact_is_lost)
{
	struct kith_event event;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	set(pair.called, "TimeoutConnected", "1000");
	set(pair.called, "FakePacketLoss_Recv", "100");
	pair_send(pair.client, pair.called, "anybody there?", 14, KITH_SEND_RELIABLE, 0);
	event = pair_await(pair.client, KITH_EVENT_STATE, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(diagnose(&event, KITH_STAGE_TIMEOUT).connected, 1);
	pair_close(&pair);
}

Test(diagnosis, the_end_of_one_that_worked)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	struct kith_event event;
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_diagnosis(pair.called, &diagnosis), KITH_OK);
	cr_assert_eq(diagnosis.stage, KITH_STAGE_NONE);
	cr_assert_str_eq(diagnosis.summary, "");
	kith_connection_close(pair.accepted, 1001, "enough", 0);
	event = pair_await(pair.client, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	diagnose(&event, KITH_STAGE_CLOSED);
	pair_close(&pair);
}

/* --- sessions */

Test(diagnosis, a_session_that_nobody_answers)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	struct kith_event event;

	begin();
	cr_assert_eq(kith_messages_diagnosis(alice.endpoint, &bob.identity, &diagnosis), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_messages_send(alice.endpoint, &bob.identity, 1, "hello", 5, KITH_SEND_RELIABLE), KITH_OK);
	cr_assert_eq(kith_messages_diagnosis(alice.endpoint, &bob.identity, &diagnosis), KITH_OK);
	cr_assert_eq(diagnosis.stage, KITH_STAGE_PEER_SILENT);
	event = pair_await(alice.endpoint, KITH_EVENT_SESSION_FAILED, 0);
	cr_assert_eq(event.stage, KITH_STAGE_PEER_SILENT, "%s", kith_stage_name(event.stage));
	cr_assert_eq(kith_messages_diagnosis(alice.endpoint, &bob.identity, &diagnosis), KITH_OK);
	cr_assert_eq(diagnosis.stage, KITH_STAGE_PEER_SILENT);
	cr_assert(diagnosis.signals_sent > 0 && diagnosis.elapsed_us >= SHORT_MS * 1000);
	end();
}

/* --- texts */

static char report[KITH_REPORT_SIZE_MAX];

static void expect_part(const char *part)
{
	cr_expect(strstr(report, part) != NULL, "no '%s' in:\n%s", part, report);
}

static void expect_no_part(const char *part)
{
	cr_expect(strstr(report, part) == NULL, "'%s' in:\n%s", part, report);
}

Test(diagnosis, the_report_of_a_connection)
{
	struct kith_config_entry config = { .id = KITH_CONFIG_TIMEOUT_INITIAL, .type = KITH_TYPE_INT32, .integer = 4711 };
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct pair pair;
	size_t size;

	options.name = "the blue one";
	options.config = &config;
	options.config_count = 1;
	pair_open(&pair, NULL, &options);
	cr_assert_eq(kith_endpoint_add_turn_server(pair.client, "turn:127.0.0.1:3478", "gordon", "xyzzy"), KITH_OK);
	cr_assert_eq(kith_connection_set_lanes(pair.called, 3, NULL, NULL), KITH_OK);
	pair_send(pair.client, pair.called, "hello", 5, KITH_SEND_RELIABLE, 1);
	kith_message_release(pair_receive(pair.server, pair.accepted));
	cr_assert_eq(kith_connection_report(pair.called, 0, report, sizeof(report), &size), KITH_OK);
	cr_assert_eq(size, strlen(report) + 1);
	expect_part(kith_version_text());
	expect_part("the blue one");
	expect_part("127.0.0.1");
	expect_part("LOOPBACK");
	expect_part("AES-256-GCM");
	expect_part("TimeoutInitial = 4711");
	expect_part("lane 2");
	expect_part("0-25 ms");
	expect_no_part("xyzzy");
	expect_no_part("gordon");
	cr_assert_eq(kith_connection_report(pair.called, KITH_HIDE_ADDRESSES, report, sizeof(report), NULL), KITH_OK);
	expect_no_part("127.0.0.1");
	expect_no_part("::1");
	expect_part("LOOPBACK");
	pair_close(&pair);
}

Test(diagnosis, the_report_of_one_that_failed)
{
	struct kith_event event;
	char address[32];
	int fd = silence(address);

	begin();
	call_address(address, NULL);
	event = run(CARRY_NOTHING, false);
	cr_assert_eq(kith_connection_report(event.connection, 0, report, sizeof(report), NULL), KITH_OK);
	expect_part("PEER_SILENT");
	expect_part(address);
	cr_assert_eq(kith_connection_report(event.connection, KITH_HIDE_ADDRESSES, report, sizeof(report), NULL), KITH_OK);
	expect_part("PEER_SILENT");
	expect_no_part(address);
	end();
	close(fd);
}

Test(diagnosis, the_route_in_one_line)
{
	char text[KITH_ROUTE_TEXT_MAX];
	struct pair pair;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_route(pair.called, 0, text, sizeof(text), NULL), KITH_OK);
	cr_assert(strstr(text, "LOOPBACK, 127.0.0.1:") == text && strstr(text, "by address") != NULL, "%s", text);
	cr_assert_eq(kith_connection_route(pair.called, KITH_HIDE_ADDRESSES, text, sizeof(text), NULL), KITH_OK);
	cr_assert_str_eq(text, "LOOPBACK, by address");
	pair_close(&pair);
}

Test(diagnosis, arguments)
{
	struct kith_diagnosis diagnosis = KITH_DIAGNOSIS_INIT;
	struct pair pair;
	size_t size;

	pair_open(&pair, NULL, NULL);
	cr_assert_eq(kith_connection_diagnosis(pair.called, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_diagnosis(0, &diagnosis), KITH_E_HANDLE);
	diagnosis.struct_size = 3;
	cr_assert_eq(kith_connection_diagnosis(pair.called, &diagnosis), KITH_E_INVALID);
	kith_diagnosis_init(&diagnosis);
	cr_assert_eq(diagnosis.struct_size, sizeof(diagnosis));
	kith_diagnosis_init(NULL);
	cr_assert_eq(kith_messages_diagnosis(pair.client, NULL, &diagnosis), KITH_E_INVALID);
	cr_assert_eq(kith_messages_diagnosis(0, &alice.identity, &diagnosis), KITH_E_HANDLE);
	cr_assert_eq(kith_connection_report(pair.called, 2, report, sizeof(report), NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_report(0, 0, report, sizeof(report), NULL), KITH_E_HANDLE);
	cr_assert_eq(kith_connection_report(pair.called, 0, NULL, 1, NULL), KITH_E_INVALID);
	cr_assert_eq(kith_connection_report(pair.called, 0, report, 10, &size), KITH_E_TOO_LARGE);
	cr_assert_gt(size, 10);
	cr_assert_eq(kith_connection_report(pair.called, 0, NULL, 0, &size), KITH_OK);
	cr_assert_eq(kith_connection_route(pair.called, 0, report, 3, &size), KITH_E_TOO_LARGE);
	cr_assert_str_eq(kith_stage_name(KITH_STAGE_NO_PATH), "NO_PATH");
	cr_assert_str_eq(kith_stage_name(-1), "UNKNOWN");
	cr_assert_gt(strlen(kith_stage_text(KITH_STAGE_RELAY)), 0);
	cr_assert_gt(strlen(kith_stage_text(99)), 0);
	pair_close(&pair);
}
