/* kith/types.h: handles, the numbers that several headers share, and their names at run time.
 *
 * A handle is a number. It carries its kind and a generation, so a stale, closed or foreign one is
 * answered with KITH_E_HANDLE, never with a crash. 0 is no handle. Handles need no release beyond
 * the close function of their kind, and may be used from every thread.
 */
#ifndef KITH_TYPES_H
#define KITH_TYPES_H

#include <kith/errors.h>

KITH_BEGIN_DECLS

/** One identity on the network, with its service thread, configuration and event queue. */
typedef uint32_t kith_endpoint;
/** One conversation with one peer. */
typedef uint32_t kith_connection;
/** A local address or virtual port where peers may knock. */
typedef uint32_t kith_listener;
/** Connections whose messages are received together. */
typedef uint32_t kith_poll_group;
/** One way to carry rendezvous signals. */
typedef uint32_t kith_signaling;

/** No object. */
#define KITH_NO_HANDLE 0

/** For timeouts: wait as long as it takes. */
#define KITH_FOREVER_US INT64_C(-1)

/* Every state, once: X(name, number). */
#define KITH_STATE_MAP(X) \
	X(NONE, 0) \
	X(CONNECTING, 1) \
	X(FINDING_ROUTE, 2) \
	X(CONNECTED, 3) \
	X(CLOSED_BY_PEER, 4) \
	X(PROBLEM_DETECTED_LOCALLY, 5)

/** The life of a connection, from top to bottom; the last two are the closed states. */
enum {
	/** Not yet, or no longer, a connection. */
	KITH_STATE_NONE = 0,
	/** Called, or asked for by a peer and not accepted yet. */
	KITH_STATE_CONNECTING = 1,
	/** Both sides agree; a path is being looked for (peer to peer only). */
	KITH_STATE_FINDING_ROUTE = 2,
	/** Messages flow. */
	KITH_STATE_CONNECTED = 3,
	/** The peer ended it. Messages that arrived before may still be received. */
	KITH_STATE_CLOSED_BY_PEER = 4,
	/** Ended on this side: time-out, refused certificate, no route... */
	KITH_STATE_PROBLEM_DETECTED_LOCALLY = 5
};

/* Every route, once: X(name, number). */
#define KITH_ROUTE_MAP(X) \
	X(NONE, 0) \
	X(LOOPBACK, 1) \
	X(LAN, 2) \
	X(DIRECT, 3) \
	X(RELAY, 4)

/** The kind of way that a connection's data goes. */
enum {
	/** None yet. */
	KITH_ROUTE_NONE = 0,
	/** Inside this machine. */
	KITH_ROUTE_LOOPBACK = 1,
	/** Between private addresses. */
	KITH_ROUTE_LAN = 2,
	/** Directly over the internet. */
	KITH_ROUTE_DIRECT = 3,
	/** Through a TURN server. */
	KITH_ROUTE_RELAY = 4
};

/* Every reason that has a name, once: X(name, number). */
#define KITH_REASON_MAP(X) \
	X(NONE, 0) \
	X(APP, 1000) \
	X(APP_MAX, 1999) \
	X(APP_EXCEPTION, 2000) \
	X(APP_EXCEPTION_MAX, 2999) \
	X(LOCAL_OFFLINE, 3001) \
	X(LOCAL_NETWORK_CONFIG, 3004) \
	X(LOCAL_RIGHTS, 3005) \
	X(LOCAL_NO_PUBLIC_ADDRESS, 3006) \
	X(REMOTE_TIMEOUT, 4001) \
	X(REMOTE_BAD_CRYPT, 4002) \
	X(REMOTE_BAD_CERTIFICATE, 4003) \
	X(REMOTE_BAD_PROTOCOL_VERSION, 4006) \
	X(REMOTE_NO_PUBLIC_ADDRESS, 4007) \
	X(GENERIC, 5001) \
	X(INTERNAL_ERROR, 5002) \
	X(TIMEOUT, 5003) \
	X(RENDEZVOUS_FAILED, 5008) \
	X(NAT_FIREWALL, 5009) \
	X(PEER_SENT_NO_CONNECTION, 5010)

/**
 * Why a connection ended, as a number both sides see. Applications close with 1000-1999 (normal) or
 * 2000-2999 (something went wrong); from 3000 on it is the libraries that speak. A peer may send any
 * number. The values are the ones of the wire protocol.
 */
enum {
	KITH_REASON_NONE = 0,
	/** 1000-1999: the application ended it as planned. */
	KITH_REASON_APP = 1000,
	KITH_REASON_APP_MAX = 1999,
	/** 2000-2999: the application ended it because of a fault. */
	KITH_REASON_APP_EXCEPTION = 2000,
	KITH_REASON_APP_EXCEPTION_MAX = 2999,
	/** 3000-3999: a problem on this side. */
	KITH_REASON_LOCAL_OFFLINE = 3001,
	KITH_REASON_LOCAL_NETWORK_CONFIG = 3004,
	KITH_REASON_LOCAL_RIGHTS = 3005,
	KITH_REASON_LOCAL_NO_PUBLIC_ADDRESS = 3006,
	/** 4000-4999: a problem of the peer. */
	KITH_REASON_REMOTE_TIMEOUT = 4001,
	KITH_REASON_REMOTE_BAD_CRYPT = 4002,
	KITH_REASON_REMOTE_BAD_CERTIFICATE = 4003,
	KITH_REASON_REMOTE_BAD_PROTOCOL_VERSION = 4006,
	KITH_REASON_REMOTE_NO_PUBLIC_ADDRESS = 4007,
	/** 5000-5999: anything else. */
	KITH_REASON_GENERIC = 5001,
	KITH_REASON_INTERNAL_ERROR = 5002,
	KITH_REASON_TIMEOUT = 5003,
	/** No path was found in time. */
	KITH_REASON_RENDEZVOUS_FAILED = 5008,
	KITH_REASON_NAT_FIREWALL = 5009,
	/** The peer knows nothing of this connection (any more). */
	KITH_REASON_PEER_SENT_NO_CONNECTION = 5010
};

/**
 * The name of a connection state without "KITH_STATE_", e.g. "CONNECTED"; "UNKNOWN" for a number
 * that is none. Static, never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_state_name(int32_t state);

/**
 * The name of a route without "KITH_ROUTE_", e.g. "LAN"; else "UNKNOWN". Static, never null. Any
 * thread. Since 1.0.
 */
KITH_API const char *kith_route_name(int32_t route);

/**
 * The name of an end reason without "KITH_REASON_", e.g. "TIMEOUT"; of numbers without one the name
 * of their range: "APP", "APP_EXCEPTION", "LOCAL", "REMOTE", "GENERIC", else "UNKNOWN". Static,
 * never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_reason_name(int32_t reason);

/**
 * The result that fits an end reason: KITH_E_TIMEOUT, KITH_E_AUTH, KITH_E_NO_ROUTE, KITH_E_CLOSED...
 * KITH_OK for 0. Any thread. Since 1.0.
 */
KITH_API kith_result kith_reason_result(int32_t reason);

/**
 * How many constants of the API can be asked for by kith_constant_at(). Any thread. Since 1.0.
 */
KITH_API uint32_t kith_constant_count(void);

/**
 * The constants of the API at run time, so that no binding has to parse a header: results, states,
 * routes, reasons, events, send flags, identity kinds, config values and limits.
 *
 * @param index      0 to kith_constant_count() - 1; in no particular order
 * @param out_name   gets the name as in the header without "KITH_"; static
 * @param out_value  gets the number
 * @return KITH_OK; KITH_E_INVALID when a pointer is null or there is no such index
 *
 * Any thread. Since 1.0.
 */
KITH_API kith_result kith_constant_at(uint32_t index, const char **out_name, int64_t *out_value);

KITH_END_DECLS

#endif
