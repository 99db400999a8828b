/* Two endpoints that know each other's identity, with signals carried by a closure of ours one way and
 * by events the other. */
#include <stdlib.h>
#include <string.h>

#include "session.h"

struct p2p {
	struct session *session;
	uint32_t alice, bob, signaling;
	int signals;
};

/* Alice's signals go straight to bob. */
static int64_t carry(void *data, const struct function *type, void **values)
{
	struct p2p *p2p = data;
	const void *bytes = *(void **)values[2];
	size_t size = *(size_t *)values[3];

	(void)type;
	__atomic_add_fetch(&p2p->signals, 1, __ATOMIC_RELAXED);
	return foreign_call("kith_endpoint_receive_signal", (int64_t)p2p->bob, (int64_t)0, bytes, (int64_t)size);
}

static uint32_t make_endpoint(struct session *session, const char *name)
{
	void *options = foreign_new("kith_endpoint_options"), *identity = foreign_new("kith_identity");
	uint32_t endpoint = 0;

	SESSION_CALL(session, "kith_identity_parse", name, identity);
	foreign_set_pointer("kith_endpoint_options", options, "identity", identity);
	SESSION_CALL(session, "kith_endpoint_create", options, &endpoint);
	free(options);
	free(identity);
	return endpoint;
}

static void add_signaling(struct p2p *p2p)
{
	void *callbacks = foreign_new("kith_signaling_callbacks");
	int32_t state = -1;

	foreign_call("kith_signaling_callbacks_init", callbacks);
	foreign_set_pointer("kith_signaling_callbacks", callbacks, "send",
	                    foreign_closure("kith_signaling_send_fn", carry, p2p));
	SESSION_CALL(p2p->session, "kith_signaling_add", (int64_t)p2p->alice, callbacks, &p2p->signaling);
	SESSION_CALL(p2p->session, "kith_signaling_set_state", (int64_t)p2p->signaling,
	             session_constant("KITH_SIGNALING_CONNECTED"), "here we are");
	SESSION_CALL(p2p->session, "kith_signaling_state", (int64_t)p2p->signaling, &state);
	session_check(p2p->session, state == session_constant("KITH_SIGNALING_CONNECTED"), "the state of a signaling");
	free(callbacks);
}

/* Bob's events: signals are carried to alice, and the call is accepted. True: connected. */
static bool serve_bob(struct p2p *p2p, void *event, uint32_t *accepted)
{
	while (foreign_call("kith_endpoint_next_event", (int64_t)p2p->bob, event) == 0) {
		int64_t type = foreign_get("kith_event", event, "type"), state = foreign_get("kith_event", event, "state");
		if (type == session_constant("KITH_EVENT_SIGNAL"))
			foreign_call("kith_endpoint_receive_signal", (int64_t)p2p->alice, (int64_t)p2p->signaling,
			             (void *)(uintptr_t)foreign_get("kith_event", event, "data"),
			             foreign_get("kith_event", event, "data_size"));
		if (type != session_constant("KITH_EVENT_STATE"))
			continue;
		if (state == session_constant("KITH_STATE_CONNECTING")) {
			*accepted = (uint32_t)foreign_get("kith_event", event, "connection");
			SESSION_CALL(p2p->session, "kith_connection_accept", (int64_t)*accepted);
		}
		if (state == session_constant("KITH_STATE_CONNECTED"))
			return true;
	}
	return false;
}

static void connect_them(struct p2p *p2p)
{
	struct session *session = p2p->session;
	void *peer = foreign_new("kith_identity"), *event = foreign_new("kith_event");
	uint32_t listener, called, accepted = 0;
	int64_t deadline = foreign_call("kith_now_us") + 20000000;
	void *message;

	SESSION_CALL(session, "kith_endpoint_listen_port", (int64_t)p2p->bob, (int64_t)7, NULL, &listener);
	SESSION_CALL(session, "kith_identity_parse", "str:bob", peer);
	foreign_set("kith_event", event, "struct_size",
	            (int64_t)description_structure(session->description, "kith_event")->size);
	{
		void *options = foreign_new("kith_connection_options");
		foreign_set("kith_connection_options", options, "virtual_port", 7);
		SESSION_CALL(session, "kith_endpoint_connect_identity", (int64_t)p2p->alice, peer, options, &called);
		free(options);
	}
	while (!serve_bob(p2p, event, &accepted) && foreign_call("kith_now_us") < deadline)
		foreign_call("kith_endpoint_wait", (int64_t)p2p->bob, (int64_t)10000);
	session_await(session, p2p->alice, "KITH_EVENT_STATE", "KITH_STATE_CONNECTED");
	SESSION_CALL(session, "kith_connection_send", (int64_t)called, "peer", (int64_t)4,
	             session_constant("KITH_SEND_RELIABLE"), (int64_t)0, NULL);
	message = session_receive(session, p2p->bob, accepted);
	session_check(session, message != NULL && foreign_call("kith_message_size", message) == 4,
	              "a message between peers");
	foreign_call("kith_message_release", message);
	session_check(session, p2p->signals > 0, "signals through a closure");
	free(peer);
	free(event);
}

void session_p2p(struct session *session)
{
	struct p2p p2p = { .session = session };
	uint32_t opened = 0;

	p2p.alice = make_endpoint(session, "str:alice");
	p2p.bob = make_endpoint(session, "str:bob");
	SESSION_CALL(session, "kith_endpoint_add_stun_server", (int64_t)p2p.bob, "127.0.0.1:9");
	SESSION_CALL(session, "kith_endpoint_add_turn_server", (int64_t)p2p.bob, "turn:127.0.0.1:9", "user", "word");
	add_signaling(&p2p);
	connect_them(&p2p);
	SESSION_CALL(session, "kith_signaling_open", (int64_t)p2p.bob, "tcp://127.0.0.1:9", &opened);
	SESSION_CALL(session, "kith_signaling_close", (int64_t)opened);
	SESSION_CALL(session, "kith_signaling_close", (int64_t)p2p.signaling);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)p2p.alice);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)p2p.bob);
}
