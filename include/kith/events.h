/* kith/events.h: what happened, as plain data.
 *
 * The same struct comes from kith_endpoint_next_event() and goes to callbacks. Nothing in it has to
 * be released. Events of one endpoint come in order; the queue cannot grow without bound: readable
 * and writable (and the like) stand in it once per connection, those of a session once per peer and
 * kind.
 */
#ifndef KITH_EVENTS_H
#define KITH_EVENTS_H

#include <kith/identity.h>

KITH_BEGIN_DECLS

/** Room for the text in an event, with the NUL. */
#define KITH_EVENT_TEXT_MAX 128

/* Every type, once: X(name, number). */
#define KITH_EVENT_MAP(X) \
	X(NONE, 0) \
	X(STATE, 1) \
	X(READABLE, 2) \
	X(WRITABLE, 3) \
	X(ROUTE, 4) \
	X(SIGNAL, 5) \
	X(SIGNALING_STATE, 6) \
	X(ERROR, 7) \
	X(SESSION_REQUEST, 8) \
	X(SESSION_CONNECTED, 9) \
	X(SESSION_ENDED, 10) \
	X(SESSION_FAILED, 11) \
	X(SESSION_WRITABLE, 12) \
	X(CHANNEL_READABLE, 13) \
	X(EXPIRED, 14) \
	X(TURN_CREDENTIALS, 15)

/** What happened. A newer library may send types that are not listed here: skip them. */
enum {
	KITH_EVENT_NONE = 0,
	/**
	 * `connection` went from `old_state` to `state`. A peer that asks for a connection comes as
	 * old_state NONE, state CONNECTING, with `listener` set: answer with kith_connection_accept() or
	 * kith_connection_close(); doing neither lets the request expire without an answer. A closed state
	 * carries `reason`, `result` and `text`; no event of this connection follows it, what was received
	 * can still be read until the next event is taken after it, and closing the handle is allowed but
	 * not necessary.
	 */
	KITH_EVENT_STATE = 1,
	/**
	 * Messages arrived for `connection` since it had none left or, when that is 0, for a member of
	 * `poll_group`. Receive until fewer come than asked for; the next event comes when new ones arrive
	 * after that. There may be none by the time the event is read.
	 */
	KITH_EVENT_READABLE = 2,
	/** `connection` answered KITH_E_AGAIN to a message and has room now. */
	KITH_EVENT_WRITABLE = 3,
	/** The data of `connection` takes another way: `route`, `local`, `remote`. */
	KITH_EVENT_ROUTE = 4,
	/**
	 * Without a signaling of its own an endpoint hands rendezvous signals out: carry `data` to `peer`,
	 * whose program gives it to kith_endpoint_receive_signal().
	 */
	KITH_EVENT_SIGNAL = 5,
	/** `signaling` is now in `state` (KITH_SIGNALING_*); `text` says why it failed. */
	KITH_EVENT_SIGNALING_STATE = 6,
	/** Something failed that belongs to no connection: `result` and `text`. What runs goes on. */
	KITH_EVENT_ERROR = 7,
	/**
	 * `peer` sends messages and there is no session with it (<kith/messages.h>): answer with
	 * kith_messages_accept(), or by sending; or refuse with kith_messages_close(). Doing nothing lets
	 * the request expire without an answer, which KITH_EVENT_SESSION_ENDED tells; who goes on sending
	 * asks again.
	 */
	KITH_EVENT_SESSION_REQUEST = 8,
	/** Messages flow between us and `peer`: `route`, `local`, `remote`. */
	KITH_EVENT_SESSION_CONNECTED = 9,
	/**
	 * The session with `peer` is over, and nothing was under way: `state` (closed by the peer, a problem
	 * found here, or NONE: closed here for being idle), `reason`, `result`, `text`. What arrived before can
	 * be received; the next message starts a new session. Who has no use for this event can ignore it.
	 */
	KITH_EVENT_SESSION_ENDED = 10,
	/**
	 * The session with `peer` broke, or never came about; what was under way may be lost: `state`, `reason`,
	 * `result`, `text`. Sending answers KITH_E_CLOSED until it is closed or restarted.
	 */
	KITH_EVENT_SESSION_FAILED = 11,
	/** Sending to `peer` answered KITH_E_AGAIN, and there is room now. */
	KITH_EVENT_SESSION_WRITABLE = 12,
	/**
	 * Messages arrived on `channel` since it had none left. Receive until fewer come than asked for; the
	 * next event comes when new ones arrive after that. There may be none by the time the event is read.
	 */
	KITH_EVENT_CHANNEL_READABLE = 13,
	/**
	 * Messages of `connection` were dropped unsent because their time to live was over, for the first time
	 * or since the last such event; messages_expired of struct kith_status counts them.
	 */
	KITH_EVENT_EXPIRED = 14,
	/**
	 * Users of TURN servers whose names say when they end ("1767225600:name") do so within a minute, or a
	 * quarter of the time that they had left: set others, KITH_CONFIG_P2P_TURN_USER_LIST and
	 * KITH_CONFIG_P2P_TURN_PASS_LIST, of `connection` if the lists are its own or of its listener, else (0)
	 * of the endpoint. Connections that go through a relay then move to one with these. Told once for each
	 * list.
	 */
	KITH_EVENT_TURN_CREDENTIALS = 15
};

/** One event. Set struct_size (KITH_EVENT_INIT) before asking for one. Newer fields stand at the end. */
struct kith_event {
	/** sizeof(struct kith_event) of the caller. */
	uint32_t struct_size;
	/** KITH_EVENT_*. The fields that a type does not mention are zero. */
	int32_t type;
	/** Whose event it is; always set. */
	kith_endpoint endpoint;
	/** Which connection; 0: none. */
	kith_connection connection;
	/** Where an incoming connection knocked. */
	kith_listener listener;
	/** Which poll group, of KITH_EVENT_READABLE. */
	kith_poll_group poll_group;
	/** Which signaling, of KITH_EVENT_SIGNALING_STATE. */
	kith_signaling signaling;
	/** KITH_STATE_* before. */
	int32_t old_state;
	/** KITH_STATE_*, or KITH_SIGNALING_* of KITH_EVENT_SIGNALING_STATE. */
	int32_t state;
	/** Why it ended: KITH_REASON_*, or any number of the peer's. */
	int32_t reason;
	/** The same as a result, KITH_E_*; of KITH_EVENT_ERROR what failed. */
	int32_t result;
	/** KITH_ROUTE_*; of KITH_EVENT_STATE too, once connected. */
	int32_t route;
	/** When it happened, in microseconds of kith_now_us(). */
	int64_t time_us;
	/** The connection's user data at the moment the event is taken. */
	int64_t user_data;
	/**
	 * The bytes of KITH_EVENT_SIGNAL, else null. Borrowed from the library until this thread takes its
	 * next event (or ends).
	 */
	const void *data;
	/** How many bytes `data` has. */
	size_t data_size;
	/** The peer of the connection or session, or to whom a signal goes. */
	struct kith_identity peer;
	/** The addresses of the route, where known. */
	struct kith_address local;
	/** See `local`. */
	struct kith_address remote;
	/** Why, in words of this library or the peer; UTF-8, NUL-terminated, may be empty. */
	char text[KITH_EVENT_TEXT_MAX];
	/** Of KITH_EVENT_CHANNEL_READABLE. */
	int32_t channel;
	/** Of a closed KITH_EVENT_STATE, and of a session's end: where it failed, KITH_STAGE_* (<kith/diagnosis.h>). */
	int32_t stage;
};

/** Initial value: `struct kith_event event = KITH_EVENT_INIT;` */
#define KITH_EVENT_INIT \
	{ \
		sizeof(struct kith_event), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, KITH_IDENTITY_INIT, \
			KITH_ADDRESS_INIT, KITH_ADDRESS_INIT, "", 0, 0 \
	}

/** The same as a function, for languages without macros. Ignores null. Since 1.0. */
KITH_API void kith_event_init(struct kith_event *event);

/**
 * The name of an event type without "KITH_EVENT_", e.g. "STATE"; "UNKNOWN" for a number that is
 * none. Static, never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_event_name(int32_t type);

KITH_END_DECLS

#endif
