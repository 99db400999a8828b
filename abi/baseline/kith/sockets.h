/* kith/sockets.h: connections: listen, connect, accept, send, receive, close.
 *
 * By address (UDP): one side listens on an address, the other connects to it.
 * Peer to peer: one side listens on a virtual port, the other connects to its identity; the signals
 * of <kith/signaling.h> bring them together.
 */
#ifndef KITH_SOCKETS_H
#define KITH_SOCKETS_H

#include <kith/config.h>
#include <kith/message.h>
#include <kith/stats.h>

KITH_BEGIN_DECLS

/** The most lanes a connection can have. */
#define KITH_LANES_MAX 255

/** How a connection shall be. */
struct kith_connection_options {
	/** sizeof(struct kith_connection_options) of the caller. */
	uint32_t struct_size;
	/** Number of entries in `config`. */
	uint32_t config_count;
	/** Borrowed. Options that differ from the endpoint's; null when there are none. */
	const struct kith_config_entry *config;
	/** Borrowed. Connecting by address: who must answer there; null: anyone. */
	const struct kith_identity *peer;
	/** Borrowed. A name for logs and people; null: none. */
	const char *name;
	/** Any number of the application's; comes with every event and message. */
	int64_t user_data;
	/** Connecting to an identity: the virtual port there, 0-65535. */
	int32_t virtual_port;
	/** 1: both sides may call each other; the calls become one connection. */
	int32_t symmetric;
	/** The poll group it joins; 0: none. */
	kith_poll_group poll_group;
	/** 0. */
	uint32_t reserved;
};

/** Initial value of a struct kith_connection_options. */
#define KITH_CONNECTION_OPTIONS_INIT \
	{ \
		sizeof(struct kith_connection_options), 0, NULL, NULL, NULL, 0, 0, 0, 0, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_connection_options_init(struct kith_connection_options *options);

/** How a listener, and the connections that come through it, shall be. */
struct kith_listener_options {
	/** sizeof(struct kith_listener_options) of the caller. */
	uint32_t struct_size;
	/** Number of entries in `config`. */
	uint32_t config_count;
	/** Borrowed. Options that differ from the endpoint's; null when there are none. */
	const struct kith_config_entry *config;
	/** What its connections' user data begins as. */
	int64_t user_data;
	/** 1: calls to and from this virtual port are symmetric, see kith_connection_options. */
	int32_t symmetric;
	/** The poll group its connections join; 0: none. */
	kith_poll_group poll_group;
};

/** Initial value of a struct kith_listener_options. */
#define KITH_LISTENER_OPTIONS_INIT \
	{ \
		sizeof(struct kith_listener_options), 0, NULL, 0, 0, 0 \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_listener_options_init(struct kith_listener_options *options);

/* --- listening */

/**
 * Listens on a UDP address. Each peer that proves its address comes as KITH_EVENT_STATE with
 * `listener` set.
 *
 * @param address       borrows; ip all zero: every IPv4 and IPv6 address; port 0: the system picks one,
 *                      see kith_listener_address()
 * @param options       borrows; null: KITH_LISTENER_OPTIONS_INIT
 * @param out_listener  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, a bad option; KITH_E_SYSTEM: the address is in use
 *         or not ours, kith_last_error() says; KITH_E_LIMIT
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_listen_address(kith_endpoint endpoint, const struct kith_address *address,
                                                  const struct kith_listener_options *options,
                                                  kith_listener *out_listener);

/**
 * Listens for calls of peers to this endpoint's identity.
 *
 * @param virtual_port  0-65535: a number that the application's programs agree on
 * @param options       borrows; null: KITH_LISTENER_OPTIONS_INIT
 * @param out_listener  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: a bad port or option; KITH_E_EXISTS: somebody listens
 *         on this port; KITH_E_LIMIT
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_listen_port(kith_endpoint endpoint, int32_t virtual_port,
                                               const struct kith_listener_options *options,
                                               kith_listener *out_listener);

/**
 * Stops listening. Connections that came through it live on.
 *
 * @return KITH_OK; KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_listener_close(kith_listener listener);

/**
 * The address that a listener is bound to, with the port the system picked.
 *
 * @param out_address  gets the address; zeroed on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null; KITH_E_STATE: it listens on a virtual port
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_listener_address(kith_listener listener, struct kith_address *out_address);

/* --- connecting */

/**
 * Connects to a UDP address. Returns at once; the outcome comes as KITH_EVENT_STATE.
 *
 * @param address         borrows; with a port
 * @param options         borrows; null: KITH_CONNECTION_OPTIONS_INIT
 * @param out_connection  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, no port, a bad option; KITH_E_SYSTEM: no socket or
 *         no network, kith_last_error() says; KITH_E_LIMIT
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_connect_address(kith_endpoint endpoint, const struct kith_address *address,
                                                   const struct kith_connection_options *options,
                                                   kith_connection *out_connection);

/**
 * Connects to a peer wherever it is, by signals. Returns at once; the outcome comes as
 * KITH_EVENT_STATE. With `symmetric`, when the peer's call is already here, this returns that
 * connection and accepts it; when the two are connected already, or we have called, it returns that one.
 *
 * @param peer            borrows
 * @param options         borrows; null: KITH_CONNECTION_OPTIONS_INIT
 * @param out_connection  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, nobody, a bad port or option; KITH_E_LIMIT
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_connect_identity(kith_endpoint endpoint, const struct kith_identity *peer,
                                                    const struct kith_connection_options *options,
                                                    kith_connection *out_connection);

/** How the two ends of kith_endpoint_pair() shall be. */
struct kith_pair_options {
	/** sizeof(struct kith_pair_options) of the caller. */
	uint32_t struct_size;
	/** 0: in memory. 1: by UDP sockets of 127.0.0.1, as any connection by address. */
	int32_t network;
	/** Borrowed. Who the first end is to the second: any identity; null: this machine. */
	const struct kith_identity *first_identity;
	/** Borrowed. Who the second end is to the first. */
	const struct kith_identity *second_identity;
	/** Borrowed. How the first end shall be, but for `peer`, `virtual_port` and `symmetric`, which have no
	 * meaning here; null: KITH_CONNECTION_OPTIONS_INIT. */
	const struct kith_connection_options *first;
	/** Borrowed. How the second end shall be. */
	const struct kith_connection_options *second;
};

/** Initial value of a struct kith_pair_options. */
#define KITH_PAIR_OPTIONS_INIT \
	{ \
		sizeof(struct kith_pair_options), 0, NULL, NULL, NULL, NULL \
	}

/** The same as a function. Ignores null. Since 1.0. */
KITH_API void kith_pair_options_init(struct kith_pair_options *options);

/**
 * Makes two connections that talk to each other, for a server and a client in one program, or for tests.
 * Both are connected when this returns, and no event says so; from then on they are connections like any
 * other, each to be closed.
 *
 * In memory nothing is encrypted and nothing waits for company, unless KITH_CONFIG_UNENCRYPTED or
 * KITH_CONFIG_NAGLE_TIME is set for the end, its endpoint or the library. This machine is "ip:::1" then, else
 * "ip:127.0.0.1" and the port. Identities are not proven, and no option demands it: only an end
 * that is called by the key of its own endpoint has KITH_PROOF_KEY.
 *
 * @param first       whose the first end is
 * @param second      whose the second end is: another endpoint, or the same
 * @param options     borrows; null: KITH_PAIR_OPTIONS_INIT
 * @param out_first   gets the handle; 0 on failure
 * @param out_second  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null, a bad option, or the ends do not agree on encryption;
 *         KITH_E_SYSTEM: no descriptor or socket; KITH_E_LIMIT
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_endpoint_pair(kith_endpoint first, kith_endpoint second,
                                        const struct kith_pair_options *options, kith_connection *out_first,
                                        kith_connection *out_second);

/**
 * Accepts an incoming connection.
 *
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_STATE: not an incoming one that waits for this
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_accept(kith_connection connection);

/**
 * Ends a connection, or refuses an incoming one. The handle is stale afterwards, no event of it
 * follows, and unread messages are dropped. Closing one that has ended already is fine.
 *
 * @param reason     what the peer is told: 1000-2999, see KITH_REASON_*; 0: KITH_REASON_APP
 * @param text       borrows; what the peer's log is told, cut at 127 bytes; null: nothing
 * @param linger_us  microseconds in which what was sent may still leave, bounded by
 *                   KITH_CONFIG_LINGER_TIMEOUT; 0: it is discarded; negative: the whole bound. What was
 *                   sent on a connection that is not connected yet is always discarded
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: the reason is out of range (nothing was done)
 *
 * Any thread, callbacks included. Never waits: lingering goes on in the background, as long as the
 * endpoint lives. Since 1.0.
 */
KITH_API kith_result kith_connection_close(kith_connection connection, int32_t reason, const char *text,
                                           int64_t linger_us);

/* --- sending */

/**
 * Sends a copy of some bytes as one message.
 *
 * @param data        borrows; may be null when `size` is 0
 * @param size        0 to KITH_MESSAGE_SIZE_MAX bytes
 * @param flags       KITH_SEND_*
 * @param lane        0-254, below what kith_connection_set_lanes() set; 0 without lanes
 * @param out_number  may be null; gets the message's number, 0 on failure
 * @return KITH_OK; KITH_E_AGAIN: the send buffer is full, wait for KITH_EVENT_WRITABLE; KITH_E_TOO_LARGE;
 *         KITH_E_INVALID; KITH_E_STATE: not accepted yet; KITH_E_CLOSED; KITH_E_LIMIT: an unreliable one with
 *         KITH_SEND_NO_DELAY could not have left soon; KITH_E_HANDLE
 *
 * What is sent before the connection is up leaves when it is. For a message with a time to live see
 * kith_connection_send_batch(). Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_send(kith_connection connection, const void *data, size_t size, uint32_t flags,
                                          int32_t lane, int64_t *out_number);

/**
 * Sends a message object, with the flags, lane and time to live that it has.
 *
 * @param message     takes the caller's reference on success; on failure it stays the caller's
 * @param out_number  may be null; gets the message's number, 0 on failure
 * @return as kith_connection_send()
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_send_message(kith_connection connection, kith_message *message,
                                                  int64_t *out_number);

/**
 * Sends messages in order until one is refused.
 *
 * @param messages  `count` messages; the references of those sent are taken
 * @param count     how many
 * @return how many were sent, the first ones of the array; when not even one was: why, as
 *         kith_connection_send()
 *
 * Any thread. Since 1.0.
 */
KITH_API int32_t kith_connection_send_messages(kith_connection connection, kith_message *const *messages, size_t count);

/** One message of kith_connection_send_batch(). Never changes. */
struct kith_outgoing {
	/** Borrowed for the call. */
	const void *data;
	/** Bytes of `data`. */
	size_t size;
	/** KITH_SEND_*. */
	uint32_t flags;
	/** 0-254. */
	int32_t lane;
	/** Microseconds it may wait to be sent before it is dropped, see kith_message_set_ttl_us(); 0: for ever. */
	int64_t ttl_us;
};

/**
 * Sends copies of many messages with one call, in order until one is refused.
 *
 * @param outgoing  borrows; `count` of them
 * @param count     how many
 * @return how many were sent, the first ones of the array; when not even one was: why, as
 *         kith_connection_send()
 *
 * Any thread. Since 1.0.
 */
KITH_API int32_t kith_connection_send_batch(kith_connection connection, const struct kith_outgoing *outgoing,
                                            size_t count);

/**
 * Lets small messages leave that wait for company.
 *
 * @return KITH_OK; KITH_E_CLOSED; KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_flush(kith_connection connection);

/**
 * Divides what is sent into lanes, each ordered on its own. Lanes can be added later, not taken away.
 *
 * @param count       1-255
 * @param priorities  borrows; `count` numbers: lanes with a lower one go first. Null: all equal
 * @param weights     borrows; `count` numbers from 1 on: shares of lanes with the same priority. Null:
 *                    all equal
 * @return KITH_OK; KITH_E_INVALID: out of range; KITH_E_STATE: fewer than before; KITH_E_CLOSED;
 *         KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_set_lanes(kith_connection connection, int32_t count, const int32_t *priorities,
                                               const uint16_t *weights);

/* --- receiving */

/**
 * Takes messages that have arrived, in order of arrival.
 *
 * @param out_messages  returns up to `max` messages, each with one reference of the caller's: give
 *                      them back with kith_message_release(). Those not filled are left alone
 * @param max           1 and more
 * @return how many, 0: none now; KITH_E_CLOSED: none, and none will come; KITH_E_INVALID; KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API int32_t kith_connection_receive(kith_connection connection, kith_message **out_messages, int32_t max);

/* --- what the application attaches */

/** Reads the user data. KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null. Any thread. Since 1.0. */
KITH_API kith_result kith_connection_user_data(kith_connection connection, int64_t *out_user_data);

/** Changes the user data. KITH_OK; KITH_E_HANDLE. Any thread. Since 1.0. */
KITH_API kith_result kith_connection_set_user_data(kith_connection connection, int64_t user_data);

/**
 * Names a connection, for logs and people.
 *
 * @param name  borrows; cut at 63 bytes; null: none
 * @return KITH_OK; KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_set_name(kith_connection connection, const char *name);

/* --- poll groups */

/**
 * Makes a poll group: connections whose messages are received with one call.
 *
 * @param out_poll_group  gets the handle; 0 on failure
 * @return KITH_OK; KITH_E_HANDLE; KITH_E_INVALID: null; KITH_E_SYSTEM: no descriptor; KITH_E_LIMIT
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_poll_group_create(kith_endpoint endpoint, kith_poll_group *out_poll_group);

/**
 * Ends a poll group. Its connections live on, outside of any.
 *
 * @return KITH_OK; KITH_E_HANDLE
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_poll_group_destroy(kith_poll_group poll_group);

/**
 * Puts a connection into a poll group of the same endpoint, out of the one it was in.
 *
 * @param poll_group  KITH_NO_HANDLE: into none
 * @return KITH_OK; KITH_E_HANDLE: either is stale; KITH_E_INVALID: of different endpoints
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_connection_set_poll_group(kith_connection connection, kith_poll_group poll_group);

/**
 * Takes messages that have arrived for any connection of the group: those of one connection in order of
 * arrival, and at most 32 of them before it is the turn of others that have some. As
 * kith_connection_receive(), without KITH_E_CLOSED. Any thread. Since 1.0.
 */
KITH_API int32_t kith_poll_group_receive(kith_poll_group poll_group, kith_message **out_messages, int32_t max);

/**
 * Waits until a message can be received. As kith_endpoint_wait(). Since 1.0.
 */
KITH_API kith_result kith_poll_group_wait(kith_poll_group poll_group, int64_t timeout_us);

/**
 * The group's file descriptor: readable as long as a message can be received. As kith_endpoint_fd().
 * Since 1.0.
 */
KITH_API kith_result kith_poll_group_fd(kith_poll_group poll_group, int32_t *out_fd);

KITH_END_DECLS

#endif
