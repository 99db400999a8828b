/* kith/log.h: what is logged: subjects, levels, and the function that gets the lines.
 *
 * Nothing is ever written to standard output or error. kith_endpoint_set_log() says who gets an
 * endpoint's lines; kith_endpoint_set_log_level() changes at run time how much is said about a subject.
 * A subject gets 200 lines a second at most; what is more is left out, and a line says how many.
 */
#ifndef KITH_LOG_H
#define KITH_LOG_H

#include <kith/types.h>

KITH_BEGIN_DECLS

/**
 * Receives one line of log. From any thread, no lock held.
 *
 * @param user_data  as it was given
 * @param subject    KITH_SUBJECT_*
 * @param level      KITH_LOG_*
 * @param text       borrows for the call; UTF-8 or what a peer took for it, without control characters
 */
typedef void (*kith_log_fn)(void *user_data, int32_t subject, int32_t level, const char *text);

/* Every level, once: X(name, number). */
#define KITH_LOG_MAP(X) \
	X(NONE, 0) \
	X(ERROR, 1) \
	X(WARNING, 2) \
	X(INFO, 3) \
	X(DEBUG, 4)

/** How much is logged: everything up to a level. */
enum {
	KITH_LOG_NONE = 0,
	/** What cannot be done. */
	KITH_LOG_ERROR = 1,
	/** What is done, but not as well as it should. */
	KITH_LOG_WARNING = 2,
	/** What happens now and then: the life of endpoints, connections, ICE sessions. */
	KITH_LOG_INFO = 3,
	/** Everything else: each packet, message, signal and candidate. */
	KITH_LOG_DEBUG = 4
};

/* Every subject, once: X(name, number). */
#define KITH_SUBJECT_MAP(X) \
	X(ENDPOINT, 0) \
	X(CONNECTION, 1) \
	X(PACKET, 2) \
	X(MESSAGE, 3) \
	X(SIGNALING, 4) \
	X(ICE, 5) \
	X(TRANSPORT, 6) \
	X(LIBRARY, 7)

/** What a line is about. */
enum {
	/** In kith_endpoint_set_log_level(): every subject. */
	KITH_SUBJECT_ALL = -1,
	/** The endpoint and its listeners; errors that belong to no connection. */
	KITH_SUBJECT_ENDPOINT = 0,
	/** States, routes, ends; why a connection failed and what was tried. */
	KITH_SUBJECT_CONNECTION = 1,
	/** Datagrams in and out. */
	KITH_SUBJECT_PACKET = 2,
	/** Messages sent and received. */
	KITH_SUBJECT_MESSAGE = 3,
	/** Signaling services, signals in and out. */
	KITH_SUBJECT_SIGNALING = 4,
	/** Sessions, servers, candidates, pairs. */
	KITH_SUBJECT_ICE = 5,
	/** Sockets. */
	KITH_SUBJECT_TRANSPORT = 6,
	/**
	 * What libnice says, and GLib on the threads of an endpoint. libnice's messages come here, and go
	 * nowhere else, from the first ICE session of the process on; those of GLib (the domains "GLib",
	 * "GLib-GObject" and "GLib-GIO") from when an endpoint first wants to hear of this subject. Messages
	 * of these domains on other threads go on to GLib's default handler. No other domain is touched.
	 */
	KITH_SUBJECT_LIBRARY = 7
};

/** How many subjects there are; a newer library may have more. */
#define KITH_SUBJECTS 8

/**
 * The name of a level without "KITH_LOG_", e.g. "WARNING"; "UNKNOWN" for a number that is none. Static,
 * never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_log_name(int32_t level);

/**
 * The name of a subject without "KITH_SUBJECT_", e.g. "ICE"; "UNKNOWN" for a number that is none. Static,
 * never null. Any thread. Since 1.0.
 */
KITH_API const char *kith_subject_name(int32_t subject);

KITH_END_DECLS

#endif
