/* Messages to an identity inside this process: signals by callbacks and by events, ICE over this
 * machine's addresses. */
#include "pair.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 64 };

struct peer {
	kith_endpoint endpoint;
	struct kith_identity identity;
	kith_signaling signaling; /* 0: signals are events */
	struct peer *other;
	int signals; /* sent */
	struct kith_event events[EVENTS_MAX];
	int event_count;
};

/* --- two peers */

static kith_result carry(void *user_data, const char *peer, const void *data, size_t size)
{
	struct peer *self = user_data;

	cr_assert(strcmp(peer, self->other->identity.text) == 0, "%s", peer);
	__atomic_fetch_add(&self->signals, 1, __ATOMIC_SEQ_CST);
	return kith_endpoint_receive_signal(self->other->endpoint, self->other->signaling, data, size);
}

static void make_peer(struct peer *peer, const char *name, struct peer *other)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;

	memset(peer, 0, sizeof(*peer));
	cr_assert_eq(kith_identity_parse(name, &peer->identity), KITH_OK);
	options.identity = &peer->identity;
	cr_assert_eq(kith_endpoint_create(&options, &peer->endpoint), KITH_OK);
	peer->other = other;
}

static void add_signaling(struct peer *peer)
{
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;

	callbacks.send = carry;
	callbacks.user_data = peer;
	cr_assert_eq(kith_signaling_add(peer->endpoint, &callbacks, &peer->signaling), KITH_OK);
}

static struct peer peers[2];

static void open_peers(bool by_callbacks)
{
	make_peer(&peers[0], "str:alice", &peers[1]);
	make_peer(&peers[1], "str:bob", &peers[0]);
	for (int i = 0; by_callbacks && i < 2; i++)
		add_signaling(&peers[i]);
}

static void close_peers(void)
{
	for (int i = 0; i < 2; i++)
		cr_assert_eq(kith_endpoint_destroy(peers[i].endpoint), KITH_OK);
}

static kith_result send_text(int from, int32_t channel, const char *text, uint32_t flags)
{
	return kith_messages_send(peers[from].endpoint, &peers[1 - from].identity, channel, text, strlen(text), flags);
}

/* Takes what happened at a peer, carrying signals and keeping the rest. False: nothing. */
static bool step(int who)
{
	struct peer *peer = &peers[who];
	struct kith_event event = KITH_EVENT_INIT;

	if (kith_endpoint_next_event(peer->endpoint, &event) != KITH_OK)
		return false;
	cr_assert(event.type != KITH_EVENT_STATE && event.type != KITH_EVENT_READABLE && event.connection == 0,
	          "a session's connection shows");
	if (event.type == KITH_EVENT_SIGNAL) {
		peer->signals++;
		kith_endpoint_receive_signal(peer->other->endpoint, KITH_NO_HANDLE, event.data, event.data_size);
		return true;
	}
	cr_assert_lt(peer->event_count, EVENTS_MAX);
	peer->events[peer->event_count++] = event;
	return true;
}

/* Takes the oldest event of a type that was kept. */
static bool take_kept(int who, int32_t type, struct kith_event *out)
{
	struct peer *peer = &peers[who];

	for (int i = 0; i < peer->event_count; i++) {
		if (peer->events[i].type != type)
			continue;
		*out = peer->events[i];
		peer->event_count--;
		memmove(&peer->events[i], &peer->events[i + 1], (size_t)(peer->event_count - i) * sizeof(*out));
		return true;
	}
	return false;
}

/* Waits for an event of one type at one peer. */
static struct kith_event await(int who, int32_t type)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	struct kith_event event;

	while (!take_kept(who, type, &event)) {
		bool some = step(1 - who);
		some |= step(who);
		cr_assert(kith_now_us() < deadline, "no %s came", kith_event_name(type));
		if (!some)
			kith_endpoint_wait(peers[who].endpoint, 1000);
	}
	return event;
}

static int count_kept(int who, int32_t type)
{
	int count = 0;

	while (step(who))
		continue;
	for (int i = 0; i < peers[who].event_count; i++)
		count += peers[who].events[i].type == type;
	return count;
}

static kith_message *receive_one(int who, int32_t channel)
{
	kith_message *message = NULL;

	while (kith_messages_receive(peers[who].endpoint, channel, &message, 1) == 0) {
		struct kith_event event = await(who, KITH_EVENT_CHANNEL_READABLE);
		cr_assert_eq(event.channel, channel);
	}
	return message;
}

static void expect_text(int who, int32_t channel, const char *text)
{
	kith_message *message = receive_one(who, channel);

	cr_assert_eq(kith_message_size(message), strlen(text));
	cr_assert_eq(memcmp(kith_message_data(message), text, strlen(text)), 0);
	kith_message_release(message);
}

/* Alice says hello, Bob accepts. */
static void connect_peers(bool by_callbacks)
{
	open_peers(by_callbacks);
	cr_assert_eq(send_text(0, 0, "hello", 0), KITH_OK, "%s", kith_last_error());
	await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert_eq(kith_messages_accept(peers[1].endpoint, &peers[0].identity), KITH_OK);
	expect_text(1, 0, "hello");
}

/* --- what it is for */

Test(messages, first_use_needs_identity_and_signaling_only)
{
	struct kith_identity sender;
	struct kith_event event;
	kith_message *message;

	open_peers(true);
	cr_assert_eq(send_text(0, 7, "hello", KITH_SEND_UNRELIABLE), KITH_OK, "%s", kith_last_error());
	event = await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert(kith_identity_equal(&event.peer, &peers[0].identity));
	cr_assert_eq(event.endpoint, peers[1].endpoint);
	cr_assert_eq(send_text(1, -7, "hello yourself", KITH_SEND_RELIABLE), KITH_OK);
	event = await(1, KITH_EVENT_CHANNEL_READABLE);
	cr_assert_eq(event.channel, 7);
	message = receive_one(1, 7);
	cr_assert_eq(kith_message_channel(message), 7);
	cr_assert_eq(kith_message_connection(message), KITH_NO_HANDLE);
	cr_assert_eq(kith_message_flags(message), KITH_SEND_RELIABLE, "the first ones are sent as reliable");
	cr_assert_eq(kith_message_peer(message, &sender), KITH_OK);
	cr_assert(kith_identity_equal(&sender, &peers[0].identity));
	cr_assert(kith_message_time_us(message) > 0 && kith_message_time_us(message) <= kith_now_us());
	expect_text(0, -7, "hello yourself");
	close_peers();
	/* It does not depend on its endpoint. */
	cr_assert_eq(memcmp(kith_message_data(message), "hello", 5), 0);
	cr_assert_eq(kith_message_peer(message, &sender), KITH_OK);
	cr_assert(kith_identity_equal(&sender, &peers[0].identity));
	kith_message_release(message);
}

Test(messages, signals_may_travel_as_events)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_status status = KITH_STATUS_INIT;
	struct kith_security security = KITH_SECURITY_INIT;
	struct kith_event event;

	connect_peers(false);
	event = await(0, KITH_EVENT_SESSION_CONNECTED);
	cr_assert(kith_identity_equal(&event.peer, &peers[1].identity));
	cr_assert_eq(event.route, KITH_ROUTE_LOOPBACK, "%s", kith_route_name(event.route));
	cr_assert_eq(event.state, KITH_STATE_CONNECTED);
	cr_assert_eq(kith_messages_info(peers[1].endpoint, &peers[0].identity, &info), KITH_OK);
	cr_assert_eq(info.state, KITH_STATE_CONNECTED);
	cr_assert_eq(info.incoming, 1);
	cr_assert_eq(info.virtual_port, -1);
	cr_assert_eq(info.listener, KITH_NO_HANDLE);
	cr_assert_eq(info.endpoint, peers[1].endpoint);
	cr_assert_geq(info.connect_time_us, 0);
	cr_assert(kith_identity_equal(&info.peer, &peers[0].identity));
	cr_assert_eq(kith_messages_status(peers[0].endpoint, &peers[1].identity, &status), KITH_OK);
	cr_assert_eq(status.state, KITH_STATE_CONNECTED);
	cr_assert_gt(status.packets_sent, 0);
	cr_assert_eq(kith_messages_security(peers[0].endpoint, &peers[1].identity, &security), KITH_OK);
	cr_assert_eq(security.encrypted, 1);
	close_peers();
}

Test(messages, both_may_speak_first)
{
	for (int round = 0; round < 10; round++) {
		open_peers(false);
		cr_assert_eq(send_text(0, 0, "from alice", 0), KITH_OK);
		cr_assert_eq(send_text(1, 0, "from bob", 0), KITH_OK);
		expect_text(0, 0, "from bob");
		expect_text(1, 0, "from alice");
		for (int i = 0; i < 2; i++) {
			kith_message *message;
			cr_assert_eq(count_kept(i, KITH_EVENT_SESSION_REQUEST), 0, "the race is visible");
			cr_assert_eq(kith_messages_receive(peers[i].endpoint, 0, &message, 1), 0);
		}
		close_peers();
	}
}

Test(messages, channels_are_received_in_batches)
{
	kith_message *batch[64];
	uint32_t next[3] = { 0 };
	int received = 0;

	connect_peers(true);
	for (uint32_t i = 0; i < 1500; i++) {
		uint32_t content[2] = { i % 3, i / 3 };
		cr_assert_eq(kith_messages_send(peers[0].endpoint, &peers[1].identity, (int32_t)(i % 3) - 1, content,
		                                sizeof(content), KITH_SEND_RELIABLE),
		             KITH_OK);
	}
	cr_assert_eq(kith_messages_flush(peers[0].endpoint, &peers[1].identity), KITH_OK);
	while (received < 1500) {
		struct kith_event event = await(1, KITH_EVENT_CHANNEL_READABLE);
		int32_t count;
		cr_assert(event.channel >= -1 && event.channel <= 1);
		do {
			count = kith_messages_receive(peers[1].endpoint, event.channel, batch, 64);
			cr_assert_geq(count, 0);
			for (int32_t i = 0; i < count; i++) {
				const uint32_t *content = kith_message_data(batch[i]);
				cr_assert_eq((int32_t)content[0] - 1, event.channel);
				cr_assert_eq(content[1], next[content[0]]++);
			}
			kith_message_release_batch(batch, (size_t)count);
			received += count;
		} while (count == 64);
	}
	close_peers();
}

Test(messages, the_descriptor_tells_of_channels)
{
	struct pollfd polled = { .events = POLLIN };
	kith_message *message;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	connect_peers(true);
	await(1, KITH_EVENT_SESSION_CONNECTED);
	while (step(1))
		continue;
	cr_assert_eq(kith_endpoint_fd(peers[1].endpoint, &polled.fd), KITH_OK);
	cr_assert_eq(poll(&polled, 1, 0), 0);
	cr_assert_eq(send_text(0, 5, "wake up", KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE), KITH_OK);
	cr_assert_eq(poll(&polled, 1, 10000), 1);
	/* Reading it all takes the event away as well. */
	while (kith_messages_receive(peers[1].endpoint, 5, &message, 1) == 0)
		cr_assert(kith_now_us() < deadline);
	kith_message_release(message);
	cr_assert_eq(kith_messages_receive(peers[1].endpoint, 5, &message, 1), 0);
	cr_assert_eq(poll(&polled, 1, 0), 0);
	close_peers();
}

Test(messages, sizes_from_nothing_to_the_most_arrive)
{
	static uint8_t bytes[KITH_MESSAGES_SIZE_MAX + 1];
	static const size_t sizes[] = { 0, 1, 5, 1200, 65536, KITH_MESSAGES_SIZE_MAX };
	kith_message *message;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	connect_peers(true);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		cr_assert_eq(kith_messages_send(peers[0].endpoint, &peers[1].identity, INT32_MIN, sizes[i] > 0 ? bytes : NULL,
		                                sizes[i], KITH_SEND_RELIABLE),
		             KITH_OK);
		message = receive_one(1, INT32_MIN);
		cr_assert_eq(kith_message_size(message), sizes[i]);
		cr_assert_eq(memcmp(kith_message_data(message), bytes, sizes[i]), 0);
		kith_message_release(message);
	}
	cr_assert_eq(kith_messages_send(peers[0].endpoint, &peers[1].identity, 0, bytes, sizeof(bytes), 0),
	             KITH_E_TOO_LARGE);
	cr_assert(strstr(kith_last_error(), "524283") != NULL, "%s", kith_last_error());
	close_peers();
}

Test(messages, a_full_buffer_says_again_and_then_writable)
{
	static uint8_t bytes[100000];
	kith_message *batch[16];
	struct kith_event event;
	unsigned sent = 0, received = 0;
	kith_result result;

	connect_peers(true);
	while ((result = kith_messages_send(peers[0].endpoint, &peers[1].identity, 1, bytes, sizeof(bytes),
	                                    KITH_SEND_RELIABLE)) == KITH_OK)
		cr_assert_lt(++sent, 1000, "who does not read is not waited for");
	cr_assert_eq(result, KITH_E_AGAIN);
	while (received < sent) {
		int32_t count = kith_messages_receive(peers[1].endpoint, 1, batch, 16);
		kith_message_release_batch(batch, (size_t)count);
		received += (unsigned)count;
		if (count < 16 && received < sent)
			await(1, KITH_EVENT_CHANNEL_READABLE);
	}
	event = await(0, KITH_EVENT_SESSION_WRITABLE);
	cr_assert(kith_identity_equal(&event.peer, &peers[1].identity));
	cr_assert_eq(send_text(0, 1, "room again", KITH_SEND_RELIABLE), KITH_OK);
	close_peers();
}

/* --- strangers */

Test(messages, who_is_ignored_hears_nothing)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_event event;

	open_peers(false);
	cr_assert_eq(kith_config_set_int(peers[1].endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 600), KITH_OK);
	cr_assert_eq(send_text(0, 0, "hello?", 0), KITH_OK);
	await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert_eq(kith_messages_info(peers[1].endpoint, &peers[0].identity, &info), KITH_OK);
	cr_assert_eq(info.state, KITH_STATE_CONNECTING);
	cr_assert_eq(info.incoming, 1);
	event = await(1, KITH_EVENT_SESSION_ENDED);
	cr_assert(kith_identity_equal(&event.peer, &peers[0].identity));
	cr_assert_eq(event.result, KITH_E_TIMEOUT);
	cr_assert_eq(kith_messages_accept(peers[1].endpoint, &peers[0].identity), KITH_E_NOT_FOUND);
	cr_assert_eq(peers[1].signals, 0);
	close_peers();
}

Test(messages, what_proves_who_asks_is_known_before_the_answer)
{
	struct kith_security security = KITH_SECURITY_INIT;
	uint8_t key[KITH_KEY_SIZE];

	make_peer(&peers[1], "str:bob", &peers[0]);
	memset(&peers[0], 0, sizeof(peers[0]));
	peers[0].other = &peers[1];
	cr_assert_eq(kith_endpoint_create(NULL, &peers[0].endpoint), KITH_OK);
	cr_assert_eq(kith_endpoint_identity(peers[0].endpoint, &peers[0].identity), KITH_OK);
	cr_assert_eq(send_text(0, 0, "hello, I am my key", 0), KITH_OK);
	await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert_eq(kith_messages_security(peers[1].endpoint, &peers[0].identity, &security), KITH_OK);
	cr_assert_eq(security.proof, KITH_PROOF_KEY);
	cr_assert_eq(kith_endpoint_public_key(peers[0].endpoint, key), KITH_OK);
	cr_assert(security.has_peer_key == 1 && memcmp(security.peer_key, key, sizeof(key)) == 0);
	cr_assert_eq(kith_messages_accept(peers[1].endpoint, &peers[0].identity), KITH_OK);
	expect_text(1, 0, "hello, I am my key");
	close_peers();
}

Test(messages, a_refusal_is_told)
{
	struct kith_event event;

	open_peers(true);
	cr_assert_eq(send_text(0, 0, "hello?", 0), KITH_OK);
	await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert_eq(kith_messages_close(peers[1].endpoint, &peers[0].identity, 0), KITH_OK);
	event = await(0, KITH_EVENT_SESSION_FAILED);
	cr_assert_eq(event.reason, 1001);
	cr_assert_eq(event.state, KITH_STATE_CLOSED_BY_PEER);
	close_peers();
}

Test(messages, nobody_may_ask_when_none_may_wait)
{
	open_peers(false);
	cr_assert_eq(kith_config_set_int(peers[1].endpoint, KITH_CONFIG_MESSAGES_WAITING_MAX, 0), KITH_OK);
	cr_assert_eq(kith_config_set_int(peers[0].endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 600), KITH_OK);
	cr_assert_eq(send_text(0, 0, "hello?", 0), KITH_OK);
	await(0, KITH_EVENT_SESSION_FAILED);
	cr_assert_eq(peers[1].signals, 0);
	cr_assert_eq(kith_messages_accept(peers[1].endpoint, &peers[0].identity), KITH_E_NOT_FOUND);
	close_peers();
}

/* --- ends */

Test(messages, closing_a_session_tells_the_peer)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_event event;

	connect_peers(true);
	cr_assert_eq(send_text(0, 0, "goodbye", KITH_SEND_RELIABLE), KITH_OK);
	cr_assert_eq(kith_messages_close(peers[0].endpoint, &peers[1].identity, -1), KITH_OK);
	cr_assert_eq(kith_messages_close(peers[0].endpoint, &peers[1].identity, -1), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_messages_info(peers[0].endpoint, &peers[1].identity, &info), KITH_E_NOT_FOUND);
	event = await(1, KITH_EVENT_SESSION_ENDED);
	cr_assert_eq(event.reason, 1001);
	cr_assert_eq(event.state, KITH_STATE_CLOSED_BY_PEER);
	expect_text(1, 0, "goodbye");
	cr_assert_eq(kith_messages_info(peers[1].endpoint, &peers[0].identity, &info), KITH_E_NOT_FOUND);
	close_peers();
}

Test(messages, the_last_channel_closes_the_session)
{
	connect_peers(true);
	cr_assert_eq(send_text(1, 4, "four", KITH_SEND_RELIABLE), KITH_OK);
	cr_assert_eq(kith_messages_close_channel(peers[1].endpoint, &peers[0].identity, 9), KITH_E_NOT_FOUND);
	cr_assert_eq(kith_messages_close_channel(peers[1].endpoint, &peers[0].identity, 0), KITH_OK);
	cr_assert_eq(kith_messages_close_channel(peers[1].endpoint, &peers[0].identity, 4), KITH_OK);
	cr_assert_eq(kith_messages_close_channel(peers[1].endpoint, &peers[0].identity, 4), KITH_E_NOT_FOUND);
	expect_text(0, 4, "four");
	await(0, KITH_EVENT_SESSION_ENDED);
	close_peers();
}

Test(messages, a_session_nobody_uses_closes)
{
	struct kith_event event;

	connect_peers(true);
	cr_assert_eq(kith_config_set_int(peers[0].endpoint, KITH_CONFIG_MESSAGES_IDLE_TIMEOUT, 300), KITH_OK);
	event = await(0, KITH_EVENT_SESSION_ENDED);
	cr_assert_eq(event.reason, 1002);
	cr_assert_eq(event.state, KITH_STATE_NONE);
	event = await(1, KITH_EVENT_SESSION_ENDED);
	cr_assert_eq(event.reason, 1002);
	cr_assert_eq(event.state, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(send_text(1, 0, "anew", 0), KITH_OK);
	await(0, KITH_EVENT_SESSION_REQUEST);
	close_peers();
}

Test(messages, a_broken_session_is_restarted_when_told_so)
{
	struct kith_info info = KITH_INFO_INIT;
	struct kith_status status = KITH_STATUS_INIT;
	struct kith_security security = KITH_SECURITY_INIT;
	struct kith_event event;
	kith_result result;

	open_peers(false);
	cr_assert_eq(kith_config_set_int(peers[0].endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 300), KITH_OK);
	cr_assert_eq(send_text(0, 0, "anybody?", 0), KITH_OK);
	/* No signal is carried. */
	do {
		cr_assert_eq(kith_endpoint_wait(peers[0].endpoint, PAIR_PATIENCE_US), KITH_OK);
		kith_event_init(&event);
		kith_endpoint_next_event(peers[0].endpoint, &event);
	} while (event.type != KITH_EVENT_SESSION_FAILED);
	cr_assert(kith_identity_equal(&event.peer, &peers[1].identity));
	cr_assert_eq(event.result, KITH_E_TIMEOUT);
	cr_assert(event.text[0] != '\0');
	result = send_text(0, 0, "anybody?", KITH_SEND_RELIABLE);
	cr_assert_eq(result, KITH_E_CLOSED);
	cr_assert(strstr(kith_last_error(), "KITH_SEND_AUTO_RESTART") != NULL, "%s", kith_last_error());
	cr_assert_eq(kith_messages_info(peers[0].endpoint, &peers[1].identity, &info), KITH_OK);
	cr_assert_eq(info.state, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(info.reason, event.reason);
	cr_assert(strcmp(info.text, event.text) == 0);
	cr_assert_eq(kith_messages_status(peers[0].endpoint, &peers[1].identity, &status), KITH_OK);
	cr_assert_eq(status.state, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(kith_messages_security(peers[0].endpoint, &peers[1].identity, &security), KITH_E_STATE);
	cr_assert_eq(kith_messages_accept(peers[0].endpoint, &peers[1].identity), KITH_E_STATE);
	cr_assert_eq(kith_messages_flush(peers[0].endpoint, &peers[1].identity), KITH_E_CLOSED);
	cr_assert_eq(kith_config_set_int(peers[0].endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 10000), KITH_OK);
	cr_assert_eq(send_text(0, 0, "now?", KITH_SEND_AUTO_RESTART), KITH_OK);
	await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert_eq(kith_messages_accept(peers[1].endpoint, &peers[0].identity), KITH_OK);
	expect_text(1, 0, "now?");
	close_peers();
}

Test(messages, destroying_an_endpoint_ends_its_sessions)
{
	struct kith_event event;

	connect_peers(true);
	cr_assert_eq(send_text(1, 3, "unread", KITH_SEND_RELIABLE), KITH_OK);
	await(0, KITH_EVENT_CHANNEL_READABLE);
	/* Or Bob would have something under way. */
	for (int i = 0; i < 20; i++) {
		struct kith_status status = KITH_STATUS_INIT;
		kith_messages_status(peers[1].endpoint, &peers[0].identity, &status);
		if (status.pending_reliable + status.unacked_reliable == 0)
			break;
		kith_endpoint_wait(peers[1].endpoint, 50000);
		step(1);
	}
	cr_assert_eq(kith_endpoint_destroy(peers[0].endpoint), KITH_OK);
	event = await(1, KITH_EVENT_SESSION_ENDED);
	cr_assert_eq(event.reason, 1001);
	cr_assert_eq(kith_messages_send(peers[0].endpoint, &peers[1].identity, 0, "x", 1, 0), KITH_E_HANDLE);
	kith_endpoint_destroy(peers[1].endpoint);
}

/* --- callbacks */

struct parrot {
	int who;
	int requests, connected, ended, readable;
	bool destroys;
};

static void on_request(void *user_data, const struct kith_event *event)
{
	struct parrot *parrot = user_data;

	parrot->requests++;
	cr_assert_eq(kith_messages_accept(event->endpoint, &event->peer), KITH_OK);
}

static void on_connected(void *user_data, const struct kith_event *event)
{
	(void)event;
	((struct parrot *)user_data)->connected++;
}

static void on_readable(void *user_data, const struct kith_event *event)
{
	struct parrot *parrot = user_data;
	struct kith_identity peer;
	kith_message *message;

	parrot->readable++;
	while (kith_messages_receive(event->endpoint, event->channel, &message, 1) == 1) {
		cr_assert_eq(kith_message_peer(message, &peer), KITH_OK);
		cr_assert_eq(kith_messages_send(event->endpoint, &peer, event->channel, kith_message_data(message),
		                                kith_message_size(message), KITH_SEND_RELIABLE),
		             KITH_OK);
		kith_message_release(message);
	}
	if (parrot->destroys)
		cr_assert_eq(kith_endpoint_destroy(event->endpoint), KITH_OK);
}

static void on_ended(void *user_data, const struct kith_event *event)
{
	struct kith_info info = KITH_INFO_INIT;

	((struct parrot *)user_data)->ended++;
	kith_messages_info(event->endpoint, &event->peer, &info);
	kith_messages_close_channel(event->endpoint, &event->peer, 0);
	kith_messages_close(event->endpoint, &event->peer, 0);
}

static void make_parrot(struct parrot *parrot)
{
	struct kith_callbacks callbacks = KITH_CALLBACKS_INIT;

	callbacks.user_data = parrot;
	callbacks.on_session_request = on_request;
	callbacks.on_session_connected = on_connected;
	callbacks.on_session_ended = on_ended;
	callbacks.on_session_failed = on_ended;
	callbacks.on_channel_readable = on_readable;
	cr_assert_eq(kith_endpoint_set_callbacks(peers[parrot->who].endpoint, &callbacks), KITH_OK);
}

Test(messages, callbacks_may_do_everything)
{
	struct parrot parrot = { .who = 1 };
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	kith_message *message;

	open_peers(true);
	make_parrot(&parrot);
	cr_assert_eq(send_text(0, 2, "pretty", 0), KITH_OK);
	cr_assert_eq(send_text(0, 2, "polly", 0), KITH_OK);
	for (int i = 0; i < 2; i++) {
		while (kith_messages_receive(peers[0].endpoint, 2, &message, 1) == 0) {
			cr_assert(kith_now_us() < deadline);
			cr_assert_geq(kith_endpoint_dispatch(peers[1].endpoint, 10000), 0);
		}
		cr_assert_eq(memcmp(kith_message_data(message), i == 0 ? "pretty" : "polly", 5), 0);
		kith_message_release(message);
	}
	cr_assert_eq(kith_messages_close(peers[0].endpoint, &peers[1].identity, 0), KITH_OK);
	while (parrot.ended == 0) {
		cr_assert(kith_now_us() < deadline);
		cr_assert_geq(kith_endpoint_dispatch(peers[1].endpoint, 10000), 0);
	}
	cr_assert_eq(parrot.requests, 1);
	cr_assert_eq(parrot.connected, 1);
	cr_assert_geq(parrot.readable, 1);
	close_peers();
}

Test(messages, a_callback_may_destroy_the_endpoint)
{
	struct parrot parrot = { .who = 1, .destroys = true };
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	int32_t result;

	open_peers(true);
	make_parrot(&parrot);
	cr_assert_eq(send_text(0, 2, "the end", 0), KITH_OK);
	while ((result = kith_endpoint_dispatch(peers[1].endpoint, 10000)) >= 0)
		cr_assert(kith_now_us() < deadline);
	cr_assert(result == KITH_E_HANDLE || result == KITH_E_CANCELLED);
	cr_assert_eq(parrot.readable, 1);
	kith_endpoint_destroy(peers[0].endpoint);
}

/* --- misuse */

Test(messages, senseless_arguments_are_refused)
{
	struct kith_identity nobody = KITH_IDENTITY_INIT, here, wild;
	struct kith_info info = KITH_INFO_INIT;
	struct kith_status status = KITH_STATUS_INIT;
	struct kith_security security = KITH_SECURITY_INIT;
	kith_message *message = NULL;
	kith_endpoint endpoint;

	open_peers(true);
	endpoint = peers[0].endpoint;
	memset(&wild, 'x', sizeof(wild));
	cr_assert_eq(kith_identity_parse("ip:127.0.0.1", &here), KITH_OK);
	cr_expect_eq(kith_messages_send(endpoint, NULL, 0, "x", 1, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_send(endpoint, &nobody, 0, "x", 1, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_send(endpoint, &here, 0, "x", 1, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_send(endpoint, &wild, 0, "x", 1, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_send(endpoint, &peers[0].identity, 0, "x", 1, 0), KITH_E_INVALID);
	cr_expect(strstr(kith_last_error(), "this endpoint") != NULL, "%s", kith_last_error());
	cr_expect_eq(kith_messages_send(endpoint, &peers[1].identity, 0, NULL, 1, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_send(endpoint, &peers[1].identity, 0, "x", SIZE_MAX, 0), KITH_E_TOO_LARGE);
	cr_expect_eq(kith_messages_send(endpoint, &peers[1].identity, 0, "x", 1, KITH_SEND_SEQUENCED), KITH_E_INVALID);
	cr_expect_eq(kith_messages_receive(endpoint, 0, NULL, 1), KITH_E_INVALID);
	cr_expect_eq(kith_messages_receive(endpoint, 0, &message, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_receive(endpoint, 0, &message, -1), KITH_E_INVALID);
	cr_expect_eq(kith_messages_receive(endpoint, 0, &message, 1), 0);
	cr_expect_null(message);
	cr_expect_eq(kith_messages_accept(endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_messages_accept(endpoint, &wild), KITH_E_INVALID);
	cr_expect_eq(kith_messages_accept(endpoint, &nobody), KITH_E_NOT_FOUND);
	cr_expect_eq(kith_messages_close(endpoint, NULL, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_close(endpoint, &peers[1].identity, 0), KITH_E_NOT_FOUND);
	cr_expect_eq(kith_messages_close_channel(endpoint, NULL, 0), KITH_E_INVALID);
	cr_expect_eq(kith_messages_close_channel(endpoint, &peers[1].identity, 0), KITH_E_NOT_FOUND);
	cr_expect_eq(kith_messages_flush(endpoint, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_messages_flush(endpoint, &peers[1].identity), KITH_E_NOT_FOUND);
	info.state = 3;
	cr_expect_eq(kith_messages_info(endpoint, &peers[1].identity, &info), KITH_E_NOT_FOUND);
	cr_expect_eq(info.state, 0);
	cr_expect_eq(kith_messages_info(endpoint, &peers[1].identity, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_messages_info(endpoint, NULL, &info), KITH_E_INVALID);
	cr_expect_eq(kith_messages_status(endpoint, &peers[1].identity, &status), KITH_E_NOT_FOUND);
	cr_expect_eq(kith_messages_status(endpoint, &peers[1].identity, NULL), KITH_E_INVALID);
	cr_expect_eq(kith_messages_security(endpoint, &peers[1].identity, &security), KITH_E_NOT_FOUND);
	info.struct_size = 0;
	cr_expect_eq(kith_messages_info(endpoint, &peers[1].identity, &info), KITH_E_INVALID);
	close_peers();
}

Test(messages, structs_of_other_ages_are_filled_as_far_as_they_go)
{
	struct {
		struct kith_info info;
		uint8_t beyond[64];
	} larger;

	connect_peers(true);
	memset(&larger, 0x55, sizeof(larger));
	larger.info.struct_size = sizeof(larger);
	cr_assert_eq(kith_messages_info(peers[0].endpoint, &peers[1].identity, &larger.info), KITH_OK);
	cr_assert_eq(larger.info.state, KITH_STATE_CONNECTED);
	cr_assert_eq(larger.beyond[0], 0);
	memset(&larger, 0x55, sizeof(larger));
	larger.info.struct_size = offsetof(struct kith_info, endpoint);
	cr_assert_eq(kith_messages_info(peers[0].endpoint, &peers[1].identity, &larger.info), KITH_OK);
	cr_assert_eq(larger.info.state, KITH_STATE_CONNECTED);
	cr_assert_eq(larger.info.endpoint, 0x55555555);
	close_peers();
}

/* --- threads */

enum { THREADS = 4, EACH = 200 };

static void *send_many(void *argument)
{
	int thread = (int)(intptr_t)argument;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;

	for (uint32_t i = 0; i < EACH; i++) {
		kith_result result;
		while ((result = kith_messages_send(peers[0].endpoint, &peers[1].identity, thread, &i, sizeof(i),
		                                    KITH_SEND_RELIABLE)) == KITH_E_AGAIN)
			cr_assert(kith_now_us() < deadline);
		cr_assert_eq(result, KITH_OK, "%s", kith_last_error());
	}
	return NULL;
}

static void *receive_many(void *argument)
{
	int thread = (int)(intptr_t)argument;
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	uint32_t next = 0;

	while (next < EACH) {
		kith_message *batch[8];
		int32_t count = kith_messages_receive(peers[1].endpoint, thread, batch, 8);
		for (int32_t i = 0; i < count; i++)
			cr_assert_eq(*(const uint32_t *)kith_message_data(batch[i]), next++);
		kith_message_release_batch(batch, (size_t)count);
		cr_assert(kith_now_us() < deadline);
	}
	return NULL;
}

Test(messages, threads_may_do_it_all_at_once)
{
	pthread_t senders[THREADS], receivers[THREADS];

	connect_peers(true);
	for (int i = 0; i < THREADS; i++) {
		cr_assert_eq(pthread_create(&receivers[i], NULL, receive_many, (void *)(intptr_t)i), 0);
		cr_assert_eq(pthread_create(&senders[i], NULL, send_many, (void *)(intptr_t)i), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(senders[i], NULL);
		pthread_join(receivers[i], NULL);
	}
	close_peers();
}

Test(messages, first_sends_from_many_threads_make_one_session)
{
	pthread_t senders[THREADS];

	open_peers(true);
	for (int i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_create(&senders[i], NULL, send_many, (void *)(intptr_t)i), 0);
	await(1, KITH_EVENT_SESSION_REQUEST);
	cr_assert_eq(kith_messages_accept(peers[1].endpoint, &peers[0].identity), KITH_OK);
	for (int i = 0; i < THREADS; i++)
		receive_many((void *)(intptr_t)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(senders[i], NULL);
	cr_assert_eq(count_kept(1, KITH_EVENT_SESSION_REQUEST), 0);
	close_peers();
}
