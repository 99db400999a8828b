/* kith/signaling.h: how rendezvous signals travel until two peers have a path of their own.
 *
 * Three ways, all equal; an endpoint may use several at once:
 *   1. callbacks of yours: kith_signaling_add();
 *   2. events: KITH_EVENT_SIGNAL hands each signal out (when there is no signaling), and
 *      kith_endpoint_receive_signal() takes those of peers in;
 *   3. a ready-made client: kith_signaling_open(endpoint, "tcp://host:port", ...).
 * Signals may be lost, doubled and reordered on the way; the library repeats what matters. They hold
 * at most 64 KiB. Whoever carries them cannot read the connection's data, nor pose as a peer whose
 * identity is proven by a key or certificate.
 */
#ifndef KITH_SIGNALING_H
#define KITH_SIGNALING_H

#include <kith/endpoint.h>

KITH_BEGIN_DECLS

/** The largest signal, in bytes. */
#define KITH_SIGNAL_SIZE_MAX 65536

/* Every state, once: X(name, number). */
#define KITH_SIGNALING_MAP(X) \
	X(NONE, 0) \
	X(CONNECTING, 1) \
	X(CONNECTED, 2) \
	X(FAILED, 3)

/** The state of a signaling service; it goes on trying after a failure. */
enum {
	KITH_SIGNALING_NONE = 0,
	KITH_SIGNALING_CONNECTING = 1,
	KITH_SIGNALING_CONNECTED = 2,
	/** The text of the event says why. */
	KITH_SIGNALING_FAILED = 3
};

/**
 * Carries a signal to a peer. It should not block; what it cannot send it may drop.
 *
 * @param peer  borrows; the text of the peer's identity
 * @param data  borrows; `size` bytes, binary
 * @return KITH_OK, or a negative result that is logged
 *
 * Called on the library's thread or inside a call of the application, with no lock held: it may call
 * any function of Kith.
 */
typedef kith_result (*kith_signaling_send_fn)(void *user_data, const char *peer, const void *data, size_t size);

/** A signaling service of the application's. */
struct kith_signaling_callbacks {
	/** sizeof(struct kith_signaling_callbacks) of the caller. */
	uint32_t struct_size;
	/** 0. */
	uint32_t reserved;
	/** Required. */
	kith_signaling_send_fn send;
	/** May be null. Called once, after the last call of `send`. */
	kith_release_fn release;
	/** Given to both. */
	void *user_data;
};

/** Initial value of a struct kith_signaling_callbacks. */
#define KITH_SIGNALING_CALLBACKS_INIT \
	{ \
		sizeof(struct kith_signaling_callbacks), 0, NULL, NULL, NULL \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_signaling_callbacks_init(struct kith_signaling_callbacks *callbacks);

/**
 * Gives an endpoint a way to send signals. Answers go the way a signal came; new calls go by every
 * signaling of the endpoint.
 *
 * @param callbacks      borrows; copied. Takes its user_data
 * @param out_signaling  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, or no `send`; KITH_E_LIMIT: more than 16. On
 *         failure `release` is not called: user_data stays the caller's.
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_signaling_add(kith_endpoint endpoint, const struct kith_signaling_callbacks *callbacks,
                                        kith_signaling *out_signaling);

/**
 * Opens a ready-made client and returns at once; how it fares comes as KITH_EVENT_SIGNALING_STATE.
 *
 * @param url            borrows; "tcp://HOST[:PORT]": the line protocol of `kith signald`
 * @param out_signaling  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or a malformed URL; KITH_E_UNSUPPORTED: no client
 *         for this scheme; KITH_E_LIMIT; KITH_E_SYSTEM
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_signaling_open(kith_endpoint endpoint, const char *url, kith_signaling *out_signaling);

/**
 * Ends a signaling; connections that are up are not touched. Its `release` is called when no call of
 * `send` runs any more: before this returns, or soon after from another thread.
 *
 * @return KITH_OK; KITH_E_HANDLE
 *
 * Any thread, callbacks included. Since 1.0.
 */
KITH_API kith_result kith_signaling_close(kith_signaling signaling);

/**
 * For those who implement a signaling: says how it fares, which becomes KITH_EVENT_SIGNALING_STATE.
 *
 * @param state  KITH_SIGNALING_*
 * @param text   borrows; why, may be null
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: no such state
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_signaling_set_state(kith_signaling signaling, int32_t state, const char *text);

/**
 * The state of a signaling that it told last.
 *
 * @param out_state  gets KITH_SIGNALING_*
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_signaling_state(kith_signaling signaling, int32_t *out_state);

/**
 * Takes in a signal that a peer sent. Whatever it contains, the worst that happens is that it is
 * dropped.
 *
 * @param signaling  which one brought it, so that the answer goes back the same way; KITH_NO_HANDLE:
 *                   none, the answer comes as KITH_EVENT_SIGNAL if there is no signaling
 * @param data       borrows; `size` bytes
 * @return KITH_OK: it was read (or dropped as hostile); KITH_E_HANDLE; KITH_E_INVALID: null or empty;
 *         KITH_E_TOO_LARGE: above KITH_SIGNAL_SIZE_MAX
 *
 * Any thread, callbacks included. Since 1.0.
 */
KITH_API kith_result kith_endpoint_receive_signal(kith_endpoint endpoint, kith_signaling signaling, const void *data,
                                                  size_t size);

/**
 * Adds a STUN server for connections made from now on.
 *
 * @param server  borrows; "HOST:PORT" or "HOST" (port 3478), "stun:" before it allowed
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or malformed; KITH_E_LIMIT: the list is full
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_add_stun_server(kith_endpoint endpoint, const char *server);

/**
 * Adds a TURN server for connections made from now on.
 *
 * @param server    borrows; "turn:HOST:PORT", "?transport=udp" (the default) or "?transport=tcp" after it
 * @param user      borrows; without commas, and not of quotes alone; null: none
 * @param password  borrows; the same; null: none
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null or malformed; KITH_E_LIMIT: the list is full
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_add_turn_server(kith_endpoint endpoint, const char *server, const char *user,
                                                   const char *password);

KITH_END_DECLS

#endif
