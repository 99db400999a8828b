/* Two endpoints that send to each other's identity, with signals carried by closures both ways. */
#include <stdlib.h>
#include <string.h>

#include "session.h"

struct side {
	uint32_t endpoint;
	struct side *other;
};

static int64_t carry(void *data, const struct function *type, void **values)
{
	struct side *side = data;

	(void)type;
	return foreign_call("kith_endpoint_receive_signal", (int64_t)side->other->endpoint, (int64_t)0, *(void **)values[2],
	                    (int64_t) * (size_t *)values[3]);
}

static void make_side(struct session *session, struct side *side, const char *name)
{
	void *options = foreign_new("kith_endpoint_options"), *identity = foreign_new("kith_identity");
	void *callbacks = foreign_new("kith_signaling_callbacks");
	uint32_t signaling;

	SESSION_CALL(session, "kith_identity_parse", name, identity);
	foreign_set_pointer("kith_endpoint_options", options, "identity", identity);
	SESSION_CALL(session, "kith_endpoint_create", options, &side->endpoint);
	foreign_set_pointer("kith_signaling_callbacks", callbacks, "send",
	                    foreign_closure("kith_signaling_send_fn", carry, side));
	SESSION_CALL(session, "kith_signaling_add", (int64_t)side->endpoint, callbacks, &signaling);
	free(options);
	free(identity);
	free(callbacks);
}

static void *receive(struct session *session, const struct side *side, int64_t channel)
{
	int64_t deadline = foreign_call("kith_now_us") + 20000000;
	void *message = NULL;

	while (foreign_call("kith_messages_receive", (int64_t)side->endpoint, channel, &message, (int64_t)1) != 1) {
		if (foreign_call("kith_now_us") > deadline) {
			session_check(session, false, "a message on a channel in time");
			return NULL;
		}
		foreign_call("kith_endpoint_wait", (int64_t)side->endpoint, (int64_t)1000);
	}
	return message;
}

static void exchange(struct session *session, struct side *alice, struct side *bob, void *alice_id, void *bob_id)
{
	int64_t reliable = session_constant("KITH_SEND_RELIABLE");
	void *peer = foreign_new("kith_identity"), *message;

	SESSION_CALL(session, "kith_messages_send", (int64_t)alice->endpoint, bob_id, (int64_t)3, "hello", (int64_t)5,
	             reliable);
	session_await(session, bob->endpoint, "KITH_EVENT_SESSION_REQUEST", NULL);
	SESSION_CALL(session, "kith_messages_accept", (int64_t)bob->endpoint, alice_id);
	message = receive(session, bob, 3);
	session_check(session, foreign_call("kith_message_channel", message) == 3, "the channel of a message");
	SESSION_CALL(session, "kith_message_peer", message, peer);
	session_check(session, foreign_call("kith_identity_equal", peer, alice_id) == 1, "whose it is");
	foreign_call("kith_message_release", message);
	SESSION_CALL(session, "kith_messages_send", (int64_t)bob->endpoint, alice_id, (int64_t)4, "back", (int64_t)4,
	             reliable);
	SESSION_CALL(session, "kith_messages_flush", (int64_t)bob->endpoint, alice_id);
	foreign_call("kith_message_release", receive(session, alice, 4));
	free(peer);
}

static void look_and_end(struct session *session, struct side *alice, struct side *bob, void *alice_id, void *bob_id)
{
	void *diagnosis = foreign_new("kith_diagnosis");
	void *info = foreign_new("kith_info"), *status = foreign_new("kith_status"),
		 *security = foreign_new("kith_security");

	SESSION_CALL(session, "kith_messages_info", (int64_t)alice->endpoint, bob_id, info);
	session_check(session, foreign_get("kith_info", info, "state") == session_constant("KITH_STATE_CONNECTED"),
	              "the state of a session");
	SESSION_CALL(session, "kith_messages_diagnosis", (int64_t)alice->endpoint, bob_id, diagnosis);
	SESSION_CALL(session, "kith_messages_status", (int64_t)alice->endpoint, bob_id, status);
	SESSION_CALL(session, "kith_messages_security", (int64_t)alice->endpoint, bob_id, security);
	session_check(session, foreign_get("kith_security", security, "encrypted") == 1, "a session is encrypted");
	SESSION_CALL(session, "kith_messages_close_channel", (int64_t)alice->endpoint, bob_id, (int64_t)4);
	SESSION_CALL(session, "kith_messages_close", (int64_t)bob->endpoint, alice_id, (int64_t)0);
	session_await(session, alice->endpoint, "KITH_EVENT_SESSION_ENDED", NULL);
	free(diagnosis);
	free(info);
	free(status);
	free(security);
}

void session_messages(struct session *session)
{
	struct side alice = { 0 }, bob = { 0, &alice };
	void *alice_id = foreign_new("kith_identity"), *bob_id = foreign_new("kith_identity");

	alice.other = &bob;
	make_side(session, &alice, "str:alice");
	make_side(session, &bob, "str:bob");
	SESSION_CALL(session, "kith_identity_parse", "str:alice", alice_id);
	SESSION_CALL(session, "kith_identity_parse", "str:bob", bob_id);
	exchange(session, &alice, &bob, alice_id, bob_id);
	look_and_end(session, &alice, &bob, alice_id, bob_id);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)alice.endpoint);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)bob.endpoint);
	free(alice_id);
	free(bob_id);
}
