/* kith/endpoint.h: an endpoint: one identity on the network.
 *
 * An endpoint has a service thread that does its work whether or not the application calls anything.
 * What happened waits in its event queue. Wait with kith_endpoint_wait(), or watch the descriptor of
 * kith_endpoint_fd() in a loop of your own, then take events with kith_endpoint_next_event() or have
 * them delivered by kith_endpoint_dispatch(). No function needs to be called first, and there is
 * nothing global to initialize.
 *
 * After fork() the parent's endpoints are the parent's alone. In the child all handles are stale,
 * whoever is given one answers KITH_E_HANDLE, and no release function is called for what they held; received messages
 * can still be read and released, and the child may make endpoints of its own. A child that was forked
 * inside a callback must not return from it.
 */
#ifndef KITH_ENDPOINT_H
#define KITH_ENDPOINT_H

#include <kith/config.h>
#include <kith/events.h>
#include <kith/log.h>

KITH_BEGIN_DECLS

/** Bytes of a private or public key. */
#define KITH_KEY_SIZE 32

/** Called once when the library will not use `user_data` any more. */
typedef void (*kith_release_fn)(void *user_data);

/**
 * Tells a loop that an event waits. Called from any thread, possibly with locks held: it may do no
 * more than wake the loop, and must not call Kith.
 */
typedef void (*kith_wake_fn)(void *user_data);

/** Receives an event in kith_endpoint_dispatch(); the event is borrowed for the call. */
typedef void (*kith_event_fn)(void *user_data, const struct kith_event *event);

/** How an endpoint shall be. */
struct kith_endpoint_options {
	/** sizeof(struct kith_endpoint_options) of the caller. */
	uint32_t struct_size;
	/** Number of entries in `config`. */
	uint32_t config_count;
	/** Borrowed. Who it is; null: the identity of its key, "key:...". */
	const struct kith_identity *identity;
	/** Borrowed, KITH_KEY_SIZE bytes: its Ed25519 private key; null: a new one is made. */
	const void *private_key;
	/** Borrowed. Options that differ from the library's defaults; null when there are none. */
	const struct kith_config_entry *config;
	/** May be null. See kith_endpoint_set_wake(). */
	kith_wake_fn wake;
	/** Given to `wake`. */
	void *wake_user_data;
	/** May be null. Called once, after the last call of `wake`. */
	kith_release_fn wake_release;
	/** May be null. See kith_endpoint_set_log(). */
	kith_log_fn log;
	/** Given to `log`. */
	void *log_user_data;
	/** May be null. Called once, after the last call of `log`. */
	kith_release_fn log_release;
	/** KITH_LOG_*, of every subject. */
	int32_t log_level;
	/** Which application this is: certificates of ours and of peers must list it. 0: none in particular. */
	uint32_t app_id;
	/** Borrowed. Our certificate, see kith_endpoint_set_certificate(); null: none. Without `identity` it is
	 * the one that the certificate names. */
	const void *certificate;
	/** Bytes of `certificate`. */
	size_t certificate_size;
	/** Borrowed. Whom we believe, see kith_endpoint_add_trust(); null: nobody. */
	const void *trust;
	/** Bytes of `trust`. */
	size_t trust_size;
	/** Borrowed. Keys that count no longer, see kith_endpoint_set_revoked(); null: none. */
	const void *revoked;
	/** Bytes of `revoked`. */
	size_t revoked_size;
};

/** Initial value of a struct kith_endpoint_options. */
#define KITH_ENDPOINT_OPTIONS_INIT \
	{ \
		sizeof(struct kith_endpoint_options), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, 0, \
			NULL, 0, NULL, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_endpoint_options_init(struct kith_endpoint_options *options);

/**
 * What kith_endpoint_dispatch() calls; any of them may be null, its events are then skipped. Every
 * function of Kith may be called inside, kith_endpoint_destroy() included.
 */
struct kith_callbacks {
	/** sizeof(struct kith_callbacks) of the caller. */
	uint32_t struct_size;
	/** 0. */
	uint32_t reserved;
	/** Given to each function below. */
	void *user_data;
	/** May be null. Called once, after the last call, when replaced or with the endpoint. */
	kith_release_fn release;
	/** KITH_EVENT_STATE */
	kith_event_fn on_state;
	/** KITH_EVENT_READABLE */
	kith_event_fn on_readable;
	/** KITH_EVENT_WRITABLE */
	kith_event_fn on_writable;
	/** KITH_EVENT_ROUTE */
	kith_event_fn on_route;
	/** KITH_EVENT_SIGNAL */
	kith_event_fn on_signal;
	/** KITH_EVENT_SIGNALING_STATE */
	kith_event_fn on_signaling_state;
	/** KITH_EVENT_ERROR */
	kith_event_fn on_error;
	/** KITH_EVENT_SESSION_REQUEST */
	kith_event_fn on_session_request;
	/** KITH_EVENT_SESSION_CONNECTED */
	kith_event_fn on_session_connected;
	/** KITH_EVENT_SESSION_ENDED */
	kith_event_fn on_session_ended;
	/** KITH_EVENT_SESSION_FAILED */
	kith_event_fn on_session_failed;
	/** KITH_EVENT_SESSION_WRITABLE */
	kith_event_fn on_session_writable;
	/** KITH_EVENT_CHANNEL_READABLE */
	kith_event_fn on_channel_readable;
	/** KITH_EVENT_EXPIRED */
	kith_event_fn on_expired;
	/** Every type for which the function of its own is null, and every type not listed here. */
	kith_event_fn on_other;
	/** KITH_EVENT_TURN_CREDENTIALS */
	kith_event_fn on_turn_credentials;
};

/** Initial value of a struct kith_callbacks. */
#define KITH_CALLBACKS_INIT \
	{ \
		sizeof(struct kith_callbacks), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
			NULL, NULL, NULL, NULL, NULL, NULL \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_callbacks_init(struct kith_callbacks *callbacks);

/**
 * Makes an endpoint and starts its thread. No socket is opened yet.
 *
 * @param options       borrows; null: KITH_ENDPOINT_OPTIONS_INIT
 * @param out_endpoint  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_INVALID: null, an identity, option, certificate or list is not valid;
 *         KITH_E_AUTH: the identity names another key than `private_key`, or the certificate is not ours
 *         or does not count now; KITH_E_TOO_LARGE: it does not fit into a handshake; KITH_E_SYSTEM: no
 *         thread or descriptor; KITH_E_LIMIT: too many endpoints or authorities. On failure the release
 *         functions of the options have been called.
 *
 * Any thread. Since 1.0. Example:
 *
 *     kith_endpoint endpoint;
 *     if (kith_endpoint_create(NULL, &endpoint) != KITH_OK)
 *             fprintf(stderr, "%s\n", kith_last_error());
 */
KITH_API kith_result kith_endpoint_create(const struct kith_endpoint_options *options, kith_endpoint *out_endpoint);

/**
 * Closes everything the endpoint owns and the endpoint itself. Peers are told; nothing lingers. All
 * its handles are stale afterwards, waiting threads return KITH_E_CANCELLED. Received messages that
 * the caller holds stay valid. Returns within a second or so. When called inside a callback, release
 * functions may be called after it returned.
 *
 * @return KITH_OK; KITH_E_HANDLE: there is no such endpoint (any more)
 *
 * Any thread, any callback. Since 1.0.
 */
KITH_API kith_result kith_endpoint_destroy(kith_endpoint endpoint);

/**
 * Who the endpoint is.
 *
 * @param out_identity  gets the identity; zeroed on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_identity(kith_endpoint endpoint, struct kith_identity *out_identity);

/**
 * The endpoint's public key. kith_endpoint_set_certificate() may change it.
 *
 * @param out_key  gets KITH_KEY_SIZE bytes; zeroed on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_public_key(kith_endpoint endpoint, void *out_key);

/**
 * Waits until an event is there.
 *
 * @param timeout_us  microseconds; 0: only look; KITH_FOREVER_US (any negative number): no limit
 * @return KITH_OK: take it with kith_endpoint_next_event(); KITH_E_TIMEOUT; KITH_E_INTERRUPTED: a
 *         signal handler ran meanwhile; KITH_E_CANCELLED: the endpoint was destroyed meanwhile;
 *         KITH_E_HANDLE
 *
 * Any thread; also several at once, of which at least one returns. Since 1.0.
 */
KITH_API kith_result kith_endpoint_wait(kith_endpoint endpoint, int64_t timeout_us);

/**
 * The endpoint's file descriptor for poll, epoll and every event loop: readable as long as an event
 * waits, and now and then when there is something to do that leads to none: kith_endpoint_next_event()
 * then answers KITH_E_AGAIN. Only watch it: do not read, write or close it. It lives as long as the
 * endpoint.
 *
 * @param out_fd  gets the descriptor; -1 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_fd(kith_endpoint endpoint, int32_t *out_fd);

/**
 * Sets what is called when the event queue was empty and is not any more, for loops that cannot
 * watch a descriptor.
 *
 * @param wake       see kith_wake_fn; null: none
 * @param user_data  takes, for `wake`
 * @param release    called with `user_data` once, after the last call of `wake`; may be null
 * @return KITH_OK; KITH_E_HANDLE (`release` has been called)
 *
 * If an event waits already, `wake` is called at once. Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_set_wake(kith_endpoint endpoint, kith_wake_fn wake, void *user_data,
                                            kith_release_fn release);

/**
 * Takes the oldest event.
 *
 * @param out_event  struct_size set by the caller; the rest is overwritten, with type
 *                   KITH_EVENT_NONE on failure
 * @return KITH_OK; KITH_E_AGAIN: there is none; KITH_E_HANDLE; KITH_E_INVALID: null or struct_size too
 *         small
 *
 * Any thread. Since 1.0. Example:
 *
 *     struct kith_event event = KITH_EVENT_INIT;
 *     while (kith_endpoint_wait(endpoint, KITH_FOREVER_US) == KITH_OK)
 *             while (kith_endpoint_next_event(endpoint, &event) == KITH_OK)
 *                     handle(&event);
 */
KITH_API kith_result kith_endpoint_next_event(kith_endpoint endpoint, struct kith_event *out_event);

/**
 * Sets what kith_endpoint_dispatch() calls.
 *
 * @param callbacks  borrows; copied. Null: none. Takes its user_data
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: struct_size is 0. On failure `release` has been called
 *         if it could be read.
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_set_callbacks(kith_endpoint endpoint, const struct kith_callbacks *callbacks);

/**
 * Waits as kith_endpoint_wait() does, then calls the callbacks for the events that were waiting, on
 * this thread and with no lock held. Events that come meanwhile are left for the next call.
 *
 * @param timeout_us  microseconds to wait for the first event; 0: none; negative: no limit
 * @return the number of events taken; 0: time-out; or KITH_E_INTERRUPTED, KITH_E_CANCELLED, KITH_E_HANDLE
 *
 * Any thread, callbacks included. Since 1.0.
 */
KITH_API int32_t kith_endpoint_dispatch(kith_endpoint endpoint, int64_t timeout_us);

/**
 * Sets who gets the endpoint's log, and how much of it: see <kith/log.h>.
 *
 * @param level      KITH_LOG_*, of every subject; what is above it is not made up in the first place
 * @param log        see kith_log_fn; null: nobody
 * @param user_data  takes, for `log`
 * @param release    called with `user_data` once, after the last call of `log`; may be null
 * @return KITH_OK; KITH_E_HANDLE, KITH_E_INVALID: no such level (`release` has been called)
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_set_log(kith_endpoint endpoint, int32_t level, kith_log_fn log, void *user_data,
                                           kith_release_fn release);

/**
 * Changes how much is logged about a subject. Has no effect until kith_endpoint_set_log(), which sets
 * the level of all subjects anew.
 *
 * @param subject  KITH_SUBJECT_*; KITH_SUBJECT_ALL: every one
 * @param level    KITH_LOG_*
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: no such subject or level
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_set_log_level(kith_endpoint endpoint, int32_t subject, int32_t level);

/**
 * Microseconds on the clock that all times of the library are on. It never goes back; where it began
 * means nothing. Any thread. Since 1.0.
 */
KITH_API int64_t kith_now_us(void);

KITH_END_DECLS

#endif
