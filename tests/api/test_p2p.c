/* Peer to peer inside this process: signals by each of the ways, ICE over this machine's addresses. */
#include "pair.h"

#include <pthread.h>
#include <string.h>

struct peer {
	kith_endpoint endpoint;
	struct kith_identity identity;
	kith_signaling signaling;
	struct peer *other;
	int releases;
};

static void make_peer(struct peer *peer, const char *name, struct peer *other)
{
	struct kith_endpoint_options options = KITH_ENDPOINT_OPTIONS_INIT;

	memset(peer, 0, sizeof(*peer));
	cr_assert_eq(kith_identity_parse(name, &peer->identity), KITH_OK);
	options.identity = &peer->identity;
	cr_assert_eq(kith_endpoint_create(&options, &peer->endpoint), KITH_OK);
	peer->other = other;
}

/* --- by callbacks: straight into the other endpoint, as every call is legal there */

static kith_result carry(void *user_data, const char *peer, const void *data, size_t size)
{
	struct peer *self = user_data;

	cr_assert(strcmp(peer, self->other->identity.text) == 0, "%s", peer);
	return kith_endpoint_receive_signal(self->other->endpoint, self->other->signaling, data, size);
}

static void on_release(void *user_data)
{
	__atomic_fetch_add(&((struct peer *)user_data)->releases, 1, __ATOMIC_SEQ_CST);
}

static void add_signaling(struct peer *peer)
{
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;

	callbacks.send = carry;
	callbacks.release = on_release;
	callbacks.user_data = peer;
	cr_assert_eq(kith_signaling_add(peer->endpoint, &callbacks, &peer->signaling), KITH_OK);
}

static void exchange(kith_endpoint from, kith_connection out, kith_endpoint to, kith_connection in)
{
	kith_message *message;

	pair_send(from, out, "over ICE", 8, KITH_SEND_RELIABLE | KITH_SEND_NO_NAGLE, 0);
	message = pair_receive(to, in);
	cr_assert_eq(kith_message_size(message), 8);
	kith_message_release(message);
}

Test(p2p, two_peers_meet_by_callbacks)
{
	static struct peer alice, bob;
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;
	struct kith_info info = KITH_INFO_INIT;
	struct kith_event event;
	kith_listener listener;
	kith_connection called, accepted;

	make_peer(&alice, "str:alice", &bob);
	make_peer(&bob, "str:bob", &alice);
	add_signaling(&alice);
	add_signaling(&bob);
	cr_assert_eq(kith_endpoint_listen_port(alice.endpoint, 7, NULL, &listener), KITH_OK);
	cr_assert_eq(kith_endpoint_listen_port(alice.endpoint, 7, NULL, &listener), KITH_E_EXISTS);
	options.virtual_port = 7;
	cr_assert_eq(kith_endpoint_connect_identity(bob.endpoint, &alice.identity, &options, &called), KITH_OK);
	event = pair_await(alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTING);
	accepted = event.connection;
	cr_assert(kith_identity_equal(&event.peer, &bob.identity), "%s", event.peer.text);
	cr_assert_eq(kith_connection_accept(accepted), KITH_OK);
	pair_await(bob.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	pair_await(alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CONNECTED);
	exchange(bob.endpoint, called, alice.endpoint, accepted);
	exchange(alice.endpoint, accepted, bob.endpoint, called);
	cr_assert_eq(kith_connection_info(called, &info), KITH_OK);
	cr_assert_eq(info.virtual_port, 7);
	cr_assert_eq(info.route, KITH_ROUTE_LOOPBACK, "%s", kith_route_name(info.route));
	cr_assert_eq(kith_connection_close(called, 1001, "enough", 0), KITH_OK);
	event = pair_await(alice.endpoint, KITH_EVENT_STATE, KITH_STATE_CLOSED_BY_PEER);
	cr_assert_eq(event.reason, 1001);
	kith_endpoint_destroy(bob.endpoint);
	kith_endpoint_destroy(alice.endpoint);
	cr_assert_eq(__atomic_load_n(&alice.releases, __ATOMIC_SEQ_CST), 1);
	cr_assert_eq(__atomic_load_n(&bob.releases, __ATOMIC_SEQ_CST), 1);
}

/* --- by events */

/* Takes one event of `self`, carrying signals to `other`; 0 when there is none. */
static int32_t step(struct peer *self, struct kith_event *event)
{
	if (kith_endpoint_next_event(self->endpoint, event) != KITH_OK)
		return KITH_EVENT_NONE;
	if (event->type == KITH_EVENT_SIGNAL) {
		cr_assert(kith_identity_equal(&event->peer, &self->other->identity));
		cr_assert(event->data != NULL && event->data_size > 0);
		cr_assert_eq(kith_endpoint_receive_signal(self->other->endpoint, KITH_NO_HANDLE, event->data, event->data_size),
		             KITH_OK);
	}
	return event->type;
}

struct meeting {
	bool symmetric;
	kith_connection connections[2];
	int connected;
};

static void on_state(struct meeting *meeting, int who, const struct kith_event *event)
{
	if (event->state == KITH_STATE_CONNECTING && event->listener != 0) {
		cr_assert_not(meeting->symmetric, "the race is visible");
		meeting->connections[who] = event->connection;
		cr_assert_eq(kith_connection_accept(event->connection), KITH_OK);
	}
	if (event->state == KITH_STATE_CONNECTED) {
		cr_assert_eq(event->connection, meeting->connections[who]);
		meeting->connected++;
	}
	cr_assert(event->state <= KITH_STATE_CONNECTED, "%s", event->text);
}

static void meet(struct peer peers[2], struct meeting *meeting)
{
	int64_t deadline = kith_now_us() + PAIR_PATIENCE_US;
	struct kith_event event = KITH_EVENT_INIT;
	int32_t type;

	while (meeting->connected < 2) {
		cr_assert(kith_now_us() < deadline);
		for (int i = 0; i < 2; i++) {
			kith_endpoint_wait(peers[i].endpoint, 2000);
			while ((type = step(&peers[i], &event)) != KITH_EVENT_NONE) {
				if (type == KITH_EVENT_STATE)
					on_state(meeting, i, &event);
			}
		}
	}
}

Test(p2p, two_peers_meet_by_events)
{
	static struct peer peers[2];
	struct meeting meeting = { false, { 0, 0 }, 0 };
	kith_listener listener;

	make_peer(&peers[0], "str:alice", &peers[1]);
	make_peer(&peers[1], "str:bob", &peers[0]);
	cr_assert_eq(kith_endpoint_listen_port(peers[0].endpoint, 0, NULL, &listener), KITH_OK);
	cr_assert_eq(kith_endpoint_connect_identity(peers[1].endpoint, &peers[0].identity, NULL, &meeting.connections[1]),
	             KITH_OK);
	meet(peers, &meeting);
	exchange(peers[0].endpoint, meeting.connections[0], peers[1].endpoint, meeting.connections[1]);
	kith_endpoint_destroy(peers[0].endpoint);
	kith_endpoint_destroy(peers[1].endpoint);
}

Test(p2p, both_may_call_at_once_when_they_say_so)
{
	static struct peer peers[2];
	struct meeting meeting = { true, { 0, 0 }, 0 };
	struct kith_connection_options options = KITH_CONNECTION_OPTIONS_INIT;

	options.symmetric = 1;
	make_peer(&peers[0], "str:alice", &peers[1]);
	make_peer(&peers[1], "str:bob", &peers[0]);
	for (int i = 0; i < 2; i++)
		cr_assert_eq(kith_endpoint_connect_identity(peers[i].endpoint, &peers[1 - i].identity, &options,
		                                            &meeting.connections[i]),
		             KITH_OK, "%s", kith_last_error());
	meet(peers, &meeting);
	exchange(peers[0].endpoint, meeting.connections[0], peers[1].endpoint, meeting.connections[1]);
	exchange(peers[1].endpoint, meeting.connections[1], peers[0].endpoint, meeting.connections[0]);
	kith_endpoint_destroy(peers[0].endpoint);
	kith_endpoint_destroy(peers[1].endpoint);
}

Test(p2p, a_stranger_that_is_ignored_hears_nothing)
{
	static struct peer peers[2];
	struct kith_event event = KITH_EVENT_INIT;
	kith_connection called;
	int64_t deadline;

	make_peer(&peers[0], "str:alice", &peers[1]);
	make_peer(&peers[1], "str:bob", &peers[0]);
	cr_assert_eq(kith_config_set_int(peers[1].endpoint, KITH_CONFIG_TIMEOUT_INITIAL, 700), KITH_OK);
	/* Nobody listens there. */
	cr_assert_eq(kith_endpoint_connect_identity(peers[1].endpoint, &peers[0].identity, NULL, &called), KITH_OK);
	deadline = kith_now_us() + PAIR_PATIENCE_US;
	do {
		cr_assert(kith_now_us() < deadline);
		kith_endpoint_wait(peers[1].endpoint, 2000);
		step(&peers[1], &event);
	} while (event.type != KITH_EVENT_STATE);
	cr_assert_eq(event.state, KITH_STATE_PROBLEM_DETECTED_LOCALLY);
	cr_assert_eq(event.result == KITH_E_TIMEOUT || event.result == KITH_E_NO_ROUTE, 1, "reason %d", (int)event.reason);
	kith_endpoint_destroy(peers[0].endpoint);
	kith_endpoint_destroy(peers[1].endpoint);
}

/* --- signalings as objects */

Test(p2p, a_signaling_tells_its_state)
{
	static struct peer alice, bob;
	struct kith_event event;
	int32_t state;

	make_peer(&alice, "str:alice", &bob);
	add_signaling(&alice);
	cr_assert_eq(kith_signaling_set_state(alice.signaling, KITH_SIGNALING_FAILED, "no server"), KITH_OK);
	event = pair_await(alice.endpoint, KITH_EVENT_SIGNALING_STATE, 0);
	cr_assert_eq(event.signaling, alice.signaling);
	cr_assert_eq(event.state, KITH_SIGNALING_FAILED);
	cr_assert(strcmp(event.text, "no server") == 0);
	cr_assert_eq(kith_signaling_state(alice.signaling, &state), KITH_OK);
	cr_assert_eq(state, KITH_SIGNALING_FAILED);
	cr_assert_eq(kith_signaling_close(alice.signaling), KITH_OK);
	cr_assert_eq(__atomic_load_n(&alice.releases, __ATOMIC_SEQ_CST), 1);
	cr_assert_eq(kith_signaling_close(alice.signaling), KITH_E_HANDLE);
	kith_endpoint_destroy(alice.endpoint);
}

Test(p2p, bad_urls_are_refused_by_name)
{
	kith_endpoint endpoint = pair_endpoint();
	kith_signaling signaling = 5;

	cr_assert_eq(kith_signaling_open(endpoint, "nonsense", &signaling), KITH_E_INVALID);
	cr_assert_eq(signaling, KITH_NO_HANDLE);
	cr_assert(strstr(kith_last_error(), "nonsense") != NULL);
	cr_assert_eq(kith_signaling_open(endpoint, "gopher://x", &signaling), KITH_E_UNSUPPORTED);
	cr_assert(strstr(kith_last_error(), "gopher") != NULL);
	cr_assert_eq(kith_signaling_open(endpoint, "tcp://", &signaling), KITH_E_INVALID);
	kith_endpoint_destroy(endpoint);
}

Test(p2p, a_client_whose_server_is_not_there_says_so_and_ends_with_its_endpoint)
{
	kith_endpoint endpoint = pair_endpoint();
	kith_signaling signaling;
	struct kith_event event;

	cr_assert_eq(kith_signaling_open(endpoint, "tcp://127.0.0.1:9", &signaling), KITH_OK, "%s", kith_last_error());
	do {
		event = pair_await(endpoint, KITH_EVENT_SIGNALING_STATE, 0);
	} while (event.state != KITH_SIGNALING_FAILED);
	cr_assert(event.text[0] != '\0');
	cr_assert_eq(kith_endpoint_destroy(endpoint), KITH_OK);
	cr_assert_eq(kith_signaling_close(signaling), KITH_E_HANDLE);
}

static kith_result destroy_self(void *user_data, const char *peer, const void *data, size_t size)
{
	struct peer *self = user_data;

	(void)peer, (void)data, (void)size;
	kith_endpoint_destroy(self->endpoint);
	return KITH_OK;
}

Test(p2p, an_endpoint_may_be_destroyed_while_it_sends_a_signal)
{
	static struct peer alice, bob;
	struct kith_signaling_callbacks callbacks = KITH_SIGNALING_CALLBACKS_INIT;
	kith_connection called;

	make_peer(&alice, "str:alice", &bob);
	cr_assert_eq(kith_identity_parse("str:bob", &bob.identity), KITH_OK);
	callbacks.send = destroy_self;
	callbacks.release = on_release;
	callbacks.user_data = &alice;
	cr_assert_eq(kith_signaling_add(alice.endpoint, &callbacks, &alice.signaling), KITH_OK);
	kith_endpoint_connect_identity(alice.endpoint, &bob.identity, NULL, &called);
	for (int i = 0; i < 2000 && kith_endpoint_wait(alice.endpoint, 0) != KITH_E_HANDLE; i++)
		kith_endpoint_wait(alice.endpoint, 10000);
	cr_assert_eq(kith_endpoint_destroy(alice.endpoint), KITH_E_HANDLE);
	for (int64_t until = kith_now_us() + PAIR_PATIENCE_US; __atomic_load_n(&alice.releases, __ATOMIC_SEQ_CST) == 0;)
		cr_assert(kith_now_us() < until);
}
